"""The PIN without which no other carrier gets a number: that it was set, when and by whom, never which (row D19)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from numbering.models.numbers import Number
from providers.models import Operation
from providers.vault import SealedField


class PortOutPin(models.Model):
    """One setting of it. The digits stay sealed until the upstream has them, and are forgotten then."""

    number = models.ForeignKey(Number, models.CASCADE, related_name="port_out_pins", verbose_name=_("number"))
    operation = models.OneToOneField(
        Operation, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("operation")
    )
    sealed_digits = SealedField()
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("person"))
    actor_name = models.CharField(_("by"), max_length=160)
    created_at = models.DateTimeField(_("asked"), auto_now_add=True)

    class Meta:
        verbose_name, verbose_name_plural = _("port-out PIN"), _("port-out PINs")
        ordering = ["-id"]

    def __str__(self):
        return f"{self.number} {self.created_at:%Y-%m-%d}"
