"""911 addresses: checking, provisioning, reading back, removing."""

import re
from collections.abc import Iterable, Iterator

from providers.clients.errors import AddressRejected, NotFound, Notice, Unreadable
from providers.clients.records import EmergencyAddress, EmergencyRecord, EmergencyRules
from providers.clients.speaking import Repeat, speaks
from providers.clients.voicetel import streets, values
from providers.clients.voicetel.refusals import refused_here
from providers.clients.voicetel.wire import Wire

LONGEST_LINE = 100
LONGEST_NAME = 32
_ZIP = re.compile(r"^\d{5}(?:-?\d{4})?$", re.ASCII)
_POSTAL_CODE = re.compile(r"^[A-Z]\d[A-Z] ?\d[A-Z]\d$", re.IGNORECASE | re.ASCII)


class Emergency(Wire):
    # voicetel.yaml: the unit is a free line, written with the abbreviations that we know; no language is kept
    emergency_rules = EmergencyRules(units=tuple(streets.UNITS))

    @speaks("e911QueryAll")
    def emergency_addresses(self, **filters) -> Iterator[EmergencyRecord]:
        """All 911 records; `number` (E.164) and `external_id` are filters. None found is none. `external_id` is the
        number's ten digits. Bad rows go to `unread`. (voicetel.yaml: e911QueryAll, unpaged)
        """
        wanted = {name: value for name, value in filters.items() if value is not None}
        try:
            rows = values.rows(self.ask("e911QueryAll"), "entry_all")
        except NotFound:
            return
        for record in self.listing(rows, self._record):
            if all(getattr(record, name, None) == value for name, value in wanted.items()):
                yield record

    @speaks("e911QueryRecord")
    def emergency_address(self, number: str) -> EmergencyRecord:
        """The record of one number. Raises `NotFound`. (voicetel.yaml: e911QueryRecord)"""
        return self.ask(
            "e911QueryRecord", {"dn": values.ten(number)}, then=lambda tree: self._entry(tree, "entry_query")
        )

    @speaks("e911ValidateAddress")
    def check_emergency_address(self, number: str, address: EmergencyAddress) -> EmergencyAddress:
        """The address as upstream would keep it; nothing is saved. Raises `AddressRejected`, perhaps with alternates.

        (voicetel.yaml: e911ValidateAddress)
        """
        return self.validate_address(address)[0]

    @speaks("e911ValidateAddress")
    def validate_address(self, address: EmergencyAddress) -> tuple[EmergencyAddress, int]:
        """The address as upstream would keep it, and the id to provision it by. (voicetel.yaml: e911ValidateAddress)"""
        row = values.one(self._about("e911ValidateAddress", _place(address), address), "entry_valid")
        return _address(row, address), values.whole(row, "addressid")

    @speaks("e911ValidateAndProvision", Repeat.SAFE, settle="e911QueryAll: the number's record")
    def save_emergency_address(self, number: str, address: EmergencyAddress) -> None:
        """Check and provision in one. Read it back before calling it active. Raises `AddressRejected`, `Rejected`.

        (voicetel.yaml: e911ValidateAndProvision)
        """
        body = _place(address) | {"dn": values.ten(number), "callername": _name(address.name)}
        self._about("e911ValidateAndProvision", body, address, write=True)

    @speaks("e911ProvisionAddress", Repeat.SAFE, settle="e911QueryAll: the number's record")
    def provision_address(self, number: str, address_id: int, name: str) -> EmergencyRecord:
        """Give a number an address that was validated. (voicetel.yaml: e911ProvisionAddress)"""
        body = {"addressid": address_id, "dn": values.ten(number), "callername": _name(name)}
        return self.ask("e911ProvisionAddress", body, write=True, then=lambda tree: self._entry(tree, "entry_added"))

    @speaks("e911RemoveRecord", Repeat.SAFE, settle="e911QueryAll: the number has none")
    def delete_emergency_address(self, number: str) -> tuple[Notice, ...]:
        """Remove the record of a number; 911 will not know where it is. Raises `NotFound`. (voicetel.yaml: e911RemoveRecord)"""
        self.ask("e911RemoveRecord", {"dn": values.ten(number)}, write=True)
        return ()

    def _about(self, call: str, body: dict, asked: EmergencyAddress, *, write: bool = False) -> dict:
        """Ask about an address. One that is refused may come with others, of which those are kept that can be read."""
        try:
            return self.ask(call, body, write=write)
        except AddressRejected as refusal:
            refusal.alternates = tuple(_readable(refusal.alternates, asked))
            raise

    def _entry(self, tree: dict, key: str) -> EmergencyRecord:
        return self._record(values.one(tree, key))

    def _record(self, row: dict) -> EmergencyRecord:
        number = values.number(row, "dn")
        return EmergencyRecord(
            external_id=number[2:],
            number=number,
            address=_address(row, EmergencyAddress()),
            raw=self.raw(row),
        )


def _place(address: EmergencyAddress) -> dict:
    """Number and street in one line, the unit in another."""
    line = " ".join(filter(None, (address.civic_number, address.street)))
    told = {
        "address1": values.plain(line, "street", LONGEST_LINE),
        "city": values.plain(address.city, "city", LONGEST_LINE),
        "state": values.plain(address.region, "region", 2, least=2).upper(),
        "zip": _code(address.postal_code),
    }
    unit = streets.unit_line(address.unit_type, address.unit)
    return told | ({"address2": values.plain(unit, "unit", LONGEST_LINE)} if unit else {})


def _address(row: dict, asked: EmergencyAddress) -> EmergencyAddress:
    """A row as our address. What upstream does not keep (the name, in a check) is taken from what was asked."""
    civic_number, street = streets.civic_and_street(values.required(row, "address1"))
    unit_type, unit = streets.unit_of(values.text(row, "address2"))
    code = values.required(row, "zip")
    return EmergencyAddress(
        name=values.text(row, "callername") or asked.name,
        civic_number=civic_number,
        street=street,
        unit_type=unit_type,
        unit=unit,
        city=values.required(row, "city"),
        region=values.required(row, "state"),
        country="US" if _ZIP.match(code) else "CA" if _POSTAL_CODE.match(code) else asked.country,
        postal_code=code,
        language=asked.language,
    )


def _readable(rows: Iterable[dict], asked: EmergencyAddress) -> Iterator[EmergencyAddress]:
    for row in rows:
        try:
            yield _address(row, asked)
        except Unreadable:
            continue


def _code(code: str) -> str:
    if not _ZIP.match(code.strip()) and not _POSTAL_CODE.match(code.strip()):
        raise refused_here("not-a-postal-code", "postal_code")
    return code.strip().upper()


def _name(name: str) -> str:
    return values.plain(name, "name", LONGEST_NAME, least=2)
