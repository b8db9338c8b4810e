"""SIP peers (the devices and trunks of an account), and the proxies they can register at."""

from collections.abc import Iterator

from providers.clients.records import DeviceRecord, ResourceRecord
from providers.clients.speaking import Repeat, speaks
from providers.clients.voicemeup import mapping, values
from providers.clients.voicemeup.parameters import (
    NEW,
    always,
    digits,
    flag,
    ids,
    matching,
    one_of,
    some_of,
    text,
    url,
    when,
    whole,
)
from providers.clients.voicemeup.resources import METADATA, Resource, Resources

OLD = when("mode", "update")
_ADDRESS = r"[0-9A-Fa-f.:]{2,45}"
PEER = Resource(
    kind="peer",
    read="get_peers",
    row="peer_details",
    id="client_peer_id",
    write="update_peer",
    delete="delete_peer",
    params=(
        whole("proxy_id", needed=NEW, only_new=True),
        text("friendly_name", 2, 32, needed=always),
        one_of("host_type", "dynamic static", needed=always),
        matching("host", _ADDRESS, "not-an-address"),
        whole("port", 1, 65535),
        text("peer_username", 6, 32, needed=NEW, only_new=True),
        text("password", 6, 32, secret=True),
        text("callerid_name", 3, 15),
        digits("callerid_number", 10),
        one_of("callerid_mode", "global privacy custom device smart", needed=always),
        one_of("callerid_type", "rpid pid none", needed=OLD),
        one_of("callerid_format", "e164 unaltered national", needed=OLD),
        whole("client_callerid_profile_id", needed=when("callerid_mode", "smart")),
        one_of("transport", "udp tcp tls"),
        some_of("codecs", "g729 ulaw alaw g726 gsm ilbc", needed=OLD),
        one_of("dtmf_mode", "rfc2833 inband info auto", needed=OLD),
        one_of("dnis_mode", "auto forced disabled", needed=OLD),
        one_of("dnis_format", "national e164", needed=OLD),
        flag("force_ring_signal"),
        flag("enable_nat"),
        flag("enable_reinvite"),
        flag("enable_recording"),
        flag("ondemand_recording"),
        flag("enable_notification"),
        whole("simultaneous_calls_limit", 0, 255),
        flag("enable_auth"),
        text("auth_username", 3, 32),
        flag("enable_qualify"),
        whole("qualify", 2000, 60000),  # milliseconds
        matching("default_ip", _ADDRESS, "not-an-address"),
        whole("client_channel_id"),
        whole("client_subaccount_id"),
        ids("client_filter_ids"),
        flag("enable_notify_callback"),
        some_of("notify_callback_triggers", "on_create on_ring on_answer on_hangup on_test on_record"),
        url("notify_callback_url"),
        whole("register_timeout", 120, 7200, only_new=True),
        whole("progress_timeout", 1, 10, needed=NEW, only_new=True),
        whole("provisioned_endpoint_id"),
        one_of("status", "enabled disabled", needed=OLD),
        text("comments"),
        *METADATA,
    ),
    # enable_dnis is the old form of dnis_mode: sent back, it would force it.
    facts=frozenset(("registered", "proxy_host", "enable_dnis")),
)
PROXY = Resource(kind="proxy", read="get_proxies", row="proxy_details", id="proxy_id")


class Peers(Resources):
    @speaks("get_peers")
    def devices(self) -> Iterator[DeviceRecord]:
        """The peers of the account and of its sub-accounts. (voicemeup.yaml: get_peers)"""
        yield from self.listing(self.resource_rows(PEER, {}), self._device)

    def _device(self, row: dict) -> DeviceRecord:
        username = values.text(row, "peer_username", "username")  # the newer name, and the older one
        return DeviceRecord(
            external_id=values.required(row, PEER.id),
            name=values.text(row, PEER.name) or username,
            username=username,
            subaccount_id=mapping.object_id(row, "client_subaccount_id"),
            raw=self.raw(row),
        )

    @speaks("get_peers")
    def peers(self, external_id: str = "", subaccount_id: str = "", channel_id: str = "") -> Iterator[ResourceRecord]:
        """SIP peers. A changed notify_callback_url is called at once and must answer 200. (voicemeup.yaml: get_peers)"""
        yield from self.resources(
            PEER, **{PEER.id: external_id, "client_subaccount_id": subaccount_id, "client_channel_id": channel_id}
        )

    @speaks("update_peer", Repeat.NEVER, settle="get_peers by peer_username")
    def create_peer(self, settings: dict[str, object]) -> str:
        """See `create_resource`. (voicemeup.yaml: update_peer, mode create)"""
        return self.create_resource(PEER, settings)

    @speaks("update_peer", Repeat.SAFE, settle="get_peers by id")
    def update_peer(self, external_id: str, changes: dict[str, object]) -> None:
        """See `change_resource`. (voicemeup.yaml: update_peer)"""
        self.change_resource(PEER, external_id, changes)

    @speaks("delete_peer", Repeat.SAFE, settle="get_peers: what is gone is not listed")
    def delete_peer(self, external_id: str) -> None:
        """Raises `NotFound` when it is gone already. (voicemeup.yaml: delete_peer)"""
        self.delete_resource(PEER, external_id)

    @speaks("get_proxies")
    def proxies(self, external_id: str = "") -> Iterator[ResourceRecord]:
        """The proxies that `proxy_id` of a new peer may name. (voicemeup.yaml: get_proxies)"""
        yield from self.resources(PROXY, **{PROXY.id: external_id})
