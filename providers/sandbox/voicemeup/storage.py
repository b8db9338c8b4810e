"""What takes up room in an account, each with its size, owner and moment."""

import collections

from .things import shelf

TYPES = (
    "recordings_size",
    "voicemails_size",
    "medias_size",
    "faxes_size",
    "mms_size",
    "export_size",
    "pbx3cxmedia_size",
    "pbx3cxbackup_size",
)
STORES = {
    "recordings": "recordings_size",
    "voicemails": "voicemails_size",
    "media_files": "medias_size",
    "faxes": "faxes_size",
}
MEGABYTE = 1_000_000
Thing = collections.namedtuple("Thing", "kind size owner at")


def things(account):
    for store, kind in STORES.items():
        for one in shelf(account, store):
            if one.get("status") not in ("deleted", "purged"):
                yield Thing(kind, int(one.get("size") or 0), str(one.get("client_subaccount_id", "0")), one["at"])
    for sms in account["sms"]:
        if sms.get("attachment") and sms["status"] == "enabled":
            yield Thing("mms_size", int(sms["attachment_size"] or 0), str(sms["client_subaccount_id"]), sms["at"])
    yield from of_servers(account)


def of_servers(account):
    """Backups and recordings that managed servers bring over."""
    for server in shelf(account, "pbx3cx_servers"):
        owner = str(server["client_subaccount_id"])
        if "sync_backups" in server["options"]:
            yield Thing("pbx3cxbackup_size", 180 * MEGABYTE, owner, 0)
        if "sync_recording_media" in server["options"]:
            yield Thing("pbx3cxmedia_size", 64 * MEGABYTE, owner, 0)
