"""Templates, and campaigns: one text to many, every row checked before anything goes."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, AccountOwnedQuerySet, User
from messaging.models.messages import Message
from messaging.models.people import ContactGroup


class Template(models.Model):
    """A text with variables, in English, French or both; the contact's language chooses."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="text_templates", verbose_name=_("account"))
    name = models.CharField(_("name"), max_length=60)
    body_en = models.TextField(_("English"), max_length=1000, blank=True)
    body_fr = models.TextField(_("French"), max_length=1000, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("template"), _("templates")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="one_template_of_a_name")]

    def __str__(self):
        return self.name


class Campaign(models.Model):
    """One text to many people.

    draft -> checking -> ready -> running <-> paused
                `-> draft (mended)   `-> done | stopped

    `starts_at` is chosen or the moment of starting; `error` says why it rests although nobody paused it. A worker that
    checks holds `lease_until`; one that hands rows over locks the row of the campaign instead.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        CHECKING = "checking", _("Being checked")
        READY = "ready", _("Ready")
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Paused")
        STOPPED = "stopped", _("Stopped")
        DONE = "done", _("Done")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="campaigns", verbose_name=_("account"))
    name = models.CharField(_("name"), max_length=80)
    sender = models.CharField(_("from"), max_length=16)
    body_en = models.TextField(_("English"), max_length=1000, blank=True)
    body_fr = models.TextField(_("French"), max_length=1000, blank=True)
    groups = models.ManyToManyField(ContactGroup, related_name="+", blank=True, verbose_name=_("to groups"))
    without = models.ManyToManyField(ContactGroup, related_name="+", blank=True, verbose_name=_("but not to"))
    file = models.FileField(_("CSV file"), upload_to="campaigns/", blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    counts = models.JSONField(_("counts"), default=dict, blank=True)
    error = models.CharField(_("what happened"), max_length=300, blank=True)
    intent = models.UUIDField(null=True, unique=True, editable=False)  # of the form that made it
    start_intent = models.UUIDField(null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("made by")
    )
    started_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("started by")
    )
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("campaign"), _("campaigns")
        indexes = [
            models.Index(fields=["account", "-created_at", "-id"], name="campaigns_of_account"),
            models.Index(
                fields=["state"], condition=models.Q(state__in=["checking", "running"]), name="campaigns_at_work"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_editable(self) -> bool:
        return self.state in (self.State.DRAFT, self.State.READY)

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.STOPPED, self.State.DONE)


class CampaignRow(models.Model):
    """One recipient: checked first, then a message of its own. `position` is the row's place in the file or list.

    `values` holds what the text needs of it and nothing more; `due_at` is set while the recipient's quiet hours last.
    """

    class State(models.TextChoices):
        FIT = "fit", _("Will be sent")
        LEFT_OUT = "left_out", _("Left out")
        QUEUED = "queued", _("Handed over")

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField(_("row"))
    number = models.CharField(_("number"), max_length=40)  # as written while it is no number
    language = models.CharField(_("language"), max_length=2, blank=True)
    values = models.JSONField(_("values"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.FIT)
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    parts = models.PositiveSmallIntegerField(_("parts"), default=0)
    due_at = models.DateTimeField(_("not before"), null=True, blank=True)
    message = models.OneToOneField(
        Message, models.SET_NULL, null=True, blank=True, related_name="campaign_row", verbose_name=_("message")
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "position"], name="one_row_a_position")]
        indexes = [
            models.Index(fields=["campaign", "state", "position"], name="rows_to_hand_over"),
            models.Index(fields=["campaign", "number"], name="rows_of_number"),
        ]

    def __str__(self):
        return f"{self.campaign} · {self.position}"
