"""Port requests upstream: the feed that follows them, and the verb that files or changes one.

A status is only ever what the upstream told. A request is filed once: after an unclear answer we look for our own reference,
and when it is not there a person decides.
"""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.guarding import account_of, not_yours
from accounts.ownership import owner_of
from accounts.roles import May
from numbering.models import PortDocument, PortEvent, PortRequest
from numbering.upstream import port_news
from numbering.upstream.port_drafts import columns_of, draft_of, plain_draft
from numbering.upstream.port_records import content, kept_of, record_of
from providers.clients.base import Capability, Client
from providers.clients.errors import NotFound, Unclear, UpstreamError
from providers.clients.records import Attachment, PortDraft, PortRecord, PortRules
from providers.mirroring import VANISH_FREE, VANISH_SHARE, digest_of
from providers.models import Connection, Feed, Operation
from providers.operations import VERBS, Verb
from providers.outbox import Settlement, Sight
from providers.quota import Priority
from providers.sync import FEEDS, FeedKind
from providers.tally import Tally, WouldVanish

State = Operation.State
ASKED = (State.QUEUED, State.SENDING, State.UNKNOWN, State.PARKED)


def register() -> None:
    FEEDS["ports"] = FeedKind(run=bring_home, every=timedelta(seconds=60), capability=Capability.PORTS, order=30)
    VERBS["port.save"] = Verb(
        execute=save, settle=settle, changed=changed, priority=Priority.LIFE, needs=May.CHANGE_PORTS
    )


# --- the feed -------------------------------------------------------------------------------------------------------------


def bring_home(client: Client, feed: Feed, tally: Tally) -> None:
    """Follow every request. What we cannot read (an unknown status, say) stays as it was and is counted."""
    account_of = owner_of(feed.connection)
    asked_at = timezone.now()
    records = list(client.ports())
    tally.seen, tally.unread = len(records), len(client.unread)
    known = _known(feed.connection)
    for record in records:
        follow(feed.connection, record, account_of, tally, known, asked_at)
    if not client.unread:
        _mark_gone(feed, {record.external_id for record in records}, tally)


def _known(connection: Connection) -> dict[str, str]:
    """External id to digest of what is listed now, so that an unchanged request costs nothing."""
    rows = PortRequest.objects.filter(connection=connection, gone_at=None).exclude(external_id="")
    return dict(rows.values_list("external_id", "digest"))


def follow(
    connection: Connection, record: PortRecord, account_of, tally: Tally, known: dict, asked_at: datetime
) -> None:
    """Take over one record, in a transaction of its own: a person's save never waits behind the whole list."""
    account_id = account_of(record.draft.subaccount_id)
    if known.get(record.external_id) == _digest(record, account_id):
        return
    with transaction.atomic():
        port = _match(connection, record)
        if port is None:
            tally.created += 1
            port = _first_sight(connection, record)
        elif _answered_since(port, asked_at):
            return
        else:
            tally.changed += 1
        take_over(port, record, account_id)


def _first_sight(connection: Connection, record: PortRecord) -> PortRequest:
    """A request that was made elsewhere. Since when it is in its state upstream does not say; no longer than it exists."""
    created_at = timezone.now()
    if record.created_on:
        created_at = min(created_at, datetime.combine(record.created_on, time(12), tzinfo=UTC))
    return PortRequest(connection=connection, external_id=record.external_id, status="", created_at=created_at)


def _answered_since(port: PortRequest, asked_at: datetime) -> bool:
    """Whether an answer to our own request is newer than the listing: then the listing may show the state before it."""
    operation = port.operation
    return bool(operation and operation.finished_at and operation.finished_at >= asked_at)


def _digest(record: PortRecord, account_id: int) -> str:
    return digest_of({**content(record), "account": account_id})


def _match(connection: Connection, record: PortRecord) -> PortRequest | None:
    rows = PortRequest.objects.select_for_update(of=("self",)).filter(connection=connection)
    found = rows.filter(external_id=record.external_id).first()
    if found is None and record.reference:
        found = rows.filter(reference=record.reference, external_id="").first()
    if found is None and not rules_of(connection).repeats:
        found = _handed_in_with(rows, record)
    return found


def _handed_in_with(rows: QuerySet[PortRequest], record: PortRecord) -> PortRequest | None:
    """Where our reference is not told: a request of ours whose answer is out, or was lost, with the record's numbers."""
    asked = rows.filter(external_id="", operation__state__in=ASKED, operation__arguments__submit=True)
    told = set(record.draft.numbers)
    return next((row for row in asked.order_by("pk") if row.numbers and set(row.numbers) <= told), None)


def take_over(port: PortRequest, record: PortRecord, account_id: int) -> None:
    """Write what upstream says into our row and its timeline. What a person typed and upstream does not have yet stays."""
    events, known = _news(port, record), bool(port.pk)
    if record.status.value != port.status:
        port.status_since = timezone.now() if port.pk else port.created_at
        port.status, port.review_since = record.status.value, None
    port.external_id, port.pon = record.external_id, record.pon
    port.tentative_on, port.firm_on, port.rejection = record.tentative_on, record.firm_on, record.rejection
    if not _has_unsent_words(port) and (rules_of(port.connection).repeats or not port.pk):
        _take_words(port, record)
    if port.status in PortRequest.CLOSED:
        port.details = {**port.details, "account_pin": ""}  # nobody needs it any more
    port.account_id, port.digest, port.raw = account_id, _digest(record, account_id), record.raw
    port.synced_at, port.gone_at = timezone.now(), None
    port.save()
    written = PortEvent.objects.bulk_create([PortEvent(port=port, **event) for event in events])
    if known:
        port_news.tell(port, written)


def _has_unsent_words(port: PortRequest) -> bool:
    operation = port.operation
    return bool(port.unsent_since) or (operation is not None and operation.state != Operation.State.DONE)


def _take_words(port: PortRequest, record: PortRecord) -> None:
    """What the draft says; but the PIN, which is passed on and never told back, and whom we tell, which is ours too."""
    columns = columns_of(record.draft)
    for name in ("account_pin", "recipients"):
        columns["details"][name] = columns["details"][name] or port.details.get(name, columns["details"][name])
    if any(getattr(port, name) != value for name, value in columns.items()):
        port.version += 1
        for name, value in columns.items():
            setattr(port, name, value)


def _news(port: PortRequest, record: PortRecord) -> list[dict]:
    """What the timeline has to say about the difference between our row and the record."""
    events = [] if port.pk else [{"kind": "started", "at": port.created_at}]
    if port.gone_at:
        events.append({"kind": "back"})
    if record.status.value != port.status:
        rejected = record.status.value in PortRequest.REJECTED
        events.append({"kind": "status", "status": record.status.value, "text": record.rejection if rejected else ""})
    elif record.rejection and record.rejection != port.rejection:
        events.append({"kind": "note", "text": record.rejection})
    for name in ("tentative_on", "firm_on"):
        told = getattr(record, name)
        if told and told != getattr(port, name):
            events.append({"kind": "dates", "status": name, "text": told.isoformat()})
    return events


def _mark_gone(feed: Feed, seen: set[str], tally: Tally) -> None:
    """Requests no longer listed. One that we are filing at this moment may not be listed yet."""
    present = set(_known(feed.connection))
    missing = sorted(present - seen)
    if len(missing) > VANISH_FREE and len(missing) * VANISH_SHARE > len(present) and not feed.allow_vanish:
        raise WouldVanish(len(missing), len(present), missing[:20])
    now = timezone.now()
    rows = PortRequest.objects.filter(connection=feed.connection, external_id__in=missing, gone_at=None)
    with transaction.atomic():
        gone = list(rows.filter(created_at__lt=now - timedelta(minutes=5)).select_for_update(of=("self",)))
        tally.gone += PortRequest.objects.filter(pk__in=[port.pk for port in gone]).update(gone_at=now)
        for port in gone:
            if port.status not in PortRequest.CLOSED:  # a closed one may leave the list unnoticed
                port.gone_at = now
                port_news.tell(port, [PortEvent.objects.create(port=port, kind="gone", at=now)])


# --- filing and changing --------------------------------------------------------------------------------------------------


def save(client: Client, operation: Operation) -> dict:
    """File the request, or replace what it says. With `submit` it goes to the upstream's staff."""
    port = _port_of(operation)
    if (asked_in := account_of(operation)) and port.account_id != asked_in.pk:
        raise not_yours()
    draft, submit, rules = draft_of(port), operation.arguments["submit"], client.port_rules
    if not submit and not rules.drafts:
        return {"external_id": port.external_id, "record": {}}  # it waits here until it is handed in
    documents = documents_of(port) if rules.documents else {}
    external_id = port.external_id or _filed_before(client, operation, port)
    if external_id:
        client.update_port(external_id, draft, documents, submit)
    else:
        external_id = client.create_port(draft, documents, submit)
    return {"external_id": external_id, "record": _fresh(client, external_id)}


def _port_of(operation: Operation) -> PortRequest:
    return PortRequest.objects.get(public_id=operation.arguments["public_id"])


def documents_of(port: PortRequest) -> dict[str, Attachment]:
    """The newest document of each kind; upstream keeps one of each."""
    found: dict[str, Attachment] = {}
    for document in PortDocument.objects.filter(port=port).order_by("-id"):
        if document.kind not in found:
            with document.file.open("rb") as file:
                found[document.kind] = Attachment(name=document.name, content=file.read(), mime_type=document.mime_type)
    return found


def _filed_before(client: Client, operation: Operation, port: PortRequest) -> str:
    """On a second try the first may have been filed although its answer said nothing was: look before filing again."""
    if operation.attempts <= 1:
        return ""
    record = _filed(client, operation, port)
    return record.external_id if record else ""


def _filed(client: Client, operation: Operation, port: PortRequest) -> PortRecord | None:
    """The request upstream that ours became."""
    if client.port_rules.repeats:
        return _by_reference(client, draft_of(port))
    return _by_numbers(client, operation, port)


def _by_numbers(client: Client, operation: Operation, port: PortRequest) -> PortRecord | None:
    """Where our reference is not told: one with our numbers, no older than our asking, that no other request here is."""
    others = PortRequest.objects.filter(connection=operation.connection).exclude(pk=port.pk).exclude(external_id="")
    known = set(others.values_list("external_id", flat=True))
    since = operation.created_at.date() - timedelta(days=1)
    records = [record for record in client.ports() if record.external_id not in known]
    new = [record for record in records if record.created_on is None or record.created_on >= since]
    if client.unread or any(not record.draft.numbers for record in new):
        raise Unclear("a port request cannot be told apart", call="ports", code="unread")
    return next((record for record in new if set(port.numbers) <= set(record.draft.numbers)), None)


def _by_reference(client: Client, draft: PortDraft) -> PortRecord | None:
    filters = {"number": draft.numbers[0]} if draft.numbers else {}
    records = [record for record in client.ports(**filters) if record.reference == draft.reference]
    if not records and client.unread:
        raise Unclear("a port request cannot be read", call="ports", code="unread")
    return records[0] if records else None


def _fresh(client: Client, external_id: str) -> dict:
    """What upstream shows after the write. It is filed whatever this read gives, so a failing one is left to the feed."""
    try:
        return kept_of(client.port(external_id))
    except UpstreamError:
        return {}


def settle(client: Client, operation: Operation) -> Settlement:
    """Look whether the request is there as we sent it: by our reference when it was new, else by its id."""
    port = _port_of(operation)
    draft, submit = draft_of(port), operation.arguments["submit"]
    if not operation.arguments["creates"]:
        return _settle_update(client, port, draft, submit)
    record = _filed(client, operation, port)
    if record is None:
        return Settlement(Sight.ABSENT)
    return Settlement(Sight.FOUND, {"external_id": record.external_id, "record": kept_of(record)})


def _settle_update(client: Client, port: PortRequest, draft: PortDraft, submit: bool) -> Settlement:
    try:
        record = client.port(port.external_id)
    except NotFound:
        return Settlement(Sight.ABSENT)
    went_out = record.status.value not in PortRequest.EDITABLE
    if went_out if submit else _same_words(record.draft, draft):
        return Settlement(Sight.FOUND, {"external_id": record.external_id, "record": kept_of(record)})
    return Settlement(Sight.ABSENT)


def _same_words(told: PortDraft, asked: PortDraft) -> bool:
    return plain_draft(replace(told, account_pin="")) == plain_draft(replace(asked, account_pin=""))


def changed(operation: Operation) -> None:
    """The outcome reaches the request: its id and status when it was filed; a refusal stays on the operation."""
    if operation.state != Operation.State.DONE:
        return
    port = PortRequest.objects.select_for_update().filter(public_id=operation.arguments["public_id"]).first()
    if port is None or _moved_on(port, operation):
        return
    if operation.arguments["submit"] and not rules_of(operation.connection).drafts:
        port.details = {**port.details, "account_pin": ""}  # it cannot be changed any more, so nobody needs it here
        port.save(update_fields=["details", "changed_at"])
    kept = operation.result.get("record")
    if kept:
        record = record_of(kept)
        take_over(port, record, owner_of(operation.connection)(record.draft.subaccount_id))
    else:
        port.external_id = operation.result.get("external_id", port.external_id)
        port.save(update_fields=["external_id", "changed_at"])


def rules_of(connection: Connection) -> PortRules:
    return connection.client_class.port_rules


def _moved_on(port: PortRequest, operation: Operation) -> bool:
    return port.operation_id is not None and port.operation_id != operation.pk
