"""DIDs: what the upstream holds, and the changes that were asked for."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, AccountOwnedQuerySet, User
from providers.models import Operation
from providers.sync import Mirrored


class NumberQuerySet(AccountOwnedQuerySet):
    def present(self):
        return self.filter(gone_at=None).exclude(status=Number.Status.DELETED)

    def can_text(self):
        """Numbers that may be offered as a sender."""
        return self.present().filter(sms=True, sms_enabled=True, status=Number.Status.ACTIVE)


class Number(Mirrored):
    """A DID. `settings` is the truth last read upstream, under the names of `records.NUMBER_SETTINGS`.

    `note` and `tags` are ours alone and no sync touches them.
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

    objects = NumberQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("number"), _("numbers")
        constraints = [
            models.UniqueConstraint(fields=["connection", "external_id"], name="one_number_per_id"),
            # A number has one owner: it may be listed by one connection only while it is present.
            models.UniqueConstraint(
                fields=["number"], condition=models.Q(gone_at=None) & ~models.Q(status="deleted"), name="one_present_number"
            ),
        ]
        indexes = [
            models.Index(fields=["account", "number"], name="numbers_of_account"),
            models.Index(fields=["account", "digits_reversed"], name="numbers_by_last_digits"),
        ]

    def __str__(self):
        return self.number

    def save(self, *args, **kwargs):
        self.digits_reversed = self.number[::-1]
        super().save(*args, **kwargs)


class NumberChange(models.Model):
    """One saved form: which settings a person changed, and the operation that carries it upstream."""

    number = models.ForeignKey(Number, models.CASCADE, related_name="changes", verbose_name=_("number"))
    operation = models.OneToOneField(Operation, models.PROTECT, related_name="+", verbose_name=_("operation"))
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    before = models.JSONField(default=dict)
    wanted = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name, verbose_name_plural = _("number change"), _("number changes")
        ordering = ["-id"]

    def __str__(self):
        return f"{self.number}: {', '.join(self.wanted)}"
