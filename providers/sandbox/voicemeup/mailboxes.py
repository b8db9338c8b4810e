"""Voice mailboxes and what they say to callers."""

import uuid

from . import catalogue, checks
from .checks import P
from .desk import Answer, Refusal
from .things import Kind, deleting, find, listing, saving, shelf, updating
from .wire import E

MOST_MAILBOXES = 40
VOICE = "fr-CA-Standard-A"
SOUNDS = (".wav", ".mp3", ".ogg", ".gsm", ".ulaw")
DEFAULTS = {
    "client_subaccount_id": "0",
    "friendly_name": "",
    "passcode": "",
    "email": "",
    "enable_mail_notification": "0",
    "contact_name": "",
    "enable_peer_notification": "0",
    "notification_peers": [],
    "notification_duration": "0",
    "status": "enabled",
    "comments": "",
    "greeting_media_file_id": "0",
    "is_default": "0",
}
GET_MAILBOXES = (P("client_mailbox_id", checks.integer(1)),)
DELETE_MAILBOX = (P("client_mailbox_id", checks.integer(1), required=True),)


def mails(values, params):
    return values.get("enable_mail_notification") == "1"


def calls_peers(values, params):
    return values.get("enable_peer_notification") == "1"


def mails_and_calls(values, params):
    return mails(values, params) and calls_peers(values, params)


UPDATE_MAILBOX = (
    P("mode", checks.enum("update", "create")),
    P("client_mailbox_id", checks.integer(1), need=updating),
    P("client_subaccount_id", checks.integer(0)),
    P("friendly_name", checks.alphanumeric(2, 32)),
    P("passcode", checks.digits(low=4, high=12)),
    P("email", checks.email),
    P("enable_mail_notification", checks.flag),
    P("contact_name", checks.alphanumeric(4, 60), need=mails),
    P("enable_peer_notification", checks.flag),
    P("notification_peers", checks.integer(1), need=calls_peers, many=True),
    P("notification_duration", checks.integer(5, 60), need=mails_and_calls),
    P("status", checks.enum("enabled", "disabled")),
    P("comments", checks.text()),
)


def in_use(desk, mailbox_id):
    dids = desk.account["dids"].values()
    return any(did["status"] != "deleted" and did["client_mailbox_id"] == str(mailbox_id) for did in dids)


def ties(desk, mailbox):
    """Why a mailbox can be neither switched off nor deleted."""
    codes = ["default_mailbox_dependency"] if mailbox.get("is_default") == "1" else []
    return codes + (["mailbox_did_dependency"] if in_use(desk, mailbox["id"]) else [])


def check(desk, wanted, old):
    if len(wanted["notification_peers"]) > 10:
        return ["notification_peers_invalid"]
    if old is None:
        full = len(shelf(desk.account, "mailboxes")) >= MOST_MAILBOXES
        return ["voice_mailboxes_limit_reached"] if full else []
    switched_off = wanted["status"] == "disabled" and old.get("status", "enabled") != "disabled"
    return ties(desk, old) if switched_off else []


def finish(desk, wanted, old):
    if old is None and not wanted["passcode"]:
        wanted["passcode"] = f"{desk.new_id('secret') * 7919 % 10_000:04d}"
    return []


MAILBOXES = Kind(
    store="mailboxes",
    thing="mailbox",
    id_field="client_mailbox_id",
    wrapper="mailboxes",
    defaults=DEFAULTS,
    metadata=True,
    stays=("status", "passcode", "greeting_media_file_id", "is_default"),
    check=check,
    finish=finish,
    gone=ties,
)
get_mailboxes, update_mailbox, delete_mailbox = listing(MAILBOXES), saving(MAILBOXES), deleting(MAILBOXES)


# -- greetings


def speaking(values, params):
    return values.get("mode") == "text_to_speech"


def existing(values, params):
    return values.get("mode") == "existing_file"


def posting(values, params):
    return values.get("mode") == "post_file"


GREETING = (
    P("mode", checks.enum("text_to_speech", "existing_file", "post_file"), required=True),
    P("client_mailbox_id", checks.integer(1), required=True),
    P("friendly_name", checks.alphanumeric(2, 32)),
    P("text", checks.text(4000), need=speaking),
    P("voice_name", checks.enum(*(voice["voice_name"] for voice in catalogue.VOICES))),
    P("client_media_file_id", checks.integer(1), need=existing),
    P("attachments", checks.text(), need=posting),
)


def update_mailbox_greeting(desk):
    values = desk.values
    mailbox = find(desk.account, "mailboxes", values["client_mailbox_id"])
    if mailbox is None:
        raise Refusal("client_mailbox_id_invalid")
    media = MAKERS[values["mode"]](desk, mailbox)
    mailbox["greeting_media_file_id"] = str(media["id"])
    desk.effect("mailbox_greeting_updated", client_mailbox_id=mailbox["id"], client_media_file_id=media["id"])
    return Answer(
        E("client_mailbox_id", mailbox["id"]),
        E("client_media_file_id", media["id"]),
        messages=["mailbox_greeting_updated"],
    )


def spoken(desk, mailbox):
    """About fifteen letters a second."""
    seconds = max(2, len(desk.values["text"]) // 15)
    voice = desk.values.get("voice_name") or VOICE
    name = f"{uuid.uuid4().hex}.{seconds}.media.wav"
    return add_media(desk, mailbox, name, seconds, 44 + 8000 * seconds, text=desk.values["text"], voice_name=voice)


def chosen(desk, mailbox):
    media = find(desk.account, "media_files", desk.values["client_media_file_id"])
    if media is None:
        raise Refusal("client_media_file_id_invalid")
    return media


def posted(desk, mailbox):
    uploads = desk.files.get("attachments") or []
    if len(uploads) != 1 or not uploads[0].data or not uploads[0].filename.lower().endswith(SOUNDS):
        raise Refusal("attachments_invalid" if uploads else "attachments_required")
    ending = uploads[0].filename.lower().rpartition(".")[2]
    name = f"{uuid.uuid4().hex}.media.{ending}"
    desk.sandbox.keep_media(name, uploads[0].data)
    size = len(uploads[0].data)
    return add_media(desk, mailbox, name, max(1, size // 8000), size)


MAKERS = {"text_to_speech": spoken, "existing_file": chosen, "post_file": posted}


def add_media(desk, mailbox, file, seconds, size, **more):
    media = {
        "id": desk.new_id("media_file"),
        "client_subaccount_id": mailbox["client_subaccount_id"],
        "client_media_folder_id": "1",
        "friendly_name": desk.values.get("friendly_name") or f"greeting_mailbox_{mailbox['id']}",
        "duration": str(seconds),
        "size": str(size),
        "file": file,
        "at": int(desk.now),
        **more,
    }
    shelf(desk.account, "media_files").append(media)
    return media
