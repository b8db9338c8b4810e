"""Faxes: the log, deleting, and sending."""

import datetime
import re

from .. import lag
from . import checks, fax_life, selecting
from .checks import P
from .desk import Answer, Refusal
from .fax_profiles import PAGES, RESOLUTIONS
from .fax_rows import hash_of, values_of
from .things import find, shelf, unknown
from .wire import E, row

STATES = ("pending", "processing", "completed", "failed", "cancelled", "paused")
ENDINGS = (".pdf", ".tif", ".tiff", ".txt", ".doc", ".docx", ".rtf", ".odt", ".png", ".jpg", ".jpeg", ".gif")
GET_FAXES = (
    P("call_fax_id", checks.integer(1)),
    P("client_fax_profile_id", checks.integer(1)),
    P("client_subaccount_id", checks.integer(0)),
    P("date_from", checks.date),
    P("date_to", checks.date),
    P("call_hash", checks.call_hash),
    P("status", checks.enum("enabled", "deleted", "purged"), many=True),
    P("transmission_status", checks.enum(*STATES), many=True),
)
DELETE_FAXES = (
    P("call_fax_id", checks.integer(1), many=True),
    P("call_hash", checks.call_hash, many=True),
    P("date", checks.date),
    P("comments", checks.text()),
)
QUEUE_FAX = (
    P("destination_number", checks.phone, required=True),
    P("client_fax_profile_id", checks.integer(1), required=True),
    P("attachments", checks.text(), required=True),
    P("unique_id", checks.alphanumeric(1, 255)),
    P("name_from", checks.alphanumeric(1, 255)),
    P("email_from", checks.email),
    P("page_format", checks.enum(*PAGES)),
    P("resolution", checks.enum(*RESOLUTIONS)),
    P("retry_limit", checks.integer(1, 9)),
    P("datetime_scheduled", checks.moment),
)


def get_faxes(desk):
    values, found = desk.values, shelf(desk.account, "faxes")
    wrong = unknown(desk, {"client_subaccount_id": values.get("client_subaccount_id")})
    profile = values.get("client_fax_profile_id")
    if profile and find(desk.account, "fax_profiles", profile) is None:
        wrong.append("client_fax_profile_id_invalid")
    for name, key in (("call_fax_id", lambda fax: fax["id"]), ("call_hash", lambda fax: hash_of(desk, fax))):
        wanted = values.get(name)
        if wanted:
            found = [fax for fax in found if str(key(fax)) == str(wanted).lower()]
            wrong += [] if found else [f"{name}_invalid"]
    if bool(values.get("date_from")) != bool(values.get("date_to")):
        wrong.append("required_parameter_not_found")
    if wrong:
        raise Refusal(*wrong)
    found = [fax for fax in found if not lag.hidden(desk.call, fax["at"], desk.now, fax["id"])]
    rows = sorted(filter(matcher(desk), found), key=lambda fax: (-fax["at"], -fax["id"]))
    return [E("faxes", [row("fax_details", "call_fax_id", values_of(desk, fax)) for fax in rows])]


def matcher(desk):
    values = desk.values
    low = desk.midnight(values["date_from"]) if values.get("date_from") else 0
    high = desk.midnight(values["date_to"], 1) if values.get("date_to") else float("inf")
    plain = [
        (name, str(values[name]))
        for name in ("client_fax_profile_id", "client_subaccount_id")
        if values.get(name) not in (None, "")
    ]
    states = values.get("status") or ["enabled"]

    def fits(fax):
        if fax["status"] not in states or not low <= fax["at"] < high:
            return False
        if values.get("transmission_status") and fax["transmission_status"] not in values["transmission_status"]:
            return False
        return all(str(fax[name]) == wanted for name, wanted in plain)

    return fits


def delete_faxes(desk):
    """By id, by call, or all of one day."""
    keys = {"call_fax_id": lambda fax: fax["id"], "call_hash": lambda fax: hash_of(desk, fax)}
    living = [fax for fax in shelf(desk.account, "faxes") if fax["status"] == "enabled"]
    doomed = selecting.chosen(desk, living, keys, before=False)
    for fax in doomed:
        fax["status"] = "deleted"
        if fax["transmission_status"] in ("pending", "paused"):
            fax["transmission_status"] = "cancelled"
    return selecting.deleted(desk, "faxes", "call_fax_id", doomed)


def papers(desk):
    """The uploaded files; a request that is no POST cannot carry any."""
    uploads = desk.files.get("attachments") or []
    if not uploads:
        raise Refusal("attachments_required")
    if not all(upload.data and upload.filename.lower().endswith(ENDINGS) for upload in uploads):
        raise Refusal("attachments_invalid")
    return uploads


def pages_in(upload):
    """As a PDF counts them; other files by their length."""
    if upload.data.startswith(b"%PDF"):
        return max(1, len(re.findall(rb"/Type\s*/Page\b", upload.data)))
    return 1 + len(upload.data) // 60_000


def scheduled(desk):
    """The moment to send at, or None for at once; what has passed is no schedule."""
    wanted = desk.values.get("datetime_scheduled")
    if not wanted:
        return None
    moment = datetime.datetime.fromisoformat(wanted).replace(tzinfo=desk.zone).timestamp()
    if moment < desk.now - 60:
        raise Refusal("datetime_scheduled_invalid")
    return moment


def queue_fax(desk):
    values, account = desk.values, desk.account
    profile = find(account, "fax_profiles", values["client_fax_profile_id"])
    if profile is None or profile["status"] != "enabled":
        raise Refusal("client_fax_profile_id_invalid")
    uploads, when = papers(desk), scheduled(desk)
    unique = str(values.get("unique_id") or int(desk.now * 1000))
    number = str(profile["id"])
    sent = (fax for fax in shelf(account, "faxes") if fax["client_fax_profile_id"] == number)
    if any(fax.get("unique_id") == unique for fax in sent):
        raise Refusal("unique_id_invalid")
    chosen = {n: values.get(n) or profile[n] for n in ("page_format", "resolution", "retry_limit")}
    fax = fax_life.queue(
        desk,
        profile,
        values["destination_number"],
        uploads,
        sum(map(pages_in, uploads)),
        when,
        unique_id=unique,
        name_from=values.get("name_from") or profile["contact_name"],
        email_from=values.get("email_from") or profile["email"],
        **{**chosen, "retry_limit": int(chosen["retry_limit"])},
    )
    desk.effect(
        "fax_queued",
        call_fax_id=fax["id"],
        call_hash=hash_of(desk, fax),
        destination=fax["destination"],
        pages=fax["pages"],
        unique_id=unique,
    )
    return Answer(E("call_fax_id", fax["id"]), messages=[("queued_fax_hash", hash_of(desk, fax))])
