"""The public directory (411): how numbers stand in it upstream, and the changes that were asked for."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from numbering.models.numbers import Number
from providers.mirroring import Mirrored
from providers.models import Operation


class DirectoryListing(Mirrored):
    """A number's entry as last read upstream. Whose it is, its number tells."""

    class State(models.TextChoices):
        PENDING = "pending", _("Being checked")
        ACTIVE = "active", _("Listed")
        REJECTED = "rejected", _("Not accepted")
        REMOVED = "removed", _("Taken out")

    number = models.CharField(_("number"), max_length=16)
    state = models.CharField(_("state"), max_length=10, choices=State)
    entry = models.JSONField(_("entry"), default=dict)  # names of `records.ENTRY_FIELDS`

    class Meta:
        verbose_name, verbose_name_plural = _("directory listing"), _("directory listings")
        constraints = [models.UniqueConstraint(fields=["connection", "external_id"], name="one_listing_per_id")]
        indexes = [
            models.Index(fields=["connection", "number"], condition=Q(gone_at=None), name="listings_of_numbers"),
        ]

    def __str__(self):
        return f"411 {self.number}"


class DirectoryChange(models.Model):
    """An entry that somebody asked for, or its removal; its operation tells what became of it.

    After a refusal what was typed is kept until another change is asked for.
    """

    number = models.ForeignKey(Number, models.CASCADE, related_name="directory_changes", verbose_name=_("number"))
    operation = models.OneToOneField(Operation, models.PROTECT, related_name="+", verbose_name=_("operation"))
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("person"))
    removal = models.BooleanField(_("removal"), default=False)
    before = models.JSONField(_("before"), default=dict, blank=True)
    wanted = models.JSONField(_("asked for"), default=dict, blank=True)
    created_at = models.DateTimeField(_("asked"), auto_now_add=True)

    class Meta:
        verbose_name, verbose_name_plural = _("directory change"), _("directory changes")
        ordering = ["-id"]
        indexes = [models.Index(fields=["number", "-id"], name="latest_directory_change")]

    def __str__(self):
        return f"411 {self.number}"
