"""Problems with calls that were reported."""

from . import catalogue, cdr, checks
from .checks import P
from .desk import Answer, Refusal
from .things import shelf, unknown
from .wire import E, row

NAMES = {number: (english, french) for number, english, french, _ in catalogue.ISSUE_TYPES}
REPORT = (
    P("call_hash", checks.call_hash, required=True),
    P("issue_type_id", checks.integer(1), required=True),
    P("kayako_ticket_id", checks.matching(r"[A-Z]{3}-\d{3}-\d{5}")),
    P("comments", checks.text()),
)
GET_ISSUES = (
    P("call_hash", checks.call_hash),
    P("call_issue_id", checks.integer(1)),
    P("client_subaccount_id", checks.integer(0)),
)


def report_call_issue(desk):
    values, account = desk.values, desk.account
    place = cdr.by_hash(account, values["call_hash"])
    if place is None:
        raise Refusal("call_hash_invalid")
    if values["issue_type_id"] not in NAMES:
        raise Refusal("issue_type_id_invalid")
    call = cdr.Cdr(*cdr.log_of(account)[place])
    issue = {
        "id": desk.new_id("call_issue"),
        "call": call.id,
        "client_subaccount_id": str(call.sub),
        "issue_type_id": values["issue_type_id"],
        "kayako_ticket_id": values.get("kayako_ticket_id") or "",
        "comments": values.get("comments") or "",
        "status": "open",
        "at": int(desk.now),
    }
    shelf(account, "call_issues").append(issue)
    desk.effect("call_issue_reported", call_issue_id=issue["id"], call_hash=values["call_hash"].lower())
    return Answer(E("call_issue_id", issue["id"]), messages=["call_issue_reported"])


def shown(desk, issue):
    values = {
        "call_issue_id": issue["id"],
        "call_hash": hash_of(desk, issue),
        "client_subaccount_id": issue["client_subaccount_id"],
        "issue_type_id": issue["issue_type_id"],
        "issue": NAMES[issue["issue_type_id"]][desk.language == "fr"],
        "kayako_ticket_id": issue["kayako_ticket_id"],
        "comments": issue["comments"],
        "status": issue["status"],
        "date_reported": desk.stamp(issue["at"]),
    }
    return row("call_issue_details", "call_issue_id", values)


def hash_of(desk, issue):
    return cdr.hash_of(desk.account["client_account_id"], issue["call"])


def get_call_issues(desk):
    values, found = desk.values, shelf(desk.account, "call_issues")
    wrong = unknown(desk, {"client_subaccount_id": values.get("client_subaccount_id")})
    if values.get("call_hash"):
        found = [one for one in found if hash_of(desk, one) == values["call_hash"].lower()]
        wrong += [] if found or cdr.by_hash(desk.account, values["call_hash"]) is not None else ["call_hash_invalid"]
    if values.get("call_issue_id"):
        found = [one for one in found if one["id"] == values["call_issue_id"]]
        wrong += [] if found else ["call_issue_id_invalid"]
    if wrong:
        raise Refusal(*wrong)
    sub = values.get("client_subaccount_id")
    found = [one for one in found if sub in (None, "", int(one["client_subaccount_id"]))]
    return [E("call_issues", [shown(desk, one) for one in reversed(found)])]
