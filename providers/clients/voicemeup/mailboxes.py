"""Voice mailboxes and their greetings."""

from collections.abc import Iterator

from providers.clients.errors import Unreadable
from providers.clients.records import Attachment, ResourceRecord
from providers.clients.speaking import Repeat, speaks
from providers.clients.voicemeup import values
from providers.clients.voicemeup.parameters import digits, email, flag, ids, one_of, text, whole
from providers.clients.voicemeup.resources import METADATA, Resource, Resources
from providers.clients.voicemeup.wire import refused_here


def _by_mail(fields: dict) -> bool:
    return fields.get("enable_mail_notification") == "1"


def _by_peer(fields: dict) -> bool:
    return fields.get("enable_peer_notification") == "1"


def _by_both(fields: dict) -> bool:
    return _by_mail(fields) and _by_peer(fields)


MAILBOX = Resource(
    kind="mailbox",
    read="get_mailboxes",
    row="mailbox_details",
    id="client_mailbox_id",
    write="update_mailbox",
    delete="delete_mailbox",
    params=(
        whole("client_subaccount_id"),
        text("friendly_name", 2, 32),
        digits("passcode", 4, 12, secret=True),
        email("email"),
        flag("enable_mail_notification"),
        text("contact_name", 4, 60, needed=_by_mail),
        flag("enable_peer_notification"),
        ids("notification_peers", 10, needed=_by_peer, unsent="0"),
        whole("notification_duration", 5, 60, needed=_by_both, unsent="0"),  # minutes
        one_of("status", "enabled disabled"),
        text("comments"),
        *METADATA,
    ),
    facts=frozenset(("is_default", "greeting_media_file_id")),
)
VOICES = Resource(kind="voice", read="get_tts_voice_name", row="voice_name", id="voice_name", name="voice_name")
GREETING = Resource(
    kind="greeting",
    read="get_mailboxes",
    row="mailbox_details",
    id="client_mailbox_id",
    params=tuple(
        text(name) for name in ("mode", "friendly_name", "text", "voice_name", "client_media_file_id", "attachments")
    ),
)
LONGEST_SPOKEN = 5000  # characters; the manual states no limit


class Mailboxes(Resources):
    @speaks("get_mailboxes")
    def mailboxes(self, external_id: str = "") -> Iterator[ResourceRecord]:
        """One or all voice mailboxes. Passcodes are masked in what is returned. (voicemeup.yaml: get_mailboxes)"""
        yield from self.resources(MAILBOX, **{MAILBOX.id: external_id})

    @speaks("update_mailbox", Repeat.NEVER, settle="get_mailboxes by name")
    def create_mailbox(self, settings: dict[str, object]) -> str:
        """See `create_resource`. (voicemeup.yaml: update_mailbox, mode create)"""
        return self.create_resource(MAILBOX, settings)

    @speaks("update_mailbox", Repeat.SAFE, settle="get_mailboxes by id")
    def update_mailbox(self, external_id: str, changes: dict[str, object]) -> None:
        """See `change_resource`. (voicemeup.yaml: update_mailbox)"""
        self.change_resource(MAILBOX, external_id, changes)

    @speaks("delete_mailbox", Repeat.SAFE, settle="get_mailboxes: what is gone is not listed")
    def delete_mailbox(self, external_id: str) -> None:
        """Raises `NotFound` when it is gone already. (voicemeup.yaml: delete_mailbox)"""
        self.delete_resource(MAILBOX, external_id)

    @speaks("get_tts_voice_name")
    def voices(self) -> Iterator[ResourceRecord]:
        """The voices that can speak a greeting, such as fr-CA-Standard-A. (voicemeup.yaml: get_tts_voice_name)"""
        tree = self.call("get_tts_voice_name")
        for row in values.rows(tree, VOICES.row, VOICES.id):
            # A voice may be a name alone, or a structure with its language.
            yield from self.listing([{VOICES.id: row} if isinstance(row, str) else row], self._voice)

    @speaks("update_mailbox_greeting", Repeat.SAFE, settle="nothing tells what a greeting says: send it again")
    def speak_greeting(self, mailbox_id: str, words: str, voice: str = "", name: str = "") -> None:
        """Let a voice speak the greeting. `name` is of the media file made for it, 2 to 32 characters.

        Raises `NotFound`, `Rejected`. (voicemeup.yaml: update_mailbox_greeting, mode text_to_speech)
        """
        if not 0 < len(words) <= LONGEST_SPOKEN:
            raise refused_here("length", "text")
        self._greet(mailbox_id, {"mode": "text_to_speech", "text": words, "voice_name": voice or None}, name)

    @speaks("update_mailbox_greeting", Repeat.SAFE, settle="nothing tells what a greeting says: send it again")
    def set_greeting(self, mailbox_id: str, media_file_id: str, name: str = "") -> None:
        """Use a media file that is there. (voicemeup.yaml: update_mailbox_greeting, mode existing_file)"""
        self._greet(mailbox_id, {"mode": "existing_file", "client_media_file_id": media_file_id}, name)

    @speaks("update_mailbox_greeting", Repeat.SAFE, settle="nothing tells what a greeting says: send it again")
    def upload_greeting(self, mailbox_id: str, sound: Attachment, name: str = "") -> None:
        """Send a sound file. (voicemeup.yaml: update_mailbox_greeting, mode post_file)"""
        self._greet(mailbox_id, {"mode": "post_file"}, name, (("attachments", sound),))

    def _greet(self, mailbox_id: str, fields: dict, name: str, files: tuple[tuple[str, Attachment], ...] = ()) -> None:
        fields = fields | {"client_mailbox_id": mailbox_id, "friendly_name": name or None}
        self.call("update_mailbox_greeting", fields, files=files, meaning=GREETING.meaning)

    def _voice(self, row: dict) -> ResourceRecord:
        if not values.text(row, VOICES.id, "name"):
            raise Unreadable("a voice without a name", code="unreadable-value")
        return self.resource(VOICES, {VOICES.id: values.text(row, VOICES.id, "name")} | row)
