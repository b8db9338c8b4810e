"""Putting a port together page by page: what is typed is kept here at once, and upstream hears of it when it is handed in."""

import uuid
from dataclasses import replace

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actor import Actor, audit
from numbering.models import PortBundle, PortDocument, PortEvent, PortRequest
from numbering.services.ports import Paper, Stale, check_editable, differences, keep, locked
from numbering.upstream.port_drafts import columns_of, draft_of, plain_draft
from providers.clients.records import PortDraft
from providers.models import Connection

_OF_FORMS = uuid.UUID("5f0e7a51-3c0a-4a53-9d3b-6a5b1f0c9f11")  # a form's key and this make the request's own


def begun_by(actor: Actor, intent: str) -> PortRequest | None:
    """The request that this very form began already."""
    return PortRequest.objects.for_account(actor.account).filter(public_id=_public_id(actor, intent)).first()


def _public_id(actor: Actor, intent: str) -> uuid.UUID:
    return uuid.uuid5(_OF_FORMS, f"{actor.account.pk}:{actor.user.pk}:{intent}")


def begin(
    actor: Actor, connection: Connection, draft: PortDraft, by_kind: dict[str, list[str]], intent: str
) -> PortRequest:
    """Begin a request, and one beside it for numbers of another kind. The same form again finds the first."""
    try:
        with transaction.atomic():
            return _begin(actor, connection, draft, by_kind, intent)
    except IntegrityError:
        return PortRequest.objects.for_account(actor.account).get(public_id=_public_id(actor, intent))


def _begin(actor: Actor, connection: Connection, draft: PortDraft, by_kind: dict, intent: str) -> PortRequest:
    kinds = list(by_kind)
    first = replace(draft, kind=kinds[0], numbers=tuple(by_kind[kinds[0]]))
    port = _row(actor, connection, first, _public_id(actor, intent))
    for kind in kinds[1:]:
        split_off(actor, port, by_kind[kind], kind)
    return port


def _row(actor: Actor, connection: Connection, draft: PortDraft, public_id: uuid.UUID, **more) -> PortRequest:
    port = PortRequest(
        public_id=public_id, reference=str(public_id), connection=connection, account=actor.account,
        created_by=actor.user, unsent_since=timezone.now(), **columns_of(draft), **more,
    )  # fmt: skip
    port.save(force_insert=True)
    PortEvent.objects.create(port=port, kind="started", actor_name=actor.name)
    audit(actor, "port.started", str(port), after={"numbers": port.numbers})
    return port


def split_off(
    actor: Actor, port: PortRequest, numbers: list[str], kind: str, carrier: str | None = None
) -> PortRequest:
    """A request of its own for some of the numbers, beside the first under one name.

    With another `carrier` nothing of the first one's account goes along.
    """
    if port.bundle is None:
        port.bundle = PortBundle.objects.create(account=port.account, title=port.title)
        port.save(update_fields=["bundle", "changed_at"])
    draft = replace(draft_of(port), kind=kind, numbers=tuple(numbers), numbers_to_keep=(), numbers_to_cancel=())
    if carrier is not None:
        draft = replace(
            draft, current_provider=carrier, current_reseller="", current_reseller_account="", account_number="",
            account_pin="", billing_number="", new_billing_number="",
        )  # fmt: skip
    return _row(actor, port.connection, draft, uuid.uuid4(), bundle=port.bundle, step=port.step)


@transaction.atomic
def save_page(
    actor: Actor, port: PortRequest, draft: PortDraft, papers: list[Paper], step: str, version: int
) -> PortRequest:
    """Keep one page. Raises `Stale` when somebody else changed the request meanwhile, `Busy`, `NotEditable`.

    A page that says what is kept already changes nothing, so that a second click is no rival of the first.
    """
    port = locked(port)
    check_editable(port)
    new = [paper for paper in papers if not _is_kept(port, paper)]
    same = plain_draft(draft) == plain_draft(draft_of(port))
    if not same or new:
        if port.version != version:
            raise Stale
        _write(actor, port, draft)
    for paper in new:
        keep(actor, port, paper)
    if step != port.step:
        port.step = step
        port.save(update_fields=["step", "changed_at"])
    return port


def _is_kept(port: PortRequest, paper: Paper) -> bool:
    file = paper.checked
    return PortDocument.objects.filter(port=port, kind=paper.kind, name=file.name, size=file.size).exists()


def _write(actor: Actor, port: PortRequest, draft: PortDraft) -> None:
    before = port.details
    for name, value in columns_of(draft).items():
        setattr(port, name, value)
    port.version += 1
    port.unsent_since = timezone.now()
    port.save()
    changes = differences(before, port.details)
    if changes[1]:
        audit(actor, "port.changed", str(port), before=changes[0], after=changes[1])


@transaction.atomic
def move_kinds(actor: Actor, port: PortRequest, by_kind: dict[str, list[str]]) -> None:
    """Numbers of the other kind that were added on the first page go to the request beside this one."""
    for kind, numbers in by_kind.items():
        if kind == port.kind or not numbers:
            continue
        beside = port.bundle and _beside(port).filter(kind=kind, status="not_ready").first()
        if beside:
            _write(actor, beside, replace(draft_of(beside), numbers=tuple(dict.fromkeys([*beside.numbers, *numbers]))))
        else:
            split_off(actor, port, numbers, kind)


def _beside(port: PortRequest):
    return PortRequest.objects.filter(bundle=port.bundle).exclude(pk=port.pk).order_by("pk")


@transaction.atomic
def move_to_other_carrier(
    actor: Actor, port: PortRequest, numbers: list[str], carrier: str, version: int
) -> PortRequest:
    """Some of the numbers are with another provider: they get a request of their own (row D3)."""
    port = locked(port)
    check_editable(port)
    if port.version != version:
        raise Stale
    moved = [number for number in port.numbers if number in set(numbers)]
    left = [number for number in port.numbers if number not in set(moved)]
    if not moved or not left:
        return port
    child = split_off(actor, port, moved, port.kind, carrier)
    _write(actor, port, replace(draft_of(port), numbers=tuple(left)))
    return child


@transaction.atomic
def fill_beside(actor: Actor, port: PortRequest, names: tuple[str, ...]) -> None:
    """What a page said goes to the requests beside this one that say nothing there yet; numbers never do."""
    mine = draft_of(port)
    for other in _beside(port).filter(status="not_ready", operation=None) if port.bundle_id else ():
        draft = draft_of(other)
        same_carrier = not draft.current_provider or draft.current_provider == mine.current_provider
        empty = [name for name in names if hasattr(draft, name) and not getattr(draft, name)]
        changes = {name: getattr(mine, name) for name in empty if getattr(mine, name)} if same_carrier else {}
        if not draft.address.street:
            changes["address"] = mine.address
        if changes:
            _write(actor, other, replace(draft, **changes))
