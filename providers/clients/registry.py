"""Which upstreams there are: slug to client class, by hand."""

from providers.clients.base import Client
from providers.clients.jafone.client import JaFone
from providers.clients.voicemeup.client import VoiceMeUp

CLIENTS: dict[str, type[Client]] = {
    "voicemeup": VoiceMeUp,
    "jafone": JaFone,
}


def client_class(slug: str) -> type[Client]:
    """The client of an upstream. Raises `KeyError` for a slug that is not in `CLIENTS`."""
    return CLIENTS[slug]
