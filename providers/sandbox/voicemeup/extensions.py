"""Internal extensions: four digits that ring peers, queues, another number or a mailbox."""

from . import checks
from .checks import P
from .things import Kind, creating, listing, saving, shelf, updating

TIMEOUT = checks.seconds_to_ring
DEFAULTS = {
    "extension": "",
    "friendly_name": "",
    "client_peer_ids": [],
    "peer_timeout": "",
    "enable_peer": "0",
    "client_queue_ids": [],
    "forward_number": "",
    "forward_timeout": "",
    "enable_forwarding": "0",
    "announce_media_file_id": "0",
    "send_dtmf": "",
    "voice_language": "",
    "confirm_media_file_id": "0",
    "client_mailbox_id": "",
    "enable_voicemail": "0",
    "enable_parking": "0",
    "options": [],
    "dnis_rewrite": "",
    "client_subaccount_id": "0",
    "status": "enabled",
    "comments": "",
}
GET_EXTENSIONS = (P("client_extension_id", checks.integer(1)), P("client_subaccount_id", checks.integer(0)))


def announces(values, params):
    return "announce_caller" in (values.get("options") or ())


UPDATE_EXTENSION = (
    P("mode", checks.enum("update", "create")),
    P("client_extension_id", checks.integer(1), need=updating),
    P("extension", checks.integer(1000, 9999), need=creating),
    P("friendly_name", checks.alphanumeric(2, 32)),
    P("client_peer_ids", checks.integer(1), many=True, invalid="client_peer_id_invalid"),
    P("peer_timeout", TIMEOUT),
    P("enable_peer", checks.flag),
    P("client_queue_ids", checks.integer(1), many=True),
    P("forward_number", checks.nanp),
    P("forward_timeout", TIMEOUT),
    P("enable_forwarding", checks.flag),
    P("announce_media_file_id", checks.integer(0), need=announces),
    P("send_dtmf", checks.dtmf),
    P("voice_language", checks.enum("en", "fr")),
    P("confirm_media_file_id", checks.integer(0)),
    P("client_mailbox_id", checks.integer(0)),
    P("enable_voicemail", checks.flag),
    P("enable_parking", checks.flag),
    P("options", checks.enum("confirm_required", "announce_caller"), many=True),
    P("dnis_rewrite", checks.nanp),
    P("client_subaccount_id", checks.integer(0)),
    P("status", checks.enum("enabled", "disabled")),
    P("comments", checks.text()),
)


def check(desk, wanted, old):
    codes = []
    others = (one for one in shelf(desk.account, "extensions") if one is not old)
    if any(one.get("extension") == wanted["extension"] for one in others):
        codes.append("extension_already_in_use")
    if len(wanted["client_peer_ids"]) > 5:
        codes.append("peers_to_ring_limit_reached")
    if wanted["enable_forwarding"] == "1" and not wanted["forward_number"]:
        codes.append("forward_number_required")
    return codes


def finish(desk, wanted, old):
    wanted["voice_language"] = wanted["voice_language"] or desk.account["language"]
    return []


EXTENSIONS = Kind(
    store="extensions",
    thing="extension",
    id_field="client_extension_id",
    wrapper="extensions",
    defaults=DEFAULTS,
    metadata=True,
    stays=("status", "extension"),
    check=check,
    finish=finish,
)
get_extensions, update_extension = listing(EXTENSIONS), saving(EXTENSIONS)
