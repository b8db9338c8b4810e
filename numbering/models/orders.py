"""Numbers that were ordered: each line is one number, its price as it was confirmed, and the operation that buys it."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, AccountOwnedQuerySet, User
from billing.models import Reservation
from numbering.models.numbers import OPEN, Number
from providers.models import Connection, Operation


class OrderQuerySet(AccountOwnedQuerySet):
    def newest_first(self):
        return self.order_by("-pk")


class NumberOrder(models.Model):
    """What a person ordered in one form: numbers chosen from those for sale. `key` makes the same form one order."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="orders", verbose_name=_("account"))
    connection = models.ForeignKey(Connection, models.PROTECT, related_name="+", verbose_name=_("connection"))
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("person"))
    key = models.CharField(max_length=120, unique=True, editable=False)
    fingerprint = models.CharField(max_length=32, editable=False)
    created_at = models.DateTimeField(_("ordered"), auto_now_add=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("number order"), _("number orders")
        indexes = [models.Index(fields=["account", "-id"], name="orders_of_account")]

    def __str__(self):
        return f"{self.account} {self.created_at:%Y-%m-%d %H:%M}"


class OrderLineQuerySet(models.QuerySet):
    def open(self):
        return self.filter(operation__state__in=OPEN)


class OrderLine(models.Model):
    """One number of an order. Its state is its operation's: one that is refused stops no other."""

    order = models.ForeignKey(NumberOrder, models.CASCADE, related_name="lines", verbose_name=_("order"))
    number = models.CharField(_("number"), max_length=16)
    city = models.CharField(_("city"), max_length=80, blank=True)
    region = models.CharField(_("province or state"), max_length=40, blank=True)
    setup_fee = models.DecimalField(_("setup fee"), max_digits=12, decimal_places=4, null=True, blank=True)
    monthly_fee = models.DecimalField(_("monthly fee"), max_digits=12, decimal_places=4, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    operation = models.OneToOneField(Operation, models.PROTECT, related_name="+", verbose_name=_("operation"))
    reservation = models.OneToOneField(
        Reservation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("reservation")
    )
    bought = models.ForeignKey(
        Number, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("number")
    )

    objects = OrderLineQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("ordered number"), _("ordered numbers")
        constraints = [models.UniqueConstraint(fields=["order", "number"], name="one_line_per_number")]

    def __str__(self):
        return self.number
