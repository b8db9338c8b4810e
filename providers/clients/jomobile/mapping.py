"""Jo Mobile's words to ours: one function per kind of row, tables on top.

A word that is in no table raises `Unreadable` for its row.
"""

from providers.clients.errors import Unreadable
from providers.clients.jomobile import values
from providers.clients.records import (
    AccountRecord,
    BalanceRecord,
    ContactGroupRecord,
    ContactRecord,
    DeliveryReport,
    Direction,
    MessageRecord,
    PlaceRecord,
    PriceRecord,
    Transmission,
)

# jomobile.yaml: provider.states. DELIVRD was seen, DELIVERD stands in a README, the others are SMPP's. No state yet is
# a text that still waits; UNKNOWN is one that has left and of which they know no more.
STATES = {
    "": Transmission.PENDING,
    "ENROUTE": Transmission.SENT,
    "ACCEPTD": Transmission.SENT,
    "UNKNOWN": Transmission.SENT,
    "DELIVRD": Transmission.DELIVERED,
    "DELIVERD": Transmission.DELIVERED,
    "EXPIRED": Transmission.FAILED,
    "UNDELIV": Transmission.FAILED,
    "REJECTD": Transmission.FAILED,
    "DELETED": Transmission.CANCELLED,
}
# A text is as far as its parts are: the first of these that one of them has.
_WORST_FIRST = (
    Transmission.FAILED,
    Transmission.CANCELLED,
    Transmission.PENDING,
    Transmission.SENT,
    Transmission.DELIVERED,
)
LOOK_UPS = ("hlr", "mnp")  # rows of the log that are no texts


def state(row: dict) -> Transmission:
    word = values.text(row, "state").upper()
    if word not in STATES:
        raise values.unreadable("state", "a word that we know")
    return STATES[word]


def together(states: list[Transmission]) -> Transmission:
    """The state of a text in parts."""
    return next(one for one in _WORST_FIRST if one in states)


def account(row: dict, raw: dict) -> AccountRecord:
    return AccountRecord(
        external_id=values.required(row, "login"),
        organization=values.text(row, "company_name") or values.text(row, "name"),
        currency=values.text(row, "currency"),
        raw=raw,
    )


def balance(row: dict, raw: dict) -> BalanceRecord:
    return BalanceRecord(balance=values.amount(row, "balance_units"), currency=values.currency(row), raw=raw)


def message(row: dict, raw: dict) -> MessageRecord:
    """A row of sms-full-data, which is one part of a text."""
    transmission, sent_at = state(row), values.moment(row, "time")
    if sent_at is None:
        raise values.unreadable("time", "there")
    failed = transmission in (Transmission.FAILED, Transmission.CANCELLED)
    return MessageRecord(
        external_id=values.required(row, "id_state"),
        direction=Direction.OUTBOUND,
        source=values.sender(values.required(row, "originator")),
        destination=values.msisdn(row.get("phone")),
        body=values.text(row, "text_sms"),
        transmission=transmission,
        sent_at=sent_at,
        failure=values.text(row, "state") if failed else "",
        raw=raw,
    )


def report(row: dict, raw: dict) -> DeliveryReport:
    """A row of the webhook, or the arguments of the old one."""
    transmission = state(row)
    if not values.text(row, "state"):
        raise values.unreadable("state", "there")
    part, parts = values.whole(row, "part_no", 1) or 1, values.whole(row, "num_parts", 1) or 1
    if part > max(parts, 1):
        raise values.unreadable("part_no", "one of the parts")
    failed = transmission in (Transmission.FAILED, Transmission.CANCELLED)
    return DeliveryReport(
        external_id=values.required(row, "id_state"),
        transmission=transmission,
        at=values.moment(row, "time"),
        part=part,
        parts=parts,
        failure=values.text(row, "state") if failed else "",
        raw=raw,
    )


def group(row: dict, raw: dict) -> ContactGroupRecord:
    """A row of a listing (numbers_count), or the details of an adding (countPhoneAfter)."""
    size = values.text(row, "numbers_count") or values.text(row, "countPhoneAfter")
    if size and not (size.isascii() and size.isdigit()):
        raise values.unreadable("numbers_count", "a whole number")
    return ContactGroupRecord(
        external_id=values.required(row, "id_group"),
        name=values.text(row, "name_group"),
        size=int(size) if size else None,
        raw=raw,
    )


def contact(row: dict, group_id: str, raw: dict) -> ContactRecord:
    number = values.msisdn(row.get("phone", row.get("number")))
    names = [values.text(row, name) for name in ("name", "patronymic", "surname")]
    return ContactRecord(
        external_id=f"{group_id}/{number}",
        number=number,
        name=" ".join(name for name in names if name),
        group_id=group_id,
        birthday=values.day(row, "date_birth"),
        raw=raw,
    )


def price(row: dict, raw: dict) -> PriceRecord:
    """`destination` is country, MCC and MNC as far as they are told, such as RO-226-10."""
    parts = [values.text(row, name) for name in ("ISO", "MCC", "MNC")]
    where = "-".join(part for part in parts if part)
    if not where:
        raise Unreadable("a price for nowhere", code="bad-value")
    return PriceRecord(
        service="sms",
        destination=where,
        amount=values.amount(row, "price"),
        currency=values.currency(row),
        raw=raw,
    )


def country(row: dict, raw: dict) -> PlaceRecord:
    code = values.required(row, "ISO")
    return PlaceRecord(external_id=code, code=code, name=values.text(row, "country"), raw=raw)
