"""A customer with a connection at each of several upstreams, as the plumber of the demo world has them."""

from accounts.models import Account
from providers import sync
from providers.clients.registry import CLIENTS
from providers.models import Connection
from tests.factories import ConnectionFactory, FeedFactory, NumberFactory, RemoteAccountFactory

FIVE = tuple(CLIENTS)
AREAS = {"voicemeup": "514", "jafone": "263", "voicetel": "518", "voximplant": "628"}
SETTINGS = {
    "jafone": {},
    "voicetel": {"sms": True},
    "voximplant": {"sms": True, "sms_webhook": ""},
}


def connect_to(account: Account, *slugs: str, **values) -> dict[str, Connection]:
    """A connection at each of these upstreams, each with the feeds that it can fill, all just read."""
    made = {}
    for slug in slugs or FIVE:
        label = CLIENTS[slug].label
        connection = ConnectionFactory(
            slug=slug, name=f"{label} {account.name}", base_url=f"http://127.0.0.1:9/{slug}", **values
        )
        RemoteAccountFactory(connection=connection, account=account)
        for feed in sync.feeds_of(connection):
            FeedFactory(connection=connection, name=feed)
        made[slug] = connection
    return made


def number_at(connection: Connection, account: Account, last: str = "0134", **values):
    """A number that texts, with the settings that its upstream lets anyone change."""
    told = {"settings": SETTINGS[connection.slug]} if connection.slug in SETTINGS else {}
    number = f"+1{AREAS[connection.slug]}555{last}"
    return NumberFactory(connection=connection, account=account, **{"number": number, **told, **values})
