"""Applications and their users."""

import re

from . import checks, ledger, making, wire
from . import values as reading
from .desk import exact
from .refusals import Refusal
from .spec import reads, writes

MOST_APPS, MOST_USERS = 50, 1000
APP = "application_id:int|application_name"
USER_FIELDS = "parent_accounting:bool user_active:bool user_custom_data"
LIST_USERS = (
    f"{APP}! skill_id:int excluded_skill_id:int acd_queue_id:int excluded_acd_queue_id:int user_id:int user_name "
    "user_active:bool user_display_name with_skills:bool with_queues:bool "
    "acd_status:words=OFFLINE,ONLINE,READY,BANNED,IN_SERVICE,AFTER_SERVICE,TIMEOUT,DND showing_skill_id:int count:int "
    "offset:int order_by=user_id,user_name,user_display_name return_live_balance:bool"
)


def same_app(account, app, name):
    return app["application_name"] == making.full_name(account, name)


def app_of(desk, needed=True):
    """The application named by id or name; None when none was and none is needed."""
    number, name = desk.get("application_id"), desk.get("application_name")
    if number is None and name is None and not needed:
        return None
    for app in desk.account["applications"]:
        if app["application_id"] == number or (name is not None and same_app(desk.account, app, name)):
            return app
    raise Refusal(116, "application_id")


def apps_of(desk):
    """The applications chosen by lists of ids or names."""
    ids, names = desk.get("application_id"), desk.get("application_name")
    rows = desk.account["applications"]
    if reading.ALL in (ids, *(names or [])):
        return rows
    names = [making.full_name(desk.account, name) for name in names or []]
    found = [row for row in rows if row["application_id"] in (ids or []) or row["application_name"] in names]
    if len(found) < len(ids or names):
        raise Refusal(116, "application_id")
    return found


def rule_of(desk, app=None):
    """The rule named, None when none was."""
    number, name = desk.get("rule_id"), desk.get("rule_name")
    if number is None and name is None:
        return None
    for rule in desk.account["rules"]:
        if app is not None and rule["application_id"] != app["application_id"]:
            continue
        if rule["rule_id"] == number or rule["rule_name"] == name:
            return rule
    raise reading.invalid("rule_id")


def rule_view(rule, with_scenarios=True):
    moment = wire.moment(rule["modified"])
    more = {"scenario_script": "", "modified": moment, "parent": False}
    shown = {name: value for name, value in rule.items() if name not in ("bind_key_id", "scenarios")}
    rows = [{**scenario, **more} for scenario in rule["scenarios"]] if with_scenarios else []
    return {**shown, "scenarios": rows, "modified": moment}


# -- applications


def add_application(desk):
    name = desk.get("application_name")
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,64}", name):
        raise Refusal(107)
    if any(same_app(desk.account, app, name) for app in desk.account["applications"]):
        raise Refusal(129)
    if len(desk.account["applications"]) >= MOST_APPS:
        raise Refusal(108)
    app = making.application(desk.upstream.state, desk.account, name, desk.now)
    app["secure_record_storage"] = desk.get("secure_record_storage", False)
    desk.effect("application_added", application_id=app["application_id"])
    return {"result": 1, **{name: app[name] for name in app if name != "modified"}}


def del_application(desk):
    gone = {app["application_id"] for app in apps_of(desk)}
    for kind in ("applications", "rules", "users"):
        desk.account[kind] = [row for row in desk.account[kind] if row["application_id"] not in gone]
    for row in desk.account["numbers"]:
        if row["application_id"] in gone:
            row.update(application_id=None, rule_id=None)
    desk.effect("application_deleted", application_id=sorted(gone))
    return {"result": 1}


def set_application_info(desk):
    number, name = desk.get("application_id"), desk.get("required_application_name")
    mine = desk.account["applications"]
    app = next((a for a in mine if a["application_id"] == number or (name and same_app(desk.account, a, name))), None)
    if app is None:
        raise Refusal(116, "application_id")
    new = desk.get("application_name")
    if new is not None:
        if not re.fullmatch(r"[a-z][a-z0-9-]{1,79}", new):
            raise Refusal(107)
        app["application_name"] = making.full_name(desk.account, new)
    app.update(desk.given("secure_record_storage"), modified=int(desk.now))
    desk.effect("application_changed", application_id=app["application_id"])
    return {"result": 1, **{name: app[name] for name in ("application_name", "secure_record_storage")}}


def get_applications(desk):
    wanted = desk.get("application_name")
    rows = desk.matching(desk.account["applications"], "application_id")
    rows = [row for row in rows if wanted is None or same_app(desk.account, row, wanted)]
    shown = [{**row, "modified": wire.moment(row["modified"])} for row in rows]
    if desk.get("with_rules") or desk.get("with_scenarios"):
        for row in shown:
            mine = [r for r in desk.account["rules"] if r["application_id"] == row["application_id"]]
            row["rules"] = [rule_view(rule, desk.get("with_scenarios")) for rule in mine]
    return desk.page(shown)


# -- users


def add_user(desk):
    app = app_of(desk)
    check_user(desk, app, desk.get("user_name"))
    if len(desk.account["users"]) >= MOST_USERS:
        raise Refusal(109)
    checks.password(desk.get("user_password"))
    user = making.user(
        desk.upstream.state, desk.account, app, desk.get("user_name"), desk.get("user_display_name"), desk.now
    )
    user.update(desk.given("user_password", "parent_accounting", "user_active", "user_custom_data"))
    desk.effect("user_added", user_id=user["user_id"])
    return {"result": 1, "user_id": user["user_id"]}


def check_user(desk, app, name):
    if not checks.USER_NAME.fullmatch(name):
        raise Refusal(122)
    mine = [user for user in desk.account["users"] if user["application_id"] == app["application_id"]]
    if any(user["user_name"] == name for user in mine):
        raise Refusal(118)


def users_of(desk):
    """Users chosen by lists of ids or names."""
    app = app_of(desk, needed=False)
    rows = [row for row in desk.account["users"] if app is None or row["application_id"] == app["application_id"]]
    ids, names = desk.get("user_id"), desk.get("user_name")
    if reading.ALL in (ids, *(names or [])):
        return rows
    found = [row for row in rows if row["user_id"] in (ids or []) or row["user_name"] in (names or [])]
    if len(found) < len(ids or names or []):
        raise reading.invalid("user_id")
    return found


def del_user(desk):
    gone = users_of(desk)
    desk.account["users"] = [row for row in desk.account["users"] if row not in gone]
    desk.effect("user_deleted", user_id=[row["user_id"] for row in gone])
    return {"result": 1}


def set_user_info(desk):
    for name in ("user_id", "user_name"):
        if name in desk.values:
            desk.values[name] = [desk.values[name]]
    user = users_of(desk)[0]
    if desk.get("new_user_name"):
        check_user(desk, user, desk.get("new_user_name"))
        user["user_name"] = desk.get("new_user_name")
    if desk.get("user_password") is not None:
        checks.password(desk.get("user_password"))
    names = ("user_display_name", "user_password", "parent_accounting", "user_active", "user_custom_data")
    user.update(desk.given(*names), modified=int(desk.now))
    desk.effect("user_changed", user_id=user["user_id"])
    return {"result": 1}


def get_users(desk):
    app = app_of(desk)
    rows = desk.matching(
        desk.account["users"], "user_id", "user_name", "user_active", "user_display_name", "acd_status"
    )
    rows = [row for row in rows if row["application_id"] == app["application_id"]]
    member = desk.get("order_by", "user_id")
    return desk.page([user_view(desk, row) for row in sorted(rows, key=lambda row: row[member])])


def user_view(desk, row):
    balance = ledger.balance(desk.account) if row["parent_accounting"] else exact(0)
    return {
        **{name: value for name, value in row.items() if name not in ("user_password", "application_id")},
        **dict.fromkeys(("live_balance", "balance", "fixed_balance"), balance),
        **{name: wire.moment(row[name]) for name in ("created", "modified")},
        "acd_status_change_time": wire.moment(row["modified"]),
    }


CALLS = {
    "AddApplication": writes("application_name! secure_record_storage:bool", add_application),
    "DelApplication": writes("application_id:ints|application_name:words!", del_application),
    "SetApplicationInfo": writes(
        "application_id:int|required_application_name! application_name secure_record_storage:bool",
        set_application_info,
    ),
    "GetApplications": reads(f"{APP} with_rules:bool with_scenarios:bool count:int offset:int", get_applications),
    "AddUser": writes(f"user_name! user_display_name! user_password! {APP}! {USER_FIELDS}", add_user),
    "DelUser": writes(f"user_id:ints|user_name:words! {APP}", del_user),
    "SetUserInfo": writes(
        f"user_id:int|user_name! {APP} new_user_name user_display_name user_password {USER_FIELDS}", set_user_info
    ),
    "GetUsers": reads(LIST_USERS, get_users),
}
