"""The personal black list: who is to be left alone. It is searched by numbers; nothing lists it."""

from collections.abc import Iterable, Iterator
from datetime import date

from providers.clients.jomobile import values
from providers.clients.jomobile.groups import LATELY, MOST_NUMBERS
from providers.clients.jomobile.messages import Messages
from providers.clients.records import OptOutRecord
from providers.clients.speaking import Repeat, speaks


class BlackList(Messages):
    def opt_outs(self, since: date | None = None, until: date | None = None) -> Iterator[OptOutRecord]:
        """Who is on the black list, of those texted from `since` (a week ago) to `until` (today), both inclusive.

        Nothing lists all of it: one who is not told here may well be on it. When he was put there is not told either.
        (jomobile.yaml: sms-full-data, black-list-search)
        """
        records = self.messages(since or self.today() - LATELY, until)
        yield from self.black_listed(dict.fromkeys(record.destination for record in records))

    @speaks("black-list-search")
    def black_listed(self, numbers: Iterable[str]) -> Iterator[OptOutRecord]:
        """Those of `numbers` (E.164) that are on the black list. (jomobile.yaml: black-list-search)"""
        for some in values.in_lots(numbers, MOST_NUMBERS):
            asked = {"numbers": [values.digits(number, "number") for number in some]}
            found = values.rows(self.ask("black-list-search", asked), "list", "numbers")
            # The shape is not published: bare numbers, or structures with one.
            rows = [row if isinstance(row, dict) else {"phone": row} for row in found]
            yield from self.listing(rows, self._opt_out)

    @speaks("black-list-add", Repeat.SAFE, settle="black-list-search of the number")
    def add_opt_out(self, number: str) -> None:
        """Put a number (E.164) on the black list. Safe to repeat. (jomobile.yaml: black-list-add)"""
        self.change_black_list("black-list-add", [number])

    @speaks("black-list-delete", Repeat.SAFE, settle="black-list-search of the number")
    def remove_opt_out(self, number: str) -> None:
        """Take a number off the black list. Safe to repeat. (jomobile.yaml: black-list-delete)"""
        self.change_black_list("black-list-delete", [number])

    def change_black_list(self, call: str, numbers: Iterable[str]) -> int | None:
        """black-list-add or black-list-delete of several numbers. Returns how many are on the list now, if it is told."""
        asked = {"numbers": [values.digits(number, "number") for number in numbers]}
        return self.ask(call, asked, write=True, then=_count)

    def _opt_out(self, row: dict) -> OptOutRecord:
        return OptOutRecord(number=values.msisdn(row.get("phone", row.get("number"))), raw=self.raw(row))


def _count(data) -> int | None:
    details = data.get("blacklistDetails") if isinstance(data, dict) else None
    after = details.get("countAfter") if isinstance(details, dict) else None
    return after if isinstance(after, int) and not isinstance(after, bool) else None
