"""Numbers ordered that no upstream had in stock: its staff get them, and they appear on the account one day."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, AccountOwnedQuerySet, User
from billing.models import Reservation
from numbering.models.numbers import Number
from providers.models import Connection, Operation


class BackOrderQuerySet(AccountOwnedQuerySet):
    def awaited(self):
        """Those whose numbers may still come, also where nobody knows whether the upstream has the order."""
        sent = [Operation.State.DONE, Operation.State.UNKNOWN, Operation.State.PARKED]
        return self.filter(closed_at=None, operation__state__in=sent)


class BackOrder(models.Model):
    """How many numbers of which rate centre. Upstream tells nothing of an order: what comes home is matched to it.

    `after` is the newest number that was known when it was made: whatever comes later may be its.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="back_orders", verbose_name=_("account"))
    connection = models.ForeignKey(Connection, models.PROTECT, related_name="+", verbose_name=_("connection"))
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("person"))
    key = models.CharField(max_length=120, unique=True, editable=False)
    area_code = models.CharField(_("area code"), max_length=3)
    place_id = models.CharField(_("their id"), max_length=64)
    place = models.CharField(_("rate centre"), max_length=80)
    quantity = models.PositiveSmallIntegerField(_("how many"))
    sequential = models.BooleanField(_("in a row"), default=False)
    sms = models.BooleanField(_("can text"), default=False)
    after = models.BigIntegerField(default=0, editable=False)
    operation = models.OneToOneField(Operation, models.PROTECT, related_name="+", verbose_name=_("operation"))
    # Under a spend cap only: what the order may cost, by what numbers of the area code cost in stock.
    reservation = models.OneToOneField(
        Reservation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("money put aside")
    )
    created_at = models.DateTimeField(_("ordered"), auto_now_add=True)
    stopped_at = models.DateTimeField(_("no longer waited for"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = BackOrderQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("back-order"), _("back-orders")
        indexes = [models.Index(fields=["account", "-id"], name="back_orders_of_account")]

    def __str__(self):
        return f"{self.quantity} × {self.place}"


class BackOrderArrival(models.Model):
    """A number that came for a back-order."""

    order = models.ForeignKey(BackOrder, models.CASCADE, related_name="arrivals", verbose_name=_("back-order"))
    number = models.OneToOneField(Number, models.CASCADE, related_name="+", verbose_name=_("number"))
    seen_at = models.DateTimeField(_("seen"), auto_now_add=True)

    class Meta:
        verbose_name, verbose_name_plural = _("number that came"), _("numbers that came")

    def __str__(self):
        return str(self.number)
