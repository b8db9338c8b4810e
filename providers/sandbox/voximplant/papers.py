"""Verification documents and invoices."""

from . import values as reading
from . import wire
from .accounts import with_children
from .desk import exact
from .refusals import Refusal
from .spec import reads

STATES = "REQUIRED,IN_PROGRESS,VERIFIED"
DOCUMENTS = (
    f"with_details:bool verification_name verification_status:words={STATES} from_unverified_hold_until:date "
    "to_unverified_hold_until:date child_account_id:ints children_verifications_only:bool"
)


def get_account_documents(desk):
    details = desk.get("with_details") and desk.get("child_account_id") != reading.ALL
    accounts = with_children(desk, "children_verifications_only")
    return {"result": [documents(desk, account, details) for account in accounts]}


def documents(desk, account, details):
    rows = desk.matching(account["documents"], "verification_name", "verification_status")
    low, high = desk.get("from_unverified_hold_until"), desk.get("to_unverified_hold_until")
    if low and high and low > high:
        raise Refusal(325)
    rows = [row for row in rows if low is None or (row.get("unverified_hold_until") or "") >= low.isoformat()]
    rows = [row for row in rows if high is None or (row.get("unverified_hold_until") or "9") <= high.isoformat()]
    shown = [
        {
            **wire.known({name: value for name, value in row.items() if name != "documents"}),
            **({"documents": [document(one) for one in row["documents"]]} if details else {}),
        }
        for row in rows
    ]
    return {"account_id": account["account_id"], "verifications": shown}


def document(row):
    return {**row, "uploaded": wire.moment(row["uploaded"])}


def get_account_verifications(desk):
    """With a token account_id is the account looked into, of this account or its children."""
    number, mine = desk.get("account_id"), desk.account["account_id"]
    account = desk.upstream.account(number)
    if account is None or mine not in (account["account_id"], account["parent"]):
        raise reading.invalid("account_id")
    rows = account["verifications"]
    if desk.get("active_verification_only"):
        rows = [row for row in rows if row["status"] not in ("VERIFIED", "REJECTED")]
    return {"result": [{**row, "created": wire.moment(row["created"])} for row in rows]}


def get_account_invoices(desk):
    newest = sorted(desk.account["invoices"], key=lambda row: row["invoice_date"], reverse=True)
    answer = desk.page(newest)
    rows = [invoice(desk.account, row) for row in answer["result"]]
    return {**answer, "result": desk.alone(rows)}


def invoice(account, row):
    """`amount` and `tax` are kept, the rest of the sums follow."""
    money = {
        "tax_amount": exact(row["tax"]),
        "total_amount": exact(row["amount"]),
        "amount_to_pay": exact(row["amount"]),
        "discount_amount": 0,
        "currency": account["currency"],
    }
    net = exact(row["amount"]) - exact(row["tax"])
    taxes = {
        "taxable_measure": net,
        "amount": exact(row["tax"]),
        "level": "State",
        "rate": exact("0.0775"),
        "name": "Sales tax",
        "currency": account["currency"],
        "category": "SALES",
    }
    return {
        "period": {"from": row["from"], "to": row["to"]},
        "amount": money,
        "invoice_id": row["invoice_id"],
        "rows": {"amount": money, "service_name": "Phone numbers and traffic", "taxes": taxes},
        "invoice_number": row["invoice_number"],
        "invoice_date": row["invoice_date"],
        "status": row["status"],
    }


def download_invoice(desk):
    row = next((one for one in desk.account["invoices"] if one["invoice_id"] == desk.get("invoice_id")), None)
    if row is None:
        raise Refusal(501)
    text = (
        f"Invoice {row['invoice_number']}  {desk.account['organization']}  {row['amount']} {desk.account['currency']}"
    )
    return wire.file(pdf(text.encode("ascii", "replace").decode()))


def pdf(text):
    """A page with a line; in bytes that are text too, because one library reads every file as text."""
    line = text.replace("(", "[").replace(")", "]").replace("\\", "/")
    stream = f"BT /F1 14 Tf 60 760 Td ({line}) Tj ET"
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
    )
    body, places = "%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{one}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    body += f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
    return f"{body}startxref\n{body.index('xref')}\n%%EOF\n".encode()


CALLS = {
    "GetAccountDocuments": reads(DOCUMENTS, get_account_documents, "Owner", "Admin", "Accountant", "Payer"),
    "GetAccountVerifications": reads("account_id:int! active_verification_only:bool", get_account_verifications),
    "GetAccountInvoices": reads("count:int offset:int", get_account_invoices),
    "DownloadInvoice": reads("invoice_id:int!", download_invoice),
}
