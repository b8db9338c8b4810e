"""Seeds port requests: every one of the thirteen states somewhere, with dates and reasons that fit."""

import datetime
from zoneinfo import ZoneInfo

from ..demo import people
from .port_life import REASONS, business_day
from .ports import blank

DAY = 86400
# account, state, age in days, how many numbers, npa, organization or None for the account's, reason
TABLE = (
    ("lachance", "not_ready", 2, 1, "450", None, ""),
    ("lachance", "sent_to_provider", 6, 1, "514", None, ""),
    ("lachance", "firm_confirm", 11, 2, "514", None, ""),
    ("lachance", "rejected_by_provider", 8, 1, "450", None, "NAME"),
    ("lachance", "completed", 64, 1, "514", None, ""),
    ("boreal", "sent_to_staff", 1, 3, "416", 1, ""),
    ("boreal", "modified_by_staff", 3, 2, "418", 2, ""),
    ("boreal", "rejected_by_staff", 4, 1, "819", 3, "LOA"),
    ("boreal", "approved_by_staff", 2, 4, "403", 4, ""),
    ("boreal", "tentative_confirm", 7, 2, "617", 5, ""),
    ("boreal", "firm_confirm", 12, 10, "212", 6, ""),
    ("boreal", "cancelled_by_client", 30, 1, "312", 7, ""),
    ("boreal", "expired", 75, 2, "604", 8, ""),
    ("boreal", "rejected_by_client", 41, 1, "514", 0, ""),
    ("boreal", "completed", 90, 5, "418", 2, ""),
    ("boreal", "completed", 28, 2, "778", 8, ""),
    ("boreal", "rejected_by_provider", 9, 1, "647", 1, "BTN"),
    ("velo", "sent_to_provider", 4, 1, "438", None, ""),
    ("harbour", "tentative_confirm", 6, 2, "902", None, ""),
    ("harbour", "not_ready", 1, 1, "902", None, ""),
)
HISTORY = {
    "approved_by_staff": ("sent_to_staff",),
    "rejected_by_staff": ("sent_to_staff",),
    "modified_by_staff": ("sent_to_staff",),
    "rejected_by_client": ("sent_to_staff", "modified_by_staff"),
    "sent_to_provider": ("sent_to_staff", "approved_by_staff"),
    "tentative_confirm": ("sent_to_staff", "approved_by_staff", "sent_to_provider"),
    "rejected_by_provider": ("sent_to_staff", "approved_by_staff", "sent_to_provider"),
    "firm_confirm": ("sent_to_staff", "approved_by_staff", "sent_to_provider", "tentative_confirm"),
    "completed": ("sent_to_staff", "approved_by_staff", "sent_to_provider", "tentative_confirm", "firm_confirm"),
    "cancelled_by_client": ("sent_to_staff",),
}
NOTES = {
    "modified_by_staff": "We corrected the spelling of the street; please confirm.",
    "cancelled_by_client": "Customer stays with the current provider.",
}


def fill(builder):
    for line in TABLE:
        add(builder, builder.state["accounts"][line[0]], *line[1:])


def add(builder, account, state, age, count, npa, customer, reason):
    dice, created = builder.dice, builder.now - age * DAY - builder.dice.randrange(20_000)
    sub = list(account["subaccounts"].values())[customer] if customer is not None else None
    home = sub["address"] if sub else account["address"]
    organization = sub["organization"] if sub else account["organization"]
    number = builder.new_id("port_request")
    verb = "Transfert" if account["language"] == "fr" else "Port"
    port = {
        **blank(),
        "port_request_id": number,
        "pon": f"PON{number:08d}",
        "status": state,
        "created_at": created,
        "tentative_date": "",
        "firm_date": "",
        "rejection_reason": REASONS.get(reason, ""),
        "files": {},
        "client_subaccount_id": str(sub["client_subaccount_id"]) if sub else "0",
        "friendly_name": f"{verb} {npa} {organization}"[:60].strip(),
        "phone_numbers": numbers(builder, account, state, count, npa),
        "phone_number_type": "local",
        "features": ["sms", "mms"] if count < 4 else ["sms"],
        "capacity": "1-2" if count < 3 else "2-5",
        "organization": organization,
        "organization_type": "business",
        "current_provider": dice.choice(people.MOVED_FROM),
        "notification_client_user_id": account["client_user_id"],
        "comments": NOTES.get(state, ""),
        **{n: str(home[n]) for n in ("civic_number", "street", "city", "country_id", "state_id", "postal_code")},
    }
    steps = [*HISTORY.get(state, ()), state]
    gap = min(1.5, age / (len(steps) + 1)) * DAY
    port["history"] = [{"status": step, "at": created + i * gap} for i, step in enumerate(steps)]
    dates(builder, account, port, state, age)
    if state == "not_ready":
        port.update(current_provider="", capacity="", notification_client_user_id="")
    else:
        port["files"] = {
            "loa": {"filename": "loa.pdf", "mime_type": "application/pdf", "size": dice.randrange(60_000, 300_000)}
        }
    account["ports"][str(number)] = port


def numbers(builder, account, state, count, npa):
    """What was ported is among the account's numbers by now; what was not, is not."""
    if state == "completed":
        return [d["phone_number"] for d in account["dids"].values() if d["npa"] == npa][-count:]
    return [builder.numbers.take(npa) for _ in range(count)]


def dates(builder, account, port, state, age):
    today = datetime.datetime.fromtimestamp(builder.now, ZoneInfo(account["time_zone"])).date()
    if state in ("tentative_confirm", "firm_confirm"):
        port["tentative_date"] = business_day(today, 6 if state == "tentative_confirm" else 4).isoformat()
    if state == "firm_confirm":
        port["firm_date"] = port["tentative_date"]
    if state == "completed":
        done = business_day(today - datetime.timedelta(days=age - 14), 1).isoformat()
        port["tentative_date"] = port["firm_date"] = done
