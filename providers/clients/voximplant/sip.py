"""SIP: registrations of Voximplant at other people's proxies, and networks whose calls it takes."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from providers.clients.records import RegistrationRecord, ResourceRecord
from providers.clients.speaking import Repeat, speaks
from providers.clients.voximplant import values
from providers.clients.voximplant.envelope import Meaning, done
from providers.clients.voximplant.wire import Kind, Wire

_ROW = Meaning(absent=frozenset((275,)))
_NETWORK = Kind("sip network", "SipWhiteListInfo", id="sip_whitelist_id", name="sip_whitelist_network")


@dataclass(frozen=True, slots=True, kw_only=True)
class SipAccess:
    """How to register: at `proxy` as `user`. In a change only what has a value is sent."""

    user: str = ""
    proxy: str = ""
    auth_user: str = ""
    outbound_proxy: str = ""
    password: str = field(default="", repr=False)
    application_id: str = ""
    rule_id: str = ""
    user_id: str = ""

    def fields(self) -> dict[str, object]:
        """Under Voximplant's names."""
        named = {name: getattr(self, name) or None for name in self.__slots__ if name != "user"}
        return {"sip_username": self.user or None, **named}


class Sip(Wire):
    def registrations(self) -> Iterator[RegistrationRecord]:
        """The account's SIP registrations and whether each stands. Bad rows go to `unread`."""
        yield from self.listing(self.registered(), self._registration)

    @speaks("GetSipRegistrations")
    def registered(self, **filters) -> Iterator[dict]:
        """The rows of the registrations, as they are; filters under Voximplant's names, such as `successful`.

        (voximplant.yaml: GetSipRegistrations, pages without a total)
        """
        for rows in self.pages("GetSipRegistrations", filters):
            yield from rows

    @speaks("CreateSipRegistration", Repeat.NEVER, settle="GetSipRegistrations by user and proxy")
    def create_registration(self, access: SipAccess, persistent: bool = True) -> str:
        """Register somewhere, which is paid by the month. Returns its id. A registration that is not `persistent` stands
        only while its user is signed in. Raises `Rejected` (272: as many as there may be, 127: no money).

        (voximplant.yaml: CreateSipRegistration)
        """
        fields = {**access.fields(), "is_persistent": persistent}
        made = lambda tree: values.identity(done(tree), "sip_registration_id")  # noqa: E731
        return self.call("CreateSipRegistration", fields, then=made)

    @speaks("UpdateSipRegistration", Repeat.SAFE, settle="the same values set twice are the same; GetSipRegistrations")
    def update_registration(self, external_id: str, access: SipAccess) -> None:
        """Change what has a value in `access`. Raises `NotFound`, `Rejected`. (voximplant.yaml: UpdateSipRegistration)"""
        fields = {"sip_registration_id": external_id, **access.fields()}
        self.command("UpdateSipRegistration", fields, meaning=_ROW)

    @speaks("BindSipRegistration", Repeat.SAFE, settle="bound twice is bound once; GetSipRegistrations shows it")
    def route_registration(
        self,
        external_id: str,
        application_id: str | None = None,
        rule_id: str | None = None,
        user_id: str | None = None,
        bind: bool = True,
    ) -> None:
        """Lead calls that come over a registration to an application, a rule or a user, or (`bind` false) no longer.

        Raises `NotFound`. (voximplant.yaml: BindSipRegistration)
        """
        fields = {
            "sip_registration_id": external_id,
            "application_id": application_id,
            "rule_id": rule_id,
            "user_id": user_id,
            "bind": bind,
        }
        self.command("BindSipRegistration", fields, meaning=_ROW)

    @speaks("DeleteSipRegistration", Repeat.SAFE, settle="GetSipRegistrations no longer has it")
    def delete_registration(self, external_id: str) -> None:
        """End a registration. Raises `NotFound`, also when it was ended before. (voximplant.yaml: DeleteSipRegistration)"""
        self.command("DeleteSipRegistration", {"sip_registration_id": external_id}, meaning=_ROW)

    # --- networks whose calls are taken without a password

    @speaks("GetSipWhiteList")
    def sip_networks(self, external_id: str | None = None) -> Iterator[ResourceRecord]:
        """Networks that may call in. (voximplant.yaml: GetSipWhiteList, pages)"""
        yield from self.resources("GetSipWhiteList", _NETWORK, {"sip_whitelist_id": external_id})

    @speaks("AddSipWhiteListItem", Repeat.NEVER, settle="GetSipWhiteList by the network")
    def add_sip_network(self, network: str, description: str = "") -> str:
        """Let a network (A.B.C.D/L) call in. Returns its id. Raises `Rejected` (170). (voximplant.yaml: AddSipWhiteListItem)"""
        fields = {"sip_whitelist_network": network, "description": description or None}
        made = lambda tree: values.identity(done(tree), "sip_whitelist_id")  # noqa: E731
        return self.call("AddSipWhiteListItem", fields, then=made)

    @speaks("SetSipWhiteListItem", Repeat.SAFE, settle="the same values set twice are the same; GetSipWhiteList")
    def update_sip_network(self, external_id: str, network: str, description: str | None = None) -> None:
        """Change a network. Raises `NotFound`, `Rejected`. (voximplant.yaml: SetSipWhiteListItem)"""
        fields = {"sip_whitelist_id": external_id, "sip_whitelist_network": network, "description": description}
        self.command("SetSipWhiteListItem", fields)

    @speaks("DelSipWhiteListItem", Repeat.SAFE, settle="GetSipWhiteList no longer has it")
    def remove_sip_network(self, external_id: str) -> None:
        """Let a network call in no longer. Raises `NotFound`. (voximplant.yaml: DelSipWhiteListItem)"""
        self.command("DelSipWhiteListItem", {"sip_whitelist_id": external_id})

    def _registration(self, row: dict) -> RegistrationRecord:
        frozen = bool(values.flag(row, "deactivated"))
        code = values.text(row, "status_code")
        told = values.text(row, "error_message") or ("" if code in ("", "200") else code)
        return RegistrationRecord(
            external_id=values.identity(row, "sip_registration_id"),
            user=values.required(row, "sip_username"),
            registered=bool(values.flag(row, "successful")) and not frozen,
            address=values.text(row, "proxy"),
            error="deactivated" if frozen and not told else told,
            raw=self.raw(row),
        )
