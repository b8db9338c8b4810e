"""When a campaign will be done: from its share of the upstream's hour, what else waits there, and the quiet hours."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.db.models.functions import Substr
from django.utils import timezone

from messaging import quiet
from messaging.models import Campaign, CampaignRow, Message, SenderName
from messaging.senders import Sender
from numbering.models import Number
from providers import quota
from providers.quota import Priority

UNSTATED = 3600  # texts an hour where the upstream names no limit: one a second is what a cautious sender does
STEP = timedelta(minutes=15)
FURTHEST = timedelta(days=14)
AREA = 5  # letters of a number that say where it is: "+1514"
OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Forecast:
    """`done_at` is None where it lies too far away to tell; `is_held` where quiet hours put some of it off."""

    starts_at: datetime
    done_at: datetime | None
    an_hour: int
    ahead: int
    is_held: bool = False
    opens_at: datetime | None = None  # when the first text may go, where nobody may be texted at the start


def forecast(campaign: Campaign, sender: Sender, now: datetime | None = None) -> Forecast:
    start = max(filter(None, [campaign.starts_at, now or timezone.now()]))
    left = _left_by_area(campaign)
    opens = min((_opening(area, start) for area in left), default=start)
    ahead, pace = waiting_elsewhere(campaign, sender), _pace(sender)
    if ahead:
        left[OTHERS] = ahead
    total = sum(left.values())
    room, _ = quota.room(sender.connection, _bucket(sender), Priority.BULK)
    done_at, is_held = _walk(left, start, UNSTATED if room is None or total <= room else pace)
    return Forecast(start, done_at, int(pace), ahead, is_held, opens if opens > start else None)


def _bucket(sender: Sender) -> str:
    return sender.connection.client_class.sends_by


def _pace(sender: Sender) -> float:
    """Texts an hour that campaigns may send there."""
    return quota.an_hour(sender.connection, _bucket(sender), Priority.BULK) or UNSTATED


def waiting_elsewhere(campaign: Campaign, sender: Sender) -> int:
    """Texts of other campaigns that take turns with this one at the same connection."""
    connection = sender.connection
    texts = Message.objects.filter(connection=connection, kind=Message.Kind.CAMPAIGN, state=Message.State.QUEUED)
    waiting = texts.exclude(campaign_row__campaign=campaign).count()
    numbers = Number.objects.filter(connection=connection).values("number")
    names = SenderName.objects.filter(connection=connection).values("name")
    others = Campaign.objects.filter(Q(sender__in=numbers) | Q(sender__in=names), state=Campaign.State.RUNNING)
    rows = CampaignRow.objects.filter(campaign__in=others.exclude(pk=campaign.pk), state=CampaignRow.State.FIT)
    return waiting + rows.count()


def _left_by_area(campaign: Campaign) -> dict[str, float]:
    rows = campaign.rows.filter(state=CampaignRow.State.FIT).annotate(area=Substr("number", 1, AREA))
    return dict(rows.order_by("area").values_list("area").annotate(count=Count("pk")))


def _opening(area: str, moment: datetime) -> datetime:
    """When people of an area may be texted. Foreign numbers are judged by the clock of their country."""
    if area == OTHERS:
        return moment
    return quiet.next_window(f"{area}2000000", moment)


def _walk(left: dict[str, float], start: datetime, pace: float) -> tuple[datetime | None, bool]:
    """Go through time in quarters of an hour and send in each what the pace and the recipients' clocks allow."""
    now, is_held, quarter = start, False, pace * (STEP / timedelta(hours=1))
    while left and now < start + FURTHEST:
        opens = {area: _opening(area, now) for area in left}
        awake = [area for area in left if opens[area] <= now]
        is_held |= len(awake) < len(left)
        if not awake:
            now = min(opens.values())
            continue
        budget = _send(left, awake, quarter)
        if not left:
            return now + STEP * (1 - budget / quarter), is_held
        now += STEP
    return (None if left else start), is_held


def _send(left: dict[str, float], awake: list[str], budget: float) -> float:
    """Take what is sent out of `left`; returns what of the budget was not needed."""
    for area in awake:
        sent = min(left[area], budget)
        left[area] -= sent
        budget -= sent
        if left[area] <= 0:
            del left[area]
    return budget
