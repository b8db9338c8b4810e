"""Service accounts' keys, subusers, and the roles of both."""

import re

from . import checks, making, rsa_keys
from . import values as reading
from .refusals import Refusal
from .spec import reads, writes

MOST_KEYS, MOST_SUBUSERS = 50, 50
CHOICE = "role_id:ints|role_name:words"
NAMES = (
    *("Owner", "Admin", "Developer", "Supervisor", "Accountant", "Payer", "CallsSMS", "User management"),
    "Call list management",
)
PARENTS = {"Admin": "Owner", "Developer": "Admin", "Supervisor": "Admin", "Accountant": "Owner", "Payer": "Accountant"}
GROUPS = {1: "Management", 2: "Development", 3: "Finance"}
GROUP_OF = {"Owner": 1, "Admin": 1, "Supervisor": 1, "Accountant": 3, "Payer": 3}


def number_of(name):
    return NAMES.index(name) + 1


def names_of(ids):
    return [NAMES[number - 1] for number in ids]


def view(number, expanded=False):
    """RoleView."""
    name = NAMES[number - 1]
    row = {"role_name": name, "role_id": number, "gui_only": False}
    if not expanded:
        return row
    children = [number_of(child) for child, parent in PARENTS.items() if parent == name]
    parents = [number_of(PARENTS[name])] if name in PARENTS else []
    return {**row, "inherited": bool(parents), "child_ids": children, "parent_role_id": parents}


def chosen(desk):
    """The numbers of the roles said by number or name."""
    ids, names = desk.get("role_id"), desk.get("role_name")
    if ids == reading.ALL or reading.ALL in (names or []):
        return list(range(1, len(NAMES) + 1))
    if ids is not None and not all(0 < number <= len(NAMES) for number in ids):
        raise reading.invalid("role_id")
    if names is not None and not set(names) <= set(NAMES):
        raise reading.invalid("role_name")
    return ids or [number_of(name) for name in names or []]


def get_roles(desk):
    group = desk.get("group_name")
    rows = [n for n, name in enumerate(NAMES, 1) if group in (None, "", GROUPS[GROUP_OF.get(name, 2)])]
    return {"result": [view(number, expanded=True) for number in rows]}


def get_role_groups(desk):
    return {"result": [{"id": number, "name": name} for number, name in GROUPS.items()]}


# -- keys


def create_key(desk):
    roles, name = chosen(desk), desk.get("key_name", f"key {len(desk.account['keys']) + 1}")
    if not roles:
        raise Refusal(435)
    if len(desk.account["keys"]) >= MOST_KEYS:
        raise Refusal(437)
    if not name.strip():
        raise Refusal(496, "key_name")
    row = making.key(desk.upstream.state, desk.account, name, roles, desk.get("description", ""))
    desk.upstream.index()
    desk.effect("key_created", key_id=row["key_id"], key_name=name)
    return {"result": credentials(desk.account, row)}


def credentials(account, row):
    """KeyInfo: the file that a client signs in with."""
    return {
        "account_email": account["account_email"],
        "account_id": account["account_id"],
        "key_id": row["key_id"],
        "private_key": rsa_keys.pem(row["made_from"]),
    }


def get_keys(desk):
    rows = [key_view(row, desk.get("with_roles")) for row in desk.matching(desk.account["keys"], "key_id")]
    return {"result": desk.page(rows, None)["result"]}


def key_view(row, with_roles):
    shown = {name: row[name] for name in ("key_id", "key_name", "description")}
    return {**shown, "roles": [view(number) for number in row["role_ids"]]} if with_roles else shown


def key_of(desk):
    return desk.one(desk.account["keys"], "key_id")


def update_key(desk):
    row = key_of(desk)
    if "key_name" in desk.values and not desk.get("key_name").strip():
        raise Refusal(496, "key_name")
    row.update(desk.given("description", "key_name"))
    desk.effect("key_changed", key_id=row["key_id"])
    return {"result": 1}


def delete_key(desk):
    row = key_of(desk)
    desk.account["keys"].remove(row)
    desk.upstream.index()
    desk.effect("key_deleted", key_id=row["key_id"])
    return {"result": 1}


# -- subusers


def subuser_of(desk):
    return desk.one(desk.account["subusers"], "subuser_id")


def add_sub_user(desk):
    name = desk.get("new_subuser_name").lower()
    if not 5 <= len(name) <= 20:
        raise Refusal(452)
    if not re.fullmatch(r"[a-z][a-z0-9_-]*", name):
        raise Refusal(453)
    if any(row["subuser_name"] == name for row in desk.account["subusers"]):
        raise Refusal(436)
    checks.password(desk.get("new_subuser_password"))
    if len(desk.account["subusers"]) >= MOST_SUBUSERS:
        raise Refusal(438)
    row = {"subuser_id": desk.new_id("subuser"), "subuser_name": name, "description": desk.get("description", "")}
    secret = {"password": desk.get("new_subuser_password"), "role_ids": chosen(desk)}
    desk.account["subusers"].append({**row, **secret})
    desk.effect("subuser_added", subuser_id=row["subuser_id"])
    return {"result": {"subuser_id": row["subuser_id"]}}


def get_sub_users(desk):
    rows = desk.matching(desk.account["subusers"], "subuser_id")
    return {"result": desk.page([subuser_view(row, desk.get("with_roles")) for row in rows], None)["result"]}


def subuser_view(row, with_roles):
    shown = {name: row[name] for name in ("subuser_id", "subuser_name", "description")}
    return {**shown, "roles": [view(number) for number in row["role_ids"]]} if with_roles else shown


def set_sub_user_info(desk):
    row, new = subuser_of(desk), desk.get("new_subuser_password")
    if new is not None:
        if desk.get("old_subuser_password") != row["password"]:
            raise Refusal(448)
        checks.password(new, [row["password"]])
        row["password"] = new
    row.update(desk.given("description"))
    desk.effect("subuser_changed", subuser_id=row["subuser_id"])
    return {"result": 1}


def del_sub_user(desk):
    row = subuser_of(desk)
    desk.account["subusers"].remove(row)
    desk.effect("subuser_deleted", subuser_id=row["subuser_id"])
    return {"result": 1}


# -- roles of either


def setter(holder, add):
    """Adds roles to a key or a subuser, or takes them away."""

    def function(desk):
        row, roles = holder(desk), chosen(desk)
        held = row["role_ids"]
        row["role_ids"] = sorted({*held, *roles}) if add else [number for number in held if number not in roles]
        if holder is key_of and not row["role_ids"]:
            row["role_ids"] = held
            raise Refusal(435)
        desk.effect("roles_changed", role_ids=row["role_ids"])
        return {"result": 1}

    return function


def getter(holder):
    def function(desk):
        return {"result": [view(number, desk.get("with_expanded_roles")) for number in holder(desk)["role_ids"]]}

    return function


CALLS = {
    "CreateKey": writes(f"description key_name {CHOICE}!", create_key),
    "GetKeys": reads("key_id with_roles:bool offset:int count:int", get_keys),
    "UpdateKey": writes("key_id! description! key_name", update_key),
    "DeleteKey": writes("key_id!", delete_key),
    "SetKeyRoles": writes(f"key_id! {CHOICE}!", setter(key_of, add=True)),
    "GetKeyRoles": reads("key_id! with_expanded_roles:bool", getter(key_of)),
    "RemoveKeyRoles": writes(f"key_id! {CHOICE}!", setter(key_of, add=False)),
    "AddSubUser": writes(f"new_subuser_name! new_subuser_password! {CHOICE} description", add_sub_user),
    "GetSubUsers": reads("subuser_id:int with_roles:bool offset:int count:int", get_sub_users),
    "SetSubUserInfo": writes(
        "subuser_id:int! old_subuser_password new_subuser_password description", set_sub_user_info
    ),
    "DelSubUser": writes("subuser_id:int!", del_sub_user),
    "SetSubUserRoles": writes(f"subuser_id:int! {CHOICE}!", setter(subuser_of, add=True)),
    "GetSubUserRoles": reads("subuser_id:int! with_expanded_roles:bool", getter(subuser_of)),
    "RemoveSubUserRoles": writes(f"subuser_id:int! {CHOICE}! force:bool", setter(subuser_of, add=False)),
    "GetRoles": reads("group_name", get_roles),
    "GetRoleGroups": reads("", get_role_groups),
}
