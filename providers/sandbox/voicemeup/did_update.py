"""Changing a number. What is left out is reset, unless preserve_missing_data says otherwise."""

from . import callbacks, checks, metadata
from .callbacks import TRIGGERS
from .checks import P
from .desk import Answer, Refusal
from .dids import DEFAULTS, TYPES, USAGES, the_did
from .wire import E

TIMEOUTS = ("disabled", "2", *(str(s) for s in range(5, 60, 5)))
OPTIONS = (
    "enable_forwarding",
    "enable_voicemail",
    "enable_peer",
    "ondemand_recording",
    "announce_monitor",
    "enable_recording",
    "enable_ivr",
    "enable_fax",
    "announce_caller",
    "enable_sms",
    "enable_sms_email_notify",
    "enable_sms_forwarding",
    "enable_sms_callback",
    "enable_sms_callback_retry",
    "enable_sms_autoreply",
    "enable_uri",
    "enable_georedundancy",
    "force_ring_signal",
    "discard_redirect",
    "confirm_required",
    "enable_filtering",
    "enable_director",
    "enable_notify_callback",
)
# parameter: the option that makes it mandatory
NEEDED_BY = {
    "announce_media_file_id": "announce_caller",
    "sms_notify_email": "enable_sms_email_notify",
    "sms_forward_number": "enable_sms_forwarding",
    "sms_callback_url": "enable_sms_callback",
    "sms_autoreply_message": "enable_sms_autoreply",
    "notify_callback_triggers": "enable_notify_callback",
    "notify_callback_url": "enable_notify_callback",
}
UPDATE_DID = (
    P("preserve_missing_data", checks.boolean),
    P("client_did_id", checks.integer(1)),
    P("phone_number", checks.nanp),
    P("friendly_name", checks.alphanumeric(2, 32)),
    P("forward_number", checks.phone),
    P("forward_timeout", checks.enum(*TIMEOUTS)),
    P("send_dtmf", checks.matching(r"[0-9abcdwW]+")),
    P("voice_language", checks.enum("en", "fr")),
    P("client_mailbox_id", checks.integer(0)),
    P("client_ivr_profile_id", checks.integer(0)),
    P("client_fax_profile_id", checks.integer(0)),
    P("client_director_profile_id", checks.integer(0)),
    P("client_sms_profile_id", checks.integer(0)),
    P("client_peer_ids", checks.integer(1), many=True, invalid="client_peer_id_invalid"),
    P("peer_timeout", checks.enum(*TIMEOUTS)),
    P("peer_contact_mode", checks.enum("sequential", "simultaneous", "round_robin")),
    P("client_queue_ids", checks.integer(1), many=True),
    P("bridge_uri", checks.matching(r"(sips?:)?[^\s@]+@[^\s@]+")),
    P("client_conference_profile_id", checks.text(64)),
    P("ondemand_recording", checks.flag),
    P("dnis_rewrite", checks.digits(10)),
    P("client_filter_ids", checks.integer(1), many=True),
    P("announce_media_file_id", checks.integer(0)),
    P("monitor_media_file_id", checks.integer(0)),
    P("confirm_media_file_id", checks.integer(0)),
    P("callerid_name_rewrite", checks.alphanumeric(3, 15)),
    P("callerid_number_rewrite", checks.matching(r"\+?[0-9]{1,20}")),
    P("sms_notify_email", checks.email),
    P("sms_forward_number", checks.phone),
    P("sms_callback_url", checks.url),
    P("sms_autoreply_message", checks.text(160)),
    P("client_channel_id", checks.integer(0)),
    P("client_subaccount_id", checks.integer(0)),
    P("notify_callback_triggers", checks.enum(*TRIGGERS), many=True),
    P("notify_callback_url", checks.url),
    P("simultaneous_calls_limit", checks.integer(0, 255)),
    P("type", checks.enum(*TYPES)),
    P("usage_type", checks.enum(*USAGES)),
    P("recording_notify_recipient_name", checks.text(255)),
    P("recording_notify_recipient_email", checks.text(255)),
    P("peer_failover_causes", checks.text(240)),
    P("pickup_group_ids", checks.text(64)),
    P("sms_dnis_rewrite", checks.text(30)),
    P("exclude_e411_list", checks.flag),
    P("exclude_e911_list", checks.flag),
    P("options", checks.enum(*OPTIONS), many=True),
    P("comments", checks.text()),
    P("status", checks.enum("enabled", "disabled")),
)
KEPT = {"preserve_missing_data", "client_did_id", "phone_number"}
STAYS = {"type", "status"}  # facts of the number: left out, they stay in either mode


def wanted_row(desk, did):
    """The row as it will be: starts from what is there or from the defaults."""
    sent = {k: stored(k, v) for k, v in desk.values.items() if k not in KEPT and not (k in STAYS and v == "")}
    if desk.values.get("preserve_missing_data") is True:
        row = {**did, **sent}
    else:
        blank = {name: list(value) if isinstance(value, list) else value for name, value in DEFAULTS.items()}
        blank["voice_language"] = desk.account["language"]
        row = {**did, **blank, **sent}
    meta = metadata.from_params(desk.params)
    if meta is not None:
        row["metadata"] = meta
    return row


def stored(name, value):
    """Numbers are kept as text, except in lists of ids; a cleared value takes its default."""
    if value == "":
        return DEFAULTS.get(name, "")
    if isinstance(value, list):
        return list(dict.fromkeys(value))
    return str(value)


def problems(desk, row):
    account, found = desk.account, {}
    known = {name: {str(one["id"]) for one in account[name]} for name in ("mailboxes", "peers")}
    if row["client_mailbox_id"] not in ("", "0") and row["client_mailbox_id"] not in known["mailboxes"]:
        found["client_mailbox_id"] = "client_mailbox_id_invalid"
    if not {str(one) for one in row["client_peer_ids"]} <= known["peers"]:
        found["client_peer_ids"] = "client_peer_id_invalid"
    elif len(row["client_peer_ids"]) > 5:
        found["client_peer_ids"] = "peers_to_ring_limit_reached"
    if row["client_subaccount_id"] != "0" and row["client_subaccount_id"] not in account["subaccounts"]:
        found["client_subaccount_id"] = "client_subaccount_id_invalid"
    if row["forward_number"] in {d["phone_number"] for d in account["dids"].values() if d["status"] != "deleted"}:
        found["forward_number"] = "forward_number_used_by_did"
    for name, option in NEEDED_BY.items():
        if option in row["options"] and row[name] in ("", "0", []):
            found[name] = f"{name}_required"
    return [found[p.name] for p in UPDATE_DID if p.name in found]


def test_callback(desk):
    """A changed address for call events is tried at once and must answer 200."""
    with desk.sandbox.world.lock:
        did = the_did(desk)
        row = wanted_row(desk, did)
        bad = problems(desk, row)
    if bad:
        raise Refusal(*bad)
    url = row["notify_callback_url"]
    if url and url != did["notify_callback_url"]:
        callbacks.try_out(desk, url, {"client_did_id": str(did["client_did_id"])})


def update_did(desk):
    did = the_did(desk)
    row = wanted_row(desk, did)
    changed = {name: [did.get(name), value] for name, value in row.items() if did.get(name) != value}
    did.update(row)
    desk.upstream.index()
    desk.effect("did_updated", client_did_id=did["client_did_id"], phone_number=did["phone_number"], changed=changed)
    return Answer(E("client_did_id", did["client_did_id"]), messages=["did_updated"])
