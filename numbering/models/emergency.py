"""911 addresses: what is provisioned upstream, and the changes that were asked for."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, AccountOwnedQuerySet, User
from numbering.models.numbers import Number
from providers.mirroring import Mirrored
from providers.models import Operation


class EmergencyEndpoint(Mirrored):
    """The 911 address the upstream has for a number, as last read back. Only this makes a number green."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="emergency_endpoints", verbose_name=_("account"))
    number = models.CharField(_("number"), max_length=16, db_index=True)
    address = models.JSONField(_("address"), default=dict)  # an EmergencyAddress as plain values
    is_default = models.BooleanField(_("the account's default"), default=False)
    provisioned = models.BooleanField(_("provisioned"), default=True)
    confirmed_at = models.DateTimeField(_("read back"), default=timezone.now)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("911 address"), _("911 addresses")
        constraints = [models.UniqueConstraint(fields=["connection", "external_id"], name="one_endpoint_per_id")]
        indexes = [models.Index(fields=["account", "number"], name="endpoints_of_account")]

    def __str__(self):
        return f"911 {self.number}"


class EmergencyChange(models.Model):
    """A 911 address somebody asked for. Its operation checks, saves and reads back.

    checking -> provisioned      the read-back equals what was asked, field by field
             -> alternates       the upstream knows other addresses: a person chooses, we never do
             -> differs          saved, but what was read back is something else
             -> failed           refused, with its reason
             -> unknown          no clear answer yet: the old address may still be in force
    removal:  checking -> removed | failed | unknown
    """

    class State(models.TextChoices):
        CHECKING = "checking", _("Being checked")
        ALTERNATES = "alternates", _("Choose the right address")
        PROVISIONED = "provisioned", _("Active")
        DIFFERS = "differs", _("Saved, but not as asked")
        FAILED = "failed", _("Not accepted")
        UNKNOWN = "unknown", _("Not known yet")
        REMOVED = "removed", _("Removed")

    DOUBTS = ("unknown", "differs")  # what is in force may not be what was asked for

    public_id = models.UUIDField(_("our id"), default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("account"))
    number = models.ForeignKey(Number, models.CASCADE, related_name="emergency_changes", verbose_name=_("number"))
    operation = models.ForeignKey(Operation, models.PROTECT, null=True, related_name="+", verbose_name=_("operation"))
    removal = models.BooleanField(_("removal"), default=False)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.CHECKING)
    wanted = models.JSONField(_("asked for"), default=dict)
    before = models.JSONField(_("before"), default=dict, blank=True)
    read_back = models.JSONField(_("read back"), default=dict, blank=True)
    alternates = models.JSONField(_("alternates"), default=list, blank=True)
    problems = models.JSONField(_("problems"), default=list, blank=True)
    terms_version = models.CharField(_("terms accepted"), max_length=20, blank=True)
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("person"))
    ip = models.GenericIPAddressField(_("IP address"), null=True, blank=True)
    created_at = models.DateTimeField(_("asked"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    alerted_at = models.DateTimeField(_("staff told"), null=True, blank=True, editable=False)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("911 change"), _("911 changes")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["number", "-id"], name="latest_emergency_change"),
            models.Index(
                fields=["id"],
                condition=models.Q(alerted_at=None, state__in=["unknown", "differs"]),
                name="doubts_nobody_was_told_of",
            ),
            # Home counts these; the few must be found among a change for each of a million numbers.
            models.Index(
                fields=["account", "number"],
                condition=models.Q(state__in=["alternates", "differs", "unknown"]),
                name="changes_that_need_a_person",
            ),
        ]

    def __str__(self):
        return f"911 {self.number} {self.state}"
