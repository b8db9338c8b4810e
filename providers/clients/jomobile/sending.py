"""Texts out: a package of one to a hundred, one alone, to groups, and what the platform would make of one."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from providers.clients.capability import Capability
from providers.clients.errors import Cause, Problem, Rejected, Unreadable, UpstreamError
from providers.clients.jomobile import envelope, values
from providers.clients.jomobile.envelope import refused_here
from providers.clients.jomobile.wire import Wire
from providers.clients.records import Attachment, ResourceRecord, SentMessage
from providers.clients.speaking import Repeat, speaks

AROUND = timedelta(minutes=2)  # what clocks may differ by
MOST = 100  # texts in one package
KINDS = ("sms", "hlr", "mnp", "wappush", "flashsms")
_LOG = "sms-full-data since before it was sent: same sender, recipient and text"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingText:
    """One text for one or more numbers (E.164). `sender` is a name or a number; `begin` an aware moment to send it at;
    `lifetime` seconds (86400). `callback_url` is where its reports are posted, the connection's when left out.
    """

    numbers: tuple[str, ...]
    sender: str
    body: str
    kind: str = "sms"
    begin: datetime | None = None
    lifetime: int | None = None
    delivery: bool = True
    callback_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageResult:
    """What became of one number of a package: taken (`external_id`), refused (`problem`), or nothing was said of it, and
    then it may have been sent: both are empty. `part_ids` are the ids of a long text's parts. Where the answer names the
    whole sending only, `external_id` is that `sending_id`, which neither the log nor reports know.
    """

    number: str
    external_id: str = ""
    part_ids: tuple[str, ...] = ()
    sending_id: str = ""
    problem: Problem | None = None
    raw: dict = field(default_factory=dict)

    @property
    def unclear(self) -> bool:
        return not self.external_id and self.problem is None


class Sending(Wire):
    @speaks("send", Repeat.NEVER, settle=_LOG)
    def send_message(
        self, source: str, destination: str, body: str, attachment: Attachment | None = None
    ) -> SentMessage:
        """Hand one text over; `source` is a sender's name or a number, `destination` E.164 of any country.

        Raises `Rejected` (also before sending) and `Unclear` when it may have been sent: only the log can tell then.
        Where the answer names the sending only, the id is looked for in the log. See `send_package`. (jomobile.yaml: send)
        """
        if attachment is not None:
            self.require(Capability.SEND_MMS)
        item = OutgoingText(numbers=(destination,), sender=source, body=body)
        began = datetime.now(UTC)
        (result,) = self.send_package([item])
        taken = sent(result, "send")
        if not result.sending_id:
            return taken
        external_id = self._named_in_log(item, began) or result.sending_id
        return SentMessage(external_id=external_id, raw={**taken.raw, **self.raw({"sending_id": result.sending_id})})

    @speaks("send", Repeat.NEVER, settle=_LOG)
    def send_package(self, items: Iterable[OutgoingText]) -> list[PackageResult]:
        """Hand over texts for 1 to 100 numbers in all, no number twice. One result for each number, in their order.

        Raises `Rejected` when the package was refused as a whole and `Unclear` when it may have been sent. The two
        published shapes of the answer are read: an id for each number, or one `sentID` for them all. (jomobile.yaml: send)
        """
        items = list(items)
        wanted = [number for item in items for number in item.numbers]
        if not 1 <= len(wanted) <= MOST or not all(item.numbers for item in items):
            raise refused_here("package-size", "destination", words=f"1 to {MOST}")
        if len(set(wanted)) != len(wanted):
            raise refused_here("number-twice", "destination", Cause.DUPLICATE)
        body = [self._item(item) for item in items]
        return self.ask("send", body, write=True, then=lambda data: self.results(data, wanted))

    @speaks("send-bulk", Repeat.NEVER, settle=_LOG)
    def send_bulk(
        self,
        source: str,
        body: str,
        group_ids: Iterable[str],
        *,
        excluded_group_ids: Iterable[str] = (),
        numbers: Iterable[str] = (),
        begin: datetime | None = None,
        until: time | None = None,
    ) -> SentMessage:
        """One text for all contacts of groups and for `numbers`, but for nobody in an excluded group.

        `#first_name#` and `#number#` are filled in by Jo Mobile. `begin` is an aware moment, `until` a time of day (GMT)
        until which the sending is spread. The id is that of the whole sending. (jomobile.yaml: send-bulk)
        """
        groups = [group_number(group_id) for group_id in group_ids]
        if not groups:
            raise refused_here("group-required", "group_id", Cause.MISSING)
        asked = {
            "senderID": values.sender_id(source),
            "text": words(body),
            "id_group": groups,
            "id_group_excluded": [group_number(group_id) for group_id in excluded_group_ids],
            "phone": [values.digits(number) for number in numbers],
            "dateStart": begin and gmt(begin).strftime("%Y-%m-%d"),
            "timeStart": begin and gmt(begin).strftime("%H:%M"),
            "timeStop": until and until.strftime("%H:%M"),
        }
        asked = {key: value for key, value in asked.items() if value}
        return self.ask("send-bulk", asked, write=True, then=self._sending)

    @speaks("replacement")
    def preview(self, items: Iterable[OutgoingText]) -> list[ResourceRecord]:
        """What the platform's substitution rules would make of texts; nothing is sent. The answer's shape is not
        published: its rows are passed on. (jomobile.yaml: replacement)
        """
        asked = [
            {
                "number": [values.digits(number) for number in item.numbers],
                "senderID": values.sender_id(item.sender),
                "text": words(item.body),
            }
            for item in items
        ]
        return self.ask("replacement", asked, then=self.previews)

    def previews(self, data) -> list[ResourceRecord]:
        found = [data] if isinstance(data, dict) else values.rows(data)
        return list(self.listing(found, self._preview))

    def _preview(self, row: dict) -> ResourceRecord:
        raw = self.raw(row)
        return ResourceRecord(kind="preview", external_id=str(row.get("number", "")), fields=raw, raw=raw)

    def _item(self, item: OutgoingText) -> dict:
        if item.kind not in KINDS:
            raise refused_here("kind-unknown", "kind")
        if item.lifetime is not None and item.lifetime <= 0:
            raise refused_here("lifetime-invalid", "lifetime")
        asked = {
            "number": [values.digits(number) for number in item.numbers],
            "senderID": values.sender_id(item.sender),
            "text": words(item.body) if item.kind not in ("hlr", "mnp") else item.body,
            "type": item.kind,
            "beginDate": item.begin and gmt(item.begin).strftime("%Y-%m-%d"),
            "beginTime": item.begin and gmt(item.begin).strftime("%H:%M"),
            "lifetime": item.lifetime,
            "delivery": item.delivery,
            "callback_url": item.callback_url or str(self.credentials.get("callback_url") or ""),
        }
        return {key: value for key, value in asked.items() if value is not None and value != ""}

    # --- reading

    def _named_in_log(self, item: OutgoingText, began: datetime) -> str:
        """The id of a text that was just taken, "" when the log does not show it (yet). Never an error: it was sent."""
        since, until = began - AROUND, datetime.now(UTC) + AROUND
        asked = {
            "phone": [values.digits(number) for number in item.numbers],
            "sender": values.sender_id(item.sender),
            "time_period": f"{since.strftime(values.STAMP)} - {until.strftime(values.STAMP)}",
        }
        try:
            rows = values.rows(self.ask("sms-full-data", asked), "list")
            found = [row for row in rows if isinstance(row, dict) and values.text(row, "text_sms") == item.body.strip()]
            first = min(found, key=lambda row: values.whole(row, "part_no", 1), default={})
            return values.text(first, "id_state")
        except UpstreamError:
            return ""

    def results(self, data, wanted: list[str]) -> list[PackageResult]:
        raw = self.raw(values.part(data))
        rows = _sendings(data) if "sending" in data else data
        found = {str(key).removeprefix("+"): row for key, row in rows.items()}
        results = [_result(number, found.get(number[1:]), raw) for number in wanted]
        if all(result.unclear for result in results):
            raise Unreadable("a success that names no text", code="no-id")
        return results

    def _sending(self, data) -> SentMessage:
        details = (
            values.part(data, "details") if "details" in values.part(data) else values.part(data, "sending", "details")
        )
        return SentMessage(external_id=values.required(details, "sentID"), raw=self.raw(data))


def _sendings(data: dict) -> dict:
    """The second shape as the first: its id for each of its numbers."""
    sending = data["sending"]
    details = sending.get("details") if isinstance(sending, dict) else None
    found = {}
    for row in details if isinstance(details, list) else [details]:
        row = values.part(row)
        numbers = row.get("number")
        for number in numbers if isinstance(numbers, list) else [numbers]:
            found[values.text({"number": number}, "number")] = [{"sentID": row.get("sentID")}]
    return found


def _result(number: str, rows, raw: dict) -> PackageResult:
    rows = rows if isinstance(rows, list) else [rows]
    ids, problem, sending_id = [], None, ""
    for row in rows:
        if isinstance(row, dict):
            sending_id = sending_id or values.text(row, "sentID")
            ids += [values.text(row, "id_state")] if row.get("id_state") else []
            said = envelope.told(row.get("errors", row.get("error")), "number")
            problem = problem or (envelope.problem(*said[0]) if said else None)
    kept = {"number": number, "answer": raw.get(number[1:], raw)}
    if not ids and not sending_id:
        return PackageResult(number=number, problem=problem, raw=kept)
    if not ids:
        return PackageResult(number=number, external_id=sending_id, sending_id=sending_id, raw=kept)
    return PackageResult(number=number, external_id=ids[0], part_ids=tuple(ids), raw=kept)


def sent(result: PackageResult, call: str) -> SentMessage:
    """What became of a lone text, or the error that it means."""
    problem = result.problem
    if problem is not None:
        details = {"call": call, "code": problem.code, "words": (problem.words,), "cause": problem.cause}
        raise Rejected("Jo Mobile refused the text", problems=(problem,), **details)
    return SentMessage(external_id=result.external_id, raw=result.raw)


def words(body: str) -> str:
    """The text as it is, or `Rejected` before anything is sent."""
    if not body.strip():
        raise refused_here("message-required", "body", Cause.MISSING)
    return body


def gmt(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise refused_here("moment-without-zone", "begin")
    return moment.astimezone(UTC)


def group_number(group_id: str) -> int:
    """A group's id as the integer that goes over the wire."""
    if not (group_id.isascii() and group_id.isdigit() and len(group_id) <= 15):
        raise refused_here("group-unknown", "group_id", Cause.NOT_FOUND)
    return int(group_id)
