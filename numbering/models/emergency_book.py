"""911 addresses kept for many numbers: the address book, one address given to several numbers, and accepted terms."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, AccountOwnedQuerySet, User
from numbering.models.emergency import EmergencyChange
from numbering.models.numbers import Number


class EmergencyPlace(models.Model):
    """An entry of the address book. It is only text: no number has it until somebody gives it to one."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="emergency_places", verbose_name=_("account"))
    label = models.CharField(_("name in the book"), max_length=60)
    address = models.JSONField(_("address"), default=dict)  # an EmergencyAddress as plain values
    is_usual = models.BooleanField(_("the usual one"), default=False)
    version = models.PositiveIntegerField(default=1, editable=False)  # a form made from an older one is told so
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("person"))
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("address of the book"), _("addresses of the book")
        ordering = ["-is_usual", "label", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["account", "label"], name="one_place_per_name"),
            models.UniqueConstraint(fields=["account"], condition=models.Q(is_usual=True), name="one_usual_place"),
        ]

    def __str__(self):
        return self.label


class EmergencyAssignment(models.Model):
    """One address asked for many numbers in one act. A worker asks for each; each has its own change and outcome."""

    public_id = models.UUIDField(_("our id"), default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("account"))
    place = models.ForeignKey(
        EmergencyPlace, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("from the book")
    )
    address = models.JSONField(_("address"), default=dict)
    intent = models.CharField(max_length=80, unique=True, editable=False)  # one form is one act
    fingerprint = models.CharField(max_length=40, editable=False)
    terms_version = models.CharField(_("terms accepted"), max_length=20)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("person"))
    ip = models.GenericIPAddressField(_("IP address"), null=True, blank=True)
    created_at = models.DateTimeField(_("asked"), auto_now_add=True)
    begun_at = models.DateTimeField(_("asked for each number"), null=True, blank=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("911 address for many"), _("911 addresses for many")
        ordering = ["-id"]

    def __str__(self):
        return f"911 {self.public_id}"


class EmergencyAssignmentRow(models.Model):
    """One number of an assignment: its change, or why none was asked for."""

    class Refusal(models.TextChoices):
        BUSY = "busy", _("Another change was on its way")
        NOT_HERE = "not_here", _("Cannot have a 911 address here")

    assignment = models.ForeignKey(EmergencyAssignment, models.CASCADE, related_name="rows")
    number = models.ForeignKey(Number, models.CASCADE, related_name="+", verbose_name=_("number"))
    change = models.ForeignKey(EmergencyChange, models.SET_NULL, null=True, blank=True, related_name="+")
    refusal = models.CharField(max_length=12, choices=Refusal, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("number of it"), _("numbers of it")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["assignment", "number"], name="a_number_once_per_assignment")]

    def __str__(self):
        return f"{self.assignment} {self.number}"


class TermsAcceptance(models.Model):
    """That a person accepted the limits of 911 for an account: which text, in which language, when and from where."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="terms_acceptances", verbose_name=_("account"))
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("person"))
    version = models.CharField(_("version of the text"), max_length=20)
    language = models.CharField(_("language"), max_length=2)
    ip = models.GenericIPAddressField(_("IP address"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), auto_now_add=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("acceptance of the terms"), _("acceptances of the terms")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "user", "version"], name="one_acceptance_per_person_and_text")
        ]

    def __str__(self):
        return f"{self.version} {self.user}"
