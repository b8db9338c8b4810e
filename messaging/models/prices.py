"""What texts cost at a connection, as its upstream last told: so that a page never waits for it."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from providers.models import Connection

FRESH = timedelta(days=1)
AGAIN = timedelta(hours=1)  # after a try that told nothing


class TextPricesQuerySet(models.QuerySet):
    def fresh(self):
        """Not to be asked for now: read today, or tried a moment ago."""
        now = timezone.now()
        return self.filter(Q(read_at__gt=now - FRESH) | Q(tried_at__gt=now - AGAIN))


class TextPrices(models.Model):
    """`rows` are (country or network as the upstream names it, amount of one part, currency)."""

    connection = models.OneToOneField(Connection, models.CASCADE, related_name="text_prices")
    rows = models.JSONField(default=list, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField(default=timezone.now)

    objects = TextPricesQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("prices of texts")

    def __str__(self):
        return str(self.connection)
