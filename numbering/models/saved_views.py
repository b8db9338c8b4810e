"""Lists that a person wants to see again."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, AccountOwnedQuerySet, User


class SavedView(models.Model):
    """A list of numbers as somebody wants to see it again: its filters, order and columns, as they stand in the URL."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+", verbose_name=_("account"))
    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("person"))
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(_("filters"), max_length=600, blank=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("saved view"), _("saved views")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["account", "user", "name"], name="one_view_per_name")]

    def __str__(self):
        return self.name
