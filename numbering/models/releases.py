"""Numbers that somebody gave up: kept for some days in which the act can be undone, then given back upstream."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, AccountOwnedQuerySet, User
from numbering.models.numbers import Number
from providers.models import Operation


class ReleaseQuerySet(AccountOwnedQuerySet):
    def open(self):
        return self.filter(state__in=NumberRelease.OPEN)

    def due(self):
        return self.filter(state=NumberRelease.State.WAITING, release_at__lte=timezone.now())


class NumberRelease(models.Model):
    """A number that a person released. Upstream hears of it only once its days of grace are over.

    waiting -> asked -> done
      |          `----> refused   the number stays; it can be released anew
      `-> undone
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("In its days of grace")
        ASKED = "asked", _("Being given back")
        DONE = "done", _("Released")
        REFUSED = "refused", _("Refused")
        UNDONE = "undone", _("Undone")

    OPEN = ("waiting", "asked")

    number = models.ForeignKey(Number, models.CASCADE, related_name="releases", verbose_name=_("number"))
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("account"))
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("person"))
    actor_name = models.CharField(_("asked by"), max_length=160)
    key = models.CharField(max_length=120, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(_("asked"), auto_now_add=True)
    release_at = models.DateTimeField(_("given back from"))
    operation = models.OneToOneField(
        Operation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("operation")
    )

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("release of a number"), _("releases of numbers")
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=models.Q(state__in=["waiting", "asked"]), name="one_open_release"
            )
        ]
        indexes = [models.Index(fields=["state", "release_at"], name="releases_due")]

    def __str__(self):
        return f"{self.number} {self.get_state_display()}"
