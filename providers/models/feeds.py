"""What is brought home, when, and how it went."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from providers.models.connections import Connection


class Feed(models.Model):
    """One kind of data brought home over one connection: when it is due, and how the last run went."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="feeds", verbose_name=_("connection"))
    name = models.CharField(_("feed"), max_length=20)
    due_at = models.DateTimeField(_("next run"), default=timezone.now, db_index=True)
    claimed_until = models.DateTimeField(_("taken until"), null=True, blank=True)
    last_ok_at = models.DateTimeField(_("fresh as of"), null=True, blank=True)
    failures = models.PositiveIntegerField(_("failures"), default=0)
    calls = models.PositiveIntegerField(_("calls"), default=1)  # of the last good one; the first is not counted
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


class Heartbeat(models.Model):
    """Who was last seen alive: beat and worker together write one by passing a task through the queue."""

    name = models.CharField(_("name"), max_length=40, primary_key=True)
    seen_at = models.DateTimeField(_("last seen"))


class Orphan(models.Model):
    """Something that has no counterpart: theirs that is nobody's here, or ours that they no longer have (H6).

    Feeds open and close these rows by what they see; a person may set one aside. OPEN -> SETTLED when the counterpart
    appeared, OPEN -> ASIDE by a person; seen again after SETTLED it is open again.
    """

    class Side(models.TextChoices):
        THEIRS = "theirs", _("At the upstream, with no owner here")
        OURS = "ours", _("Here, no longer at the upstream")

    class State(models.TextChoices):
        OPEN = "open", _("Waits for a person")
        ASIDE = "aside", _("Set aside")
        SETTLED = "settled", _("Settled")

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="orphans", verbose_name=_("connection"))
    kind = models.CharField(_("kind"), max_length=20)
    side = models.CharField(_("where"), max_length=10, choices=Side)
    external_id = models.CharField(_("their id"), max_length=64)
    label = models.CharField(_("what"), max_length=160, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    first_seen_at = models.DateTimeField(_("first seen"), default=timezone.now)
    last_seen_at = models.DateTimeField(_("last seen"), default=timezone.now)
    decided_by = models.CharField(_("decided by"), max_length=160, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("orphan"), _("orphans")
        ordering = ["-first_seen_at"]
        indexes = [models.Index(fields=["state", "-first_seen_at"], name="orphans_to_look_at")]
        constraints = [
            models.UniqueConstraint(fields=["connection", "kind", "side", "external_id"], name="one_orphan_row_a_thing")
        ]

    def __str__(self):
        return f"{self.kind} {self.label or self.external_id}"
