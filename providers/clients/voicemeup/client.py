"""The VoiceMeUp client: every area of the manual in one class.

client = VoiceMeUp("https://clients.voicemeup.com", {"client_user_id": "...", "auth_token": "..."})
client.balance()
"""

from providers.clients.records import Delivery, News
from providers.clients.voicemeup.account import Account
from providers.clients.voicemeup.call_director import CallDirector
from providers.clients.voicemeup.callerid import CallerID
from providers.clients.voicemeup.channels import Channels
from providers.clients.voicemeup.devices import Devices
from providers.clients.voicemeup.dispatch import Dispatch
from providers.clients.voicemeup.emergency import Emergency
from providers.clients.voicemeup.extensions import Extensions
from providers.clients.voicemeup.faxes import Faxes
from providers.clients.voicemeup.inventory import Inventory
from providers.clients.voicemeup.ivr import Ivr
from providers.clients.voicemeup.mailboxes import Mailboxes
from providers.clients.voicemeup.media import Media
from providers.clients.voicemeup.messages import Messages
from providers.clients.voicemeup.numbers import Numbers
from providers.clients.voicemeup.peers import Peers
from providers.clients.voicemeup.ports import Ports
from providers.clients.voicemeup.prices import Prices
from providers.clients.voicemeup.profiles import Profiles
from providers.clients.voicemeup.queues import Queues
from providers.clients.voicemeup.resellers import Resellers
from providers.clients.voicemeup.schedules import Schedules
from providers.clients.voicemeup.statistics import Statistics
from providers.clients.voicemeup.subaccounts import Subaccounts
from providers.clients.voicemeup.threecx import ThreeCX
from providers.clients.voicemeup.voicemails import Voicemails
from providers.clients.voicemeup.webhooks import parse_inbound
from providers.clients.voicemeup.whitepages import Whitepages
from providers.clients.voicemeup.wire import TIME_ZONE


class Configuration(
    Profiles,
    Peers,
    Mailboxes,
    Extensions,
    CallDirector,
    Queues,
    CallerID,
    Ivr,
    Schedules,
    Channels,
    Media,
    Devices,
    ThreeCX,
):
    """Everything of which the portal keeps no record of its own; see `resources.Resources`."""


class VoiceMeUp(
    Numbers,
    Inventory,
    Ports,
    Messages,
    Voicemails,
    Faxes,
    Dispatch,
    Statistics,
    Account,
    Prices,
    Resellers,
    Subaccounts,
    Emergency,
    Whitepages,
    Configuration,
):
    """See `wire.Wire` for credentials and options. Listings put rows they cannot read into `unread`."""

    @classmethod
    def read_webhook(cls, delivery: Delivery, credentials: dict, time_zone: str) -> News:
        """The texts that arrived; nothing else of what VoiceMeUp may post has a known shape."""
        found = parse_inbound(delivery.body, delivery.content_type, delivery.query, time_zone=time_zone or TIME_ZONE)
        return News(messages=tuple(found))
