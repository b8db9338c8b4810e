"""Actions about the account itself: who it is, its money, and its settings."""

import datetime

from . import checks
from .checks import P
from .desk import UNIT, Refusal, dollars

VERSION = {"Major": "3", "Minor": "0", "Release": "4", "Build": "20191006", "Version": "3.0.4 Build 20191006"}
PERIOD = (P("from", checks.day), P("to", checks.day))
FORWARDING = (P("isEnabled", checks.yes_no, required=True, aliases=("IsEnabled",)), P("number", checks.nanp))
ROUTING = (P("type", checks.integer(0, 1), required=True),)
ALERT = (P("isEnabled", checks.yes_no, default=False), P("amount", checks.amount, required=True))
EMAILS = (P("emails", checks.emails, required=True),)


def get_api_version(desk):
    return {"getApiVersion": VERSION}


def get_account_info(desk):
    account = desk.account
    info = {
        "AccountType": "JaFone",
        "Balance": dollars(account["balance"]),
        "Firstname": account["first_name"],
        "Lastname": account["last_name"],
        "Quality": account["routing"],
    }
    return {"AccountInfo": info}


def get_balance(desk):
    return {"Balance": {"Amount": dollars(desk.account["balance"])}}


def get_transactions(desk):
    """Oldest first; both days belong to the range."""
    low, high = desk.values["from"], desk.values["to"]
    start = desk.at(low) if low else 0
    end = desk.at(high + datetime.timedelta(days=1)) if high else float("inf")
    return {"Transactions": [shown(desk, row) for row in desk.account["transactions"] if start <= row["at"] < end]}


def shown(desk, row):
    return {
        "Date": desk.stamp(row["at"]),
        "Description": row["description"],
        "Value": str(row["value"]),
        "Subaccount": row["subaccount"],
        "Type": row["type"],
        "PaymemtId": row["payment_id"],
    }


# -- settings; a setter answers what its getter would


def get_call_forwarding_info(desk):
    forwarding = desk.account["forwarding"]
    info = {"Enabled": "yes" if forwarding["enabled"] else "no", "PhoneNumber": forwarding["number"]}
    return {"CallForwardingInfo": info}


def set_call_forwarding(desk):
    forwarding, enabled = desk.account["forwarding"], desk.values["isEnabled"]
    if enabled and not desk.values["number"]:
        raise Refusal("Invalid parameter: number")
    forwarding["enabled"] = enabled
    forwarding["number"] = desk.values["number"] or forwarding["number"]
    desk.effect("call_forwarding_set", **forwarding)
    return get_call_forwarding_info(desk)


def get_call_routing_type(desk):
    return {"CallRoutingType": [{"RoutingType": desk.account["routing"]}]}


def set_call_routing_type(desk):
    desk.account["routing"] = str(desk.values["type"])
    desk.effect("call_routing_set", routing_type=desk.account["routing"])
    return get_call_routing_type(desk)


def get_low_balance_alert_info(desk):
    alert = desk.account["alert"]
    return {"LowBalanceAlertInfo": {"Enabled": str(alert["enabled"]).lower(), "Amount": dollars(alert["units"])}}


def set_low_balance_alert(desk):
    """Left out, `isEnabled` is no: the upper-case one of the two is the default."""
    alert = desk.account["alert"]
    alert.update(enabled=desk.values["isEnabled"], units=int(desk.values["amount"] * UNIT), told=False)
    desk.effect("low_balance_alert_set", enabled=alert["enabled"], amount=dollars(alert["units"]))
    return get_low_balance_alert_info(desk)


def get_voicemail_emails(desk):
    return {"VoicemailEmails": {"Emails": list(desk.account["emails"])}}


def set_voicemail_emails(desk):
    desk.account["emails"] = desk.values["emails"]
    desk.effect("voicemail_emails_set", emails=desk.values["emails"])
    return get_voicemail_emails(desk)


def get_contacts(desk):
    rows = [
        {"SpeedDial": one["speed_dial"], "Prefix": "1", "PhoneNumber": one["number"], "Name": one["name"]}
        for one in desk.account["contacts"]
    ]
    return {"Contacts": rows}
