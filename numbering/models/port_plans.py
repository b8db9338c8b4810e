"""What shall be set on a number as soon as its port brings it here: calls, texts and 911, prepared before the day (row D16)."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from numbering.models.emergency import EmergencyChange
from numbering.models.numbers import NumberChange
from numbering.models.ports import PortRequest


class PortPlan(models.Model):
    """Kept here alone until the upstream lists the number; then each part is asked for like any change of a person's.

    No upstream takes settings, or a 911 address, for a number that is not on the account yet.
    """

    port = models.ForeignKey(PortRequest, models.CASCADE, related_name="plans", verbose_name=_("port request"))
    number = models.CharField(_("number"), max_length=16)
    calls = models.JSONField(_("calls"), default=dict, blank=True)  # settings under the names of NUMBER_SETTINGS
    texts = models.JSONField(_("texts"), default=dict, blank=True)
    place = models.CharField(_("address of the book"), max_length=60, blank=True)
    address = models.JSONField(_("address"), default=dict, blank=True)  # as it was when it was chosen
    place_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")  # who chose the address
    terms_version = models.CharField(_("terms accepted"), max_length=20, blank=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("person"))
    ip = models.GenericIPAddressField(_("IP address"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)
    begun_at = models.DateTimeField(_("asked for"), null=True, blank=True, editable=False)  # all parts of it
    calls_change = models.ForeignKey(NumberChange, models.SET_NULL, null=True, blank=True, related_name="+")
    texts_change = models.ForeignKey(NumberChange, models.SET_NULL, null=True, blank=True, related_name="+")
    emergency_change = models.ForeignKey(EmergencyChange, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name, verbose_name_plural = _("plan for a port day"), _("plans for port days")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["port", "number"], name="one_plan_per_ported_number")]
        indexes = [models.Index(fields=["number"], condition=models.Q(begun_at=None), name="plans_not_begun")]

    def __str__(self):
        return f"{self.port} {self.number}"
