"""Call directors: plans of who rings when during a call's first two minutes."""

from . import checks, structures
from .checks import P
from .desk import Refusal
from .things import Kind, deleting, judged, listing, save, unknown, updating
from .wire import E, fields

LONGEST = 120
DEFAULTS = {"client_subaccount_id": "0", "friendly_name": "", "status": "enabled", "comments": ""}
GET_DIRECTORS = (P("client_director_profile_id", checks.integer(1)), P("client_subaccount_id", checks.integer(0)))
DELETE_DIRECTOR = (P("client_director_profile_id", checks.integer(1), required=True),)
UPDATE_DIRECTOR = (
    P("preserve_missing_data", checks.boolean),
    P("mode", checks.enum("update", "create")),
    P("client_director_profile_id", checks.integer(1), need=updating),
    P("client_subaccount_id", checks.integer(0)),
    P("friendly_name", checks.alphanumeric(2, 32), required=True),
    P("status", checks.enum("enabled", "disabled")),
    P("comments", checks.text()),
)


def fives(value):
    number = checks.integer(0, 115)(value)
    if number % 5:
        raise checks.Bad
    return number


def of(usage):
    return lambda values, params: values.get("usage_type") == usage


def announces(values, params):
    return values.get("usage_type") == "forward" and "announce_caller" in (values.get("options") or ())


ACTION = (
    P("usage_type", checks.enum("forward", "peer", "sip_uri"), required=True),
    P("offset", fives, required=True),
    P("duration", checks.integer(5, LONGEST), required=True),
    P("client_peer_id", checks.integer(1), need=of("peer")),
    P("forward_number", checks.phone, need=of("forward")),
    P("sip_uri", checks.sip_uri, need=of("sip_uri")),
    P("announce_media_file_id", checks.integer(0), need=announces),
    P("send_dtmf", checks.dtmf),
    P("confirm_media_file_id", checks.integer(0)),
    P("options", checks.enum("confirm_required", "announce_caller"), many=True),
    P("comments", checks.text()),
)


def actions_of(desk):
    """The actions that were sent, checked; None when there were none."""
    given = structures.entries(desk.params, "action")
    if given is None:
        return None
    rows, codes = structures.checked(given, ACTION)
    for values in rows:
        codes += unknown(desk, values)
        if values.get("offset", 0) and values.get("duration", 0) and values["offset"] + values["duration"] > LONGEST:
            codes.append("duration_invalid")
    if codes:
        raise Refusal(*dict.fromkeys(codes))
    return [structures.stored(values) for values in rows]


def update_call_director_profile(desk):
    actions = actions_of(desk)
    wanted, old = judged(DIRECTORS, desk)
    if actions is None:
        if not old or desk.values.get("preserve_missing_data") is not True:
            raise Refusal("action_required")
        actions = old["action"]
    return save(DIRECTORS, desk, {**wanted, "action": actions}, old)


def parts(desk, director):
    return [E("action", fields(action)) for action in director.get("action", ())]


def gone(desk, director):
    """A profile that a number uses stays."""
    number, dids = str(director["id"]), desk.account["dids"].values()
    used = any(did["status"] != "deleted" and did["client_director_profile_id"] == number for did in dids)
    return ["client_director_profile_id_invalid"] if used else []


DIRECTORS = Kind(
    store="directors",
    thing="call_director_profile",
    id_field="client_director_profile_id",
    wrapper="call_director_profiles",
    defaults=DEFAULTS,
    parts=parts,
    gone=gone,
)
get_call_director_profiles, delete_call_director_profile = listing(DIRECTORS), deleting(DIRECTORS)
