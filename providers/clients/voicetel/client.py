"""The VoiceTel client: every area of its documents (version 2.1) in one class.

client = VoiceTel("https://api.voicetel.com", {"username": "7025550142", "password": "..."})
client.balance()
"""

from providers.clients.records import Delivery, News
from providers.clients.voicetel.emergency import Emergency
from providers.clients.voicetel.inventory import Inventory
from providers.clients.voicetel.lookups import Lookups
from providers.clients.voicetel.messages import Messages
from providers.clients.voicetel.ports import Ports
from providers.clients.voicetel.webhooks import parse_inbound


class VoiceTel(Messages, Inventory, Ports, Emergency, Lookups):
    """See `wire.Wire` for credentials and options. Listings put rows they cannot read into `unread`."""

    @classmethod
    def read_webhook(cls, delivery: Delivery, credentials: dict, time_zone: str) -> News:
        """A delivery only says that there is something to fetch. Raises `Unreadable`."""
        parse_inbound(delivery.body, delivery.content_type, delivery.query)
        return News(feeds=("messages",))
