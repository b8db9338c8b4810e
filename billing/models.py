"""Balances and the ledger, as each upstream keeps them. Amounts of different currencies are never added."""

from datetime import date, datetime
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, AccountOwnedQuerySet
from providers.mirroring import Mirrored
from providers.models import Connection


class Balance(models.Model):
    """The balance of one connection's main account. Positive is money the customer has, negative money owed."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="balances", verbose_name=_("account"))
    connection = models.OneToOneField(Connection, models.CASCADE, related_name="balance", verbose_name=_("connection"))
    amount = models.DecimalField(_("balance"), max_digits=18, decimal_places=6)
    available = models.DecimalField(_("available"), max_digits=18, decimal_places=6, null=True, blank=True)
    credit_limit = models.DecimalField(_("credit limit"), max_digits=18, decimal_places=6, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    warn_below = models.DecimalField(_("warn below"), max_digits=12, decimal_places=2, default=25)
    low_since = models.DateTimeField(_("low since"), null=True, blank=True, editable=False)
    read_at = models.DateTimeField(_("read"))

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("balance"), _("balances")

    def __str__(self):
        return f"{self.connection}: {self.amount:.2f} {self.currency}"

    @property
    def spendable(self) -> Decimal:
        """What may still be spent: credit included where the upstream says how much of it is left."""
        return self.amount if self.available is None else self.available

    @property
    def is_low(self) -> bool:
        return self.spendable < self.warn_below

    def note_level(self, now: datetime) -> None:
        """Remember when the balance went low, once per crossing."""
        self.low_since = (self.low_since or now) if self.is_low else None


class LedgerQuerySet(AccountOwnedQuerySet):
    def newest_first(self):
        return self.order_by("-occurred_on", "-pk")

    def older_than(self, occurred_on: date, pk: int):
        """What follows the given line when the newest come first."""
        return self.filter(occurred_on__lte=occurred_on).filter(Q(occurred_on__lt=occurred_on) | Q(pk__lt=pk))


class LedgerEntry(Mirrored):
    """One line of billing activity. `amount` is signed: charges negative, payments and credits positive."""

    class Kind(models.TextChoices):
        CHARGE = "charge", _("Charge")
        INVOICE = "invoice", _("Invoice")
        PAYMENT = "payment", _("Payment")
        CREDIT = "credit", _("Credit")
        REFUND = "refund", _("Refund")
        RETURN = "return", _("Returned payment")

    CHARGES = ("charge", "invoice")  # what is paid for service, as against money that went back

    account = models.ForeignKey(Account, models.PROTECT, related_name="ledger", verbose_name=_("account"))
    kind = models.CharField(_("type"), max_length=10, choices=Kind)
    occurred_on = models.DateField(_("date"))
    description = models.CharField(_("description"), max_length=300, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=6)
    currency = models.CharField(_("currency"), max_length=3)
    balance_after = models.DecimalField(_("balance after"), max_digits=18, decimal_places=6, null=True, blank=True)
    invoice_number = models.CharField(_("invoice"), max_length=40, blank=True)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("ledger entry"), _("ledger")
        constraints = [models.UniqueConstraint(fields=["connection", "external_id"], name="one_ledger_entry_per_id")]
        indexes = [models.Index(fields=["account", "-occurred_on", "-id"], name="ledger_of_account")]

    def __str__(self):
        return f"{self.occurred_on} {self.description} {self.amount:.2f} {self.currency}"


class SpendCap(models.Model):
    """The most that an account, with all below it, may commit in one day to what is bought here. Kept by staff.

    A sub-account buys on the main account's money, so it may buy at all only within a cap.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="spend_caps", verbose_name=_("account"))
    currency = models.CharField(_("currency"), max_length=3)
    per_day = models.DecimalField(_("at most a day"), max_digits=12, decimal_places=2)

    class Meta:
        verbose_name, verbose_name_plural = _("spend cap"), _("spend caps")
        constraints = [models.UniqueConstraint(fields=["account", "currency"], name="one_spend_cap_per_currency")]

    def __str__(self):
        return f"{self.account}: {self.per_day} {self.currency}"


class Reservation(models.Model):
    """Money put aside before something paid is asked of an upstream, so that two people never spend the same dollar.

    held -> spent      it was bought
      `---> released   it was not
    """

    class State(models.TextChoices):
        HELD = "held", _("Put aside")
        SPENT = "spent", _("Spent")
        RELEASED = "released", _("Not spent")

    connection = models.ForeignKey(Connection, models.PROTECT, related_name="+", verbose_name=_("connection"))
    account = models.ForeignKey(Account, models.PROTECT, related_name="reservations", verbose_name=_("account"))
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=6)
    currency = models.CharField(_("currency"), max_length=3)
    purpose = models.CharField(_("for"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.HELD)
    created_at = models.DateTimeField(_("put aside"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("reservation"), _("reservations")
        indexes = [
            models.Index(fields=["connection", "state"], name="reservations_open"),
            models.Index(fields=["account", "created_at"], name="reservations_of_day"),
        ]

    def __str__(self):
        return f"{self.purpose}: {self.amount:.2f} {self.currency}"
