"""Checked rows become texts, only as fast as they go out, so that nobody's own text waits behind a campaign.

At most OPEN texts of campaigns wait at a connection; accounts take turns. A few lanes send them one by one, at the
campaigns' own share of the hour: never more at once than LANES, so workers are left for people. A row becomes a text in
the transaction that says so, under the lock of its campaign: whatever dies or comes twice, it makes one text at most.
"""

import itertools
import random
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.suspension import is_suspended
from billing.models import Balance
from messaging import consent, quiet, senders
from messaging.campaigns import making, running
from messaging.campaigns.checking import text_of
from messaging.campaigns.making import Wanted
from messaging.models import Campaign, CampaignRow, Message
from messaging.senders import Sender
from providers import outbox
from providers.models import Connection

AT_ONCE = 5  # rows an account hands over before it is the next one's turn
ALONE = 50  # and where there is no next one
LOOKED_AT = 500  # rows in a turn of which the quiet hours are found
SECONDS = 20.0  # a lane's turn
NOT_DUE = timedelta(minutes=2)  # texts held for longer leave their place to others
APART = 4  # texts for each lane to choose from
State, Row = Campaign.State, CampaignRow.State
TO_SEND = Q(campaign_row=None) | Q(campaign_row__campaign__state=State.RUNNING)  # greetings belong to no campaign
TAKEN = [Message.State.QUEUED, Message.State.UNKNOWN]  # by a lane


@dataclass(frozen=True, slots=True)
class Turn:
    """A running campaign and where it sends from now."""

    campaign: Campaign
    sender: Sender


def tick(wake: Callable[[int], object]) -> int:
    """Hand over what there is room for, close what is done, and wake lanes. Returns the number of rows handed over."""
    for campaign in Campaign.objects.filter(state=State.STOPPED, finished_at__gt=timezone.now() - timedelta(hours=1)):
        running.cancel_waiting(campaign)  # one that was unclear while it was stopped and turned out not to be sent
    handed = 0
    for connection, turns in _turns().items():
        handed += hand_over(connection, turns)
    for pk in Campaign.objects.filter(state=State.RUNNING).values_list("pk", flat=True):
        close(pk)
    _say_why_they_wait()
    _wake_lanes(wake)
    return handed


def _turns() -> dict[int, list[Turn]]:
    """The running campaigns by connection, but of a shut one none. One that cannot go on is paused and says why."""
    found, now = defaultdict(list), timezone.now()
    rows = Campaign.objects.filter(state=State.RUNNING, starts_at__lte=timezone.now()).select_related("account")
    for campaign in rows.order_by("starts_at", "pk"):
        sender = senders.sender(campaign.account, campaign.sender)
        trouble = _trouble(campaign, sender)
        if trouble:
            Campaign.objects.filter(pk=campaign.pk, state=State.RUNNING).update(
                state=State.PAUSED, error=trouble, changed_at=timezone.now()
            )
        elif not sender.connection.shut(now):
            found[sender.connection.pk].append(Turn(campaign, sender))
    return found


def _trouble(campaign: Campaign, sender: Sender | None) -> str:
    if sender is None:
        return "number-gone"
    if is_suspended(campaign.account):
        return "account-suspended"
    balance = Balance.objects.filter(account=campaign.account, connection=sender.connection).first()
    spent = balance and balance.available is not None and balance.available <= 0
    return "balance" if spent else ""


def room(connection_pk: int) -> int:
    """How many more texts of campaigns may wait at a connection."""
    soon = timezone.now() + NOT_DUE
    waiting = Message.objects.filter(
        connection=connection_pk, kind=Message.Kind.CAMPAIGN, state__in=["queued", "sending"], due_at__lte=soon
    )
    return max(0, settings.CAMPAIGN_OPEN - waiting.count())


def hand_over(connection_pk: int, turns: list[Turn]) -> int:
    """Fill the room there is, accounts in turn. Returns how many rows became texts."""
    free, handed = room(connection_pk), 0
    by_account = defaultdict(list)
    for turn in turns:
        by_account[turn.campaign.account_id].append(turn)
    queue = list(by_account.values())
    while queue and handed < free:
        account = queue.pop(0)
        moved, made = _hand(account[0], min(AT_ONCE if queue else ALONE, free - handed))
        handed += made
        if not moved:
            account.pop(0)
        if account:
            queue.append(account)
    return handed


def _hand(turn: Turn, most: int) -> tuple[bool, int]:
    """Up to `most` rows of one campaign become texts. Returns whether it moved any row at all, and how many texts it made."""
    now = timezone.now()
    with transaction.atomic():
        campaign = (
            Campaign.objects.select_for_update(of=("self",), no_key=True)
            .select_related("account", "started_by")
            .get(pk=turn.campaign.pk)
        )
        if campaign.state != State.RUNNING:
            return False, 0
        for size in (4 * most, LOOKED_AT):  # far ahead only where the next ones are held
            fit, moved = _sorted_out(campaign, _next(campaign, now, size), most, now)
            if fit or not moved:
                break
        _make(campaign, turn.sender, fit, now)
        return bool(fit) or moved, len(fit)


def _next(campaign: Campaign, now: datetime, most: int) -> list[CampaignRow]:
    rows = campaign.rows.filter(Q(due_at=None) | Q(due_at__lte=now), state=Row.FIT)
    return list(rows.order_by("position")[:most])


def _sorted_out(campaign: Campaign, rows: list[CampaignRow], most: int, now: datetime) -> tuple[list, bool]:
    """The first rows that may go now. Those before them are left out, or held until their quiet hours are over."""
    opted_out = consent.opted_out_among(campaign.account_id, [row.number for row in rows])
    fit, gone, held = [], [], defaultdict(list)
    for row in rows:
        if len(fit) == most:
            break
        if row.number in opted_out:
            gone.append(row.pk)
        elif (opens := quiet.next_window(row.number, now, Message.Kind.CAMPAIGN)) > now:
            held[opens].append(row.pk)
        else:
            fit.append(row)
    CampaignRow.objects.filter(pk__in=gone).update(state=Row.LEFT_OUT, reason="opted-out")
    for opens, pks in held.items():
        CampaignRow.objects.filter(pk__in=pks).update(due_at=opens)
    return fit, bool(gone or held)


def _make(campaign: Campaign, sender: Sender, rows: list[CampaignRow], now: datetime) -> None:
    """A text for each row, its conversation, and the row's new state; all in the caller's transaction."""
    if not rows:
        return
    wanted = [Wanted(f"campaign:{row.pk}", row.number, text_of(campaign, row)) for row in rows]
    made = making.write(campaign.account, sender, wanted, now, sent_by=campaign.started_by)
    for row in rows:
        row.state, row.message, row.due_at = Row.QUEUED, made[f"campaign:{row.pk}"], None
    CampaignRow.objects.bulk_update(rows, ["state", "message", "due_at"])


def close(pk: int) -> bool:
    """Done, when every row was handed over or left out and every text has come to rest."""
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update(no_key=True).get(pk=pk)
        if campaign.state != State.RUNNING or campaign.rows.filter(state=Row.FIT).exists():
            return False
        open_states = [Message.State.QUEUED, Message.State.SENDING, Message.State.UNKNOWN]
        if campaign.rows.filter(message__state__in=open_states).exists():
            return False
        now = timezone.now()
        Campaign.objects.filter(pk=pk).update(state=State.DONE, finished_at=now, changed_at=now)
        return True


# --- lanes --------------------------------------------------------------------------------------------------------------


def _due() -> QuerySet[Message]:
    """Texts of campaigns whose time has come, whatever is to be done about them, but of a shut upstream none.

    A lane would only try each of those and put it off.
    """
    now = timezone.now()
    rows = Message.objects.due().filter(kind=Message.Kind.CAMPAIGN)
    return rows.exclude(connection__in=Connection.objects.shut(now))


def _ready() -> QuerySet[Message]:
    """Texts whose turn it is: those to send of running campaigns, and what is unclear of any."""
    return _due().filter(Q(TO_SEND, state=Message.State.QUEUED) | Q(state=Message.State.UNKNOWN))


def _say_why_they_wait() -> None:
    """What waits behind a shut upstream says so, and no longer once that is open again; their times stay as they are."""
    now = timezone.now()
    waiting = Message.objects.filter(kind=Message.Kind.CAMPAIGN, state=Message.State.QUEUED)
    shut = {connection.pk: connection.shut(now) for connection in Connection.objects.shut(now)}
    for pk, (code, _until) in shut.items():
        waiting.filter(connection=pk).exclude(error_code=code).update(error_code=code)
    waiting.filter(error_code__in=Connection.SHUT_CODES).exclude(connection__in=shut).update(error_code="")


def waits_for_lane(pk: int) -> bool:
    """A campaign's text is sent and settled by a lane only, which knows whether the campaign still runs.

    Woken one by one, hundreds of unclear ones would be woken again by every sweep until their turn came.
    """
    return Message.objects.filter(pk=pk, kind=Message.Kind.CAMPAIGN).exists()


def _in_flight() -> int:
    """Calls under way. One that began longer ago than a call may take lost its worker, and stands in no lane's way."""
    oldest = timezone.now() - timedelta(seconds=settings.UPSTREAM_DEADLINE + 1)
    rows = Message.objects.filter(kind=Message.Kind.CAMPAIGN, state=Message.State.SENDING)
    return rows.filter(claimed_at__gt=oldest).count()


def _wake_lanes(wake: Callable[[int], object]) -> None:
    connections = list(_ready().order_by("connection_id").values_list("connection_id", flat=True).distinct())
    free = settings.CAMPAIGN_LANES - _in_flight()
    for pk in itertools.islice(itertools.cycle(connections), max(0, free)) if connections else ():
        wake(pk)


def run_lane(connection_pk: int, seconds: float = SECONDS) -> int:
    """Send or settle what is due at a connection, one by one, for one turn. Returns how many steps were taken."""
    began, taken, passed = time.monotonic(), 0, set()
    while time.monotonic() - began < seconds and _in_flight() < settings.CAMPAIGN_LANES:
        pk = _first(connection_pk, passed)
        if pk is None:
            if not hand_over(connection_pk, _turns().get(connection_pk, [])):
                break
        elif outbox.run(Message, pk):
            taken += 1
        else:
            passed.add(pk)  # another lane has it, or its twin is on its way
    return taken


def _first(connection_pk: int, passed: set[int]) -> int | None:
    """One of the first ones: lanes that all took the very first would only get in each other's way.

    Of what is unclear as often as of what is to be sent, lest the one wait for the end of the other.
    """
    rows = _due().filter(connection=connection_pk).exclude(pk__in=passed).order_by("due_at", "pk")
    for state in random.sample(TAKEN, len(TAKEN)):
        pk = _one_of(rows.filter(state=state))
        if pk and state == Message.State.QUEUED and not Message.objects.filter(TO_SEND, pk=pk).exists():
            # Of a paused campaign. Only where there is one are all that wait joined with their campaigns.
            pk = _one_of(rows.filter(TO_SEND, state=state))
        if pk:
            return pk
    return None


def _one_of(rows: QuerySet[Message]) -> int | None:
    first = list(rows.values_list("pk", flat=True)[: APART * settings.CAMPAIGN_LANES])
    return random.choice(first) if first else None  # noqa: S311 - no secret
