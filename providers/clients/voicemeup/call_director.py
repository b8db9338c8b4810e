"""Call director profiles: a plan of who rings when, second by second."""

from collections.abc import Iterator

from providers.clients.records import ResourceRecord
from providers.clients.speaking import Repeat, speaks
from providers.clients.voicemeup.parameters import always, dtmf, one_of, phone, some_of, text, when, whole, with_option
from providers.clients.voicemeup.resources import Resource, Resources
from providers.clients.voicemeup.structures import bracketed

ACTION = (
    one_of("usage_type", "forward peer sip_uri", needed=always),
    whole("offset", 0, 115, 5, needed=always),
    whole("duration", 5, 120, needed=always),
    whole("client_peer_id", needed=when("usage_type", "peer")),
    phone("forward_number", foreign=True, needed=when("usage_type", "forward")),
    text("sip_uri", 3, 240, needed=when("usage_type", "sip_uri")),
    whole("announce_media_file_id", needed=with_option("announce_caller")),
    dtmf("send_dtmf"),
    whole("confirm_media_file_id"),
    some_of("options", "confirm_required announce_caller"),
    text("comments"),
)
DIRECTOR_PROFILE = Resource(
    kind="call_director_profile",
    read="get_call_director_profiles",
    row="call_director_profile_details",
    id="client_director_profile_id",
    write="update_call_director_profile",
    delete="delete_call_director_profile",
    params=(
        whole("client_subaccount_id"),
        text("friendly_name", 2, 32, needed=always),
        bracketed("action", *ACTION, least=1, needed=always),
        one_of("status", "enabled disabled"),
        text("comments"),
    ),
    preserve=True,
)


class CallDirector(Resources):
    @speaks("get_call_director_profiles")
    def call_director_profiles(self, external_id: str = "", subaccount_id: str = "") -> Iterator[ResourceRecord]:
        """One or all ring plans; `action` is a list of steps, in seconds, 120 in all.

        (voicemeup.yaml: get_call_director_profiles)
        """
        yield from self.resources(
            DIRECTOR_PROFILE, **{DIRECTOR_PROFILE.id: external_id, "client_subaccount_id": subaccount_id}
        )

    @speaks("update_call_director_profile", Repeat.NEVER, settle="get_call_director_profiles by name")
    def create_call_director_profile(self, settings: dict[str, object]) -> str:
        """See `create_resource`. (voicemeup.yaml: update_call_director_profile, mode create)"""
        return self.create_resource(DIRECTOR_PROFILE, settings)

    @speaks("update_call_director_profile", Repeat.SAFE, settle="get_call_director_profiles by id")
    def update_call_director_profile(self, external_id: str, changes: dict[str, object]) -> None:
        """See `change_resource`. (voicemeup.yaml: update_call_director_profile)"""
        self.change_resource(DIRECTOR_PROFILE, external_id, changes)

    @speaks(
        "delete_call_director_profile", Repeat.SAFE, settle="get_call_director_profiles: what is gone is not listed"
    )
    def delete_call_director_profile(self, external_id: str) -> None:
        """Raises `NotFound` when it is gone already. (voicemeup.yaml: delete_call_director_profile)"""
        self.delete_resource(DIRECTOR_PROFILE, external_id)
