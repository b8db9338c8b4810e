"""Internal extensions: what rings, where it forwards, and where it ends."""

from collections.abc import Iterator

from providers.clients.records import ResourceRecord
from providers.clients.speaking import Repeat, speaks
from providers.clients.voicemeup.parameters import digits, dtmf, flag, ids, one_of, some_of, text, whole, with_option
from providers.clients.voicemeup.resources import METADATA, Resource, Resources

_SECONDS = "disabled 2 5 10 15 20 25 30 35 40 45 50 55"
EXTENSION = Resource(
    kind="extension",
    read="get_extensions",
    row="extension_details",
    id="client_extension_id",
    write="update_extension",
    params=(
        whole("extension", 1000, 9999),
        text("friendly_name", 2, 32),
        ids("client_peer_ids"),
        one_of("peer_timeout", _SECONDS),
        flag("enable_peer"),
        ids("client_queue_ids"),
        digits("forward_number", 10),
        one_of("forward_timeout", _SECONDS),
        flag("enable_forwarding"),
        whole("announce_media_file_id", needed=with_option("announce_caller")),
        dtmf("send_dtmf"),
        one_of("voice_language", "en fr"),
        whole("confirm_media_file_id"),
        whole("client_mailbox_id"),
        flag("enable_voicemail"),
        flag("enable_parking"),
        some_of("options", "confirm_required announce_caller"),
        digits("dnis_rewrite", 10),
        whole("client_subaccount_id"),
        one_of("status", "enabled disabled"),
        text("comments"),
        *METADATA,
    ),
)


class Extensions(Resources):
    @speaks("get_extensions")
    def extensions(self, external_id: str = "", subaccount_id: str = "") -> Iterator[ResourceRecord]:
        """One or all extensions. None can be deleted: the manual has no such request. (voicemeup.yaml: get_extensions)"""
        yield from self.resources(EXTENSION, **{EXTENSION.id: external_id, "client_subaccount_id": subaccount_id})

    @speaks("update_extension", Repeat.NEVER, settle="get_extensions by name")
    def create_extension(self, settings: dict[str, object]) -> str:
        """See `create_resource`. (voicemeup.yaml: update_extension, mode create)"""
        return self.create_resource(EXTENSION, settings)

    @speaks("update_extension", Repeat.SAFE, settle="get_extensions by id")
    def update_extension(self, external_id: str, changes: dict[str, object]) -> None:
        """See `change_resource`. (voicemeup.yaml: update_extension)"""
        self.change_resource(EXTENSION, external_id, changes)
