"""Giving up a number: what would break, the days in which it can be undone, and the undoing."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor, audit
from accounts.suspension import check as check_suspension
from numbering.models import EmergencyEndpoint, Number, NumberRelease, PortRequest
from numbering.number_uses import Use, uses_above
from numbering.services.directory import listing_of
from numbering.services.intents import Busy
from numbering.upstream.releases import RELEASE
from providers.clients.base import Capability

State = NumberRelease.State


@dataclass(frozen=True, slots=True)
class Uses:
    """What a number is used for as far as anybody here knows, so that nobody gives it up without having seen it."""

    endpoint: EmergencyEndpoint | None
    texts: bool
    texts_go_to: tuple[str, ...]
    calls_go_to: str
    voicemail: bool
    ports: tuple[PortRequest, ...]
    is_listed: bool = False
    above: tuple[Use, ...] = ()  # what the apps above this one use it for


def uses_of(number: Number) -> Uses:
    told = number.settings
    there = EmergencyEndpoint.objects.filter(connection=number.connection_id, number=number.number, gone_at=None)
    ports = PortRequest.objects.for_account(number.account).under_way()
    copies = (told.get(name, "") for name in ("sms_email", "sms_forward_to"))
    return Uses(
        endpoint=there.first(),
        texts=number.sms and number.sms_enabled,
        texts_go_to=tuple(filter(None, copies)) if number.sms_enabled else (),
        calls_go_to=told.get("forward_to", "") if told.get("forwarding") else "",
        voicemail=bool(told.get("voicemail")),
        ports=tuple(port for port in ports if number.number in port.numbers),
        is_listed=listing_of(number) is not None,
        above=tuple(uses_above(number)),
    )


def is_releasable(number: Number) -> bool:
    """Whether it is still here, and at an upstream that takes numbers back."""
    gone = number.gone_at or number.status == Number.Status.DELETED
    return not gone and number.connection.can(Capability.NUMBER_RELEASE)


def _releases_of(number: Number):
    """By the account that has it: one that it left has nothing to say about it any more."""
    return NumberRelease.objects.filter(number=number, account=number.account_id)


def open_release(number: Number) -> NumberRelease | None:
    return _releases_of(number).open().select_related("operation").first()


def last_refused(number: Number) -> NumberRelease | None:
    """The newest release, when it was refused and none followed."""
    row = _releases_of(number).select_related("operation").order_by("-pk").first()
    return row if row and row.state == State.REFUSED else None


def grace() -> timedelta:
    return timedelta(days=settings.RELEASE_GRACE_DAYS)


def ask_release(actor: Actor, number: Number, intent: str) -> NumberRelease:
    """Begin the days of grace. The same form again is the same release. Raises `Busy` when another one is open."""
    key = f"{RELEASE}:{number.pk}:{intent}"
    with transaction.atomic():
        Number.objects.select_for_update().get(pk=number.pk)
        if earlier := NumberRelease.objects.filter(key=key).first():
            return earlier
        check_suspension(actor)
        others = NumberRelease.objects.filter(number=number, state=State.WAITING).exclude(account=number.account_id)
        others.update(state=State.UNDONE)  # it went elsewhere in its days of grace
        if NumberRelease.objects.filter(number=number).open().exists():
            raise Busy
        row = NumberRelease.objects.create(
            number=number, account=number.account, user=actor.user, actor_name=actor.name[:160], key=key,
            release_at=timezone.now() + grace(),
        )  # fmt: skip
        audit(actor, "number.release_asked", number.number, after={"release_at": row.release_at.date().isoformat()})
    return row


def undo(actor: Actor, number: Number) -> bool:
    """Keep the number after all. False when it is too late, or somebody else was quicker."""
    with transaction.atomic():
        row = _releases_of(number).select_for_update().filter(state=State.WAITING).first()
        if row is None:
            return False
        NumberRelease.objects.filter(pk=row.pk).update(state=State.UNDONE)
        audit(actor, "number.release_undone", number.number)
    return True
