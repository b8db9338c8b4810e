"""Who may call and be called: caller ids, telephones that are blocked, addresses that may use the interface, and the
account's test numbers.
"""

from collections.abc import Iterator

from providers.clients.records import ResourceRecord
from providers.clients.speaking import Repeat, speaks
from providers.clients.voximplant import values
from providers.clients.voximplant.envelope import Meaning, done
from providers.clients.voximplant.numbers import yes_or_no
from providers.clients.voximplant.wire import Kind, Wire, refused_here

_CALLER = Kind("caller id", "CallerIDInfo", id="callerid_id", name="callerid_number")
_BLOCKED = Kind("blocked telephone", "PstnBlackListInfo", id="pstn_blacklist_id", name="pstn_blacklist_phone")
_ADDRESS = Kind("interface address", "AuthorizedAccountIP", id="authorized_ip", name="authorized_ip")
_TESTED = Kind("test number", "OutboundTestPhonenumberInfo", id="phone_number", name="phone_number")
_ABSENT_CALLER = Meaning(absent=frozenset((183, 184)))


class Access(Wire):
    @speaks("GetCallerIDs")
    def caller_ids(self, active: bool | None = None, number: str | None = None) -> Iterator[ResourceRecord]:
        """Foreign numbers that the account may show when it calls, with until when. (voximplant.yaml: GetCallerIDs, pages)"""
        fields = {"active": active, "callerid_number": self.digits(number) if number else None}
        yield from self.resources("GetCallerIDs", _CALLER, fields)

    @speaks("DelCallerID", Repeat.SAFE, settle="GetCallerIDs no longer has it")
    def delete_caller_id(self, external_id: str) -> None:
        """Give up a caller id. Raises `NotFound`. (voximplant.yaml: DelCallerID)"""
        self.command("DelCallerID", {"callerid_id": external_id}, meaning=_ABSENT_CALLER)

    # --- telephones that calls from the account may not reach

    @speaks("GetPstnBlackList")
    def blocked_telephones(self, number: str | None = None) -> Iterator[ResourceRecord]:
        """Blocked telephones and patterns. (voximplant.yaml: GetPstnBlackList, pages)"""
        yield from self.resources("GetPstnBlackList", _BLOCKED, {"pstn_blacklist_phone": number and _phone(number)})

    @speaks("AddPstnBlackListItem", Repeat.NEVER, settle="GetPstnBlackList by the telephone")
    def block_telephone(self, number: str) -> str:
        """Block a telephone (E.164) or a pattern of Voximplant's. Returns its id. Raises `Rejected` (373: list is full).

        (voximplant.yaml: AddPstnBlackListItem)
        """
        fields = {"pstn_blacklist_phone": _phone(number)}
        made = lambda tree: values.identity(done(tree), "pstn_blacklist_id")  # noqa: E731
        return self.call("AddPstnBlackListItem", fields, then=made)

    @speaks("SetPstnBlackListItem", Repeat.SAFE, settle="the same value set twice is the same; GetPstnBlackList")
    def change_blocked_telephone(self, external_id: str, number: str) -> None:
        """Block another telephone in one's place. Raises `NotFound`, `Rejected`. (voximplant.yaml: SetPstnBlackListItem)"""
        fields = {"pstn_blacklist_id": external_id, "pstn_blacklist_phone": _phone(number)}
        self.command("SetPstnBlackListItem", fields)

    @speaks("DelPstnBlackListItem", Repeat.SAFE, settle="GetPstnBlackList no longer has it")
    def unblock_telephone(self, external_id: str) -> None:
        """Block a telephone no longer. Raises `NotFound`. (voximplant.yaml: DelPstnBlackListItem)"""
        self.command("DelPstnBlackListItem", {"pstn_blacklist_id": external_id})

    # --- addresses that may use the interface

    @speaks("GetAuthorizedAccountIPs")
    def interface_addresses(self, allowed: bool | None = None, contains: str | None = None) -> Iterator[ResourceRecord]:
        """Addresses and networks that may use the account's interface (allowed) or may not. None at all lets everybody.

        (voximplant.yaml: GetAuthorizedAccountIPs, pages)
        """
        fields = {"allowed": allowed, "contains_ip": contains}
        yield from self.resources("GetAuthorizedAccountIPs", _ADDRESS, fields)

    @speaks("AddAuthorizedAccountIP", Repeat.SAFE, settle="GetAuthorizedAccountIPs by the address")
    def add_interface_address(self, address: str, allowed: bool = True, description: str = "") -> None:
        """Let an address use the interface, or keep it out. Whoever allows addresses and not his own locks himself out.

        Raises `Rejected`. (voximplant.yaml: AddAuthorizedAccountIP)
        """
        fields = {"authorized_ip": address, "allowed": allowed, "description": description or None}
        self.command("AddAuthorizedAccountIP", fields)

    @speaks("DelAuthorizedAccountIP", Repeat.SAFE, settle="GetAuthorizedAccountIPs no longer has it")
    def remove_interface_address(self, address: str, allowed: bool | None = None) -> None:
        """Strike an address off. Raises `NotFound`. (voximplant.yaml: DelAuthorizedAccountIP)"""
        self.command("DelAuthorizedAccountIP", {"authorized_ip": address, "allowed": allowed})

    @speaks("CheckAuthorizedAccountIP")
    def may_use_interface(self, address: str) -> bool:
        """Whether an address may use the interface. (voximplant.yaml: CheckAuthorizedAccountIP)"""
        return self.call("CheckAuthorizedAccountIP", {"authorized_ip": address}, then=yes_or_no)

    # --- the telephone that an unverified account may call

    @speaks("GetOutboundTestPhoneNumbers")
    def test_numbers(self) -> Iterator[ResourceRecord]:
        """The test numbers and whether each is verified. (voximplant.yaml: GetOutboundTestPhoneNumbers)"""
        yield from self.resources("GetOutboundTestPhoneNumbers", _TESTED, paged=False)

    @speaks("AddOutboundTestPhoneNumber", Repeat.SAFE, settle="GetOutboundTestPhoneNumbers; a second time is refused")
    def add_test_number(self, number: str) -> None:
        """Name a telephone of one's own (547: there is one). (voximplant.yaml: AddOutboundTestPhoneNumber)"""
        self.command("AddOutboundTestPhoneNumber", {"phone_number": self.digits(number)})

    @speaks("VerifyOutboundTestPhoneNumber", Repeat.NEVER, settle="it calls somebody: ask the person, never repeat")
    def call_test_number(self) -> int:
        """Have a code spoken to the test number. Returns how many such calls are left today.

        (voximplant.yaml: VerifyOutboundTestPhoneNumber, which answers without a result)
        """
        left = lambda tree: values.whole(tree, "daily_attempts_left")  # noqa: E731
        return self.call("VerifyOutboundTestPhoneNumber", member="daily_attempts_left", then=left) or 0

    @speaks("ActivateOutboundTestPhoneNumber", Repeat.NEVER, settle="GetOutboundTestPhoneNumbers shows is_verified")
    def verify_test_number(self, code: str) -> None:
        """Give the code that was spoken; attempts are counted. (voximplant.yaml: ActivateOutboundTestPhoneNumber)"""
        if not code.strip():
            raise refused_here("value-required", "code")
        self.command("ActivateOutboundTestPhoneNumber", {"verification_code": code.strip()})

    @speaks("DelOutboundTestPhoneNumber", Repeat.SAFE, settle="GetOutboundTestPhoneNumbers no longer has it")
    def delete_test_number(self) -> None:
        """Forget the test number. Raises `NotFound` (548). (voximplant.yaml: DelOutboundTestPhoneNumber)"""
        self.command("DelOutboundTestPhoneNumber", {})


def _phone(number: str) -> str:
    """Digits of an E.164 number; a pattern goes as it is."""
    return number[1:] if number.startswith("+") else number
