"""What a reseller's customers were charged and paid: transactions and invoices."""

from . import checks
from .checks import P
from .desk import Refusal
from .things import shelf, unknown
from .wire import E, row

PERIOD = (P("client_subaccount_id", checks.integer(1)), P("date_from", checks.date), P("date_to", checks.date))
GET_TRANSACTIONS = (P("reseller_transaction_id", checks.integer(1)), *PERIOD)
GET_INVOICES = (P("reseller_invoice_id", checks.integer(1)), P("web_key", checks.text(64)), *PERIOD)


def found(desk, store, keys):
    """The entries that fit; an id or key of none is refused."""
    values, entries = desk.values, shelf(desk.account, store)
    wrong = unknown(desk, {"client_subaccount_id": values.get("client_subaccount_id")})
    for name, field in keys.items():
        if values.get(name):
            entries = [one for one in entries if str(one[field]) == str(values[name])]
            wrong += [] if entries else [f"{name}_invalid"]
    if wrong:
        raise Refusal(*wrong)
    low, high = values.get("date_from") or "", values.get("date_to") or "9999"
    sub = values.get("client_subaccount_id")
    fits = (one for one in entries if low <= desk.stamp(one["at"])[:10] <= high)
    return [one for one in fits if sub in (None, "", int(one["client_subaccount_id"]))][::-1]


def common(desk, entry, id_field):
    return {
        id_field: entry["id"],
        "client_subaccount_id": entry["client_subaccount_id"],
        "date_applied": desk.stamp(entry["at"]),
        "amount": f"{desk.amount(entry['amount']):.2f}",
        "currency": desk.currency,
    }


def get_resellers_transactions(desk):
    rows = [
        row(
            "reseller_transaction_details",
            "reseller_transaction_id",
            {
                **common(desk, entry, "reseller_transaction_id"),
                "type": entry["type"],
                "description": entry["description"],
            },
        )
        for entry in found(desk, "reseller_transactions", {"reseller_transaction_id": "id"})
    ]
    return [E("resellers_transactions", rows)]


def get_resellers_invoices(desk):
    keys = {"reseller_invoice_id": "id", "web_key": "web_key"}
    rows = [
        row(
            "reseller_invoice_details",
            "reseller_invoice_id",
            {
                **common(desk, entry, "reseller_invoice_id"),
                "web_key": entry["web_key"],
                "status": entry["status"],
            },
        )
        for entry in found(desk, "reseller_invoices", keys)
    ]
    return [E("resellers_invoices", rows)]
