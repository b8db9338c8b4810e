"""SMS profiles: what is done with the texts of the numbers that share one."""

from . import checks
from .checks import P
from .things import Kind, deleting, listing, saving, updating

OPTIONS = (
    "inbound_completed_notification",
    "outbound_completed_notification",
    "outbound_failed_notification",
    "enable_forwarding",
    "enable_callback",
    "enable_autoreply",
    "enable_callback_retry",
)
DEFAULTS = {
    "client_subaccount_id": "0",
    "friendly_name": "",
    "language": "",
    "allowed_senders": [],
    "notify_name": "",
    "notify_email": "",
    "forward_number": "",
    "callback_url": "",
    "backup_url": "",
    "autoreply_message": "",
    "client_did_id": "",
    "options": [],
    "status": "enabled",
    "comments": "",
}
GET_SMS_PROFILES = (P("client_sms_profile_id", checks.integer(1)), P("client_subaccount_id", checks.integer(0)))
DELETE_SMS_PROFILE = (P("client_sms_profile_id", checks.integer(1), required=True),)


def option(name):
    return lambda values, params: name in (values.get("options") or ())


UPDATE_SMS_PROFILE = (
    P("mode", checks.enum("update", "create")),
    P("client_sms_profile_id", checks.integer(1), need=updating),
    P("client_subaccount_id", checks.integer(0)),
    P("friendly_name", checks.alphanumeric(2, 32)),
    P("language", checks.enum("en", "fr")),
    P("allowed_senders", checks.text(64), many=True),
    P("notify_name", checks.alphanumeric(2, 60), need=option("inbound_completed_notification")),
    P("notify_email", checks.email, need=option("inbound_completed_notification")),
    P("forward_number", checks.nanp, need=option("enable_forwarding")),
    P("callback_url", checks.url, need=option("enable_callback")),
    P("backup_url", checks.url),
    P("autoreply_message", checks.text(160), need=option("enable_autoreply")),
    P("client_did_id", checks.integer(1)),
    P("options", checks.enum(*OPTIONS), required=True, many=True),
    P("status", checks.enum("enabled", "disabled", "deleted")),
    P("comments", checks.text()),
)


def finish(desk, wanted, old):
    """A profile that names a number is put on it."""
    wanted["language"] = wanted["language"] or desk.account["language"]
    return []


PROFILES = Kind(
    store="sms_profiles",
    thing="sms_profile",
    id_field="client_sms_profile_id",
    wrapper="sms_profiles",
    defaults=DEFAULTS,
    metadata=True,
    finish=finish,
    id_kind="profile",
)
get_sms_profiles, delete_sms_profile = listing(PROFILES), deleting(PROFILES)
_save = saving(PROFILES)


def update_sms_profile(desk):
    """The number that the profile names takes it on."""
    answer = _save(desk)
    did = desk.account["dids"].get(str(desk.values.get("client_did_id") or ""))
    if did:
        did["client_sms_profile_id"] = answer.body[0].text
    return answer
