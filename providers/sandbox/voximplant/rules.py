"""Rules: which calls of an application go where."""

import re

from . import making
from . import values as reading
from .applications import APP, app_of, apps_of, rule_view
from .refusals import Refusal
from .spec import reads, writes

RULE_FIELDS = "rule_pattern_exclude video_conference:bool bind_key_id"
PATTERN = 65536


def pattern(desk, name, code):
    text = desk.get(name)
    if text is None:
        return
    try:
        re.compile(text)
    except re.error:
        raise Refusal(code) from None
    if len(text) >= PATTERN:
        raise Refusal(code)


def check_patterns(desk):
    pattern(desk, "rule_pattern", 148)
    pattern(desk, "rule_pattern_exclude", 149)


def add_rule(desk):
    app = app_of(desk)
    check_patterns(desk)
    mine = [rule for rule in desk.account["rules"] if rule["application_id"] == app["application_id"]]
    if any(rule["rule_name"] == desk.get("rule_name") for rule in mine):
        raise Refusal(175)
    more = desk.given("rule_pattern_exclude", "video_conference", "bind_key_id")
    more["scenarios"] = scenarios(desk)
    name, text = desk.get("rule_name"), desk.get("rule_pattern")
    rule = making.rule(desk.upstream.state, desk.account, app, name, desk.now, text, **more)
    desk.effect("rule_added", rule_id=rule["rule_id"])
    return {"result": 1, "rule_id": rule["rule_id"]}


def scenarios(desk):
    """Scenarios are known by what rules say of them."""
    known = [(n, f"scenario-{n}") for n in desk.get("scenario_id", [])]
    known += [(desk.new_id("scenario"), name) for name in desk.get("scenario_name", [])]
    return [{"scenario_id": number, "scenario_name": name} for number, name in known]


def rules_chosen(desk):
    ids, names = desk.get("rule_id"), desk.get("rule_name")
    apps = {app["application_id"] for app in apps_of(desk)} if given_app(desk) else None
    rows = [row for row in desk.account["rules"] if apps is None or row["application_id"] in apps]
    if reading.ALL in (ids, *(names or [])):
        return rows
    found = [row for row in rows if row["rule_id"] in (ids or []) or row["rule_name"] in (names or [])]
    if len(found) < len(ids or names or []):
        raise reading.invalid("rule_id")
    return found


def given_app(desk):
    return "application_id" in desk.values or "application_name" in desk.values


def del_rule(desk):
    gone = rules_chosen(desk)
    desk.account["rules"] = [row for row in desk.account["rules"] if row not in gone]
    desk.effect("rule_deleted", rule_id=[row["rule_id"] for row in gone])
    return {"result": 1}


def set_rule_info(desk):
    rule = desk.one(desk.account["rules"], "rule_id")
    check_patterns(desk)
    names = ("rule_name", "rule_pattern", "rule_pattern_exclude", "video_conference", "bind_key_id")
    rule.update(desk.given(*names), modified=int(desk.now))
    desk.effect("rule_changed", rule_id=rule["rule_id"])
    return {"result": 1}


def get_rules(desk):
    app, template = app_of(desk), desk.get("template")
    rows = [row for row in desk.account["rules"] if row["application_id"] == app["application_id"]]
    rows = desk.matching(rows, "rule_id", "video_conference", attached_key_id="bind_key_id")
    rows = [row for row in rows if desk.get("rule_name", "") in row["rule_name"]]
    rows = [row for row in rows if template is None or re.search(row["rule_pattern"], template)]
    return desk.page([rule_view(row, desk.get("with_scenarios")) for row in rows])


def reorder_rules(desk):
    order = desk.get("rule_id")
    chosen = rules_chosen(desk)
    if order == reading.ALL or len({row["application_id"] for row in chosen}) > 1:
        raise reading.invalid("rule_id")
    rest = [row for row in desk.account["rules"] if row not in chosen]
    desk.account["rules"] = sorted(chosen, key=lambda row: order.index(row["rule_id"])) + rest
    desk.effect("rules_reordered", rule_id=order)
    return {"result": 1}


CALLS = {
    "AddRule": writes(f"rule_name! rule_pattern! {APP}! {RULE_FIELDS} scenario_id:ints|scenario_name:words!", add_rule),
    "DelRule": writes("rule_id:ints|rule_name:words! application_id:ints|application_name:words!", del_rule),
    "SetRuleInfo": writes(f"rule_id:int! rule_name rule_pattern {RULE_FIELDS}", set_rule_info),
    "GetRules": reads(
        f"{APP}! rule_id:int rule_name video_conference:bool attached_key_id template with_scenarios:bool count:int "
        "offset:int",
        get_rules,
    ),
    "ReorderRules": writes("rule_id:ints!", reorder_rules),
}
