"""SIP peers: the telephones and exchanges that sign in, and what depends on them."""

import re

from . import callbacks, checks
from .callbacks import TRIGGERS
from .catalogue import PROXIES
from .checks import P
from .things import Kind, creating, deleting, judged, listing, saving, shelf, updating

MOST_PEERS = 60
TOLLFREE = ("800", "833", "844", "855", "866", "877", "888")
DEFAULTS = {
    "username": "",
    "peer_username": "",
    "registered": "0",
    "proxy_host": "",
    "proxy_id": "1",
    "friendly_name": "",
    "host_type": "dynamic",
    "host": "",
    "port": "",
    "callerid_name": "",
    "callerid_number": "",
    "callerid_mode": "global",
    "callerid_type": "rpid",
    "callerid_format": "national",
    "client_callerid_profile_id": "",
    "transport": "udp",
    "codecs": ["ulaw", "g729"],
    "dtmf_mode": "rfc2833",
    "dnis_mode": "auto",
    "dnis_format": "national",
    "force_ring_signal": "0",
    "enable_nat": "0",
    "enable_reinvite": "0",
    "enable_recording": "0",
    "ondemand_recording": "0",
    "enable_notification": "0",
    "simultaneous_calls_limit": "",
    "enable_auth": "0",
    "auth_username": "",
    "enable_qualify": "0",
    "qualify": "",
    "default_ip": "",
    "client_channel_id": "0",
    "client_subaccount_id": "0",
    "client_filter_ids": [],
    "enable_notify_callback": "0",
    "notify_callback_triggers": [],
    "notify_callback_url": "",
    "register_timeout": "",
    "progress_timeout": "",
    "provisioned_endpoint_id": "0",
    "status": "enabled",
    "comments": "",
    "password": "",
    "excluded": "0",
}
GET_PEERS = (
    P("client_peer_id", checks.integer(1)),
    P("client_channel_id", checks.integer(0)),
    P("client_subaccount_id", checks.integer(0)),
)
DELETE_PEER = (P("client_peer_id", checks.integer(1), required=True),)


def old_username(params):
    """The older name of the parameter is also that of the sign-in; it counts beside another sign-in only."""
    return (params.get("username") or "").strip() if params.get("client_user_id") else ""


def names_user(values, params):
    return creating(values, params) and not old_username(params)


def smart(values, params):
    return values.get("callerid_mode") == "smart"


def static(values, params):
    return updating(values, params) and values.get("host_type") == "static"


def qualifies(values, params):
    return values.get("enable_qualify") == "1"


UPDATE_PEER = (
    P("mode", checks.enum("update", "create")),
    P("client_peer_id", checks.integer(1), need=updating),
    P("proxy_id", checks.integer(1), need=creating),
    P("type", checks.enum("sip")),
    P("friendly_name", checks.alphanumeric(2, 32), required=True),
    P("host_type", checks.enum("dynamic", "static"), required=True),
    P("host", checks.address),
    P("port", checks.port),
    P(
        "peer_username",
        checks.alphanumeric(6, 32),
        need=names_user,
        invalid="username_invalid",
        missing="username_required",
    ),
    P("password", checks.alphanumeric(6, 32)),
    P("callerid_name", checks.alphanumeric(3, 15)),
    P("callerid_number", checks.nanp),
    P("callerid_mode", checks.enum("global", "privacy", "custom", "device", "smart"), required=True),
    P("callerid_type", checks.enum("rpid", "pid", "none"), need=updating),
    P("callerid_format", checks.enum("e164", "unaltered", "national"), need=updating),
    P("client_callerid_profile_id", checks.integer(0), need=smart),
    P("transport", checks.enum("udp", "tcp", "tls"), need=static),
    P("codecs", checks.enum("g729", "ulaw", "alaw", "g726", "gsm", "ilbc"), need=updating, many=True),
    P("dtmf_mode", checks.enum("rfc2833", "inband", "info", "auto"), need=updating, invalid="dtmf_invalid"),
    P("dnis_mode", checks.enum("auto", "forced", "disabled"), need=updating),
    P("dnis_format", checks.enum("national", "e164"), need=updating),
    P("force_ring_signal", checks.flag),
    P("enable_nat", checks.flag),
    P("enable_reinvite", checks.flag),
    P("enable_recording", checks.flag),
    P("ondemand_recording", checks.flag),
    P("enable_dnis", checks.flag),
    P("enable_notification", checks.flag),
    P("simultaneous_calls_limit", checks.integer(0, 255)),
    P("enable_auth", checks.flag),
    # with a sign-in by client_user_id only; its own codes are those of the sign-in
    P("auth_username", checks.alphanumeric(3, 32)),
    P("enable_qualify", checks.flag),
    P("qualify", checks.integer(2000, 60000), need=qualifies),
    P("default_ip", checks.address),
    P("client_channel_id", checks.integer(0)),
    P("client_subaccount_id", checks.integer(0)),
    P("client_filter_ids", checks.integer(1), many=True),
    P("enable_notify_callback", checks.flag),
    P("notify_callback_triggers", checks.enum(*TRIGGERS), many=True),
    P("notify_callback_url", checks.url),
    P("register_timeout", checks.integer(120, 7200)),
    P("progress_timeout", checks.integer(1, 10), need=creating),
    P("provisioned_endpoint_id", checks.integer(0)),
    P("status", checks.enum("enabled", "disabled"), need=updating),
    P("comments", checks.text()),
)


def in_use(desk, peer_id):
    """Whether a number rings at this peer."""
    return any(
        did["status"] != "deleted" and str(peer_id) in {str(one) for one in did["client_peer_ids"]}
        for did in desk.account["dids"].values()
    )


def taken(desk, username):
    """Names of peers are unique over all accounts."""
    accounts = desk.upstream.state["accounts"].values()
    return any(peer.get("username", "").lower() == username.lower() for a in accounts for peer in shelf(a, "peers"))


def check(desk, wanted, old):
    codes, preferences = [], desk.account["preferences"]
    if old is None:
        codes += new_name(desk, wanted["peer_username"] or old_username(desk.params))
        codes += ["peers_limit_reached"] if len(shelf(desk.account, "peers")) >= MOST_PEERS else []
    elif wanted["status"] == "disabled" and old.get("status") != "disabled" and in_use(desk, old["id"]):
        codes.append("peer_did_dependency")
    if wanted["callerid_mode"] == "global" and not (preferences["callerid_name"] and preferences["callerid_number"]):
        codes.append("global_callerid_infos_undefined")
    if wanted["callerid_mode"] == "custom":
        codes += [f"{name}_required" for name in ("callerid_name", "callerid_number") if not wanted[name]]
    return codes


def new_name(desk, username):
    if not re.fullmatch(r"[\w.-]{6,32}", username):
        return ["username_invalid"]
    return ["peer_exist"] if taken(desk, username) else []


def finish(desk, wanted, old):
    """Fills in the proxy's host, the name and a password; returns the notices."""
    hosts = {str(proxy["proxy_id"]): proxy["hostname"] for proxy in PROXIES}
    wanted["proxy_host"] = hosts.get(wanted["proxy_id"], "")
    wanted["username"] = wanted["username"] or wanted["peer_username"] or old_username(desk.params)
    wanted["peer_username"] = wanted["username"]
    wanted["password"] = wanted["password"] or f"pw{desk.new_id('secret'):08d}"
    if desk.values.get("enable_dnis") == "1":
        wanted["dnis_mode"] = "forced"
    notices = []
    if wanted["callerid_number"][:3] in TOLLFREE:
        notices.append("callerid_rejection_notice")
    if wanted["excluded"] == "1":
        notices.append("peer_excluded_from_sync")
    return notices


def gone(desk, peer):
    return ["peer_did_dependency"] if in_use(desk, peer["id"]) else []


CREATED = ("proxy_id", "peer_username", "register_timeout", "progress_timeout")
PEERS = Kind(
    store="peers",
    thing="peer",
    id_field="client_peer_id",
    wrapper="peers",
    defaults=DEFAULTS,
    metadata=True,
    hidden=("password", "excluded"),
    stays=("status", "username", "registered", "password", "excluded"),
    created=CREATED,
    check=check,
    finish=finish,
    gone=gone,
)
get_peers, update_peer, delete_peer = listing(PEERS), saving(PEERS), deleting(PEERS)


def test_callback(desk):
    """A changed address for call events is tried at once and must answer 200."""
    with desk.sandbox.world.lock:
        wanted, old = judged(PEERS, desk)
    url = wanted["notify_callback_url"]
    if url and url != (old or {}).get("notify_callback_url", ""):
        callbacks.try_out(desk, url, {"client_peer_id": str(old["id"]) if old else ""})
