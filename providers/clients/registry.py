"""Which upstreams there are: slug to client class, by hand."""

from providers.clients.base import Client
from providers.clients.jafone.client import JaFone
from providers.clients.jomobile.client import JoMobile
from providers.clients.voicemeup.client import VoiceMeUp
from providers.clients.voicetel.client import VoiceTel
from providers.clients.voximplant.client import Voximplant

CLIENTS: dict[str, type[Client]] = {
    "voicemeup": VoiceMeUp,
    "jafone": JaFone,
    "voicetel": VoiceTel,
    "jomobile": JoMobile,
    "voximplant": Voximplant,
}


def client_class(slug: str) -> type[Client]:
    """The client of an upstream. Raises `KeyError` for a slug that is not in `CLIENTS`."""
    return CLIENTS[slug]
