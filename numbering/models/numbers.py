"""DIDs: what the upstream holds, and the changes that were asked for."""

import re

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, AccountOwnedQuerySet, User
from providers.clients import phones
from providers.clients.capability import Capability
from providers.mirroring import Mirrored
from providers.models import Operation, slugs_that

NO_PLACE = ("tollfree", "international")  # kinds of numbers that are at no place 911 could send anyone to
NOTES = ("note", "tags", "cost_center")  # ours alone: no upstream knows them
HERE = "portal"  # as the value of `sms_webhook`: texts come to this portal. The address itself holds a secret.
_LAST = "9" * 16  # no digits come after these, in any database's order
_PHONE_LIKE = re.compile(r"^[\d\s().+\-\u2010-\u2015\u2212/]+$")


def _by_digits(text: str, digits: str, region: str) -> Q:
    try:
        return Q(number=phones.parse(text, region))
    except phones.PhoneError:
        pass
    start = "+" + (digits if text.startswith("+") or len(digits) == 11 else "1" + digits)
    backwards = digits[::-1]
    found = Q(number__gte=start, number__lte=start + _LAST)
    found |= Q(digits_reversed__gte=backwards, digits_reversed__lte=backwards + _LAST)
    # Few digits may stand anywhere, also in a name ("Suite 204"); more of them must not cost a scan of every row.
    return found | Q(number__contains=digits) | Q(label__icontains=text) if len(digits) < 4 else found


def _by_word(word: str) -> Q:
    digits = re.sub(r"\D", "", word)
    found = Q(label__icontains=word) | Q(city__icontains=word) | Q(tags__icontains=word)
    return found | Q(number__contains=digits) if len(digits) > 2 else found


OPEN = (Operation.State.QUEUED, Operation.State.SENDING, Operation.State.UNKNOWN)
STUCK = (Operation.State.FAILED, Operation.State.PARKED)


class NumberQuerySet(AccountOwnedQuerySet):
    def present(self):
        return self.filter(gone_at=None).exclude(status=Number.Status.DELETED)

    def gone(self):
        """Released here, or no longer listed by the upstream."""
        return self.filter(is_here=False)

    def search(self, text: str, region: str = "CA"):
        """What a person types to find a number: it in any notation, its first or last digits, name, city, tag."""
        text = text.strip()
        digits = re.sub(r"\D", "", text)
        if digits and _PHONE_LIKE.match(text):
            return self.filter(_by_digits(text, digits, region))
        words = self
        for word in text.split()[:6]:
            words = words.filter(_by_word(word))
        return words

    def can_text(self):
        """Numbers that may be offered as a sender."""
        return self.present().filter(sms=True, sms_enabled=True, status=Number.Status.ACTIVE)

    def can_call(self):
        """Numbers from which somebody could call 911 from a place."""
        return self.present().filter(voice=True).exclude(kind__in=NO_PLACE)

    def with_911_kept(self):
        """Those whose upstream tells and takes 911 addresses."""
        return self.filter(connection__slug__in=slugs_that(Capability.E911))

    def with_911_elsewhere(self):
        """Those of which nobody here can know: their upstream keeps no 911 addresses that it would tell."""
        return self.exclude(connection__slug__in=slugs_that(Capability.E911))


class Number(Mirrored):
    """A DID. `settings` is the truth last read upstream, under the names of `records.NUMBER_SETTINGS`.

    `note`, `tags` and `cost_center` are ours alone and no sync touches them.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        DISABLED = "disabled", _("Disabled")
        DELETED = "deleted", _("Released")

    account = models.ForeignKey(Account, models.PROTECT, related_name="numbers", verbose_name=_("account"))
    number = models.CharField(_("number"), max_length=16)
    digits_reversed = models.CharField(max_length=16, editable=False)  # an index on this finds "ends in 0134"
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ACTIVE)
    kind = models.CharField(_("kind"), max_length=15, default="local")
    subaccount_id = models.CharField(_("their sub-account"), max_length=64, blank=True)
    label = models.CharField(_("name"), max_length=60, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    region = models.CharField(_("province or state"), max_length=40, blank=True)
    country = models.CharField(_("country"), max_length=40, blank=True)
    voice = models.BooleanField(_("voice"), default=True)
    sms = models.BooleanField(_("can text"), default=False)
    mms = models.BooleanField(_("can send pictures"), default=False)
    fax = models.BooleanField(_("fax"), default=False)
    sms_enabled = models.BooleanField(_("texting on"), default=False)
    activated_on = models.DateField(_("since"), null=True, blank=True)
    settings = models.JSONField(_("settings"), default=dict, blank=True)
    note = models.TextField(_("note"), blank=True, max_length=2000)
    tags = models.CharField(_("tags"), max_length=200, blank=True)
    cost_center = models.CharField(_("cost centre"), max_length=60, blank=True)
    is_here = models.GeneratedField(
        expression=Q(gone_at__isnull=True) & ~Q(status="deleted"), output_field=models.BooleanField(), db_persist=True
    )
    texted_at = models.DateTimeField(
        _("first text seen"), null=True, blank=True, editable=False
    )  # over this connection
    gone_told_at = models.DateTimeField(_("told that it is gone"), null=True, blank=True, editable=False)

    objects = NumberQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("number"), _("numbers")
        constraints = [
            models.UniqueConstraint(fields=["connection", "external_id"], name="one_number_per_id"),
            # A number has one owner: it may be listed by one connection only while it is present.
            models.UniqueConstraint(
                fields=["number"],
                condition=models.Q(gone_at=None) & ~models.Q(status="deleted"),
                name="one_present_number",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "number"], name="numbers_of_account"),
            models.Index(fields=["account", "digits_reversed"], name="numbers_by_last_digits"),
            # Each order of the list, and each choice that few numbers may fit, has its index: a page of a million numbers
            # must not read them all.
            models.Index(fields=["account", "label", "number"], name="numbers_by_label"),
            models.Index(fields=["account", "city", "number"], name="numbers_by_city"),
            models.Index(fields=["account", "cost_center", "number"], name="numbers_by_cost_center"),
            models.Index(fields=["account", "connection", "number"], name="numbers_by_connection"),
            models.Index(fields=["account", "-id"], name="numbers_newest"),
            models.Index(fields=["account", "status", "number"], name="numbers_by_status"),
            models.Index(fields=["account", "number"], condition=models.Q(is_here=False), name="numbers_not_here"),
            models.Index(fields=["account", "number"], condition=models.Q(fax=True), name="numbers_with_fax"),
            models.Index(fields=["gone_at"], condition=models.Q(gone_at__isnull=False), name="numbers_gone"),
        ]

    def __str__(self):
        return self.number

    def save(self, *args, **kwargs):
        self.digits_reversed = self.number[::-1]
        super().save(*args, **kwargs)


class NumberChangeQuerySet(models.QuerySet):
    def asked_by(self, account_id: int):
        """By the account that has the number now: what an earlier one asked for is none of its business."""
        return self.filter(operation__arguments__account_id=account_id)

    def under_way(self):
        return self.filter(operation__state__in=OPEN)

    def unsettled(self):
        """Changes that a number's page must still show: on their way, or refused and not yet dismissed."""
        return self.filter(Q(operation__state__in=OPEN) | Q(operation__state__in=STUCK, discarded_at=None))


class NumberChange(models.Model):
    """One saved form: which settings a person changed, and the operation that carries it upstream.

    A refused change stays on the page with what was typed, until it is tried again, replaced or discarded.
    """

    number = models.ForeignKey(Number, models.CASCADE, related_name="changes", verbose_name=_("number"))
    operation = models.OneToOneField(Operation, models.PROTECT, related_name="+", verbose_name=_("operation"))
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("person"))
    before = models.JSONField(default=dict)
    wanted = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("asked"), auto_now_add=True)
    discarded_at = models.DateTimeField(_("discarded"), null=True, blank=True, editable=False)

    objects = NumberChangeQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("number change"), _("number changes")
        ordering = ["-id"]

    def __str__(self):
        return f"{self.number}: {', '.join(self.wanted)}"
