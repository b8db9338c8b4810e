"""The Jo Mobile client: every call of the document in one class.

client = JoMobile("https://restapi.jomobile.online", {"username": "...", "password": "..."})
client.balance()
"""

from providers.clients.jomobile.account import Account
from providers.clients.jomobile.black_list import BlackList
from providers.clients.jomobile.groups import Groups
from providers.clients.jomobile.legacy import Legacy
from providers.clients.jomobile.prices import Prices
from providers.clients.jomobile.webhooks import Webhooks


class JoMobile(Legacy, Groups, BlackList, Account, Prices, Webhooks):
    """See `wire.Wire` for credentials and options. Listings put rows they cannot read into `unread`."""
