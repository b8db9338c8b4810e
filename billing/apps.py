from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BillingConfig(AppConfig):
    name = "billing"
    verbose_name = _("Billing")

    def ready(self):
        # Models exist only now; a feed is put in place by the app that owns the rows.
        from billing import upstream
        from providers.clients.base import Capability
        from providers.sync import FEEDS, FeedKind

        FEEDS["balance"] = FeedKind(upstream.read_balance, timedelta(minutes=5), Capability.BALANCE, order=5)
        FEEDS["ledger"] = FeedKind(upstream.read_ledger, timedelta(minutes=30), Capability.LEDGER)
