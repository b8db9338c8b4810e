"""Groups of numbers, and the people in them."""

from . import atlas, checks
from .checks import F
from .refusals import by_field

PERSONAL = ("name", "surname", "patronymic")
NOTES = tuple(f"note_{number}" for number in range(1, 11))
LIST = (
    F("id_group", checks.integer(), default=0),
    F("limit", checks.integer(1, 1000), default=10),
    F("offset", checks.integer(), default=0),
)
CREATE = (
    F("name_group", checks.text(100), required=True),
    F("time_birth", lambda value: value if value is False else f"{checks.hour(value):%H:%M}"),
    F("originator_birth", lambda value: value if value is False else checks.sender(value)),
    F("text_birth", checks.text_or_false),
    F("on_birth", checks.boolean, default=False),
)
DELETE = (F("id_group", checks.integer(1), required=True, many=True),)
NUMBERS = (
    F("id_group", checks.integer(1), required=True),
    F("numbers", checks.msisdn, required=True, many=True),
)


def person(value):
    """One contact; only the number is needed, and it may come bare."""
    body = value if isinstance(value, dict) else {"number": value}
    checked = {"number": checks.value_of(F("number", checks.msisdn, required=True), body.get("number"))}
    for name in (*PERSONAL, *NOTES):
        checked[name] = checks.value_of(F(name, checks.text()), body.get(name))
    born = checks.value_of(F("date_birth", checks.day), body.get("date_birth"))
    checked["date_birth"] = born.isoformat() if born else None
    checked["male"] = checks.value_of(F("male", checks.enum("m", "f")), body.get("male"))
    return checked


ADD = (F("id_group", checks.integer(1), required=True), F("numbers", person, required=True, many=True))


def group_of(desk):
    found = desk.account["groups"].get(str(desk.values["id_group"]))
    if found is None:
        raise by_field("id_group", "Group not found.")
    return found


def shown(group):
    names = ("id_group", "name_group")
    return {
        **{name: group[name] for name in names},
        "numbers_count": len(group["numbers"]),
        "on_birth": group["on_birth"],
    }


def page(rows, limit, offset):
    """`offset` counts pages."""
    return rows[offset * limit : (offset + 1) * limit]


def listing(desk):
    values = desk.values
    rows = [group_of(desk)] if values["id_group"] else list(desk.account["groups"].values())
    found = page(rows, values["limit"], values["offset"])
    details = {"countAll": len(rows), "countResult": len(found), "limit": values["limit"], "offset": values["offset"]}
    return {"groupDetails": details, "list": [shown(group) for group in found]}


def create(desk):
    values = {name: value or None for name, value in desk.values.items()}
    group = {
        "id_group": desk.upstream.new_id("group"),
        **values,
        "on_birth": bool(values["on_birth"]),
        "numbers": {},
        "greeted": "",
    }
    desk.account["groups"][str(group["id_group"])] = group
    desk.effect("group_created", id_group=group["id_group"], name_group=group["name_group"])
    births = {name: group[name] for name in ("time_birth", "originator_birth", "text_birth")}
    return {"groupDetails": {"command": "create", "createCount": 1}, "list": [{**shown(group), **births}]}


def delete(desk):
    """What is not there cannot be deleted; a list with one good group in it is carried out for that one."""
    groups = desk.account["groups"]
    gone = [number for number in dict.fromkeys(desk.values["id_group"]) if groups.pop(str(number), None)]
    if not gone:
        raise by_field("id_group", "Group not found.")
    desk.effect("groups_deleted", id_group=gone)
    return {"groupDetails": {"command": "delete", "deleteCount": len(gone)}, "list": gone}


# -- the people in them


def details(group, **more):
    return {**more, "id_group": group["id_group"], "name_group": group["name_group"]}


def contact(row):
    mcc, mnc = atlas.codes_of(row["number"])
    return {"phone": row["number"], "name": row["name"] or "", "surname": row["surname"] or "", "mcc": mcc, "mnc": mnc}


def number_add(desk):
    """A number that is there already gets its new particulars."""
    group = group_of(desk)
    before = len(group["numbers"])
    group["numbers"].update({row["number"]: row for row in desk.values["numbers"]})
    added = [row["number"] for row in desk.values["numbers"]]
    desk.effect("group_numbers_added", id_group=group["id_group"], numbers=added)
    counts = {"countPhoneBefore": before, "countPhoneAfter": len(group["numbers"])}
    return {"groupDetails": {**details(group), **counts}}


def number_search(desk):
    group = group_of(desk)
    rows = [group["numbers"][one] for one in dict.fromkeys(desk.values["numbers"]) if one in group["numbers"]]
    found = [{**contact(row), "date_birth": row["date_birth"] or ""} for row in rows]
    return {"groupDetails": details(group, foundPhone=len(found)), "list": found}


def number_delete(desk):
    group = group_of(desk)
    rows = [group["numbers"].pop(one) for one in dict.fromkeys(desk.values["numbers"]) if one in group["numbers"]]
    desk.effect("group_numbers_removed", id_group=group["id_group"], numbers=[row["number"] for row in rows])
    return {"groupDetails": details(group, deletedPhone=len(rows)), "list": [contact(row) for row in rows]}
