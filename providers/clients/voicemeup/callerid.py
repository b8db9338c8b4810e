"""Caller ID profiles: which number and name a call shows, by whom it goes to."""

from collections.abc import Iterator

from providers.clients.records import ResourceRecord
from providers.clients.speaking import Repeat, speaks
from providers.clients.voicemeup.parameters import always, digits, flag, ids, one_of, phone, some_of, text, whole
from providers.clients.voicemeup.resources import Resource, Resources
from providers.clients.voicemeup.structures import json_rows

CONDITION = (
    whole("client_callerid_profile_data_id"),
    text("callerid_name"),
    whole("client_did_id"),
    phone("callerid_number", foreign=True),
    one_of("privacy", "enable keep disable"),
    whole("country_id"),
    whole("state_id"),
    whole("ratecenter_id"),
    whole("radius_distance", 10, 1000),  # kilometres
    digits("source_number", 1, 10),
    text("source_regexp", 1, 240),
    digits("destination_number", 1, 10),
    text("destination_regexp", 1, 240),
    some_of(
        "match_methods",
        "local_to_destination radius_from_destination source_number_match destination_number_match region "
        "source_regexp destination_regexp",
    ),
    whole("order_index"),
    text("comments"),
)
CALLERID_PROFILE = Resource(
    kind="callerid_profile",
    read="get_callerid_profiles",
    row="callerid_profile_details",
    id="client_callerid_profile_id",
    write="update_callerid_profile",
    params=(
        whole("client_subaccount_id"),
        text("friendly_name", 2, 32, needed=always),
        text("callerid_name", 2, 15),
        ids("client_did_ids"),
        whole("default_client_did_id"),
        digits("callerid_number", 10),
        one_of("privacy", "enable keep disable"),
        one_of("status", "enabled disabled", needed=always),
        text("comments"),
        flag("purge_conditions", told=False),
        # With their ids, conditions sent back are the ones that are there; conditions left out stay unless purged.
        json_rows("conditions_data", *CONDITION, id_part="client_callerid_profile_data_id"),
    ),
)


class CallerID(Resources):
    @speaks("get_callerid_profiles")
    def callerid_profiles(self, external_id: str = "", subaccount_id: str = "") -> Iterator[ResourceRecord]:
        """One or all caller ID profiles; `conditions_data` is a list of conditions. None can be deleted.

        (voicemeup.yaml: get_callerid_profiles)
        """
        yield from self.resources(
            CALLERID_PROFILE, **{CALLERID_PROFILE.id: external_id, "client_subaccount_id": subaccount_id}
        )

    @speaks("update_callerid_profile", Repeat.NEVER, settle="get_callerid_profiles by name")
    def create_callerid_profile(self, settings: dict[str, object]) -> str:
        """See `create_resource`. (voicemeup.yaml: update_callerid_profile, mode create)"""
        return self.create_resource(CALLERID_PROFILE, settings)

    @speaks("update_callerid_profile", Repeat.SAFE, settle="get_callerid_profiles by id")
    def update_callerid_profile(self, external_id: str, changes: dict[str, object]) -> None:
        """See `change_resource`. (voicemeup.yaml: update_callerid_profile)"""
        self.change_resource(CALLERID_PROFILE, external_id, changes)
