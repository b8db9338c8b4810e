"""Office hours: when an agent or a menu is on duty."""

from collections.abc import Iterator

from providers.clients.records import ResourceRecord
from providers.clients.speaking import Repeat, speaks
from providers.clients.voicemeup.parameters import always, day, one_of, text, whole
from providers.clients.voicemeup.resources import Resource, Resources
from providers.clients.voicemeup.structures import json_rows, json_tree
from providers.clients.voicemeup.values import as_list


def _hours(tree) -> dict:
    """{month4: {day22: [{start, end, type}]}}; in XML a day's only exception stands alone."""
    months = tree.items() if isinstance(tree, dict) else ()
    return {
        month: {day: as_list(hours) for day, hours in days.items()} for month, days in months if isinstance(days, dict)
    }


SHIFT = (one_of("status", "on off", needed=always), whole("days", 1, 366, needed=always))
SCHEDULE = Resource(
    kind="schedule",
    read="get_schedules",
    row="schedule_details",
    id="client_schedule_id",
    write="update_schedule",
    params=(
        whole("client_subaccount_id"),
        text("friendly_name", 2, 60, needed=always),
        text("comments"),
        whole("time_zone_id"),
        one_of("range_date", "daily weekly custom"),
        day("shift_start_date"),
        json_tree("business_hours", _hours),  # only exceptions of single days work, says the manual
        json_rows("shift", *SHIFT),
        one_of("status", "enabled disabled"),
    ),
)


class Schedules(Resources):
    @speaks("get_schedules")
    def schedules(self, external_id: str = "", subaccount_id: str = "") -> Iterator[ResourceRecord]:
        """One or all schedules. None can be deleted. (voicemeup.yaml: get_schedules)"""
        yield from self.resources(SCHEDULE, **{SCHEDULE.id: external_id, "client_subaccount_id": subaccount_id})

    @speaks("update_schedule", Repeat.NEVER, settle="get_schedules by name")
    def create_schedule(self, settings: dict[str, object]) -> str:
        """See `create_resource`. (voicemeup.yaml: update_schedule, mode create)"""
        return self.create_resource(SCHEDULE, settings)

    @speaks("update_schedule", Repeat.SAFE, settle="get_schedules by id")
    def update_schedule(self, external_id: str, changes: dict[str, object]) -> None:
        """See `change_resource`. (voicemeup.yaml: update_schedule)"""
        self.change_resource(SCHEDULE, external_id, changes)
