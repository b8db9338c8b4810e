"""Seeds what an account has on file: addresses, caller IDs, verifications, registrations, invoices."""

import datetime

from . import making, places, prices, wire
from .charging import next_month, renewals
from .desk import exact
from .sip import blank

MONTHS = 5
TAX = exact("0.0775")


def fill(builder, account, shop):
    addresses(builder, account, shop)
    callerids(builder, account)
    verifications(builder, account)
    registrations(builder, account)
    reports(builder, account)
    account["whitelist"].append(
        {
            "sip_whitelist_id": builder.new_id("whitelist"),
            "sip_whitelist_network": "198.51.100.0/24",
            "description": "office",
        }
    )


def addresses(builder, account, shop):
    """A verified one for the regulated region, and one that is looked at."""
    region = next(one for one in places.REGIONS if one.addressed and one.code)
    for number, status in ((1, "VERIFIED"), (2, "IN_PROGRESS")):
        account["addresses"].append(
            {
                "regulation_address_id": 2 * (account["account_id"] % 1000) + number,
                "external_id": f"addr-{account['key']}-{number}",
                "country_code": region.country,
                "phone_category_name": region.category,
                "salutation": "COMPANY",
                "company": account["organization"],
                "first_name": account["profile"]["account_first_name"],
                "last_name": account["profile"]["account_last_name"],
                "owner_country_code": region.country,
                "city": region.name,
                "zip_code": region.zip_codes[number],
                "street": "Coral Way" if number == 1 else "Flagler Street",
                "builder_number": str(120 * number),
                "builder_latter": "",
                "status": status,
                "reject_message": "",
                "region": region.number,
            }
        )
    for row in account["numbers"]:
        if row["region"] == region.number:
            row["regulation_address_id"] = account["addresses"][0]["regulation_address_id"]


def callerids(builder, account):
    for active in (True, False):
        row = {
            "callerid_id": builder.new_id("callerid"),
            "callerid_number": builder.pool.take("786"),
            "active": active,
        }
        more = {"verified_until": wire.day(builder.now + 150 * 86400)} if active else {}
        left = {} if active else {"code_entering_attempts_left": 3, "verification_call_attempts_left": 2}
        account["callerids"].append({**row, **more, **left})


def verifications(builder, account):
    begun = builder.ago(200)
    papers = {"account_document_id": 70 + account["account_id"] % 100, "is_individual": False, "comment": ""}
    account["documents"].append(
        {
            "verification_name": "US",
            "verification_status": "VERIFIED",
            "documents": [{**papers, "uploaded": begun, "account_document_status": "ACCEPTED"}],
        }
    )
    account["documents"].append(
        {
            "verification_name": "DE",
            "verification_status": "REQUIRED",
            "unverified_hold_until": wire.day(builder.now + 60 * 86400),
            "documents": [],
        }
    )
    account["verifications"].append(
        {
            "verification_id": 50 + account["account_id"] % 100,
            "status": "VERIFIED",
            "status_scheme": "default",
            "creation_type": "MANUAL",
            "created": begun,
            "comments": "",
            "credentials": {
                "individual": "",
                "legal_entity": account["organization"],
                "entrepreneur": "",
                "legal_status": "LEGAL_ENTITY",
            },
            "default_end_user": [{"end_user_uuid": making.identifier(f"end-user/{account['key']}"), "credentials": ""}],
            "agreements": [
                {
                    "agreement_id": 9,
                    "type": "SERVICE",
                    "status": "VERIFIED",
                    "agreement_number": "A-9",
                    "agreement_date": wire.day(begun),
                    "signing_type": "ESIGNATURE",
                    "comments": "",
                }
            ],
        }
    )


def registrations(builder, account):
    bought = builder.ago(120)
    row = blank(builder.new_id("sip"), bought)
    row.update(
        sip_username=f"trunk-{account['key']}",
        proxy="sip.carrier.example",
        auth_user=f"trunk-{account['key']}",
        password=f"{builder.dice.getrandbits(48):x}",
        status_code=200,
        good=True,
        price=prices.SIP_REGISTRATION,
        application_id=account["applications"][0]["application_id"],
        next_renewal=renewals(bought, builder.now)[-1].isoformat(),
        subscription_id=builder.new_id("subscription"),
    )
    account["sips"].append(row)


def reports(builder, account):
    """Ordered a while ago, waiting to be fetched."""
    for kind, days in (("calls", 12), ("transactions", 3)):
        at = builder.ago(days)
        account["reports"].append(
            {
                "history_report_id": builder.new_id("report"),
                "history_type": kind,
                "at": at,
                "made_at": at + 5,
                "filters": {"with_header": "true"},
                "downloads": 0,
            }
        )


def invoices(builder, account):
    """One for each past month, of what was charged in it."""
    day = datetime.datetime.fromtimestamp(builder.ago(30 * MONTHS), datetime.UTC).date().replace(day=1)
    this = wire.day(builder.now)[:7]
    while day.isoformat()[:7] < this:
        charged = [exact(t["amount"]) for t in account["transactions"] if wire.day(t["at"])[:7] == day.isoformat()[:7]]
        net = -sum((amount for amount in charged if amount < 0), exact(0))
        following = next_month(day)
        tax = (net * TAX).quantize(exact("0.01"))
        number = builder.new_id("invoice")
        account["invoices"].append(
            {
                "invoice_id": number,
                "invoice_number": f"INV-{day.year}-{number:05d}",
                "invoice_date": following.isoformat(),
                "from": day.isoformat(),
                "to": (following - datetime.timedelta(days=1)).isoformat(),
                "amount": str(net.quantize(exact("0.01")) + tax),
                "tax": str(tax),
                "status": "PAID",
            }
        )
        day = following
