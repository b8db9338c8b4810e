from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self):
        # Models exist only now; feeds and verbs are put in place by the app that owns the rows.
        from accounts import guarding, upstream, visits
        from accounts.roles import May
        from providers.clients.base import Capability
        from providers.operations import VERBS, Verb
        from providers.orphans import PLACES
        from providers.sync import FEEDS, FeedKind

        every = timedelta(minutes=10)
        FEEDS["subaccounts"] = FeedKind(upstream.read_subaccounts, every, Capability.SUBACCOUNTS, order=1)
        needs = May.CHANGE_SUBACCOUNTS
        VERBS[upstream.CREATE] = Verb(upstream.create, upstream.settle_create, upstream.created, needs=needs)
        # Switching on or off what already is does no harm, so an absent change may be sent again.
        VERBS[upstream.STATUS] = Verb(
            upstream.switch,
            upstream.settle_switch,
            upstream.switched,
            repeat_when_absent=True,
            needs=needs,
            even_suspended=True,  # switching off takes nothing; `services.switch_subaccount` refuses switching on
        )
        PLACES["subaccounts"] = upstream.orphans_page
        guarding.register()
        visits.watch()
