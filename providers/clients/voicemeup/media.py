"""Media files: announcements and greetings kept upstream. They can be listed only."""

from collections.abc import Iterator

from providers.clients.records import ResourceRecord
from providers.clients.speaking import speaks
from providers.clients.voicemeup.resources import Resource, Resources

MEDIA_FILE = Resource(kind="media_file", read="get_media_files", row="media_file_details", id="client_media_file_id")


class Media(Resources):
    @speaks("get_media_files")
    def media_files(
        self, external_id: str = "", subaccount_id: str = "", folder_id: str = ""
    ) -> Iterator[ResourceRecord]:
        """One or all media files. (voicemeup.yaml: get_media_files)"""
        yield from self.resources(
            MEDIA_FILE,
            **{MEDIA_FILE.id: external_id, "client_subaccount_id": subaccount_id, "client_media_folder_id": folder_id},
        )
