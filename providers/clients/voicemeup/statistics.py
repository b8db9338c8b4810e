"""Totals of calls, messages and storage over a period.

The manual's samples are lost: a total may be a row that names its kind, or an element called by its kind. Each becomes a
record whose `external_id` says whose total it is: main_account, whole_account, or the id of a subaccount.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from providers.clients.errors import Unreadable
from providers.clients.reading import CONTENT
from providers.clients.records import ResourceRecord
from providers.clients.speaking import speaks
from providers.clients.voicemeup import values
from providers.clients.voicemeup.envelope import Meaning
from providers.clients.voicemeup.wire import Wire, refused_here

ROUTING_TYPES = (
    "internal emergency_call directory_assistance international_termination international_origination local_termination "
    "local_origination tollfree_origination tollfree_termination paypercall_origination total"
).split()
MESSAGE_TYPES = "sms_inbound sms_outbound mms_inbound mms_outbound total".split()
STORAGE_TYPES = (
    "recordings_size voicemails_size medias_size faxes_size mms_size export_size pbx3cxmedia_size pbx3cxbackup_size total"
).split()
MOST_ACCOUNTS = 10
LONGEST = timedelta(days=366)
_SCOPES = ("main_account", "whole_account")
_MEANING = Meaning({"date_from": "since", "date_to": "until", "client_subaccount_id": "subaccount_ids"})


@dataclass(frozen=True, slots=True)
class _Stats:
    request_type: str
    kind: str
    named: str  # the key that names a row's type
    filter: str
    types: list[str]


_CALLS = _Stats("get_calls_stats", "call_statistics", "routing_type", "routing_types", ROUTING_TYPES)
_MESSAGES = _Stats("get_sms_stats", "message_statistics", "message_type", "message_types", MESSAGE_TYPES)
_STORAGE = _Stats("get_storage_stats", "storage_statistics", "storage_type", "storage_types", STORAGE_TYPES)


class Statistics(Wire):
    @speaks("get_calls_stats")
    def call_statistics(
        self,
        since: date | None = None,
        until: date | None = None,
        subaccount_ids: Iterable[str] = (),
        types: Iterable[str] = (),
    ) -> list[ResourceRecord]:
        """Totals by ROUTING_TYPES, days inclusive, today without them, twelve months at most. Without `subaccount_ids`
        (at most ten) those of the main account and of the whole. (voicemeup.yaml: get_calls_stats)
        """
        return self._statistics(_CALLS, since, until, subaccount_ids, types)

    @speaks("get_sms_stats")
    def message_statistics(
        self,
        since: date | None = None,
        until: date | None = None,
        subaccount_ids: Iterable[str] = (),
        types: Iterable[str] = (),
    ) -> list[ResourceRecord]:
        """Totals by MESSAGE_TYPES; the rest as `call_statistics`. (voicemeup.yaml: get_sms_stats)"""
        return self._statistics(_MESSAGES, since, until, subaccount_ids, types)

    @speaks("get_storage_stats")
    def storage_statistics(
        self,
        since: date | None = None,
        until: date | None = None,
        subaccount_ids: Iterable[str] = (),
        types: Iterable[str] = (),
    ) -> list[ResourceRecord]:
        """Sizes by STORAGE_TYPES; the rest as `call_statistics`. (voicemeup.yaml: get_storage_stats)"""
        return self._statistics(_STORAGE, since, until, subaccount_ids, types)

    def _statistics(self, stats: _Stats, since, until, subaccount_ids, types) -> list[ResourceRecord]:
        subaccount_ids, types = list(subaccount_ids), list(types)
        if len(subaccount_ids) > MOST_ACCOUNTS:
            raise refused_here("too-many", "subaccount_ids", f"at most {MOST_ACCOUNTS}")
        if strange := set(types) - set(stats.types):
            raise refused_here("not-offered", "types", ", ".join(sorted(strange)))
        if (until or self.today()) - (since or self.today()) > LONGEST:
            raise refused_here("too-long", "since", "twelve months")
        fields = {
            "date_from": since,
            "date_to": until,
            "client_subaccount_ids": subaccount_ids or None,
            stats.filter: types or None,
        }
        tree = self.call(stats.request_type, fields, meaning=_MEANING)
        records = [self._total(stats, *found) for found in _totals(tree, stats, "")]
        if not records and values.has_content(tree):
            raise Unreadable("the answer holds no totals", code="no-rows")
        return records

    def _total(self, stats: _Stats, scope: str, name: str, row: dict) -> ResourceRecord:
        raw = self.raw(row)
        fields = {key: values.flat(value) for key, value in raw.items()}
        return ResourceRecord(kind=stats.kind, external_id=scope, name=name, fields=fields, raw=raw)


def _totals(tree, stats: _Stats, scope: str) -> Iterator[tuple[str, str, dict]]:
    """Whose, of what, and the row, at any depth."""
    for item in values.as_list(tree):
        if not isinstance(item, dict):
            continue
        scope = values.text(item, "client_subaccount_id") or scope
        if stats.named in item:
            yield scope, values.text(item, stats.named), item
            continue
        for key, value in item.items():
            if key in stats.types and not isinstance(value, list):
                yield scope, key, value if isinstance(value, dict) else {CONTENT: value}
            elif key != "response_details":
                yield from _totals(value, stats, key if key in _SCOPES else scope)
