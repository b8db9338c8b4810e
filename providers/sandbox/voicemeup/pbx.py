"""Managed 3CX servers."""

from . import checks
from .checks import P
from .things import Kind, deleting, listing, saving, updating

DEFAULTS = {
    "client_subaccount_id": "0",
    "friendly_name": "",
    "server_port": "443",
    "level": "1",
    "server_fqdn": "",
    "is_connection_allowed": "0",
    "server_name": "",
    "server_password": "",
    "enable_fetch_license_expiration": "0",
    "license_key": "",
    "license_expiration": "",
    "product_edition": "",
    "product_simultaneous_calls": "",
    "options": [],
    "encrypt_backup_password": "",
    "backup_frequency": "3_day",
    "backup_retention": "3_day",
    "call_retention": "3_year",
    "dns_service": "",
    "auth_type": "",
    "auth_id": "",
    "auth_password": "",
    "certificate_token": "",
    "monitoring_status": "disabled",
    "subscribed_monitoring": [],
    "alert_status": "disabled",
    "subscribed_alerts": [],
    "alert_recipients": [],
    "status": "enabled",
    "comments": "",
}
CALLS = ("4", "8", "16", "24", "32", "48", "64", "96", "128", "192", "256", "512", "1024")
NEED_CONNECTION = {"sync_calls", "sync_recording_media", "sync_voicemail_media", "sync_backups", "auto_renew_ssl"}
OPTIONS = (*sorted(NEED_CONNECTION), "backup_includes_voicemails", "backup_includes_templates", "encrypt_backup")
MONITORS = ("system", "trunks", "services", "callflows", "sip_test", "call_test", "system_additional")
MONITORS += ("voicemail", "backup", "ssl")
PERIODS = ("1_day", "3_day", "1_week", "2_week", "1_month", "3_month")
RETENTIONS = ("none", "1_week", "1_month", "3_month", "6_month", "1_year", "2_year", "3_year", "5_year", "8_year")
word = checks.alphanumeric(1, 128)
GET_SERVERS = (
    P("pbx3cx_server_id", checks.integer(1)),
    P("client_subaccount_id", checks.integer(0)),
    P("friendly_name", checks.text(64)),
    P("server_fqdn", checks.text(253)),
    P("license_key", checks.text(64)),
    P("level", checks.enum("1", "2", "3")),
)
DELETE_SERVER = (P("pbx3cx_server_id", checks.integer(1), required=True),)


def connected(values, params):
    return values.get("is_connection_allowed") == "1"


def encrypts(values, params):
    return "encrypt_backup" in (values.get("options") or ())


def cloudns(values, params):
    return values.get("dns_service") == "dns_cloudns"


def cloudflare(values, params):
    return values.get("dns_service") == "dns_cf"


UPDATE_SERVER = (
    P("mode", checks.enum("update", "create")),
    P("pbx3cx_server_id", checks.integer(1), need=updating),
    P("client_subaccount_id", checks.integer(0)),
    P("friendly_name", checks.alphanumeric(2, 32), required=True),
    P("server_port", checks.port),
    P("level", checks.enum("1", "2", "3")),
    P("server_fqdn", checks.host_name),
    P("is_connection_allowed", checks.flag),
    P("server_name", word, need=connected),
    P("server_password", word, need=connected),
    P("enable_fetch_license_expiration", checks.flag),
    P("license_key", checks.text(64)),
    P("license_expiration", checks.date),
    P("product_edition", checks.enum("Professional", "Standard", "Enterprise", "Startup")),
    P("product_simultaneous_calls", checks.enum(*CALLS)),
    P("options", checks.enum(*OPTIONS), many=True),
    P("encrypt_backup_password", word, need=encrypts),
    P("backup_frequency", checks.enum(*PERIODS)),
    P("backup_retention", checks.enum("none", *PERIODS)),
    P("call_retention", checks.enum(*RETENTIONS, "10_year")),
    P("dns_service", checks.enum("dns_cloudns", "dns_cf")),
    P("auth_type", checks.enum("account", "subaccount"), need=cloudns),
    P("auth_id", word, need=cloudns),
    P("auth_password", word, need=cloudns),
    P("certificate_token", word, need=cloudflare),
    P("monitoring_status", checks.enum("enabled", "disabled")),
    P("subscribed_monitoring", checks.enum(*MONITORS), many=True),
    P("alert_status", checks.enum("enabled", "disabled")),
    P("subscribed_alerts", checks.enum("connectivity", *MONITORS), many=True),
    P("alert_recipients", checks.email, many=True),
    P("status", checks.enum("enabled", "disabled", "deleted")),
    P("comments", checks.text()),
)


def check(desk, wanted, old):
    """What asks for a connection must have one; alerts are about what is monitored."""
    codes = []
    if wanted["is_connection_allowed"] != "1":
        if NEED_CONNECTION & set(wanted["options"]):
            codes.append("options_invalid")
        if wanted["monitoring_status"] == "enabled":
            codes.append("monitoring_status_invalid")
    if not set(wanted["subscribed_alerts"]) - {"connectivity"} <= set(wanted["subscribed_monitoring"]):
        codes.append("subscribed_alerts_invalid")
    return codes


SERVERS = Kind(
    store="pbx3cx_servers",
    thing="pbx3cx_server",
    id_field="pbx3cx_server_id",
    wrapper="pbx3cx_servers",
    defaults=DEFAULTS,
    check=check,
)
get_3cx_servers, update_3cx_server, delete_3cx_server = listing(SERVERS), saving(SERVERS), deleting(SERVERS)
