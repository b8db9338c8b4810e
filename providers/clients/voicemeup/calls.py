"""The call history, and problems reported with calls."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from providers.clients import phones
from providers.clients.errors import NotFound
from providers.clients.records import CallRecord, ResourceRecord
from providers.clients.speaking import Repeat, speaks
from providers.clients.voicemeup import mapping, values
from providers.clients.voicemeup.envelope import Meaning
from providers.clients.voicemeup.resources import Resource, Resources

# Their word for how a call ended, and whether somebody answered; None where the word leaves that open.
DISPOSITIONS = {
    "answered": True,
    "busy": False,
    "failed": False,
    "no_answer": False,
    "cancelled": False,
    "denied": False,
    "invalid": False,
    "unknown": None,
}
_LOG = Meaning({"date_from": "since", "date_to": "until", "call_hash": "external_id"}, identity=("call_hash",))
ISSUE = Resource(kind="call_issue", read="get_call_issues", row="call_issue_details", id="call_issue_id", name="issue")
ISSUE_TYPE = Resource(
    kind="call_issue_type", read="get_issues_types", row="issue_type_details", id="issue_type_id", name="issue"
)
_REPORT = Meaning(
    {"call_hash": "call_hash", "issue_type_id": "issue_type_id", "call_issue_id": "issue_type_id"},
    identity=("call_hash",),
)


class Calls(Resources):
    @speaks("get_calls")
    def calls(self, since: datetime, until: datetime | None = None) -> Iterator[CallRecord]:
        """Calls that began between the two aware moments, `until` now when left out, in no order that is documented.

        Read page by page; seconds, and Decimals of the account's currency. Bad rows go to `unread`.
        (voicemeup.yaml: get_calls)
        """
        until = until or datetime.now(UTC)
        fields = self.days(since, until) | {"extras": "yes", "metadata": "yes"}
        for record in self._calls(fields):
            if since <= record.started_at <= until:
                yield record

    @speaks("get_calls")
    def calls_after(self, call_hash: str) -> Iterator[CallRecord]:
        """Calls that were logged after the one named: for polling. Raises `NotFound`. (voicemeup.yaml: get_calls)"""
        yield from self._calls({"call_hash": call_hash, "extras": "yes", "metadata": "yes"})

    @speaks("get_calls")
    def new_calls(self, after: str, since: datetime) -> Iterator[CallRecord]:
        """With a call that VoiceMeUp does not know any more, those since the moment. (voicemeup.yaml: get_calls)"""
        if after:
            try:
                yield from self.calls_after(after)
                return
            except NotFound:
                pass  # told by the first page, before any call was yielded
        yield from self.calls(since)

    @speaks("get_issues_types")
    def call_issue_types(self) -> Iterator[ResourceRecord]:
        """What can be wrong with a call; changes once a month at most. (voicemeup.yaml: get_issues_types)"""
        yield from self.resources(ISSUE_TYPE)

    @speaks("report_call_issue", Repeat.NEVER, settle="get_call_issues by the call")
    def report_call(self, call_hash: str, issue_type_id: str, comments: str = "", ticket: str = "") -> str:
        """Report a problem with a call to VoiceMeUp's staff; returns the report's id, "" when none is told.

        `ticket` is one of theirs, as ABC-123-12345. Raises `NotFound`, `Rejected`. (voicemeup.yaml: report_call_issue)
        """
        fields = {
            "call_hash": call_hash,
            "issue_type_id": issue_type_id,
            "kayako_ticket_id": ticket or None,
            "comments": comments or None,
        }
        find_id = lambda tree: values.find(tree, "call_issue_id")  # noqa: E731
        return self.call("report_call_issue", fields, meaning=_REPORT, then=find_id)

    @speaks("get_call_issues")
    def call_issues(
        self, call_hash: str = "", external_id: str = "", subaccount_id: str = ""
    ) -> Iterator[ResourceRecord]:
        """Problems that were reported. (voicemeup.yaml: get_call_issues; its filters are optional in practice)"""
        filters = {"call_hash": call_hash, "call_issue_id": external_id, "client_subaccount_id": subaccount_id}
        yield from self.resources(ISSUE, **filters)

    def days(self, since: datetime, until: datetime) -> dict[str, date]:
        """The days of the account's zone that hold both moments: finer the upstream cannot be asked."""
        return {"date_from": since.astimezone(self.zone).date(), "date_to": until.astimezone(self.zone).date()}

    def _calls(self, fields: dict) -> Iterator[CallRecord]:
        before: set[str] = set()
        for rows in self.pages("get_calls", fields, "call_details", "call_hash", _LOG):
            seen: set[str] = set()
            for record in self.listing(rows, self._call):
                seen.add(record.external_id)
                # New calls push the older ones over to the next page.
                if record.external_id not in before:
                    yield record
            before = seen

    def _call(self, row: dict) -> CallRecord:
        outcome = values.text(row, "disposition", "status").lower().replace("-", "_").replace(" ", "_")
        cost = values.text(row, "billed_amount")
        return CallRecord(
            external_id=values.required(row, "call_hash", "unique_id"),
            direction=values.chosen(row, "direction", mapping.DIRECTIONS),
            source=party(row, "source"),
            destination=party(row, "destination"),
            started_at=mapping.when(row, self.zone, "call_time"),
            seconds=values.whole(row, "duration") or 0,
            billed_seconds=values.whole(row, "billed_duration"),
            answered=values.chosen({"disposition": outcome}, "disposition", DISPOSITIONS),
            outcome=outcome,
            cost=values.amount(cost) if cost else None,
            currency=self.currency,
            caller_name=values.text(row, "callerid_name"),
            recording_id=mapping.object_id(row, "call_recording_id") or values.text(row, "recording_hash"),
            subaccount_id=mapping.object_id(row, "client_subaccount_id"),
            raw=self.raw(row),
        )


def party(row: dict, key: str) -> str:
    """E.164 of a telephone; extensions, names of devices, SIP addresses and "anonymous" as they are written."""
    written = values.text(row, key)
    if len(written) > 240 or not written.isprintable():
        raise values.unreadable(key, "a number or an address")
    try:
        return phones.from_wire(written) if written else ""
    except phones.PhoneError:
        return written
