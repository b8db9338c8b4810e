"""The JaFone client: every area of the document in one class.

client = JaFone("https://api.myownaccount.net", {"user_id": "...", "key": "..."})
client.balance()
"""

from providers.clients.jafone.calls import Calls
from providers.clients.jafone.messages import Messages


class JaFone(Messages, Calls):
    """See `wire.Wire` for credentials and options. Listings put rows they cannot read into `unread`."""
