"""What the surface offers for each capability, and how the contract asks for it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from providers.clients.capability import Capability as May
from providers.clients.records import (
    AvailableNumber,
    BalanceRecord,
    CallRecord,
    ChargeRecord,
    ContactRecord,
    DeviceRecord,
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
    SubaccountRecord,
)
from tests.providers.contract.subjects import Side

NUMBER, DAY, MOMENT = "+14185550123", date(2026, 7, 1), datetime(2026, 7, 1, tzinfo=UTC)
# Every verb of the surface with arguments that mean nothing in particular: what is not declared is never sent anyway.
VERBS: dict[May, dict[str, tuple]] = {
    May.BALANCE: {"balance": ()},
    May.LEDGER: {"ledger": (DAY, DAY)},
    May.CHARGES: {"charges": ()},
    May.INVOICES: {"invoices": (DAY, DAY)},
    May.PRICES: {"prices": ()},
    May.NETWORK_STATUS: {"network_status": ()},
    May.NUMBERS: {"numbers": (), "number": ("7", NUMBER)},
    May.NUMBER_SETTINGS: {"update_number": ("7", {"label": "x"})},
    May.NUMBER_SEARCH: {"available_numbers": ()},
    May.NUMBER_ORDER: {"activate_number": (NUMBER,)},
    May.NUMBER_RELEASE: {"release_number": ("7",)},
    May.BACK_ORDER: {"back_order_places": ("514",), "back_order": ("7", 1, False, False)},
    May.LOOKUP: {"lookup": (NUMBER,)},
    May.MESSAGES: {"messages": (DAY, DAY)},
    May.SEND_SMS: {"send_message": (NUMBER, NUMBER, "x")},
    May.OPT_OUTS: {"opt_outs": (DAY, DAY)},
    May.OPT_OUT_PUSH: {"add_opt_out": (NUMBER,), "remove_opt_out": (NUMBER,)},
    May.CONTACTS: {"contacts": ()},
    May.PORTS: {"ports": (), "port": ("7",)},
    May.PORT_REQUEST: {"create_port": (PortDraft(), {}, False), "update_port": ("7", PortDraft(), {}, False)},
    May.PORT_CHECK: {"portable": (NUMBER,)},
    May.PORT_OUT_PIN: {"set_port_out_pins": ({NUMBER: "4821"},)},
    May.E911: {
        "emergency_addresses": (),
        "check_emergency_address": (NUMBER, EmergencyAddress()),
        "save_emergency_address": (NUMBER, EmergencyAddress()),
        "delete_emergency_address": (NUMBER,),
    },
    May.DEVICES: {"devices": (), "tie_device": (NUMBER, "7"), "untie_device": ("7",)},
    May.DIRECTORY: {
        "listed_numbers": (),
        "list_number": (NUMBER, {}),
        "unlist_number": (NUMBER,),
    },
    May.CALLS: {"calls": (MOMENT, MOMENT)},
    May.NEW_CALLS: {"new_calls": ("", MOMENT)},
    May.RECORDINGS: {"recordings": (MOMENT, MOMENT)},
    May.VOICEMAIL: {"voicemails": (MOMENT, MOMENT)},
    May.FAX: {"faxes": (MOMENT, MOMENT)},
    May.CALLBACKS: {"call_back": (NUMBER, NUMBER)},
    May.SIP_REGISTRATIONS: {"registrations": ()},
    May.SUBACCOUNTS: {
        "subaccounts": (),
        "create_subaccount": ("x", "x", "en", "x"),
        "update_subaccount": ("7", {"name": "x"}),
        "add_subaccount_numbers": ("7", ["7"]),
    },
}


@dataclass(frozen=True)
class Listing:
    """A capability that is read: what is asked, the type of its records, and whether they come page by page."""

    ask: Callable[[Side], object]
    kind: type
    streams: bool = True


def _single(method: str) -> Callable[[Side], list]:
    return lambda side: [getattr(side.client, method)()]


READ: dict[May, Listing] = {
    May.BALANCE: Listing(_single("balance"), BalanceRecord, streams=False),
    May.LEDGER: Listing(lambda s: s.client.ledger(s.long_ago.date()), LedgerRecord),
    May.CHARGES: Listing(lambda s: s.client.charges(), ChargeRecord, streams=False),
    May.INVOICES: Listing(lambda s: s.client.invoices(), InvoiceRecord),
    May.PRICES: Listing(lambda s: s.client.prices(), PriceRecord),
    May.NETWORK_STATUS: Listing(lambda s: s.client.network_status(), NetworkEvent, streams=False),
    May.NUMBERS: Listing(lambda s: s.client.numbers(), NumberRecord),
    May.NUMBER_SEARCH: Listing(
        lambda s: s.client.available_numbers(area_code=s.subject.area_code), AvailableNumber, streams=False
    ),
    May.LOOKUP: Listing(lambda s: [s.client.lookup("+15145550134")], LookupRecord, streams=False),
    May.MESSAGES: Listing(lambda s: s.client.messages(s.long_ago.date()), MessageRecord),
    May.OPT_OUTS: Listing(lambda s: s.client.opt_outs(), OptOutRecord),
    May.CONTACTS: Listing(lambda s: s.client.contacts(), ContactRecord),
    May.PORTS: Listing(lambda s: s.client.ports(), PortRecord),
    May.E911: Listing(lambda s: s.client.emergency_addresses(), EmergencyRecord),
    May.DEVICES: Listing(lambda s: s.client.devices(), DeviceRecord, streams=False),
    May.DIRECTORY: Listing(lambda s: s.client.listed_numbers(), DirectoryRecord, streams=False),
    May.CALLS: Listing(lambda s: s.client.calls(s.long_ago), CallRecord),
    May.NEW_CALLS: Listing(lambda s: s.client.new_calls("", s.long_ago), CallRecord),
    May.RECORDINGS: Listing(lambda s: s.client.recordings(s.long_ago), RecordingRecord),
    May.VOICEMAIL: Listing(lambda s: s.client.voicemails(s.long_ago), RecordingRecord),
    May.FAX: Listing(lambda s: s.client.faxes(s.long_ago), RecordingRecord),
    May.SIP_REGISTRATIONS: Listing(lambda s: s.client.registrations(), RegistrationRecord),
    May.SUBACCOUNTS: Listing(lambda s: s.client.subaccounts(), SubaccountRecord),
    May.FORWARDING: Listing(_single("forwarding"), ResourceRecord, streams=False),
    May.CONFERENCES: Listing(lambda s: s.client.conferences(), ResourceRecord, streams=False),
}


def asked(side: Side, may: May) -> list:
    """All that there is of it."""
    return list(READ[may].ask(side))


def declared(side_or_client, among: dict) -> Iterator[May]:
    return (may for may in among if may in side_or_client.capabilities)
