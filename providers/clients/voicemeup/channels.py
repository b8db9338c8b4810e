"""Channel groups: how many calls at once, each way."""

from collections.abc import Iterator

from providers.clients.records import ResourceRecord
from providers.clients.speaking import Repeat, speaks
from providers.clients.voicemeup.parameters import always, text, whole
from providers.clients.voicemeup.resources import Resource, Resources

CHANNEL = Resource(
    kind="channel",
    read="get_channels",
    row="channel_details",
    id="client_channel_id",
    write="update_channel",
    delete="delete_channel",
    params=(
        text("friendly_name", 2, 32, needed=always),
        whole("quantity_inbound", 0, 999, needed=always),
        whole("quantity_outbound", 0, 999, needed=always),
        whole("quantity_bidirectional", 0, 999, needed=always),
    ),
)


class Channels(Resources):
    @speaks("get_channels")
    def channels(self, external_id: str = "") -> Iterator[ResourceRecord]:
        """One or all channel groups; the one named System is everything the plans include. (voicemeup.yaml: get_channels)"""
        yield from self.resources(CHANNEL, **{CHANNEL.id: external_id})

    @speaks("update_channel", Repeat.NEVER, settle="get_channels by name")
    def create_channel(self, settings: dict[str, object]) -> str:
        """See `create_resource`. (voicemeup.yaml: update_channel, mode create)"""
        return self.create_resource(CHANNEL, settings)

    @speaks("update_channel", Repeat.SAFE, settle="get_channels by id")
    def update_channel(self, external_id: str, changes: dict[str, object]) -> None:
        """See `change_resource`. (voicemeup.yaml: update_channel)"""
        self.change_resource(CHANNEL, external_id, changes)

    @speaks("delete_channel", Repeat.SAFE, settle="get_channels: what is gone is not listed")
    def delete_channel(self, external_id: str) -> None:
        """Raises `NotFound` when it is gone already. (voicemeup.yaml: delete_channel)"""
        self.delete_resource(CHANNEL, external_id)
