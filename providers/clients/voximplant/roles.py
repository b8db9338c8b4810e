"""Keys of service accounts, logins of the account's people, and what each may do."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from providers.clients.records import ResourceRecord
from providers.clients.speaking import Repeat, speaks
from providers.clients.voximplant import values
from providers.clients.voximplant.wire import Kind, Wire, refused_here

ROLES = ("Owner", "Admin", "Developer", "Supervisor", "Accountant", "Payer", "CallsSMS")
_KEY = Kind("service account", "KeyView", id="key_id", name="key_name")
_LOGIN = Kind("login", "SubUserView", id="subuser_id", name="subuser_name")
_ROLE = Kind("role", "RoleView", id="role_id", name="role_name")
_GROUP = Kind("role group", "RoleGroupView", id="id", name="name")
_SET_AGAIN = "the same roles set twice are the same"


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeKey:
    """A service account's key just made: the only time that its private half is told. `credentials` is for a client."""

    key_id: str
    account_id: str
    private_key: str = field(repr=False)

    def credentials(self) -> dict[str, str]:
        return {"account_id": self.account_id, "key_id": self.key_id, "private_key": self.private_key}


class Roles(Wire):
    @speaks("CreateKey", Repeat.NEVER, settle="GetKeys by the name; a key that was never seen is deleted and made anew")
    def create_key(self, role_names: Iterable[str], name: str = "", description: str = "") -> MadeKey:
        """Make a key for a service account with these roles (`ROLES`). Raises `Rejected` (437: as many as there may be).

        (voximplant.yaml: CreateKey)
        """
        fields = {"role_name": _some(role_names), "key_name": name or None, "description": description or None}
        return self.call("CreateKey", fields, then=_made_key)

    @speaks("GetKeys")
    def keys(self, key_id: str | None = None, with_roles: bool = True) -> Iterator[ResourceRecord]:
        """The account's keys, without their private halves. (voximplant.yaml: GetKeys, pages without a total)"""
        yield from self.resources("GetKeys", _KEY, {"key_id": key_id, "with_roles": with_roles})

    @speaks("UpdateKey", Repeat.SAFE, settle="the same words set twice are the same; GetKeys")
    def update_key(self, key_id: str, description: str, name: str | None = None) -> None:
        """Describe a key. Raises `NotFound`. (voximplant.yaml: UpdateKey)"""
        self.command("UpdateKey", {"key_id": key_id, "description": description, "key_name": name})

    @speaks("DeleteKey", Repeat.SAFE, settle="GetKeys no longer has it")
    def delete_key(self, key_id: str) -> None:
        """Revoke a key for good. Raises `NotFound`. (voximplant.yaml: DeleteKey)"""
        self.command("DeleteKey", {"key_id": key_id})

    @speaks("SetKeyRoles", Repeat.SAFE, settle=f"GetKeyRoles; {_SET_AGAIN}")
    def set_key_roles(self, key_id: str, role_names: Iterable[str]) -> None:
        """Give a key these roles. Raises `NotFound`, `Rejected`. (voximplant.yaml: SetKeyRoles)"""
        self.command("SetKeyRoles", {"key_id": key_id, "role_name": _some(role_names)})

    @speaks("GetKeyRoles")
    def key_roles(self, key_id: str, expanded: bool = False) -> Iterator[ResourceRecord]:
        """What a key may do. (voximplant.yaml: GetKeyRoles)"""
        fields = {"key_id": key_id, "with_expanded_roles": expanded}
        yield from self.resources("GetKeyRoles", _ROLE, fields, paged=False)

    @speaks("RemoveKeyRoles", Repeat.SAFE, settle="GetKeyRoles no longer has them")
    def remove_key_roles(self, key_id: str, role_names: Iterable[str]) -> None:
        """Take roles from a key. Raises `NotFound`. (voximplant.yaml: RemoveKeyRoles)"""
        self.command("RemoveKeyRoles", {"key_id": key_id, "role_name": _some(role_names)})

    # --- logins

    @speaks("AddSubUser", Repeat.NEVER, settle="GetSubUsers by the name, which only one can have")
    def add_login(self, name: str, password: str, role_names: Iterable[str] = (), description: str = "") -> str:
        """Make a login of 5 to 20 characters. Returns its id. Raises `Rejected`. (voximplant.yaml: AddSubUser)"""
        fields = {
            "new_subuser_name": name,
            "new_subuser_password": password,
            "role_name": list(role_names) or None,
            "description": description or None,
        }
        return self.call("AddSubUser", fields, then=lambda tree: values.identity(values.one(tree), "subuser_id"))

    @speaks("GetSubUsers")
    def logins(self, external_id: str | None = None, with_roles: bool = True) -> Iterator[ResourceRecord]:
        """The account's logins. (voximplant.yaml: GetSubUsers, pages without a total)"""
        yield from self.resources("GetSubUsers", _LOGIN, {"subuser_id": external_id, "with_roles": with_roles})

    @speaks("SetSubUserInfo", Repeat.SAFE, settle="GetSubUsers; of a password only the next sign-in tells")
    def update_login(
        self,
        external_id: str,
        description: str | None = None,
        old_password: str | None = None,
        new_password: str | None = None,
    ) -> None:
        """Describe a login, or change its password, for which the old one is needed (448). Raises `NotFound`.

        (voximplant.yaml: SetSubUserInfo)
        """
        if new_password is not None and old_password is None:
            raise refused_here("value-required", "old_password")
        fields = {
            "subuser_id": external_id,
            "description": description,
            "old_subuser_password": old_password,
            "new_subuser_password": new_password,
        }
        self.command("SetSubUserInfo", fields)

    @speaks("DelSubUser", Repeat.SAFE, settle="GetSubUsers no longer has it")
    def delete_login(self, external_id: str) -> None:
        """Delete a login. Raises `NotFound`. (voximplant.yaml: DelSubUser)"""
        self.command("DelSubUser", {"subuser_id": external_id})

    @speaks("SetSubUserRoles", Repeat.SAFE, settle=f"GetSubUserRoles; {_SET_AGAIN}")
    def set_login_roles(self, external_id: str, role_names: Iterable[str]) -> None:
        """Give a login these roles. Raises `NotFound`, `Rejected`. (voximplant.yaml: SetSubUserRoles)"""
        self.command("SetSubUserRoles", {"subuser_id": external_id, "role_name": _some(role_names)})

    @speaks("GetSubUserRoles")
    def login_roles(self, external_id: str, expanded: bool = False) -> Iterator[ResourceRecord]:
        """What a login may do. (voximplant.yaml: GetSubUserRoles)"""
        fields = {"subuser_id": external_id, "with_expanded_roles": expanded}
        yield from self.resources("GetSubUserRoles", _ROLE, fields, paged=False)

    @speaks("RemoveSubUserRoles", Repeat.SAFE, settle="GetSubUserRoles no longer has them")
    def remove_login_roles(self, external_id: str, role_names: Iterable[str], force: bool = False) -> None:
        """Take roles from a login; `force` also from its keys, which else forbid it (439).

        (voximplant.yaml: RemoveSubUserRoles)
        """
        fields = {"subuser_id": external_id, "role_name": _some(role_names), "force": force}
        self.command("RemoveSubUserRoles", fields)

    @speaks("GetRoles")
    def roles(self, group: str | None = None) -> Iterator[ResourceRecord]:
        """All roles there are. (voximplant.yaml: GetRoles)"""
        yield from self.resources("GetRoles", _ROLE, {"group_name": group}, paged=False)

    @speaks("GetRoleGroups")
    def role_groups(self) -> Iterator[ResourceRecord]:
        """How roles are grouped. (voximplant.yaml: GetRoleGroups)"""
        yield from self.resources("GetRoleGroups", _GROUP, paged=False)


def _some(names: Iterable[str]) -> list[str]:
    """At least one role: without any, the wire would not say which are meant."""
    wanted = list(names)
    if not wanted:
        raise refused_here("value-required", "role_names")
    return wanted


def _made_key(tree: dict) -> MadeKey:
    """One object; the reference also types it as a list."""
    rows = values.rows(tree)
    row = rows[0] if len(rows) == 1 and isinstance(rows[0], dict) else {}
    return MadeKey(
        key_id=values.identity(row, "key_id"),
        account_id=values.identity(row, "account_id"),
        private_key=values.required(row, "private_key"),
    )
