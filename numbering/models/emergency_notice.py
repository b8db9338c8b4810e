"""The yearly notice of the limits of 911, and people's word that an address is still right (E9)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, AccountOwnedQuerySet, User
from numbering.models.numbers import Number


class EmergencyNotice(models.Model):
    """A notice that fell due for an account, and to whom it was sent. One for each day it fell due on."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="emergency_notices", verbose_name=_("account"))
    due_on = models.DateField(_("due on"))
    terms_version = models.CharField(_("version of the text"), max_length=20)
    recipients = models.JSONField(_("sent to"), default=list, blank=True)
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("yearly 911 notice"), _("yearly 911 notices")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["account", "due_on"], name="one_notice_per_due_day")]

    def __str__(self):
        return f"{self.account} {self.due_on}"


class EmergencyConfirmation(models.Model):
    """A person said that a number's address, as it was then, is still right."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("account"))
    number = models.ForeignKey(Number, models.CASCADE, related_name="emergency_confirmations", verbose_name=_("number"))
    address = models.JSONField(_("address"), default=dict)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("person"))
    ip = models.GenericIPAddressField(_("IP address"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), auto_now_add=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("confirmed 911 address"), _("confirmed 911 addresses")
        ordering = ["-id"]
        indexes = [models.Index(fields=["number", "-id"], name="latest_confirmation")]

    def __str__(self):
        return f"{self.number} {self.confirmed_at:%Y-%m-%d}"
