"""Calls to 911 that an upstream's log told of, and test calls to 933 (E11)."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, AccountOwnedQuerySet
from numbering.models.numbers import Number
from providers.models import Connection


class EmergencyCall(models.Model):
    """One call, told of once. `source` is as the log has it: a number of ours, or an extension behind one."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="emergency_calls", verbose_name=_("account"))
    connection = models.ForeignKey(Connection, models.PROTECT, related_name="+", verbose_name=_("connection"))
    external_id = models.CharField(_("their id"), max_length=64)
    number = models.ForeignKey(
        Number, models.SET_NULL, null=True, blank=True, related_name="emergency_calls", verbose_name=_("number")
    )
    source = models.CharField(_("from"), max_length=64)
    is_test = models.BooleanField(_("test call"), default=False)
    answered = models.BooleanField(_("answered"), null=True)
    seconds = models.PositiveIntegerField(_("seconds"), default=0)
    called_at = models.DateTimeField(_("called"))
    found_at = models.DateTimeField(_("read"), default=timezone.now, editable=False)
    told_at = models.DateTimeField(_("people told"), null=True, blank=True, editable=False)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("call to 911"), _("calls to 911")
        constraints = [models.UniqueConstraint(fields=["connection", "external_id"], name="one_emergency_call_per_id")]
        indexes = [
            models.Index(fields=["account", "-called_at"], name="emergency_calls_of_account"),
            models.Index(fields=["id"], condition=models.Q(told_at=None), name="emergency_calls_to_tell"),
        ]

    def __str__(self):
        return f"{self.source} {self.called_at:%Y-%m-%d %H:%M}"
