"""The account's numbers, as far as anything tells them, and the look-up of any number.

No call lists the DIDs. A connection may say them (`numbers`); otherwise they are read off the monthly fees of the last
two months, each of which names the DID it is for.
"""

import re
from collections.abc import Iterator
from datetime import timedelta

from providers.clients import phones
from providers.clients.errors import NotFound
from providers.clients.jafone import values
from providers.clients.jafone.account import Account
from providers.clients.records import LedgerRecord, LookupRecord, NumberRecord, NumberStatus
from providers.clients.speaking import speaks

MONTHLY_FEE = "6"  # getTransactions.Type
_LOOK_BACK = timedelta(days=62)
_NAMED = re.compile(r"\bDID\b\D{0,5}(1?\d{10})\b", re.ASCII)


class Numbers(Account):
    _own: dict[str, dict] | None = None

    def numbers(self, **filters) -> Iterator[NumberRecord]:
        """The connection's `numbers`, or the DIDs whose monthly fee the ledger shows; `number` (E.164) is a filter.

        A number bought after the last fee is not seen until its own. (jafone.yaml: getTransactions)
        """
        wanted = filters.get("number")
        self._own = self._told()
        for e164, raw in self._own.items():
            if wanted in (None, e164):
                yield NumberRecord(
                    external_id=phones.to_digits(e164),
                    number=e164,
                    status=NumberStatus.ACTIVE,
                    kind="tollfree" if phones.is_toll_free(e164) else "local",
                    country=phones.region(e164),
                    sms=True,
                    raw=raw,
                )

    def number(self, external_id: str | None = None, number: str | None = None) -> NumberRecord:
        """One number of the account, by its ten digits or E.164. Raises `NotFound`."""
        for record in self.numbers():
            if record.external_id == external_id or (not external_id and record.number == number):
                return record
        raise NotFound("no such number on the account", call="getTransactions", code="not-found")

    @speaks("getPhoneNumberInfo")
    def lookup(self, number: str) -> LookupRecord:
        """Validity, place, carrier and kind of line of a North American number; probably billed.

        (jafone.yaml: getPhoneNumberInfo)
        """
        row = values.one(self.ask("getPhoneNumberInfo", {"number": values.eleven(number, "number")}), "PhoneNumberInfo")
        return LookupRecord(
            number=values.number(row, "Number"),
            valid=values.flag(row, "Valid"),
            carrier=values.text(row, "Carrier"),
            line_type=values.text(row, "Linetype"),
            city=values.text(row, "Location"),
            country=values.text(row, "Country_code") or values.text(row, "Country"),
            raw=self.raw(row),
        )

    def own_numbers(self) -> list[str]:
        """The account's numbers as E.164, as `numbers` told them last."""
        if self._own is None:
            self._own = self._told()
        return list(self._own)

    def _told(self) -> dict[str, dict]:
        """E.164 and the row that told it."""
        if self.said_numbers:
            return dict.fromkeys(self.said_numbers, {})
        found: dict[str, dict] = {}
        today = self.today()
        for record in self.ledger(today - _LOOK_BACK, today):
            for e164 in _named_in(record):
                found.setdefault(e164, record.raw)
        return found


def _named_in(record: LedgerRecord) -> list[str]:
    if str(record.raw.get("Type", "")).strip() != MONTHLY_FEE:
        return []
    return [phones.from_wire(digits) for digits in _NAMED.findall(record.description) if _is_number(digits)]


def _is_number(digits: str) -> bool:
    try:
        return bool(phones.from_wire(digits))
    except phones.PhoneError:
        return False
