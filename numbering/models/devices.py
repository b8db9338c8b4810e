"""Telephones and exchanges that call out, and the 911 address that each is tied to."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, AccountOwnedQuerySet
from providers.mirroring import Mirrored
from providers.models import Operation


class Device(Mirrored):
    """A device as last read upstream. `number` is the one whose 911 address it calls from: "" for none, None when the
    upstream's lists leave it open. `operation` is the latest change of it that somebody asked for."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="devices", verbose_name=_("account"))
    name = models.CharField(_("name"), max_length=120)
    username = models.CharField(_("user name"), max_length=120, blank=True)
    number = models.CharField(_("calls 911 from the address of"), max_length=16, null=True, blank=True, default="")
    operation = models.ForeignKey(
        Operation, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("operation")
    )

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("device"), _("devices")
        constraints = [models.UniqueConstraint(fields=["connection", "external_id"], name="one_device_per_id")]
        indexes = [
            models.Index(fields=["account", "name"], condition=Q(gone_at=None), name="devices_of_account"),
            models.Index(fields=["connection", "number"], condition=Q(gone_at=None), name="devices_of_addresses"),
        ]

    def __str__(self):
        return self.name
