"""Fax profiles: how a customer's faxes look, who may send them, and who hears of them."""

from . import checks
from .checks import P
from .peers import TOLLFREE
from .things import Kind, deleting, listing, saving, shelf, updating

OPTIONS = (
    "inbound_completed_notification",
    "inbound_failed_notification",
    "outbound_completed_notification",
    "outbound_failed_notification",
    "enable_cover_page",
    "enable_inbound_send_attachment",
    "enable_outbound_send_attachment",
    "enable_callback",
)
PAGES = ("letter", "legal", "a4")
RESOLUTIONS = ("standard", "fine", "super_fine", "ultra_fine")
DEFAULTS = {
    "client_subaccount_id": "0",
    "friendly_name": "",
    "local_ident": "",
    "fax_header": "",
    "callerid_name": "",
    "callerid_number": "",
    "contact_name": "",
    "email": "",
    "language": "en",
    "allowed_senders": [],
    "retry_limit": "2",
    "page_format": "letter",
    "resolution": "standard",
    "callback_url": "",
    "backup_url": "",
    "options": [],
    "status": "enabled",
    "comments": "",
}
GET_FAX_PROFILES = (P("client_fax_profile_id", checks.integer(1)), P("client_subaccount_id", checks.integer(0)))
DELETE_FAX_PROFILE = (P("client_fax_profile_id", checks.integer(1), required=True),)


def calls_back(values, params):
    return "enable_callback" in (values.get("options") or ())


def resolution(value):
    """The manual prints super_fine with a blank before it."""
    return checks.enum(*RESOLUTIONS, "color")(value.strip())


UPDATE_FAX_PROFILE = (
    P("mode", checks.enum("update", "create")),
    P("client_fax_profile_id", checks.integer(1), need=updating),
    P("client_subaccount_id", checks.integer(0)),
    P("friendly_name", checks.alphanumeric(2, 32), required=True),
    P("local_ident", checks.alphanumeric(2, 20), required=True),
    P("fax_header", checks.alphanumeric(2, 20), required=True),
    P("callerid_name", checks.alphanumeric(3, 15), required=True),
    P("callerid_number", checks.nanp, required=True),
    P("contact_name", checks.alphanumeric(4, 60)),
    P("email", checks.email, required=True),
    P("language", checks.enum("en", "fr"), required=True),
    P("allowed_senders", checks.text(255), required=True, many=True),
    P("retry_limit", checks.integer(0, 9)),
    P("page_format", checks.enum(*PAGES), required=True),
    P("resolution", resolution, required=True),
    P("callback_url", checks.url, need=calls_back),
    P("backup_url", checks.url),
    P("options", checks.enum(*OPTIONS), many=True),
    P("status", checks.enum("enabled", "disabled"), required=True),
    P("comments", checks.text()),
)


def finish(desk, wanted, old):
    return ["callerid_rejection_notice"] if wanted["callerid_number"][:3] in TOLLFREE else []


def gone(desk, profile):
    """A profile with faxes on their way stays."""
    number, going = str(profile["id"]), ("pending", "processing", "paused")
    faxes = shelf(desk.account, "faxes")
    busy = any(f["client_fax_profile_id"] == number and f["transmission_status"] in going for f in faxes)
    return ["client_fax_profile_id_invalid"] if busy else []


PROFILES = Kind(
    store="fax_profiles",
    thing="fax_profile",
    id_field="client_fax_profile_id",
    wrapper="fax_profiles",
    defaults=DEFAULTS,
    metadata=True,
    finish=finish,
    gone=gone,
    id_kind="profile",
)
get_fax_profiles, update_fax_profile = listing(PROFILES), saving(PROFILES)
delete_fax_profile = deleting(PROFILES)
