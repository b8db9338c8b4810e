"""The ground floor: connections to upstreams, what was asked of them, and what they told. Points up at nothing."""

import secrets
import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from providers import vault
from providers.clients.registry import CLIENTS, client_class

KEEP_EXCHANGES_DAYS = 14


def new_token() -> str:
    """An unguessable path part: 192 bits."""
    return secrets.token_urlsafe(24)


class Connection(models.Model):
    """One set of credentials at one upstream.

    Health: OK -> FAILING (the breaker is open until `retry_at`) -> OK; LIMITED until `blocked_until` after a hard limit;
    REFUSED when the credentials are not accepted, until a person mends them.
    """

    class Health(models.TextChoices):
        NEW = "new", _("Not tried yet")
        OK = "ok", _("Working")
        FAILING = "failing", _("Not answering")
        LIMITED = "limited", _("Over its limit")
        REFUSED = "refused", _("Credentials refused")

    slug = models.CharField(_("upstream"), max_length=20, choices=[(slug, slug) for slug in CLIENTS])
    name = models.CharField(_("name"), max_length=60)
    base_url = models.URLField(_("base URL"), max_length=200)
    sealed_credentials = vault.SealedField()
    time_zone = models.CharField(_("time zone of their dates"), max_length=64, default="America/Toronto")
    is_active = models.BooleanField(_("in use"), default=True)
    webhook_token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    old_webhook_token = models.CharField(max_length=64, blank=True, editable=False)

    health = models.CharField(_("health"), max_length=10, choices=Health, default=Health.NEW, editable=False)
    failures = models.PositiveIntegerField(_("failures"), default=0, editable=False)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True, editable=False)
    retry_at = models.DateTimeField(_("next try"), null=True, blank=True, editable=False)
    blocked_until = models.DateTimeField(_("blocked until"), null=True, blank=True, editable=False)
    slowed_until = models.DateTimeField(null=True, blank=True, editable=False)
    last_ok_at = models.DateTimeField(_("last good answer"), null=True, blank=True, editable=False)
    last_error = models.CharField(_("last error"), max_length=300, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name, verbose_name_plural = _("connection"), _("connections")
        ordering = ["name"]

    def __str__(self):
        return self.name

    @property
    def credentials(self) -> dict:
        return vault.unseal(self.sealed_credentials)

    @credentials.setter
    def credentials(self, values: dict) -> None:
        self.sealed_credentials = vault.seal(values)

    @property
    def client_class(self):
        return client_class(self.slug)

    @property
    def label(self) -> str:
        """The upstream's own name, as customers know it."""
        return self.client_class.label

    def can(self, capability) -> bool:
        return capability in self.client_class.capabilities


class Feed(models.Model):
    """One kind of data brought home over one connection: when it is due, and how the last run went."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="feeds", verbose_name=_("connection"))
    name = models.CharField(_("feed"), max_length=20)
    due_at = models.DateTimeField(_("next run"), default=timezone.now, db_index=True)
    claimed_until = models.DateTimeField(_("taken until"), null=True, blank=True)
    last_ok_at = models.DateTimeField(_("fresh as of"), null=True, blank=True)
    failures = models.PositiveIntegerField(_("failures"), default=0)
    cursor = models.JSONField(_("cursor"), default=dict, blank=True)
    held = models.JSONField(_("waits for a person"), default=dict, blank=True)
    allow_vanish = models.BooleanField(_("let the next run remove rows"), default=False)

    class Meta:
        verbose_name, verbose_name_plural = _("feed"), _("feeds")
        constraints = [models.UniqueConstraint(fields=["connection", "name"], name="one_feed_per_connection_and_name")]

    def __str__(self):
        return f"{self.connection} · {self.name}"


class SyncRun(models.Model):
    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        HELD = "held", _("Waits for a person")
        FAILED = "failed", _("Failed")

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="sync_runs", verbose_name=_("connection"))
    feed = models.CharField(_("feed"), max_length=20)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RUNNING)
    trigger = models.CharField(_("started by"), max_length=160, default="schedule")
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    seen = models.PositiveIntegerField(_("seen"), default=0)
    created = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    gone = models.PositiveIntegerField(_("gone"), default=0)
    unread = models.PositiveIntegerField(_("not understood"), default=0)
    error_code = models.CharField(_("error"), max_length=80, blank=True)
    error = models.TextField(_("what happened"), blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("sync run"), _("sync runs")
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["connection", "feed", "-started_at"], name="sync_board")]

    def __str__(self):
        return f"{self.connection} · {self.feed} · {self.started_at:%Y-%m-%d %H:%M}"


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

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    idempotency_key = models.CharField(max_length=120, unique=True, editable=False)
    verb = models.CharField(_("verb"), max_length=40)
    arguments = models.JSONField(_("arguments"), default=dict)
    actor_name = models.CharField(_("asked by"), max_length=160, blank=True)
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
        ]

    def __str__(self):
        return f"{self.verb} {self.subject}"


class WebhookRequest(models.Model):
    """A request from an upstream, kept exactly as it came before anything is made of it."""

    class State(models.TextChoices):
        RECEIVED = "received", _("Received")
        DONE = "done", _("Read")
        FAILED = "failed", _("Could not be read")

    connection = models.ForeignKey(
        Connection, models.CASCADE, related_name="webhook_requests", verbose_name=_("connection")
    )
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    content_type = models.CharField(_("content type"), max_length=120, blank=True)
    query = models.JSONField(default=dict, blank=True)
    body = models.BinaryField()
    ip = models.GenericIPAddressField(_("IP address"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RECEIVED)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)
    error = models.CharField(_("what happened"), max_length=300, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("webhook request"), _("webhook requests")
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "id"], name="webhooks_to_read")]

    def __str__(self):
        return f"{self.connection} {self.received_at:%Y-%m-%d %H:%M:%S}"


class ExchangeLog(models.Model):
    """One HTTP exchange with every secret masked, for staff. Forgotten after two weeks."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="exchanges", verbose_name=_("connection"))
    call = models.CharField(_("call"), max_length=60)
    url = models.CharField(_("URL"), max_length=300)
    request = models.TextField(_("request"), blank=True)
    response = models.TextField(_("response"), blank=True)
    http_status = models.PositiveSmallIntegerField(_("HTTP status"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12)
    code = models.CharField(_("code"), max_length=80, blank=True)
    started_at = models.DateTimeField(_("at"), db_index=True)
    duration_ms = models.PositiveIntegerField(_("milliseconds"))

    class Meta:
        verbose_name, verbose_name_plural = _("exchange"), _("exchanges")
        ordering = ["-id"]
        indexes = [models.Index(fields=["connection", "call", "-id"], name="exchanges_of_call")]

    def __str__(self):
        return f"{self.call} {self.started_at:%Y-%m-%d %H:%M:%S}"


class QuotaMinute(models.Model):
    """How many requests of a bucket were sent in one minute; sixty-one of them make the rolling hour."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="+")
    bucket = models.CharField(max_length=40)
    minute = models.DateTimeField()
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "bucket", "minute"], name="one_count_per_minute")]


class Heartbeat(models.Model):
    """Who was last seen alive: beat and worker together write one by passing a task through the queue."""

    name = models.CharField(_("name"), max_length=40, primary_key=True)
    seen_at = models.DateTimeField(_("last seen"))
