"""What the portal may ask of any upstream, in one vocabulary. Each method is `Unsupported` until a client overrides it.

The types are the same for all clients, so that a feed or a page never asks which upstream it talks to. Listings are
iterators that fetch page by page; rows that cannot be read go into `client.unread` and do not sink the others.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from providers.clients.capability import Capability as May
from providers.clients.errors import Notice
from providers.clients.records import (
    AccountRecord,
    Attachment,
    AvailableNumber,
    BalanceRecord,
    CallRecord,
    ChargeRecord,
    ContactRecord,
    DeviceRecord,
    Direction,
    DirectoryRecord,
    EmergencyAddress,
    EmergencyRecord,
    InvoiceRecord,
    LedgerRecord,
    LookupRecord,
    MessageRecord,
    NetworkEvent,
    NumberRecord,
    OptOutRecord,
    PortDraft,
    PortRecord,
    PriceRecord,
    RecordingRecord,
    RegistrationRecord,
    ResourceRecord,
    SentMessage,
    SubaccountRecord,
)


class Surface:
    """Mixed into `base.Client`, which has `require`."""

    def require(self, capability: May) -> None:
        raise NotImplementedError

    def _cannot(self, capability: May):
        self.require(capability)
        raise NotImplementedError(f"{type(self).__name__} declares {capability} and does not do it")

    # --- the account and its money

    def account(self) -> AccountRecord:
        """Who the account is; also the cheapest way to try credentials, where the upstream has no better one."""
        raise NotImplementedError

    def probe(self) -> None:
        """Try the credentials with one harmless call that costs as little of a quota as any."""
        self.account()

    def balance(self) -> BalanceRecord:
        self._cannot(May.BALANCE)

    def ledger(self, since: date | None = None, until: date | None = None) -> Iterator[LedgerRecord]:
        """Both days inclusive."""
        self._cannot(May.LEDGER)

    def charges(self) -> list[ChargeRecord]:
        self._cannot(May.CHARGES)

    def invoices(self, since: date | None = None, until: date | None = None) -> Iterator[InvoiceRecord]:
        self._cannot(May.INVOICES)

    def prices(self) -> Iterator[PriceRecord]:
        self._cannot(May.PRICES)

    def network_status(self) -> list[NetworkEvent]:
        self._cannot(May.NETWORK_STATUS)

    # --- numbers

    def numbers(self, **filters) -> Iterator[NumberRecord]:
        self._cannot(May.NUMBERS)

    def number(self, external_id: str | None = None, number: str | None = None) -> NumberRecord:
        """One number of the account. Raises `NotFound`."""
        self._cannot(May.NUMBERS)

    def update_number(self, external_id: str, changes: dict) -> None:
        """Change settings (`NUMBER_SETTINGS`) and nothing else, also where the upstream replaces the whole number."""
        self._cannot(May.NUMBER_SETTINGS)

    def available_numbers(self, **wanted) -> list[AvailableNumber]:
        """Numbers for sale. Of area_code, prefix (the three digits after it), ending, city, region (two letters), kind, sms
        and pattern, an upstream takes those in its `finds_by`; the caller narrows by the others.
        """
        self._cannot(May.NUMBER_SEARCH)

    def activate_number(self, number: str) -> str:
        """Buy a number that was found available; costs money. Returns its external id."""
        self._cannot(May.NUMBER_ORDER)

    def back_order_places(self, area_code: str) -> list[ResourceRecord]:
        """Rate centres of an area code in which numbers can be ordered that are not in stock; `name` is the centre's."""
        self._cannot(May.BACK_ORDER)

    def back_order(self, place_id: str, quantity: int, sequential: bool, sms: bool) -> None:
        """Ask for numbers of a rate centre that are not in stock; costs money once they come. They appear on the account."""
        self._cannot(May.BACK_ORDER)

    def release_number(self, external_id: str) -> None:
        """Give a number back for good."""
        self._cannot(May.NUMBER_RELEASE)

    def lookup(self, number: str) -> LookupRecord:
        """What is known of any number, not only ours. Most upstreams bill each look-up."""
        self._cannot(May.LOOKUP)

    # --- texts

    def messages(
        self,
        since: date,
        until: date | None = None,
        direction: Direction | str | None = None,
        source: str | None = None,
        destination: str | None = None,
    ) -> Iterator[MessageRecord]:
        """The log from day to day, both inclusive, in the account's zone, oldest part first."""
        self._cannot(May.MESSAGES)

    def send_message(
        self, source: str, destination: str, body: str, attachment: Attachment | None = None
    ) -> SentMessage:
        """Hand one text over. `source` is E.164, or a sender name where the upstream knows such."""
        self._cannot(May.SEND_SMS)

    def opt_outs(self, since: date | None = None, until: date | None = None) -> Iterator[OptOutRecord]:
        self._cannot(May.OPT_OUTS)

    def add_opt_out(self, number: str) -> None:
        """Tell the upstream that this person is to be left alone. Safe to repeat."""
        self._cannot(May.OPT_OUT_PUSH)

    def remove_opt_out(self, number: str) -> None:
        self._cannot(May.OPT_OUT_PUSH)

    def contacts(self) -> Iterator[ContactRecord]:
        self._cannot(May.CONTACTS)

    # --- ports and 911

    def ports(self, **filters) -> Iterator[PortRecord]:
        self._cannot(May.PORTS)

    def port(self, external_id: str) -> PortRecord:
        self._cannot(May.PORTS)

    def create_port(self, draft: PortDraft, documents: dict[str, Attachment], submit: bool) -> str:
        self._cannot(May.PORT_REQUEST)

    def update_port(self, external_id: str, draft: PortDraft, documents: dict[str, Attachment], submit: bool) -> None:
        self._cannot(May.PORT_REQUEST)

    def portable(self, number: str) -> bool:
        """Whether the upstream could take this number over from another carrier."""
        self._cannot(May.PORT_CHECK)

    def set_port_out_pins(self, pins: dict[str, str]) -> dict[str, str]:
        """Set the digits without which no other carrier gets a number, by external id; the last ones set count."""
        self._cannot(May.PORT_OUT_PIN)

    def emergency_addresses(self, **filters) -> Iterator[EmergencyRecord]:
        self._cannot(May.E911)

    def check_emergency_address(self, number: str, address: EmergencyAddress) -> EmergencyAddress:
        """The address as the upstream would store it. Raises `AddressRejected` with what it knows nearby."""
        self._cannot(May.E911)

    def save_emergency_address(self, number: str, address: EmergencyAddress) -> None:
        """Provision it. Never proof by itself: read it back with `emergency_addresses`."""
        self._cannot(May.E911)

    def delete_emergency_address(self, number: str) -> tuple[Notice, ...]:
        self._cannot(May.E911)

    def devices(self) -> Iterator[DeviceRecord]:
        self._cannot(May.DEVICES)

    def tie_device(self, number: str, device_id: str) -> None:
        """A call to 911 from the device goes out with the address of that number from now on, and with no other's.

        Never proof by itself: `emergency_addresses` lists the devices of each.
        """
        self._cannot(May.DEVICES)

    def untie_device(self, device_id: str) -> None:
        """Tie a device to no address, wherever it was tied. Raises `NotFound` when it was tied nowhere."""
        self._cannot(May.DEVICES)

    def listed_numbers(self) -> Iterator[DirectoryRecord]:
        """Every number's entry in the public directory, those that were taken out left out."""
        self._cannot(May.DIRECTORY)

    def list_number(self, number: str, entry: dict[str, str]) -> None:
        """Put a number into the directory, or change its entry: names of `ENTRY_FIELDS`, what is left out stays.

        The directory decides later: read it back with `listed_numbers`.
        """
        self._cannot(May.DIRECTORY)

    def unlist_number(self, number: str) -> None:
        """Take a number out of the directory. Raises `NotFound` when it is not in it."""
        self._cannot(May.DIRECTORY)

    # --- calls

    def calls(self, since: datetime, until: datetime | None = None) -> Iterator[CallRecord]:
        """Calls that began between the two moments; `until` is now when left out."""
        self._cannot(May.CALLS)

    def new_calls(self, after: str, since: datetime) -> Iterator[CallRecord]:
        """Calls that were logged after the one read last; those since the moment where it is "" or known no more."""
        self._cannot(May.NEW_CALLS)

    def recordings(self, since: datetime, until: datetime | None = None) -> Iterator[RecordingRecord]:
        self._cannot(May.RECORDINGS)

    def voicemails(self, since: datetime, until: datetime | None = None) -> Iterator[RecordingRecord]:
        self._cannot(May.VOICEMAIL)

    def faxes(self, since: datetime, until: datetime | None = None) -> Iterator[RecordingRecord]:
        self._cannot(May.FAX)

    def call_back(self, caller: str, receiver: str) -> None:
        """Call two people and connect them, `caller` first. Costs two calls; nothing tells afterwards that it was done."""
        self._cannot(May.CALLBACKS)

    def registrations(self) -> Iterator[RegistrationRecord]:
        self._cannot(May.SIP_REGISTRATIONS)

    # --- sub-accounts

    def subaccounts(self, with_numbers: bool = False) -> Iterator[SubaccountRecord]:
        self._cannot(May.SUBACCOUNTS)

    def create_subaccount(self, name: str, organization: str, language: str, reference: str) -> str:
        self._cannot(May.SUBACCOUNTS)

    def update_subaccount(self, external_id: str, changes: dict) -> None:
        self._cannot(May.SUBACCOUNTS)

    def add_subaccount_numbers(self, external_id: str, number_ids: Iterable[str]) -> None:
        self._cannot(May.SUBACCOUNTS)
