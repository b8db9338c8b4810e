"""Pictures of messages."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from messaging.models.messages import Message


def media_path(media: "Media", _name: str) -> str:
    """A name of our own: what a stranger called the file never becomes a path."""
    return f"messages/{media.message.account_id}/{uuid.uuid4().hex}"


class MediaQuerySet(models.QuerySet):
    def for_account(self, account: Account):
        """What they may look at: a picture goes with its text."""
        return self.filter(message__account=account, message__deleted_at=None)

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
