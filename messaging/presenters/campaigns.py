"""Campaigns as pages show them: state, verdicts of the check, what it costs and when it ends, progress and result."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.models import Account, Brand
from accounts.presenting import day, money, number, phone, when
from accounts.states import State as Shown
from accounts.states import Tone, state
from billing.models import Balance
from messaging import templating
from messaging.campaigns import foretelling, results
from messaging.campaigns.checking import text_of
from messaging.campaigns.results import Tally
from messaging.campaigns.wording import outcome, why_it_rests, why_left_out
from messaging.models import Campaign, CampaignRow
from messaging.senders import Sender
from providers.clients import phones

State = Campaign.State
_TONES = {
    State.DRAFT: Tone.WAITING, State.CHECKING: Tone.WORKING, State.READY: Tone.WAITING, State.RUNNING: Tone.WORKING,
    State.PAUSED: Tone.HELD, State.STOPPED: Tone.STALE, State.DONE: Tone.FINE,
}  # fmt: skip
_STOP = re.compile(r"\b(stop|arr[eê]t)\b", re.IGNORECASE)
ALWAYS = ("sent", "delivered", "failed", "blocked", "left_out")  # shown at the end, also when nothing of it happened


@dataclass(frozen=True, slots=True)
class CampaignLine:
    """A row of the list."""

    url: str
    name: str
    state: Shown
    line: str
    when: str
    count: str


@dataclass(frozen=True, slots=True)
class Example:
    row: str
    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """A reason for which rows are left out, with how many and which for example."""

    why: str
    count: str
    examples: list[Example]


@dataclass(frozen=True, slots=True)
class Sample:
    """The text as one of them gets it."""

    to: str
    body: str
    language: str


@dataclass(frozen=True, slots=True)
class Review:
    """What the person sees before anything goes."""

    fit: int
    fit_words: str
    parts: str
    cost: list[str]
    cost_note: str
    ends: str
    ends_note: str
    verdicts: list[Verdict]
    samples: list[Sample]
    reminders: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Figure:
    key: str
    label: str
    value: str
    is_bad: bool


@dataclass(frozen=True, slots=True)
class Progress:
    percent: int
    words: str
    note: str
    figures: list[Figure]


def state_of(campaign: Campaign) -> Shown:
    """One that was started for later is not running yet, whatever its record says."""
    if campaign.state == State.RUNNING and campaign.starts_at and campaign.starts_at > timezone.now():
        return state(Tone.WORKING, pgettext("campaign", "Scheduled"))
    return state(_TONES[campaign.state], str(campaign.get_state_display()))


def lines(campaigns: list[Campaign], account: Account, labels: dict[str, str]) -> list[CampaignLine]:
    return [
        CampaignLine(
            url=reverse("messages:campaign", args=[campaign.public_id]),
            name=campaign.name,
            state=state_of(campaign),
            line=labels.get(campaign.sender) or phone(campaign.sender, account.country),
            when=when(campaign.starts_at or campaign.created_at),
            count=number(campaign.counts["fit"]) if "fit" in campaign.counts else "",
        )
        for campaign in campaigns
    ]


# --- before ---------------------------------------------------------------------------------------------------------------


def review(campaign: Campaign, sender: Sender | None) -> Review:
    counts = campaign.counts
    fit = counts.get("fit", 0)
    ends, ends_note = _ends(campaign, sender) if sender and fit else ("", "")
    cost, cost_note = _cost(counts)
    return Review(
        fit=fit,
        fit_words=ngettext("%(count)s text", "%(count)s texts", fit) % {"count": number(fit)},
        parts=_parts(counts),
        cost=cost,
        cost_note=cost_note,
        ends=ends,
        ends_note=ends_note,
        verdicts=_verdicts(campaign),
        samples=_samples(campaign),
        reminders=_reminders(campaign),
        warnings=_warnings(campaign, sender),
    )


def _parts(counts: dict) -> str:
    parts = counts.get("parts", 0)
    return ngettext("%(count)s part in all", "%(count)s parts in all", parts) % {"count": number(parts)}


def _cost(counts: dict) -> tuple[list[str], str]:
    """Each currency for itself; what has no known price is said, never guessed."""
    known = [money(Decimal(amount), currency) for currency, amount in sorted(counts.get("cost", {}).items())]
    unpriced = counts.get("unpriced", 0)
    if not known:
        return [], _("The upstream tells no price for texts.") if unpriced else ""
    if unpriced:
        words = ngettext(
            "and %(count)s text whose price is not known", "and %(count)s texts whose price is not known", unpriced
        )
        return known, words % {"count": number(unpriced)}
    return known, ""


def _ends(campaign: Campaign, sender: Sender) -> tuple[str, str]:
    found = foretelling.forecast(campaign, sender)
    ends = _("about %(time)s") % {"time": when(found.done_at)} if found.done_at else _("in more than two weeks")
    notes = [_("at most %(count)s texts an hour") % {"count": number(found.an_hour)}]
    if found.ahead:
        notes.append(
            ngettext("%(count)s text of others shares them", "%(count)s texts of others share them", found.ahead)
            % {"count": number(found.ahead)}
        )
    if found.opens_at:
        notes.append(_("quiet hours last until %(time)s") % {"time": when(found.opens_at)})
    elif found.is_held:
        notes.append(_("nobody is texted in their quiet hours"))
    return ends, "; ".join(notes)


def _verdicts(campaign: Campaign) -> list[Verdict]:
    left_out = campaign.counts.get("left_out", {})
    return [
        Verdict(why_left_out(reason), number(count), [_example(row) for row in results.examples(campaign, reason)])
        for reason, count in sorted(left_out.items(), key=lambda item: -item[1])
    ]


def _example(row: CampaignRow) -> Example:
    return Example(number(row.position), _shown(row), row.values.get(templating.NAME, ""))


def _shown(row: CampaignRow) -> str:
    return phone(row.number, row.campaign.account.country) if phones.is_nanp(row.number) else row.number or "—"


def _samples(campaign: Campaign) -> list[Sample]:
    """The first of each language that is sent, and the longest."""
    fit = campaign.rows.filter(state=CampaignRow.State.FIT).select_related("campaign__account")
    found = {
        row.pk: row for row in [fit.order_by("position").first(), fit.order_by("-parts", "position").first()] if row
    }
    if campaign.body_en and campaign.body_fr:
        for language in ("en", "fr"):
            if row := fit.filter(language=language).order_by("position").first():
                found[row.pk] = row
    return [_sample(campaign, row) for row in list(found.values())[:3]]


def _sample(campaign: Campaign, row: CampaignRow) -> Sample:
    body = text_of(campaign, row)
    language = "fr" if body and campaign.body_fr and row.language == "fr" else ""
    return Sample(row.values.get(templating.NAME) or _shown(row), body, language)


def _reminders(campaign: Campaign) -> list[str]:
    """What Canada's anti-spam law asks of every such text."""
    found = []
    bodies = [body for body in (campaign.body_en, campaign.body_fr) if body]
    names = {campaign.account.name, *Brand.objects.filter(account=campaign.account).values_list("name", flat=True)}
    if not all(any(name.casefold() in body.casefold() for name in names if name) for body in bodies):
        found.append(_("Say who you are: the law (CASL) wants the sender's name in the text, and a way to reach you."))
    if not all(_STOP.search(body) for body in bodies):
        found.append(_("Say how to get no more: for example “STOP to end”, or “ARRET pour arrêter” in French."))
    without = campaign.counts.get("no_consent", 0)
    if without:
        words = ngettext(
            "For %(count)s person no consent is on record. You must be able to prove it for everybody you write to.",
            "For %(count)s people no consent is on record. You must be able to prove it for everybody you write to.",
            without,
        )
        found.append(words % {"count": number(without)})
    return found


def _warnings(campaign: Campaign, sender: Sender | None) -> list[str]:
    if sender is None:
        return [why_it_rests("number-gone")]
    balance = Balance.objects.filter(account=campaign.account, connection=sender.connection).first()
    cost = campaign.counts.get("cost", {})
    if balance and balance.currency in cost and balance.spendable < Decimal(cost[balance.currency]):
        words = _(
            "The balance at %(upstream)s is %(balance)s, less than this costs. It pauses when the money is used up."
        )
        return [words % {"upstream": sender.connection.label, "balance": money(balance.spendable, balance.currency)}]
    return []


# --- while and after ------------------------------------------------------------------------------------------------------


def progress(campaign: Campaign, sender: Sender | None) -> Progress:
    tally = results.tally(campaign)
    percent = tally.settled * 100 // tally.total if tally.total else 0
    done = {"done": number(tally.settled), "all": number(tally.total)}
    return Progress(percent, _("%(done)s of %(all)s") % done, _note(campaign, sender, tally), _figures(tally))


def _note(campaign: Campaign, sender: Sender | None, tally: Tally) -> str:
    if campaign.state == State.PAUSED:
        return why_it_rests(campaign.error) or _("Nothing goes out until you resume it.")
    if campaign.state != State.RUNNING:
        return ""
    notes = []
    if tally.held:
        words = ngettext(
            "%(count)s waits for the end of quiet hours.", "%(count)s wait for the end of quiet hours.", tally.held
        )
        notes.append(words % {"count": number(tally.held)})
    if sender and tally.of["waiting"]:
        notes.append(_("Done %(time)s.") % {"time": _ends(campaign, sender)[0]})
    return " ".join(notes)


def _figures(tally: Tally) -> list[Figure]:
    return [
        Figure(name, outcome(name), number(tally.of[name]), is_bad=name == "failed" and bool(tally.of[name]))
        for name in results.OUTCOMES
        if tally.of[name] or name in ALWAYS
    ]


def finished(campaign: Campaign) -> str:
    return _("%(day)s, made by %(person)s") % {
        "day": day(campaign.finished_at or campaign.created_at),
        "person": campaign.started_by or campaign.created_by or "—",
    }
