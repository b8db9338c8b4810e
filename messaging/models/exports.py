"""Texts on their way out as a file."""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, AccountOwnedQuerySet, User
from messaging.models.threads import Thread

KEPT = timedelta(days=7)


def export_path(row: "MessageExport", _name: str) -> str:
    """A name of our own, so that nobody guesses it and no contact's name becomes a path."""
    return f"exports/{row.account_id}/{uuid.uuid4().hex}"


class MessageExportQuerySet(AccountOwnedQuerySet):
    def open(self):
        return self.filter(state__in=[MessageExport.State.WAITING, MessageExport.State.RUNNING])

    def to_run(self):
        """Waiting, or left behind by a worker that died."""
        now = timezone.now()
        return self.open().filter(Q(claimed_until=None) | Q(claimed_until__lt=now))


class MessageExport(models.Model):
    """Texts of one conversation, or of all that a list shows, as a file.

        WAITING -> RUNNING -> DONE -> EXPIRED     after a week, or deleted by a person
                       `-> FAILED                 `error` says why

    `wanted` is the query of the list that it was asked from. A worker writes the whole file in one go, under a claim that it
    renews; one that dies leaves nothing behind, and another begins again.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Being written")
        DONE = "done", _("Ready")
        FAILED = "failed", _("Not written")
        EXPIRED = "expired", _("Deleted")

    class Form(models.TextChoices):
        CSV = "csv", _("CSV, for a spreadsheet")
        PDF = "pdf", _("PDF, for reading and printing")

    class Direction(models.TextChoices):
        BOTH = "", _("Sent and received")
        INBOUND = "inbound", _("Received only")
        OUTBOUND = "outbound", _("Sent only")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="message_exports", verbose_name=_("account"))
    intent = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    thread = models.ForeignKey(
        Thread, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("conversation")
    )
    wanted = models.JSONField(_("list"), default=dict, blank=True)
    since = models.DateField(_("from"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    direction = models.CharField(_("direction"), max_length=10, choices=Direction, default=Direction.BOTH, blank=True)
    only_failed = models.BooleanField(_("only what did not arrive"), default=False)
    form = models.CharField(_("form"), max_length=3, choices=Form, default=Form.CSV)
    language = models.CharField(_("language"), max_length=5, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    total = models.PositiveIntegerField(_("texts"), null=True, blank=True)
    done = models.PositiveIntegerField(_("written"), default=0)
    file = models.FileField(_("file"), upload_to=export_path, blank=True)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    error = models.CharField(_("what happened"), max_length=40, blank=True)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    claim_token = models.UUIDField(null=True, blank=True, editable=False)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("asked for"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    expires_at = models.DateTimeField(_("deleted on"), null=True, blank=True)

    objects = MessageExportQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("export of texts"), _("exports of texts")
        indexes = [
            models.Index(fields=["account", "-created_at", "-id"], name="exports_of_account"),
            models.Index(fields=["state", "id"], condition=Q(state__in=["waiting", "running"]), name="exports_to_run"),
            models.Index(fields=["expires_at"], condition=Q(state="done"), name="exports_to_expire"),
        ]

    def __str__(self):
        return f"{self.get_form_display()} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)
