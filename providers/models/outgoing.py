"""What was asked of upstreams."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from providers.models.connections import Connection


class OutgoingQuerySet(models.QuerySet):
    def due(self):
        return self.filter(due_at__lte=timezone.now())


class Outgoing(models.Model):
    """Something that must happen upstream exactly once. The row is the truth; a queue message is only a wake-up.

        queued -> sending -> SUCCESS
          ^         |-- refused, may be retried ----> queued (due later)
          |         |-- refused for good -----------> failed
          |         `-- anything else, or a dead worker -> unknown
          |                                            |-- found in the upstream's records -> SUCCESS
          `----- absent in two looks, repeatable ------|
                                                       `-- absent, not repeatable, or too many tries -> parked

    `subject` serialises: rows of one connection and subject go one at a time, oldest first. `attempts` is counted before the
    call and `returned` after it, so their difference is the number of workers that died on this row.
    """

    SUCCESS = "done"
    TOGETHER = ("connection",)  # what is read with a claimed row, because sending it asks for it

    class Step(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        SENDING = "sending", _("On its way")
        UNKNOWN = "unknown", _("Being checked")
        FAILED = "failed", _("Refused")
        PARKED = "parked", _("Needs a person")

    connection = models.ForeignKey(Connection, models.PROTECT, related_name="+", verbose_name=_("connection"))
    state = models.CharField(_("state"), max_length=10, default=Step.QUEUED)
    subject = models.CharField(_("subject"), max_length=120, blank=True, editable=False)
    due_at = models.DateTimeField(_("next step"), default=timezone.now, null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    claim_token = models.UUIDField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0, editable=False)
    returned = models.PositiveSmallIntegerField(default=0, editable=False)
    looks = models.PositiveSmallIntegerField(_("looks"), default=0, editable=False)
    was_unknown = models.BooleanField(_("was once unclear"), default=False, editable=False)
    error_code = models.CharField(_("error"), max_length=80, blank=True, editable=False)
    error_cause = models.CharField(_("cause"), max_length=20, blank=True, editable=False)  # errors.Cause
    error_words = models.TextField(_("their words"), blank=True, editable=False)

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        return self.state in {self.Step.QUEUED, self.Step.SENDING, self.Step.UNKNOWN}


class Operation(Outgoing):
    """A change to be made upstream: connection, verb and arguments. The app that asked for it holds the foreign key."""

    SUCCESS = "done"

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        SENDING = "sending", _("On its way")
        UNKNOWN = "unknown", _("Being checked")
        DONE = "done", _("Confirmed")
        FAILED = "failed", _("Refused")
        PARKED = "parked", _("Needs a person")
        WITHDRAWN = "withdrawn", _("Withdrawn")  # by the person who asked, before any worker had it

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    idempotency_key = models.CharField(max_length=120, unique=True, editable=False)
    verb = models.CharField(_("verb"), max_length=40)
    arguments = models.JSONField(_("arguments"), default=dict)
    actor_name = models.CharField(_("asked by"), max_length=160, blank=True)
    asker = models.JSONField(default=dict, blank=True, editable=False)  # what the guards need to know; {} is the portal
    result = models.JSONField(_("result"), default=dict, blank=True)
    problems = models.JSONField(_("problems"), default=list, blank=True)
    created_at = models.DateTimeField(_("asked"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("operation"), _("operations")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "due_at"], name="operations_to_do"),
            models.Index(fields=["connection", "subject", "id"], name="operations_of_subject"),
            models.Index(fields=["verb", "created_at"], name="operations_asked"),
        ]

    def __str__(self):
        return f"{self.verb} {self.subject}"
