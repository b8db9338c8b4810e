"""Every row of a campaign is checked before anything goes: number, sender, opt-out, variables, doubles, length, price.

One worker checks, by its lease. A check that was interrupted begins anew: nothing of it has left the portal.
"""

import logging
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from django.db import OperationalError
from django.db.models import Q
from django.utils import timezone

from accounts import csv_reading as reading
from messaging import consent, segments, senders, templating
from messaging.campaigns import recipients
from messaging.campaigns.recipients import Recipient
from messaging.importing.seen import Seen
from messaging.models import Campaign, CampaignRow, Consent, Contact
from messaging.senders import Sender
from messaging.services import CannotSend, destination
from messaging.upstream import prices
from messaging.upstream.prices import PriceList

LEASE = timedelta(seconds=90)
LONGEST_VALUE = 200
State, Row = Campaign.State, CampaignRow.State
log = logging.getLogger(__name__)


def waiting() -> list[int]:
    """Campaigns to be checked that nobody works on: new ones, and those whose worker died."""
    free = Q(lease_until=None) | Q(lease_until__lt=timezone.now())
    return list(Campaign.objects.filter(free, state=State.CHECKING).values_list("pk", flat=True))


def check(pk: int) -> bool:
    """Safe to call twice, also at once. Returns whether this call finished the check."""
    campaign = _claim(pk)
    if campaign is None:
        return False
    sender = senders.sender(campaign.account, campaign.sender)
    if sender is None:
        return _give_back(campaign, "number-gone")
    try:
        return _Check(campaign, sender).run()
    except reading.NotReadable as error:
        return _give_back(campaign, error.code)
    except OperationalError:
        raise  # the database is away: the sweep comes back to it
    except (OSError, ValueError) as error:
        log.warning("campaign %s cannot be checked: %s", pk, type(error).__name__)
        return _give_back(campaign, "file-lost")


def _claim(pk: int) -> Campaign | None:
    now = timezone.now()
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    if not Campaign.objects.filter(free, pk=pk, state=State.CHECKING).update(lease_until=now + LEASE):
        return None
    return Campaign.objects.select_related("account").get(pk=pk)


def _mine(campaign: Campaign):
    return Campaign.objects.filter(pk=campaign.pk, state=State.CHECKING, lease_until=campaign.lease_until)


def _give_back(campaign: Campaign, code: str) -> bool:
    """The person has something to mend."""
    now = timezone.now()
    values = {"state": State.DRAFT, "error": code, "lease_until": None, "changed_at": now}
    return bool(_mine(campaign).update(**values))


@dataclass(slots=True)
class Counts:
    """What the check found. Costs of different currencies are never added."""

    rows: int = 0
    fit: int = 0
    parts: int = 0
    no_consent: int = 0
    unpriced: int = 0
    left_out: Counter = field(default_factory=Counter)
    parts_of: Counter = field(default_factory=Counter)
    cost: dict[str, Decimal] = field(default_factory=dict)

    def kept(self) -> dict:
        return {
            "rows": self.rows,
            "fit": self.fit,
            "parts": self.parts,
            "no_consent": self.no_consent,
            "unpriced": self.unpriced,
            "left_out": dict(self.left_out),
            "parts_of": {str(parts): count for parts, count in sorted(self.parts_of.items())},
            "cost": {currency: str(amount) for currency, amount in self.cost.items()},
        }


class _Check:
    """One run over all rows, a batch at a time."""

    def __init__(self, campaign: Campaign, sender: Sender):
        self.campaign, self.sender = campaign, sender
        self.account = campaign.account
        self.without = list(campaign.without.values_list("pk", flat=True))
        bodies = [body for body in (campaign.body_en, campaign.body_fr) if body]
        self.wanted = {name for body in bodies for name in templating.variables_of(body)}
        self.counts = Counts()
        self.prices: PriceList = prices.read(sender.connection)
        self.seen = Seen(max(1, recipients.at_most(campaign)))

    def run(self) -> bool:
        self.campaign.rows.all().delete()
        for batch in recipients.batches(self.campaign):
            rows = self._rows(batch)
            CampaignRow.objects.bulk_create(rows)
            if not self._keep():
                return False  # somebody else's by now
        kept = {"state": State.READY, "error": "", "lease_until": None}
        return bool(_mine(self.campaign).update(**kept, counts=self._kept_counts(), changed_at=timezone.now()))

    def _keep(self) -> bool:
        lease = max(timezone.now() + LEASE, self.campaign.lease_until + timedelta(microseconds=1))
        if not _mine(self.campaign).update(lease_until=lease, counts=self._kept_counts(), changed_at=timezone.now()):
            return False
        self.campaign.lease_until = lease
        return True

    def _kept_counts(self) -> dict:
        return {**self.counts.kept(), "file": self.campaign.counts.get("file", "")}

    def _rows(self, batch: list[Recipient]) -> list[CampaignRow]:
        numbers = [self._number(recipient) for recipient in batch]
        good = {number for number, reason in numbers if not reason}
        known = _Known(self.account, good, self.without)
        rows = []
        for recipient, (number, reason) in zip(batch, numbers, strict=True):
            self.counts.rows += 1
            rows.append(self._row(recipient, number, reason, known))
        return rows

    def _number(self, recipient: Recipient) -> tuple[str, str]:
        """E.164 and "", or the text as it is written and why it is no number that this sender reaches."""
        if recipient.trouble:
            return "", recipient.trouble
        try:
            return destination(recipient.number.lstrip("'="), self.sender, self.account.country), ""
        except CannotSend as error:
            return recipient.number, error.code

    def _row(self, recipient: Recipient, number: str, reason: str, known: "_Known") -> CampaignRow:
        contact = known.contacts.get(number)
        language = recipient.language or (contact.language if contact else "")
        values = self._values(recipient, contact)
        row = CampaignRow(
            campaign=self.campaign, position=self.counts.rows, number=number[:40], language=language, values=values
        )
        row.reason = reason or known.against(number) or self._against_text(row)
        if not row.reason and not self.seen.add(number):
            row.reason = "duplicate"
        if row.reason:
            row.state = Row.LEFT_OUT
            self.counts.left_out[row.reason] += 1
        else:
            self._count(row, has_consent=number in known.consenting)
        return row

    def _values(self, recipient: Recipient, contact: Contact | None) -> dict[str, str]:
        """What the row itself says, and what the contact is known by where it says nothing."""
        known = templating.values_of(contact.name, contact.fields) if contact else {}
        values = {**known, **recipient.values}
        return {
            name: values[name][:LONGEST_VALUE] for name in sorted(self.wanted | {templating.NAME}) if values.get(name)
        }

    def _against_text(self, row: CampaignRow) -> str:
        """What is wrong with the text that this row would get; counts its parts."""
        try:
            body = text_of(self.campaign, row)
        except templating.Missing as missing:
            row.values["missing"] = ", ".join(missing.names)[:LONGEST_VALUE]
            return "variable-missing"
        count = segments.count(body)
        row.parts = count.parts
        return "empty" if not body else "too-long" if count.longer_than(self.sender.longest) else ""

    def _count(self, row: CampaignRow, *, has_consent: bool) -> None:
        counts = self.counts
        counts.fit += 1
        counts.parts += row.parts
        counts.parts_of[row.parts] += 1
        counts.no_consent += not has_consent
        if price := self.prices.of(row.number):
            counts.cost[price.currency] = counts.cost.get(price.currency, Decimal()) + price.amount * row.parts
        else:
            counts.unpriced += 1


class _Known:
    """What the account knows of the numbers of a batch; a question each."""

    def __init__(self, account, numbers: set[str], without: list[int]):
        contacts = Contact.objects.for_account(account).filter(number__in=numbers)
        self.contacts = {contact.number: contact for contact in contacts}
        self.opted_out = consent.opted_out_among(account.pk, numbers)
        self.excluded = set(contacts.filter(groups__in=without).values_list("number", flat=True)) if without else set()
        today = timezone.localdate()
        given = Consent.objects.filter(
            contact__in=[contact.pk for contact in self.contacts.values()], given_on__lte=today
        )
        in_force = given.filter(Q(expires_on=None) | Q(expires_on__gte=today))
        self.consenting = set(in_force.values_list("contact__number", flat=True))

    def against(self, number: str) -> str:
        if number in self.opted_out:
            return "opted-out"
        if number in self.excluded:
            return "excluded"
        contact = self.contacts.get(number)
        return "blocked" if contact and contact.blocked_at else ""


def text_of(campaign: Campaign, row: CampaignRow) -> str:
    """The text that a row gets, as it goes out. Raises `templating.Missing`."""
    body = templating.choose(campaign, row.language, campaign.account.language)
    return segments.clean(templating.render(body, row.values))
