"""A client that speaks HTTP: one `Http`, one `Redactor`, one time zone, and listings that survive a bad row."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from typing import ClassVar, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from providers.clients.base import Client, Observer
from providers.clients.errors import Unreadable
from providers.clients.http import DEADLINE, Http
from providers.clients.redaction import Redactor

T = TypeVar("T")


class Wired(Client):
    """Optional credentials beside a client's own: `time_zone` of the account, `deadline` of a call in seconds (20)."""

    secret_names: ClassVar[tuple[str, ...]] = ()  # names whose values are secret at this upstream only

    def __init__(
        self,
        base_url: str,
        credentials: dict,
        *,
        observer: Observer | None = None,
        language: str = "en",
        time_zone: str = "",
    ):
        super().__init__(base_url, credentials, observer=observer, language=language)
        self.zone = zone(time_zone or credentials.get("time_zone") or self.time_zone)
        self.redactor = Redactor(self.secrets(), self.secret_names)
        self.http = Http(self.redactor, observer, deadline=float(credentials.get("deadline") or DEADLINE))
        self.unread: list[tuple[str, dict]] = []  # rows that could not be read, with the reason

    def close(self) -> None:
        self.http.close()

    def today(self) -> date:
        """The day it is where the account is."""
        return datetime.now(UTC).astimezone(self.zone).date()

    def listing(self, rows: Iterable, to_record: Callable[[dict], T]) -> Iterator[T]:
        """The records of good rows. A bad row is put into `unread` with the reason and does not sink the others."""
        for row in rows:
            try:
                record = to_record(self.row(row))
            except Unreadable as problem:
                seen = row if isinstance(row, dict) else {"row": row}
                self.unread.append((str(problem), self.redactor.tree(seen)))
            else:
                yield record

    def row(self, row) -> dict:
        if not isinstance(row, dict):
            raise Unreadable("a row is not a structure", code="no-rows")
        return row

    def raw(self, row: dict) -> dict:
        """The row as read, for keeping: secrets masked."""
        return self.redactor.tree(row)


def zone(name: str) -> ZoneInfo:
    """Raises `ValueError` for a name that is no time zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("the account's time_zone is not one that we know") from None
