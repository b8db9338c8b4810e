"""Texts. One on its way out follows the outbox; delivery reports only ever move it forward."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, AccountOwnedQuerySet, User
from messaging.models.threads import Thread
from providers.models import Connection, Outgoing, OutgoingQuerySet


class MessageQuerySet(AccountOwnedQuerySet, OutgoingQuerySet):
    def shown(self):
        return self.filter(deleted_at=None)

    def failed(self):
        return self.filter(state__in=["failed", "parked"], direction="outbound", retries=None)

    def maybe_upstream(self):
        """Ours, and perhaps in the upstream's log already without our knowing its id."""
        tried = Q(state=Message.State.QUEUED, attempts__gt=0)
        return self.filter(Q(state__in=["sending", "unknown"]) | tried, direction="outbound")


class Message(Outgoing):
    """One SMS or MMS.

        outbound: queued -> sending -> sent -> delivered        (drawn in full at `providers.models.Outgoing`)
                                `-> unknown -> sent | queued | parked
                                `-> failed                       refused, or the upstream reports it could not deliver
                                `-> blocked                      the contact asked to be left alone
        inbound:  received

    A report never moves a message back: see ORDER.
    """

    SUCCESS = "sent"
    TOGETHER = ("connection", "account", "sent_by")

    class State(models.TextChoices):
        RECEIVED = "received", _("Received")
        QUEUED = "queued", _("Waiting")
        SENDING = "sending", _("Sending")
        UNKNOWN = "unknown", _("Being checked")
        SENT = "sent", _("Sent")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Failed")
        PARKED = "parked", _("Needs a person")
        BLOCKED = "blocked", _("Blocked by opt-out")
        CANCELLED = "cancelled", _("Cancelled")

    class Kind(models.TextChoices):
        """What made it: a person, an answer that the law asks for, or a campaign."""

        PERSON = "", _("Written")
        CONSENT = "consent", _("Answer to a keyword")
        CAMPAIGN = "campaign", _("Campaign")

    class Direction(models.TextChoices):
        INBOUND = "inbound", _("Received")
        OUTBOUND = "outbound", _("Sent")

    # A report of a lower rank than the message's state is old news.
    ORDER = {"queued": 0, "sending": 1, "unknown": 2, "sent": 3, "failed": 4, "delivered": 5}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="messages", verbose_name=_("account"))
    thread = models.ForeignKey(Thread, models.CASCADE, related_name="messages", verbose_name=_("conversation"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.PERSON, blank=True)
    send_at = models.DateTimeField(
        _("to be sent"), null=True, blank=True
    )  # chosen by a person; `due_at` is the worker's
    direction = models.CharField(_("direction"), max_length=10, choices=Direction)
    our_number = models.CharField(_("our number"), max_length=16)
    contact_number = models.CharField(_("contact"), max_length=16)
    body = models.TextField(_("text"), blank=True)
    parts = models.PositiveSmallIntegerField(_("parts"), default=1)
    at = models.DateTimeField(_("at"), default=timezone.now)  # where it stands in the conversation
    transmitted_at = models.DateTimeField(null=True, blank=True, editable=False)  # as the upstream says
    external_id = models.CharField(_("their id"), max_length=64, null=True, blank=True)
    log_id = models.CharField(max_length=32, blank=True, editable=False)
    idempotency_key = models.CharField(max_length=80, null=True, blank=True, unique=True, editable=False)
    sent_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("sent by")
    )
    retry_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="retries", verbose_name=_("retry of")
    )
    raw = models.JSONField(_("as read upstream"), default=dict, blank=True, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("message"), _("messages")
        constraints = [
            # "One upstream message is one row": the last guard against doubles from webhook and poll.
            models.UniqueConstraint(
                fields=["connection", "external_id"], condition=Q(external_id__isnull=False), name="one_message_per_id"
            ),
        ]
        indexes = [
            models.Index(fields=["thread", "-at", "-id"], name="messages_of_thread"),
            models.Index(
                fields=["state", "due_at"],
                condition=Q(state__in=["queued", "sending", "unknown"]),
                name="messages_to_send",
            ),
            models.Index(fields=["connection", "subject"], condition=~Q(subject=""), name="messages_of_subject"),
            models.Index(fields=["account", "-at"], name="messages_of_account"),
            models.Index(
                fields=["account", "-at"], condition=Q(state__in=["failed", "parked"]), name="failed_of_account"
            ),
            models.Index(
                fields=["account", "send_at"],
                condition=Q(state="queued", send_at__isnull=False),
                name="scheduled_messages",
            ),
            models.Index(fields=["connection", "contact_number", "transmitted_at"], name="messages_of_contact"),
        ]

    def __str__(self):
        return f"{self.direction} {self.our_number} {self.contact_number}"


class SeenMessage(models.Model):
    """A row of the upstream's log that is half of an MMS: joined to the message that carries it, so it is read once."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="+")
    external_id = models.CharField(max_length=64)
    message = models.ForeignKey(Message, models.CASCADE, related_name="halves")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "external_id"], name="one_half_per_id")]
