"""Names that texts go out under."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, AccountOwnedQuerySet
from providers.models import Connection


class SenderName(models.Model):
    """A name that texts go out under at an upstream without numbers; it has to be registered there. Staff keep the list."""

    connection = models.ForeignKey(
        Connection, models.CASCADE, related_name="sender_names", verbose_name=_("connection")
    )
    account = models.ForeignKey(Account, models.PROTECT, related_name="sender_names", verbose_name=_("account"))
    name = models.CharField(
        _("name"),
        max_length=11,
        validators=[
            RegexValidator(r"^(?=.*[A-Za-z])[A-Za-z0-9 ]{3,11}$", _("3 to 11 letters and digits, no accents."))
        ],
    )

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("sender name"), _("sender names")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["connection", "name"], name="one_sender_of_a_name")]

    def __str__(self):
        return self.name
