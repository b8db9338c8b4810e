"""The account itself: identity, preferences, balance, ledger, network notices and rates."""

import decimal

from . import checks
from .checks import P
from .wire import E, row

BILLING = (P("date_from", checks.date), P("date_to", checks.date))
NETWORK = (
    P("mode", checks.enum("latest", "unresolved")),
    P("limit", checks.integer(1, 1000)),
    P("offset", checks.integer(0)),
)
LOW_FUNDS = 20


def get_request_types(desk, names):
    return [E("request_types", [E("request_type", name) for name in names])]


def get_account_details(desk):
    account = desk.account
    names = ("client_account_id", "organization", "first_name", "last_name", "email", "language", "currency", "status")
    values = {name: account[name] for name in names}
    values["address"] = E("address", [E(k, v) for k, v in account["address"].items()])
    return [row("account_details", "client_account_id", values)]


def get_account_preferences(desk):
    values = {"client_account_id": desk.account["client_account_id"], **desk.account["preferences"]}
    return [row("account_preferences", "client_account_id", values)]


def get_funding_details(desk):
    account = desk.account
    balance = decimal.Decimal(account["balance"])
    left = balance + decimal.Decimal(account["credit_limit"])
    paid = next((t for t in reversed(account["transactions"]) if t["type"] == "payment"), None)
    values = {
        "account_balance": desk.money(balance),
        "funds_left": desk.money(left),
        "currency": desk.currency,
        "credit_limit": f"{desk.amount(account['credit_limit']):.2f}",
        "funding_status": "empty" if left <= 0 else "low" if left < LOW_FUNDS else "normal",
        "last_payment_date": desk.stamp(paid["at"])[:10] if paid else "0000-00-00",
        "last_payment_amount": f"{desk.amount(paid['amount']):.2f}" if paid else "0.00",
    }
    return [E("funding_details", [E(k, v) for k, v in values.items()])]


def get_billing_activity(desk):
    low, high = desk.values.get("date_from") or "", desk.values.get("date_to") or "9999"
    rows = []
    for line in reversed(desk.account["transactions"]):
        stamp = desk.stamp(line["at"])
        if low <= stamp[:10] <= high:
            rows.append(
                row(
                    "transaction_details",
                    "transaction_id",
                    {
                        "transaction_id": line["transaction_id"],
                        "type": line["type"],
                        "date": stamp,
                        "description": line["description"],
                        "amount": desk.money(line["amount"]),
                        "balance": desk.money(line["balance"]),
                        "currency": desk.currency,
                        "invoice_number": line["invoice_number"],
                    },
                )
            )
    return [E("billing_activity", rows)]


def get_network_status(desk):
    values = desk.values
    found = sorted(desk.upstream.state["incidents"], key=lambda i: -i["start"])
    if values.get("mode") == "unresolved":
        found = [i for i in found if not i["end"]]
    offset = values.get("offset") or 0
    found = found[offset : offset + (values.get("limit") or 5)]
    return [
        E(
            "network_status",
            [
                row(
                    "network_status_details",
                    "network_status_id",
                    {
                        "network_status_id": i["id"],
                        "title": i["title"][desk.language == "fr"],
                        "description": i["description"][desk.language == "fr"],
                        "severity": i["severity"],
                        "status": "resolved" if i["end"] else "investigating",
                        "datetime_start": desk.stamp(i["start"]),
                        "datetime_end": desk.stamp(i["end"]),
                    },
                )
                for i in found
            ],
        )
    ]
