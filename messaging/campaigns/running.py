"""What a request may ask of campaigns: make one, mend it, start, pause, resume and stop it. Each is one conditional step."""

import uuid
from datetime import datetime

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actor import Actor, audit
from accounts.models import Account
from accounts.suspension import is_suspended
from messaging import senders
from messaging.models import Campaign, CampaignRow, Message
from messaging.services import CannotSend
from messaging.upstream import hooks
from numbering.services.intents import IntentUsed

State = Campaign.State
TEXTS = ("name", "sender", "body_en", "body_fr", "starts_at")


class NotNow(Exception):
    """The campaign is in a state in which this cannot be asked."""


class Changed(Exception):
    """It is no longer what the person has seen: it was checked again since."""


def make(actor: Actor, account: Account, values: dict, *, intent: uuid.UUID) -> Campaign:
    """A new campaign, to be checked. The same form again leads to the same one; raises `IntentUsed` for another."""
    try:
        with transaction.atomic():
            campaign = Campaign(account=account, intent=intent, created_by=actor.user, state=State.CHECKING)
            _fill(campaign, values)
            audit(actor, "campaign.created", campaign.name, account=account, after=_plain(values))
            return campaign
    except IntegrityError:
        earlier = Campaign.objects.for_account(account).filter(intent=intent).first()
        if earlier is None or any(getattr(earlier, name) != values[name] for name in TEXTS):
            raise IntentUsed from None
        return earlier


def change(actor: Actor, campaign: Campaign, values: dict) -> None:
    """Other words or other people: everything is checked again. Raises `NotNow`."""
    with transaction.atomic():
        campaign = _locked(campaign, State.DRAFT, State.READY)
        campaign.state, campaign.error, campaign.lease_until = State.CHECKING, "", None
        _fill(campaign, values)
        audit(actor, "campaign.changed", campaign.name, account=campaign.account, after=_plain(values))


def check_again(actor: Actor, campaign: Campaign) -> None:
    """People, opt-outs and prices may be others by now. Raises `NotNow`."""
    with transaction.atomic():
        campaign = _locked(campaign, State.DRAFT, State.READY)
        _set(campaign, state=State.CHECKING, error="", lease_until=None)
        audit(actor, "campaign.checked_again", campaign.name, account=campaign.account)


def _fill(campaign: Campaign, values: dict) -> None:
    for name in TEXTS:
        setattr(campaign, name, values[name])
    campaign.changed_at = timezone.now()
    file, file_name = values.get("file"), values.get("file_name", "")
    if file is False:
        campaign.file.delete(save=False)
        campaign.counts = {}
    elif file:
        campaign.file.save(f"{uuid.uuid4().hex}.csv", File(file), save=False)
        campaign.counts = {"file": file_name}
    campaign.save()
    campaign.groups.set(values["groups"])
    campaign.without.set(values["without"])


def start(actor: Actor, campaign: Campaign, *, intent: uuid.UUID, seen: int) -> Campaign:
    """Let it go out to the `seen` people whom the page showed. The same form again changes nothing.

    Raises `Changed`, `NotNow`, and `CannotSend` where the sender is gone or the account suspended.
    """
    with transaction.atomic():
        campaign = _locked(campaign)
        if campaign.start_intent == intent:
            return campaign
        if campaign.state != State.READY:
            raise NotNow
        if campaign.counts.get("fit") != seen or not seen:
            raise Changed
        _may_go(campaign)
        now = timezone.now()
        starts = max(campaign.starts_at or now, now)
        _set(campaign, state=State.RUNNING, start_intent=intent, started_by=actor.user, starts_at=starts, error="")
        after = {"texts": seen, "parts": campaign.counts.get("parts"), "cost": campaign.counts.get("cost")}
        audit(actor, "campaign.started", campaign.name, account=campaign.account, after=after)
        return campaign


def _may_go(campaign: Campaign) -> None:
    if is_suspended(campaign.account):
        raise CannotSend("account-suspended")
    sender = senders.sender(campaign.account, campaign.sender)
    if sender is None:
        raise CannotSend("number-gone")
    if sender.line:
        hooks.arm(sender.line)  # answers should be here at once, not with the next poll


def pause(actor: Actor, campaign: Campaign) -> None:
    """What is on its way arrives; the rest waits. Raises `NotNow`."""
    with transaction.atomic():
        campaign = _locked(campaign, State.RUNNING)
        _set(campaign, state=State.PAUSED, error="")
        audit(actor, "campaign.paused", campaign.name, account=campaign.account)


def resume(actor: Actor, campaign: Campaign) -> None:
    """Raises `NotNow`, `CannotSend`."""
    with transaction.atomic():
        campaign = _locked(campaign, State.PAUSED)
        _may_go(campaign)
        _set(campaign, state=State.RUNNING, error="")
        audit(actor, "campaign.resumed", campaign.name, account=campaign.account)


def stop(actor: Actor, campaign: Campaign) -> None:
    """For good: what has not been handed to the upstream never goes out. Raises `NotNow`."""
    with transaction.atomic():
        campaign = _locked(campaign, State.RUNNING, State.PAUSED)
        _set(campaign, state=State.STOPPED, finished_at=timezone.now(), error="")
        left = campaign.rows.filter(state=CampaignRow.State.FIT).update(
            state=CampaignRow.State.LEFT_OUT, reason="stopped", due_at=None
        )
        taken_back = cancel_waiting(campaign)
        after = {"not_sent": left + taken_back}
        audit(actor, "campaign.stopped", campaign.name, account=campaign.account, after=after)


def cancel_waiting(campaign: Campaign) -> int:
    """Texts of it that were handed over and not sent: against a worker's claim one of the two wins."""
    waiting = Message.objects.filter(campaign_row__campaign=campaign, state=Message.State.QUEUED)
    now = timezone.now()
    pks = list(waiting.values_list("pk", flat=True))
    return Message.objects.filter(pk__in=pks, state=Message.State.QUEUED).update(
        state=Message.State.CANCELLED, due_at=None, changed_at=now
    )


def _locked(campaign: Campaign, *states: str) -> Campaign:
    row = Campaign.objects.select_for_update(of=("self",)).select_related("account").get(pk=campaign.pk)
    if states and row.state not in states:
        raise NotNow
    return row


def _set(campaign: Campaign, **values) -> None:
    for name, value in values.items():
        setattr(campaign, name, value)
    campaign.changed_at = timezone.now()
    campaign.save(update_fields=[*values, "changed_at"])


def _plain(values: dict) -> dict:
    plain = {name: values[name] for name in TEXTS}
    if isinstance(plain["starts_at"], datetime):
        plain["starts_at"] = plain["starts_at"].isoformat()
    return plain | {"groups": [str(group) for group in values["groups"]], "file": values.get("file_name", "")}
