"""What became of a campaign, always counted from the rows and texts themselves, and the same row by row as a table."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.presenting import when
from messaging import templating
from messaging.campaigns.wording import outcome, wrong
from messaging.models import Campaign, CampaignRow, Message

Row, Text = CampaignRow.State, Message.State
CHUNK = 1000
OUTCOMES = ("waiting", "on_way", "checking", "sent", "delivered", "failed", "blocked", "stopped", "left_out")
_OF_TEXT = {
    Text.QUEUED: "on_way", Text.SENDING: "on_way", Text.UNKNOWN: "checking", Text.SENT: "sent", Text.DELIVERED: "delivered",
    Text.FAILED: "failed", Text.PARKED: "failed", Text.BLOCKED: "blocked", Text.CANCELLED: "stopped",
}  # fmt: skip


@dataclass(slots=True)
class Tally:
    """Each row counts in exactly one outcome; `reasons` says more of those that were left out."""

    of: Counter = field(default_factory=Counter)
    reasons: Counter = field(default_factory=Counter)
    held: int = 0

    @property
    def total(self) -> int:
        return self.of.total()

    @property
    def settled(self) -> int:
        """Rows with nothing more to happen."""
        return self.total - self.of["waiting"] - self.of["on_way"] - self.of["checking"]


def tally(campaign: Campaign) -> Tally:
    """One question about all rows."""
    found = Tally()
    asleep = Count("pk", filter=Q(due_at__gt=timezone.now()))
    groups = campaign.rows.order_by().values_list("state", "reason", "message__state")
    for state, reason, text, count, held in groups.annotate(count=Count("pk"), held=asleep):
        outcome_ = outcome_of(state, reason, text)
        found.of[outcome_] += count
        if outcome_ == "left_out":
            found.reasons[reason] += count
        elif outcome_ == "waiting":
            found.held += held
    return found


def outcome_of(state: str, reason: str, text: str | None) -> str:
    """An opt-out blocks, whether it was found by the check, while rows were handed over, or by the worker that sends."""
    if state == Row.FIT:
        return "waiting"
    if state == Row.LEFT_OUT:
        return {"stopped": "stopped", "opted-out": "blocked"}.get(reason, "left_out")
    return _OF_TEXT.get(text, "sent")


def examples(campaign: Campaign, reason: str, most: int = 3) -> list[CampaignRow]:
    rows = campaign.rows.filter(state=Row.LEFT_OUT, reason=reason).select_related("campaign__account")
    return list(rows.order_by("position")[:most])


def header() -> list[str]:
    return [
        _("Row"),
        _("Number"),
        _("Name"),
        _("Language"),
        _("Result"),
        _("Reason"),
        _("Parts"),
        _("Time"),
        _("Their id"),
    ]


def table(campaign: Campaign) -> Iterator[list]:
    """Every row with what became of it; by key, so that a long one costs no memory."""
    last = 0
    rows = campaign.rows.select_related("message", "message__connection").order_by("position")
    while batch := list(rows.filter(position__gt=last)[:CHUNK]):
        for row in batch:
            yield _cells(row)
        last = batch[-1].position


def _cells(row: CampaignRow) -> list:
    text = row.message
    result = outcome_of(row.state, row.reason, text.state if text else None)
    moment = (text.transmitted_at or text.at) if text and result in ("sent", "delivered") else None
    return [
        row.position, row.number, row.values.get(templating.NAME, ""), row.language, outcome(result), wrong(row),
        row.parts or "", when(moment) if moment else "", (text.external_id or "") if text else "",
    ]  # fmt: skip
