"""Every request in either direction, and how many were made."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from providers.models.connections import Connection

KEEP_EXCHANGES_DAYS = 14


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


class QuotaPool(models.Model):
    """One limit that is shared: of a connection, or of everything that leaves this installation by one IP address.

    `name` says whose (see `quota.pool_of`). The row is what workers lock while they count.
    """

    name = models.CharField(_("whose"), max_length=80)
    bucket = models.CharField(_("calls"), max_length=40)
    wanted_until = models.DateTimeField(null=True, blank=True)  # a person found it used up: background steps back
    blocked_until = models.DateTimeField(_("blocked until"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("call limit"), _("call limits")
        constraints = [models.UniqueConstraint(fields=["name", "bucket"], name="one_pool_per_name_and_bucket")]

    def __str__(self):
        return f"{self.name} · {self.bucket}"


class QuotaMinute(models.Model):
    """How many requests of a pool were sent in one minute; sixty-one of them make the rolling hour."""

    pool = models.ForeignKey(QuotaPool, models.CASCADE, related_name="minutes")
    minute = models.DateTimeField()
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pool", "minute"], name="one_count_per_pool_and_minute")]
