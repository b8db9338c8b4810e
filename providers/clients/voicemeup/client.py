"""The VoiceMeUp client: every area of the manual in one class.

client = VoiceMeUp("https://clients.voicemeup.com", {"client_user_id": "...", "auth_token": "..."})
client.balance()
"""

from providers.clients.voicemeup.account import Account
from providers.clients.voicemeup.emergency import Emergency
from providers.clients.voicemeup.messages import Messages
from providers.clients.voicemeup.numbers import Numbers
from providers.clients.voicemeup.ports import Ports
from providers.clients.voicemeup.subaccounts import Subaccounts


class VoiceMeUp(Numbers, Ports, Messages, Account, Subaccounts, Emergency):
    """See `wire.Wire` for credentials and options. Listings put rows they cannot read into `unread`."""
