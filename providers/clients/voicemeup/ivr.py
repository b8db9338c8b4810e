"""IVR profiles: the menu that answers a call."""

from collections.abc import Iterator

from providers.clients.records import ResourceRecord
from providers.clients.speaking import Repeat, speaks
from providers.clients.voicemeup.parameters import always, one_of, some_of, text, whole
from providers.clients.voicemeup.resources import Resource, Resources

IVR_PROFILE = Resource(
    kind="ivr_profile",
    read="get_ivr_profiles",
    row="ivr_profile_details",
    id="client_ivr_profile_id",
    write="update_ivr_profile",
    params=(
        whole("client_subaccount_id"),
        text("friendly_name", 2, 60, needed=always),
        one_of("default_language", "en fr"),
        whole("pre_ivr_extension"),
        one_of("pre_ivr_delay", "2 5 10 15 20 25 30"),
        whole("client_office_hour_id"),
        whole("client_moh_profile_id"),
        some_of("options", "enable_directory disable_moh"),
        one_of("status", "enabled disabled", needed=always),
        text("comments"),
        text("raw_metadata", told=False),  # named in the table, though not in the chapter on metadata
    ),
)


class Ivr(Resources):
    @speaks("get_ivr_profiles")
    def ivr_profiles(self, external_id: str = "", subaccount_id: str = "") -> Iterator[ResourceRecord]:
        """One or all IVR profiles. None can be deleted. (voicemeup.yaml: get_ivr_profiles)"""
        yield from self.resources(IVR_PROFILE, **{IVR_PROFILE.id: external_id, "client_subaccount_id": subaccount_id})

    @speaks("update_ivr_profile", Repeat.NEVER, settle="get_ivr_profiles by name")
    def create_ivr_profile(self, settings: dict[str, object]) -> str:
        """See `create_resource`. (voicemeup.yaml: update_ivr_profile, mode create)"""
        return self.create_resource(IVR_PROFILE, settings)

    @speaks("update_ivr_profile", Repeat.SAFE, settle="get_ivr_profiles by id")
    def update_ivr_profile(self, external_id: str, changes: dict[str, object]) -> None:
        """See `change_resource`. (voicemeup.yaml: update_ivr_profile)"""
        self.change_resource(IVR_PROFILE, external_id, changes)
