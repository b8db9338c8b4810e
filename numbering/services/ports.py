"""What a request may ask for about ports: start one, change one, add a document. Rows first; a worker files them."""

import uuid
from dataclasses import dataclass, field, replace
from datetime import date

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.access import Standing
from accounts.actor import Actor, audit
from accounts.models import Account, RemoteAccount
from accounts.ownership import connections_of
from accounts.roles import May
from accounts.suspension import check as check_suspension
from numbering.models import DocumentLook, Number, PortDocument, PortEvent, PortRequest
from numbering.services.intents import Busy, earlier, fingerprint, read_intent
from numbering.uploads import CheckedFile
from numbering.upstream.port_drafts import columns_of, draft_of, plain_draft
from providers import operations
from providers.clients.base import Capability
from providers.clients.records import PortDraft
from providers.models import Connection, Operation

SECRET = {"account_pin"}  # guards the numbers where they are now: in no trail


class Stale(Exception):
    """The request was changed by somebody else after the form was opened."""


class Twin(Exception):
    """The very same form arrived twice in one moment and the other one won: ours is rolled back, theirs stands."""


class NotEditable(Exception):
    """Upstream takes no changes in this state, or no documents at all."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A checked document that came with a form."""

    kind: str
    upload: UploadedFile
    checked: CheckedFile
    dated_on: date | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What a form asks for: the draft, its new documents, and whether to hand it in."""

    draft: PortDraft
    papers: list[Paper] = field(default_factory=list)
    submit: bool = False

    def fingerprint(self) -> str:
        papers = [(paper.kind, paper.checked.name, paper.checked.size) for paper in self.papers]
        return fingerprint(plain_draft(self.draft), papers, self.submit)


def carriers_for(account: Account) -> list[Connection]:
    """The upstreams that can take a port for this account."""
    rows = connections_of(account).order_by("pk")
    return [connection for connection in rows if connection.can(Capability.PORT_REQUEST)]


def may_start(standing: Standing) -> bool:
    """Whether a port can be started here: the person may, and an upstream of the account takes ports."""
    return standing.may(May.CHANGE_PORTS) and bool(carriers_for(standing.account))


def busy_numbers(connection: Connection, numbers: list[str], but: PortRequest | None = None) -> dict[str, str]:
    """Number to "owned" or "porting" for those that cannot be ported again: a carrier rejects the second of two requests,
    whichever upstreams they came through. A draft at another one has not gone anywhere yet."""
    owned = Number.objects.present().filter(number__in=numbers).values_list("number", flat=True)
    handed_in = ~Q(status=PortRequest.Status.NOT_READY) | Q(review_since__isnull=False)
    others = PortRequest.objects.under_way().filter(Q(connection=connection) | handed_in)
    others = others.exclude(pk=but.pk if but else None)
    porting = {number for listed in others.values_list("numbers", flat=True) for number in listed}
    return {number: "porting" for number in numbers if number in porting} | dict.fromkeys(owned, "owned")


def subaccount_of(connection: Connection, account: Account) -> str:
    """Their id of the account the numbers go to; "" is the connection's main account."""
    found = RemoteAccount.objects.filter(connection=connection, account=account).values_list("external_id", flat=True)
    return found.first() or ""


def with_numbers(draft: PortDraft, numbers: list[str], kind: str) -> PortDraft:
    return replace(draft, numbers=tuple(numbers), kind=kind)


def is_handed_in_by(actor: Actor, intent: str) -> bool:
    """Whether this very form has handed in already: then it is a second click."""
    return Operation.objects.filter(idempotency_key=_key(actor, read_intent(intent))).exists()


def started_by(actor: Actor, intent: str) -> PortRequest | None:
    """The request that this very form already started: its numbers are not taken by somebody else."""
    key = _key(actor, intent)
    operation = Operation.objects.filter(idempotency_key=key).first()
    if operation is None:
        return _begun(key)
    return PortRequest.objects.filter(public_id=operation.arguments["public_id"]).first()


def _key(actor: Actor, intent: str) -> str:
    return f"port:{actor.account.pk}:{actor.user.pk}:{intent}"  # a form opened in one account is none of another's


def start_port(actor: Actor, connection: Connection, wish: Wish, intent: str) -> PortRequest:
    """Write a new request and ask for it to be filed. The same intent again returns the first request."""
    key, seal = _key(actor, intent), wish.fingerprint()
    try:
        operation = earlier(key, seal)
        if operation is None:
            return _begun(key) or _start(actor, connection, wish, key, seal)
    except Twin:
        operation = earlier(key, seal)
    except IntegrityError:  # the same form in the same moment was first
        earlier(key, seal)
        if (port := _begun(key)) is None:
            raise
        return port
    return PortRequest.objects.get(public_id=operation.arguments["public_id"])


def _public_id(key: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_OID, key)  # one form makes one request, also before any operation exists


def _begun(key: str) -> PortRequest | None:
    return PortRequest.objects.filter(public_id=_public_id(key)).first()


@transaction.atomic
def _start(actor: Actor, connection: Connection, wish: Wish, key: str, seal: str) -> PortRequest:
    owner = {"connection": connection, "account": actor.account, "created_by": actor.user}
    port = PortRequest(public_id=_public_id(key), **owner, **columns_of(wish.draft))
    port.reference = str(port.public_id)
    port.save()
    PortEvent.objects.create(port=port, kind="started", actor_name=actor.name)
    audit(actor, "port.started", str(port), after={"numbers": port.numbers})
    return _ask(actor, port, wish, key, seal)


@transaction.atomic
def change_port(actor: Actor, port: PortRequest, wish: Wish, intent: str, version: int) -> PortRequest:
    """Replace what a request says. Raises `Stale`, `NotEditable`, `Busy`, `IntentUsed`."""
    key, seal = _key(actor, intent), fingerprint(port.pk, wish.fingerprint())
    port = locked(port)
    if earlier(key, seal) or (port.review_since and plain_draft(wish.draft) == plain_draft(draft_of(port))):
        return port
    check_editable(port)
    if port.version != version:
        raise Stale
    before = port.details
    for name, value in columns_of(wish.draft).items():
        setattr(port, name, value)
    port.version += 1
    port.save()
    changes = differences(before, port.details)
    audit(actor, "port.changed", str(port), before=changes[0], after=changes[1])
    return _ask(actor, port, wish, key, seal)


@transaction.atomic
def add_document(actor: Actor, port: PortRequest, paper: Paper, intent: str) -> PortRequest:
    """Keep a document and send it. Raises `NotEditable`, `Busy`, `IntentUsed`."""
    key, seal = _key(actor, intent), fingerprint(port.pk, paper.kind, paper.checked.name, paper.checked.size)
    port = locked(port)
    if earlier(key, seal):
        return port
    check_editable(port)
    if not port.connection.client_class.port_rules.documents:
        raise NotEditable
    keep(actor, port, paper)
    return _send(actor, port, submit=False, key=key, seal=seal)


def note_look(actor: Actor, document: PortDocument) -> None:
    """Write down who was given a document (row D6)."""
    DocumentLook.objects.create(document=document, user=actor.user, actor_name=actor.name[:160], ip=actor.ip)


def locked(port: PortRequest) -> PortRequest:
    return PortRequest.objects.select_for_update(of=("self",)).select_related("connection").get(pk=port.pk)


def check_editable(port: PortRequest) -> None:
    if port.operation and port.operation.is_open:
        raise Busy
    if not port.is_editable or port.gone_at:
        raise NotEditable


def differences(before: dict, after: dict) -> tuple[dict, dict]:
    names = [name for name in after if before.get(name) != after[name] and name not in SECRET]
    return {name: before.get(name, "") for name in names}, {name: after[name] for name in names}


def _ask(actor: Actor, port: PortRequest, wish: Wish, key: str, seal: str) -> PortRequest:
    check_suspension(actor)
    for paper in wish.papers:
        keep(actor, port, paper)
    if wish.submit:
        PortEvent.objects.create(port=port, kind="submitted", actor_name=actor.name)
        audit(actor, "port.submitted", str(port), after={"numbers": port.numbers})
        if settings.PORT_REVIEW:
            port.review_since = timezone.now()
            port.save(update_fields=["review_since", "changed_at"])
            return port
    return _send(actor, port, submit=wish.submit, key=key, seal=seal)


def keep(actor: Actor, port: PortRequest, paper: Paper) -> PortDocument:
    file = paper.checked
    document = PortDocument.objects.create(
        port=port,
        kind=paper.kind,
        name=file.name,
        mime_type=file.mime_type,
        size=file.size,
        pages=file.pages,
        dated_on=paper.dated_on,
        file=paper.upload,
        uploaded_by=actor.user,
    )
    PortEvent.objects.create(port=port, kind="document", status=paper.kind, text=file.name, actor_name=actor.name)
    audit(actor, "port.document_added", str(port), after={"kind": paper.kind, "name": file.name})
    return document


def hand_over(actor: Actor, port: PortRequest, key: str) -> PortRequest:
    """Hand a request to the upstream as it stands. The same key again does nothing new."""
    return _send(actor, port, submit=True, key=key, seal=fingerprint(port.pk, plain_draft(draft_of(port))))


def resend(actor: Actor, port: PortRequest, intent: str) -> PortRequest:
    """Have upstream get what was added here, without handing the request in."""
    key, seal = _key(actor, intent), fingerprint(port.pk, "resend")
    return port if earlier(key, seal) else _send(actor, port, submit=False, key=key, seal=seal)


def _send(actor: Actor, port: PortRequest, *, submit: bool, key: str, seal: str) -> PortRequest:
    arguments = {
        "public_id": str(port.public_id),
        "submit": submit,
        "creates": not port.external_id,
        "fingerprint": seal,
    }
    subject = f"port:{port.public_id}"
    operation, is_new = operations.ask(
        port.connection, "port.save", arguments, key=key, subject=subject, actor_name=actor.name, asker=actor.asker
    )
    if not is_new:
        raise Twin
    port.operation, port.unsent_since = operation, None
    port.save(update_fields=["operation", "unsent_since", "changed_at"])
    return port
