"""Sound files that callers hear: greetings, announcements, music."""

from . import checks
from .checks import P
from .things import Kind, listing
from .wire import E

FOLDERS = {"1": "Greetings", "2": "Announcements", "3": "Music on hold"}
GET_MEDIA = (
    P("client_media_file_id", checks.integer(1)),
    P("client_media_folder_id", checks.integer(1)),
    P("client_subaccount_id", checks.integer(0)),
)


def parts(desk, media):
    return [
        E("client_media_folder", FOLDERS.get(media["client_media_folder_id"], "")),
        E("date", desk.stamp(media["at"])),
        E("url", desk.upstream.file_url(media["file"])),
    ]


MEDIA = Kind(
    store="media_files",
    thing="media_file",
    id_field="client_media_file_id",
    wrapper="media_files",
    defaults={
        "client_media_folder_id": "1",
        "client_subaccount_id": "0",
        "friendly_name": "",
        "duration": "0",
        "size": "0",
        "text": "",
        "voice_name": "",
        "status": "enabled",
    },
    parts=parts,
)
get_media_files = listing(MEDIA)
