"""Connections to upstreams, and the times in which they did not work."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from providers import vault
from providers.clients.base import Capability, Client
from providers.clients.registry import CLIENTS, client_class

PAUSED = timedelta(minutes=60)  # nobody knows for how long staff pause one; it is asked again then


def new_token() -> str:
    """An unguessable path part: 192 bits."""
    return secrets.token_urlsafe(24)


def slugs() -> list[tuple[str, str]]:
    """The upstreams there are; asked anew each time, so that another one needs no migration."""
    return [(slug, client.label) for slug, client in CLIENTS.items()]


def slugs_that(capability: Capability) -> list[str]:
    """The upstreams that can do something, for queries: what each can do stands in code and not in a column."""
    return slugs_where(lambda client: capability in client.capabilities)


def slugs_where(holds: Callable[[type[Client]], bool]) -> list[str]:
    return [slug for slug, client in CLIENTS.items() if holds(client)]


class ConnectionQuerySet(models.QuerySet):
    def shut(self, now: datetime) -> "ConnectionQuerySet":
        """Those that no call gets through to at this moment (`Connection.shut` says why)."""
        return self.filter(Q(is_active=False) | Q(blocked_until__gt=now) | Q(retry_at__gt=now))

    def hold(self, pk: int) -> None:
        """The gate of a connection, which those who must not overlap pass one by one; until the transaction ends.

        Its key is not locked: what only points at the connection, such as the record of an exchange, need not wait.
        """
        self.select_for_update(no_key=True).only("pk").get(pk=pk)


class Connection(models.Model):
    """One set of credentials at one upstream.

    Health: OK -> FAILING (the breaker is open until `retry_at`) -> OK; LIMITED until `blocked_until` after a hard limit;
    REFUSED when the credentials are not accepted, until a person mends them.
    """

    SHUT_CODES = ("paused", "limited", "breaker_open")

    class Health(models.TextChoices):
        NEW = "new", _("Not tried yet")
        OK = "ok", _("Working")
        FAILING = "failing", _("Not answering")
        LIMITED = "limited", _("Over its limit")
        REFUSED = "refused", _("Credentials refused")

    slug = models.CharField(_("upstream"), max_length=20, choices=slugs)
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

    objects = ConnectionQuerySet.as_manager()

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

    def shut(self, now: datetime) -> tuple[str, datetime] | None:
        """Why no call gets through to it at this moment, of SHUT_CODES, and until when; None while it is open."""
        if not self.is_active:
            return "paused", now + PAUSED
        if self.blocked_until and self.blocked_until > now:
            return "limited", self.blocked_until
        if self.retry_at and self.retry_at > now:
            return "breaker_open", self.retry_at
        return None

    def can(self, capability) -> bool:
        return capability in self.client_class.capabilities


class Incident(models.Model):
    """A time in which a connection did not work: from the failure that opened it to the good answer that ended it (H3)."""

    class Kind(models.TextChoices):
        FAILING = "failing", _("Not answering")
        LIMITED = "limited", _("Over its limit")
        REFUSED = "refused", _("Credentials refused")

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="incidents", verbose_name=_("connection"))
    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("incident"), _("incidents")
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["connection", "-started_at"], name="incidents_of_connection")]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "kind"], condition=models.Q(ended_at=None), name="one_open_incident_of_a_kind"
            )
        ]

    def __str__(self):
        return f"{self.connection} · {self.get_kind_display()}"
