"""The Voximplant client: every area of the reference in one class.

client = Voximplant("https://api.voximplant.com", {"account_id": "...", "key_id": "...", "private_key": "..."})
client.balance()
"""

from providers.clients.records import Delivery, News
from providers.clients.voximplant.access import Access
from providers.clients.voximplant.account import Account
from providers.clients.voximplant.applications import Applications
from providers.clients.voximplant.calls_log import CallsLog
from providers.clients.voximplant.children import Children
from providers.clients.voximplant.inventory import Inventory
from providers.clients.voximplant.ledger import Ledger
from providers.clients.voximplant.messages import Messages
from providers.clients.voximplant.plans import Plans
from providers.clients.voximplant.regulations import Regulations
from providers.clients.voximplant.reports import Reports
from providers.clients.voximplant.roles import Roles
from providers.clients.voximplant.webhooks import read_news


class Voximplant(
    Account,
    Plans,
    Children,
    Inventory,
    Regulations,
    Messages,
    CallsLog,
    Ledger,
    Reports,
    Access,
    Roles,
    Applications,
):
    """See `wire.Wire` for credentials and options. Listings put rows they cannot read into `unread`."""

    @classmethod
    def read_webhook(cls, delivery: Delivery, credentials: dict, time_zone: str) -> News:
        """An account callback, or one of a number of its own. Raises `Unreadable`, also for one that proves nothing."""
        return read_news(delivery, credentials)
