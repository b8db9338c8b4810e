"""The account's numbers: listing, releasing, and the fields a number has."""

import unicodedata

from . import checks, metadata
from .checks import P
from .desk import Answer, Refusal
from .geo import STATES
from .wire import E, row

TYPES = ("local", "tollfree", "paypercall", "international", "inum", "shadow", "interexchange")
USAGES = ("default", "paging", "parking", "conference", "disa", "uri")
FILTER_OPTIONS = (
    "enable_ivr",
    "enable_disa",
    "enable_director",
    "enable_fax",
    "enable_peer",
    "enable_forwarding",
    "enable_uri",
    "enable_voicemail",
    "enable_recording",
    "ondemand_recording",
    "announce_monitor",
    "announce_caller",
    "enable_filtering",
    "enable_conference",
    "force_ring_signal",
    "discard_redirect",
    "confirm_required",
    "enable_sms",
    "enable_sms_email_notify",
    "enable_sms_forwarding",
    "enable_sms_callback",
    "enable_sms_callback_retry",
    "enable_queue",
)
# In the order in which a row shows them.
ROW = (
    "client_did_id phone_number npa nxx ratecenter_id ratecenter district state_id state country_id "
    "country t38_support sms_support mms_support peer_to_rings status date_activated friendly_name "
    "forward_number forward_timeout send_dtmf voice_language client_mailbox_id client_ivr_profile_id "
    "client_fax_profile_id client_director_profile_id client_sms_profile_id client_peer_ids "
    "peer_timeout peer_contact_mode client_queue_ids bridge_uri client_conference_profile_id "
    "ondemand_recording dnis_rewrite client_filter_ids announce_media_file_id monitor_media_file_id "
    "confirm_media_file_id callerid_name_rewrite callerid_number_rewrite sms_notify_email "
    "sms_forward_number sms_callback_url sms_autoreply_message client_channel_id client_subaccount_id "
    "notify_callback_triggers notify_callback_url simultaneous_calls_limit type usage_type "
    "recording_notify_recipient_name recording_notify_recipient_email peer_failover_causes "
    "pickup_group_ids sms_dnis_rewrite exclude_e411_list exclude_e911_list options comments"
).split()
# What a left-out parameter of update_did becomes; voice_language becomes the account's.
DEFAULTS = {
    "friendly_name": "",
    "forward_number": "",
    "forward_timeout": "",
    "send_dtmf": "",
    "voice_language": "",
    "client_mailbox_id": "",
    "client_ivr_profile_id": "",
    "client_fax_profile_id": "",
    "client_director_profile_id": "",
    "client_sms_profile_id": "",
    "client_peer_ids": [],
    "peer_timeout": "",
    "peer_contact_mode": "",
    "client_queue_ids": [],
    "bridge_uri": "",
    "client_conference_profile_id": "",
    "ondemand_recording": "0",
    "dnis_rewrite": "",
    "client_filter_ids": [],
    "announce_media_file_id": "0",
    "monitor_media_file_id": "0",
    "confirm_media_file_id": "0",
    "callerid_name_rewrite": "",
    "callerid_number_rewrite": "",
    "sms_notify_email": "",
    "sms_forward_number": "",
    "sms_callback_url": "",
    "sms_autoreply_message": "",
    "client_channel_id": "0",
    "client_subaccount_id": "0",
    "notify_callback_triggers": [],
    "notify_callback_url": "",
    "simultaneous_calls_limit": "",
    "usage_type": "default",
    "recording_notify_recipient_name": "",
    "recording_notify_recipient_email": "",
    "peer_failover_causes": "",
    "pickup_group_ids": "",
    "sms_dnis_rewrite": "",
    "exclude_e411_list": "0",
    "exclude_e911_list": "0",
    "options": [],
    "comments": "",
    "metadata": "",
}
ONE_DID = (P("client_did_id", checks.integer(1)), P("phone_number", checks.nanp))
GET_DIDS = (
    P("client_did_id", checks.integer(1)),
    P("phone_number", checks.nanp),
    P("npa", checks.digits(3)),
    P("nxx", checks.digits(3)),
    P("ratecenter_id", checks.integer(1)),
    P("district", checks.text(120)),
    P("state_id", checks.integer(1)),
    P("country_id", checks.integer(1)),
    P("options", checks.enum(*FILTER_OPTIONS), many=True),
    P("client_peer_id", checks.integer(1)),
    P("client_mailbox_id", checks.integer(1)),
    P("announce_media_file_id", checks.integer(0)),
    P("bridge_uri", checks.text(240)),
    P("pickup_group_ids", checks.text(64)),
    P("client_conference_profile_id", checks.integer(1)),
    P("client_fax_profile_id", checks.integer(1)),
    P("dnis_rewrite", checks.text(30)),
    P("confirm_media_file_id", checks.integer(0)),
    P("playback_media_file_id", checks.integer(0)),
    P("sms_autoreply_message", checks.text(160)),
    P("recording_notify_recipient_name", checks.text(255)),
    P("peer_failover_causes", checks.text(240)),
    P("recording_notify_recipient_email", checks.text(255)),
    P("type", checks.enum(*TYPES)),
    P("usage_type", checks.enum(*USAGES)),
    P("sms_dnis_rewrite", checks.text(30)),
    P("sip_response", checks.digits(3)),
    P("exclude_e411_list", checks.flag),
    P("exclude_e911_list", checks.flag),
    P("t38_support", checks.flag),
    P("sms_support", checks.flag),
    P("mms_support", checks.flag),
    P("enable_voicemail", checks.flag),
    P("ondemand_recording", checks.flag),
    P("enable_fax", checks.flag),
    P("client_channel_id", checks.integer(0)),
    P("client_subaccount_id", checks.integer(0)),
    P("status", checks.enum("enabled", "deleted", "disabled")),
)


def folded(text):
    """Without case and accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", str(text)) if not unicodedata.combining(c)).casefold()


def new_row(number, place, activated, **changes):
    """A number as it comes: `place` has ratecenter, district, state_id and so on."""
    return {
        "client_did_id": 0,
        "phone_number": number,
        "npa": number[:3],
        "nxx": number[3:6],
        **place,
        "t38_support": "1",
        "sms_support": "1",
        "mms_support": "1",
        "status": "enabled",
        "date_activated": activated,
        "type": "local",
        **{k: list(v) if isinstance(v, list) else v for k, v in DEFAULTS.items()},
        **changes,
    }


def shown(desk, did):
    values = {name: did.get(name, "") for name in ROW}
    values["peer_to_rings"] = did["client_peer_ids"]
    values["date_activated"] = desk.stamp(did["date_activated"])[:10]
    values["metadata"] = metadata.element(did["metadata"])
    return row("did_details", "client_did_id", values)


def fits(did, name, wanted):
    if name == "options":
        return set(wanted) <= set(did["options"])
    if name == "client_peer_id":
        return wanted in did["client_peer_ids"]
    if name in ("enable_voicemail", "enable_fax"):
        return (name in did["options"]) == (wanted == "1")
    if name in ("npa", "nxx"):
        return did["type"] == "local" and did[name] == wanted
    if name == "district":
        return folded(wanted) in folded(did["district"])
    return str(did.get(name, "")) == str(wanted)


def get_dids(desk):
    filters = {name: value for name, value in desk.values.items() if value not in ("", [])}
    problems = [
        "state_id_invalid" if "state_id" in filters and filters["state_id"] not in STATES else None,
    ]
    if any(problems):
        raise Refusal(*filter(None, problems))
    rows = [
        shown(desk, did)
        for did in desk.account["dids"].values()
        if ("status" in filters or did["status"] != "deleted")
        and all(fits(did, name, wanted) for name, wanted in filters.items())
    ]
    return [E("dids", rows)]


def the_did(desk):
    """The number that the request names, by id first."""
    number, did_id = desk.values.get("phone_number"), desk.values.get("client_did_id")
    if not number and not did_id:
        raise Refusal("required_parameter_not_found")
    for did in desk.account["dids"].values():
        if did["status"] != "deleted" and (did["client_did_id"] == did_id if did_id else did["phone_number"] == number):
            return did
    raise Refusal("client_did_id_invalid" if did_id else "phone_number_invalid")


def delete_did(desk):
    did = the_did(desk)
    did["status"] = "deleted"
    desk.upstream.index()
    for entry in [e for e in desk.account["e911"].values() if e["phone_number"] == did["phone_number"]]:
        del desk.account["e911"][str(entry["client_endpoint_id"])]
    desk.effect("did_deleted", client_did_id=did["client_did_id"], phone_number=did["phone_number"])
    return Answer(E("client_did_id", did["client_did_id"]), messages=["did_deleted"])
