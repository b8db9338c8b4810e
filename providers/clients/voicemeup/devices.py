"""Telephones that configure themselves: the known models, and the ones of the account."""

from collections.abc import Iterator

from providers.clients.records import ResourceRecord
from providers.clients.speaking import Repeat, speaks
from providers.clients.voicemeup.parameters import always, flag, listed, matching, one_of, text, whole
from providers.clients.voicemeup.resources import Resource, Resources
from providers.clients.voicemeup.structures import json_tree

DEVICE = Resource(kind="device_model", read="get_devices", row="device_details", id="device_id", name="model")
ENDPOINT = Resource(
    kind="device_endpoint",
    read="get_device_endpoints",
    row="device_endpoint_details",
    id="client_device_endpoint_id",
    write="update_device_endpoint",
    delete="delete_device_endpoint",
    params=(
        whole("client_subaccount_id"),
        text("friendly_name", 2, 32),
        whole("device_id", needed=always),
        text("device_name"),
        listed("client_peer_ids"),  # "1234|Front desk,5678"
        whole("client_extension_id"),
        whole("client_mailbox_id"),
        matching("device_mac", r"(?:[0-9A-Fa-f]{2}:?){5,6}", "not-an-address"),  # the manual's examples have five bytes
        text("serial_number"),
        text("timezone_id"),
        text("admin_password", secret=True),
        text("phone_password", secret=True),
        one_of("language", "fr en"),
        flag("is_time_format24h"),
        one_of("is_vlan_enabled", "0 1 allow disallow"),  # the manual has two rows of this name
        whole("vlan", 0, 4095),
        one_of("call_waiting", "active inactive"),
        one_of("call_forwarding", "allow disallow"),
        json_tree("button_config"),
        one_of("status", "enabled disabled deleted"),
        text("comments"),
    ),
)


class Devices(Resources):
    @speaks("get_devices")
    def device_models(self, make: str = "") -> Iterator[ResourceRecord]:
        """Telephones that can be configured from here. (voicemeup.yaml: get_devices)"""
        yield from self.resources(DEVICE, make=make)

    @speaks("get_device_endpoints")
    def device_endpoints(
        self, external_id: str = "", subaccount_id: str = "", mac: str = "", device_id: str = ""
    ) -> Iterator[ResourceRecord]:
        """The telephones of the account. Their passwords are masked in what is returned. (voicemeup.yaml: get_device_endpoints)"""
        yield from self.resources(
            ENDPOINT,
            **{
                ENDPOINT.id: external_id,
                "client_subaccount_id": subaccount_id,
                "device_mac": mac,
                "device_id": device_id,
            },
        )

    @speaks("update_device_endpoint", Repeat.NEVER, settle="get_device_endpoints by name")
    def create_device_endpoint(self, settings: dict[str, object]) -> str:
        """See `create_resource`. (voicemeup.yaml: update_device_endpoint, mode create)"""
        return self.create_resource(ENDPOINT, settings)

    @speaks("update_device_endpoint", Repeat.SAFE, settle="get_device_endpoints by id")
    def update_device_endpoint(self, external_id: str, changes: dict[str, object]) -> None:
        """See `change_resource`. (voicemeup.yaml: update_device_endpoint)"""
        self.change_resource(ENDPOINT, external_id, changes)

    @speaks("delete_device_endpoint", Repeat.SAFE, settle="get_device_endpoints: what is gone is not listed")
    def delete_device_endpoint(self, external_id: str) -> None:
        """Raises `NotFound` when it is gone already. (voicemeup.yaml: delete_device_endpoint)"""
        self.delete_resource(ENDPOINT, external_id)
