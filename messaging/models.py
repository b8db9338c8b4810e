"""Threads and messages. A message on its way out follows the outbox; delivery reports only ever move it forward."""

import uuid

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, AccountOwnedQuerySet, User
from providers.models import Connection, Outgoing, OutgoingQuerySet


class ThreadQuerySet(AccountOwnedQuerySet):
    def inbox(self):
        return self.filter(archived_at=None).order_by("-last_at", "-id")

    def unread(self):
        return self.filter(unread__gt=0, archived_at=None)

    def archived(self):
        return self.exclude(archived_at=None)

    def with_failed(self):
        """Conversations in which a text of ours did not go out and nobody has tried again."""
        return self.filter(Exists(Message.objects.failed().filter(thread=OuterRef("pk"))))


class Thread(models.Model):
    """The conversation of one of our numbers with one contact."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="threads", verbose_name=_("account"))
    our_number = models.CharField(_("our number"), max_length=16)
    contact_number = models.CharField(_("contact"), max_length=16)
    contact_name = models.CharField(_("name"), max_length=80, blank=True)
    last_at = models.DateTimeField(_("last message"), default=timezone.now)
    last_text = models.CharField(_("last text"), max_length=160, blank=True)
    last_direction = models.CharField(_("last direction"), max_length=10, blank=True)
    last_state = models.CharField(_("last state"), max_length=10, blank=True)
    unread = models.PositiveIntegerField(_("unread"), default=0)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)  # open pages ask for what is newer

    objects = ThreadQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("conversation"), _("conversations")
        constraints = [
            models.UniqueConstraint(fields=["account", "our_number", "contact_number"], name="one_thread_per_pair")
        ]
        indexes = [
            models.Index(fields=["account", "-last_at", "-id"], name="threads_of_inbox"),
            models.Index(fields=["account", "unread"], condition=Q(unread__gt=0), name="unread_threads"),
        ]

    def __str__(self):
        return f"{self.our_number} – {self.contact_name or self.contact_number}"


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
        inbound:  received

    A report never moves a message back: see ORDER.
    """

    SUCCESS = "sent"

    class State(models.TextChoices):
        RECEIVED = "received", _("Received")
        QUEUED = "queued", _("Waiting")
        SENDING = "sending", _("Sending")
        UNKNOWN = "unknown", _("Being checked")
        SENT = "sent", _("Sent")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Failed")
        PARKED = "parked", _("Needs a person")

    class Direction(models.TextChoices):
        INBOUND = "inbound", _("Received")
        OUTBOUND = "outbound", _("Sent")

    # A report of a lower rank than the message's state is old news.
    ORDER = {"queued": 0, "sending": 1, "unknown": 2, "sent": 3, "failed": 4, "delivered": 5}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="messages", verbose_name=_("account"))
    thread = models.ForeignKey(Thread, models.CASCADE, related_name="messages", verbose_name=_("conversation"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
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
            models.Index(fields=["thread"], condition=Q(state__in=["failed", "parked"]), name="failed_messages"),
            models.Index(fields=["connection", "contact_number", "transmitted_at"], name="messages_of_contact"),
        ]

    def __str__(self):
        return f"{self.direction} {self.our_number} {self.contact_number}"


def media_path(media: "Media", _name: str) -> str:
    """A name of our own: what a stranger called the file never becomes a path."""
    return f"messages/{media.message.account_id}/{uuid.uuid4().hex}"


class MediaQuerySet(models.QuerySet):
    def for_account(self, account: Account):
        return self.filter(message__account=account)

    def to_fetch(self):
        return self.filter(file="", due_at__lte=timezone.now())


class Media(models.Model):
    """A picture of a message, in private storage; served only to the tenant.

    One that came with a message is fetched once from where the upstream keeps it: `due_at` says when to try (again),
    and is empty when it is here or given up, which `error` tells apart.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    message = models.ForeignKey(Message, models.CASCADE, related_name="media", verbose_name=_("message"))
    name = models.CharField(_("file name"), max_length=120, blank=True)
    mime_type = models.CharField(_("content type"), max_length=60, blank=True)
    size = models.PositiveIntegerField(_("size"), default=0)
    alt = models.CharField(_("description"), max_length=200, blank=True)
    file = models.FileField(upload_to=media_path, blank=True)
    remote_url = models.URLField(max_length=500, blank=True)
    fetched_at = models.DateTimeField(_("fetched"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    due_at = models.DateTimeField(null=True, blank=True, editable=False)
    error = models.CharField(_("what happened"), max_length=80, blank=True)

    objects = MediaQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("picture"), _("pictures")
        constraints = [
            models.UniqueConstraint(
                fields=["message", "remote_url"], condition=~Q(remote_url=""), name="one_media_per_url"
            )
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="media_to_fetch")]

    def __str__(self):
        return self.name or str(self.public_id)


class SeenMessage(models.Model):
    """A row of the upstream's log that is half of an MMS: joined to the message that carries it, so it is read once."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="+")
    external_id = models.CharField(max_length=64)
    message = models.ForeignKey(Message, models.CASCADE, related_name="halves")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "external_id"], name="one_half_per_id")]


class SenderName(models.Model):
    """A name that texts go out under at an upstream without numbers; it has to be registered there. Staff keep the list."""

    connection = models.ForeignKey(
        Connection, models.CASCADE, related_name="sender_names", verbose_name=_("connection")
    )
    account = models.ForeignKey(Account, models.PROTECT, related_name="sender_names", verbose_name=_("account"))
    name = models.CharField(
        _("name"),
        max_length=11,
        validators=[
            RegexValidator(r"^(?=.*[A-Za-z])[A-Za-z0-9 ]{3,11}$", _("3 to 11 letters and digits, no accents."))
        ],
    )

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("sender name"), _("sender names")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["connection", "name"], name="one_sender_of_a_name")]

    def __str__(self):
        return self.name
