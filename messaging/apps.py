from datetime import timedelta
from functools import partial

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = _("Messages")

    def ready(self):
        """Fill the registries of the ground floor: the outbox, the feeds, the webhook."""
        from messaging import arrivals, fulltext, number_uses, tasks
        from messaging.models import Message
        from messaging.upstream import hooks, log, optouts, outgoing
        from numbering import number_uses as uses_of_numbers
        from numbering import port_day
        from providers import inbound, outbox, sync
        from providers.clients.base import Capability

        wake = tasks.fetch_media.delay
        outbox.HANDLERS[Message] = outgoing.MessageHandler(tasks.deliver_message.delay)
        inbound.READERS["messages"] = partial(hooks.read, wake=wake)
        sync.FEEDS[log.FEED] = sync.FeedKind(
            partial(log.bring_home, wake=wake), timedelta(minutes=1), Capability.MESSAGES, 60
        )
        sync.FEEDS[hooks.FEED] = sync.FeedKind(hooks.arm_numbers, timedelta(minutes=10), Capability.NUMBER_SETTINGS, 70)
        optouts.register()
        port_day.TEXTED[:] = [arrivals.texted]
        uses_of_numbers.SEEN_ABOVE[:] = [number_uses.uses_of]
        post_migrate.connect(fulltext.prepare, sender=self)
