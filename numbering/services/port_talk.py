"""What people say about a port: comments, and the wish to cancel or change what upstream has (rows D10, D17)."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor, audit
from numbering.models import PortAsk, PortComment, PortEvent, PortRequest
from numbering.services.ports import check_editable, locked
from numbering.upstream import port_news
from providers.models import Operation

AN_HOUR = timedelta(hours=1)
MOST = 30  # comments of an account in that time: each is mailed to addresses that the account chose


class TooMany(Exception):
    """The account has written as many comments as it may within an hour."""


class TooLate(Exception):
    """The port day has come, or the request is closed."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment as a form brought it."""

    body: str
    by_staff: bool = False
    private: bool = False


@transaction.atomic
def comment(actor: Actor, port: PortRequest, remark: Remark, intent: str) -> PortComment:
    """Keep a comment, also on a completed port. The same form again is the same comment. Raises `TooMany`."""
    key = f"{actor.user.pk}:{intent}"
    _may_write(port, remark, key)
    row, is_new = PortComment.objects.get_or_create(
        intent=key,
        defaults={
            "port": port, "body": remark.body, "by_staff": remark.by_staff, "private": remark.private,
            "author": actor.user, "author_name": actor.name[:160],
        },
    )  # fmt: skip
    if is_new:
        audit(actor, "port.commented", str(port), account=port.account, after={"private": remark.private})
        port_news.tell_comment(row)
    return row


def _may_write(port: PortRequest, remark: Remark, key: str) -> None:
    if remark.by_staff:
        return
    lately = PortComment.objects.filter(port__account=port.account_id, by_staff=False, at__gt=timezone.now() - AN_HOUR)
    if lately.exclude(intent=key).count() >= MOST:
        raise TooMany


def may_be_asked(port: PortRequest) -> bool:
    """Whether it can still be cancelled or changed: before its port day, and while no other wish waits."""
    if port.gone_at or port.status in PortRequest.CLOSED:
        return False
    return port.firm_on is None or timezone.localdate() < port.firm_on


def is_only_here(port: PortRequest) -> bool:
    """A draft that no upstream has heard of, or can have heard of."""
    operation = port.operation
    unclear = operation and (operation.is_open or operation.state == Operation.State.PARKED)
    submitted = PortEvent.objects.filter(port=port, kind="submitted").exists()
    return not port.external_id and port.status == "not_ready" and not unclear and not (submitted and operation)


@transaction.atomic
def drop(actor: Actor, port: PortRequest) -> None:
    """Close a draft that is only here. Raises `Busy`, `NotEditable`."""
    port = locked(port)
    check_editable(port)
    port.status, port.status_since = PortRequest.Status.CANCELLED_BY_CLIENT, timezone.now()
    port.details = {**port.details, "account_pin": ""}
    port.save()
    PortEvent.objects.create(port=port, kind="status", status=port.status, actor_name=actor.name)
    audit(actor, "port.cancelled", str(port), before={"numbers": port.numbers})


@transaction.atomic
def ask(actor: Actor, port: PortRequest, kind: str, wanted_on: date | None, words: str, intent: str) -> PortAsk:
    """Ask staff to cancel or change what upstream has. Raises `TooLate`. The same form again is the same wish."""
    key = f"{actor.user.pk}:{intent}"
    if found := PortAsk.objects.filter(intent=key).first():
        return found
    port = locked(port)
    if not may_be_asked(port):
        raise TooLate
    row = PortAsk.objects.create(
        port=port, kind=kind, wanted_on=wanted_on, words=words, asked_by=actor.name[:160], intent=key
    )
    PortEvent.objects.create(port=port, kind="asked", status=kind, text=words, actor_name=actor.name)
    audit(actor, "port.asked", str(port), after={"kind": kind, "wanted_on": wanted_on.isoformat() if wanted_on else ""})
    return row


@transaction.atomic
def answer(actor: Actor, row: PortAsk, granted: bool, words: str) -> bool:
    """Staff have seen to a wish, or cannot. False when somebody answered already."""
    values = {"granted": granted, "answer": words, "answered_by": actor.name[:160], "answered_at": timezone.now()}
    if not PortAsk.objects.filter(pk=row.pk, answered_at=None).update(**values):
        return False
    event = PortEvent.objects.create(
        port=row.port, kind="answer", status="granted" if granted else "refused", text=words, actor_name=actor.name
    )
    port_news.tell(row.port, [event])
    audit(actor, "port.answered", str(row.port), account=row.port.account, after={"kind": row.kind, "granted": granted})
    return True
