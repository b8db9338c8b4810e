"""What people say about a port: comments, wishes to cancel or change it, and the mails that tell of its news."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from numbering.models.ports import PortEvent, PortRequest


class PortComment(models.Model):
    """A word of the customer or of staff; a private one is seen by staff alone. Also after completion."""

    port = models.ForeignKey(PortRequest, models.CASCADE, related_name="comments", verbose_name=_("port request"))
    body = models.TextField(_("comment"), max_length=2000)
    by_staff = models.BooleanField(_("by staff"), default=False)
    private = models.BooleanField(_("for staff only"), default=False)
    author = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("author"))
    author_name = models.CharField(_("by"), max_length=160)
    intent = models.CharField(max_length=64, unique=True, editable=False)  # one form is one comment
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("port comment"), _("port comments")
        ordering = ["at", "id"]

    def __str__(self):
        return f"{self.port}: {self.body[:40]}"


class PortAskQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(answered_at=None)


class PortAsk(models.Model):
    """A customer asks to cancel a port or to change it. No upstream takes that by itself: staff see to it and answer."""

    class Kind(models.TextChoices):
        CANCEL = "cancel", _("Cancel it")
        DATE = "date", _("Another date")
        OTHER = "other", _("Change something else")

    port = models.ForeignKey(PortRequest, models.CASCADE, related_name="asks", verbose_name=_("port request"))
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    wanted_on = models.DateField(_("wanted date"), null=True, blank=True)
    words = models.TextField(_("in their words"), max_length=1000, blank=True)
    asked_by = models.CharField(_("asked by"), max_length=160)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    granted = models.BooleanField(_("done"), null=True)
    answer = models.TextField(_("answer"), max_length=1000, blank=True)
    answered_by = models.CharField(_("answered by"), max_length=160, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    intent = models.CharField(max_length=64, unique=True, editable=False)

    objects = PortAskQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("wish about a port"), _("wishes about ports")
        ordering = ["-asked_at", "-id"]

    def __str__(self):
        return f"{self.port}: {self.get_kind_display()}"


class PortNotice(models.Model):
    """A mail that is owed to one recipient. The row is written with the news, so none is lost and none goes out twice."""

    port = models.ForeignKey(PortRequest, models.CASCADE, related_name="notices", verbose_name=_("port request"))
    event = models.ForeignKey(PortEvent, models.CASCADE, null=True, related_name="+", verbose_name=_("event"))
    comment = models.ForeignKey(PortComment, models.CASCADE, null=True, related_name="+", verbose_name=_("comment"))
    to = models.EmailField(_("to"))
    due_at = models.DateTimeField(_("due"), null=True, default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("port notice"), _("port notices")
        indexes = [models.Index(fields=["due_at"], name="port_notices_due", condition=models.Q(due_at__isnull=False))]

    def __str__(self):
        return f"{self.port} -> {self.to}"
