"""Look-ups of anybody's number: each is billed upstream, so each is kept, with its answer."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, AccountOwnedQuerySet, User
from providers.models import Operation


class NumberLookup(models.Model):
    """One question about one number. `key` makes the same form one question."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("account"))
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("person"))
    number = models.CharField(_("number"), max_length=16)
    key = models.CharField(max_length=120, unique=True, editable=False)
    operation = models.OneToOneField(Operation, models.PROTECT, related_name="+", verbose_name=_("operation"))
    created_at = models.DateTimeField(_("asked"), auto_now_add=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("look-up"), _("look-ups")
        indexes = [models.Index(fields=["account", "number", "-id"], name="lookups_of_number")]

    def __str__(self):
        return self.number
