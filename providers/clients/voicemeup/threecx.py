"""Managed 3CX servers. An XML name cannot begin with a digit, so rows are found by their id."""

from collections.abc import Iterator

from providers.clients.records import ResourceRecord
from providers.clients.speaking import Repeat, speaks
from providers.clients.voicemeup.parameters import (
    always,
    day,
    emails,
    flag,
    one_of,
    some_of,
    text,
    when,
    whole,
    with_option,
)
from providers.clients.voicemeup.resources import Resource, Resources

_SPANS = "1_day 3_day 1_week 2_week 1_month 3_month"
_WATCHED = "system trunks services callflows sip_test call_test system_additional voicemail backup ssl"
_CLOUDNS = when("dns_service", "dns_cloudns")
_REACHED = when("is_connection_allowed", "1")
SERVER = Resource(
    kind="3cx_server",
    read="get_3cx_servers",
    row="3cx_server_details",
    id="pbx3cx_server_id",
    write="update_3cx_server",
    delete="delete_3cx_server",
    params=(
        whole("client_subaccount_id"),
        text("friendly_name", 2, 32, needed=always),
        whole("server_port", 1, 65535),
        one_of("level", "1 2 3"),
        text("server_fqdn", 1, 253),
        flag("is_connection_allowed"),
        text("server_name", needed=_REACHED),
        text("server_password", needed=_REACHED, secret=True),
        flag("enable_fetch_license_expiration"),
        text("license_key", secret=True),
        day("license_expiration"),
        one_of("product_edition", "Professional Standard Enterprise Startup"),
        one_of("product_simultaneous_calls", "4 8 16 24 32 48 64 96 128 192 256 512 1024"),
        some_of(
            "options",
            "sync_calls sync_recording_media sync_voicemail_media backup_includes_voicemails sync_backups "
            "backup_includes_templates encrypt_backup auto_renew_ssl",
        ),
        text("encrypt_backup_password", needed=with_option("encrypt_backup"), secret=True),
        one_of("backup_frequency", _SPANS),
        one_of("backup_retention", f"none {_SPANS}"),
        one_of("call_retention", "none 1_week 1_month 3_month 6_month 1_year 2_year 3_year 5_year 8_year 10_year"),
        one_of("dns_service", "dns_cloudns dns_cf"),
        one_of("auth_type", "account subaccount", needed=_CLOUDNS),
        text("auth_id", needed=_CLOUDNS),
        text("auth_password", needed=_CLOUDNS, secret=True),
        text("certificate_token", needed=when("dns_service", "dns_cf"), secret=True),
        one_of("monitoring_status", "enabled disabled"),
        some_of("subscribed_monitoring", _WATCHED),
        one_of("alert_status", "enabled disabled"),
        some_of("subscribed_alerts", f"connectivity {_WATCHED}"),
        emails("alert_recipients"),
        one_of("status", "enabled disabled deleted"),
        text("comments"),
    ),
)


class ThreeCX(Resources):
    @speaks("get_3cx_servers")
    def threecx_servers(
        self,
        external_id: str = "",
        subaccount_id: str = "",
        name: str = "",
        fqdn: str = "",
        license_key: str = "",
        level: str = "",
    ) -> Iterator[ResourceRecord]:
        """The managed servers. Passwords and the licence key are masked in what is returned. (voicemeup.yaml: get_3cx_servers)"""
        yield from self.resources(
            SERVER,
            **{
                SERVER.id: external_id,
                "client_subaccount_id": subaccount_id,
                "friendly_name": name,
                "server_fqdn": fqdn,
                "license_key": license_key,
                "level": level,
            },
        )

    @speaks("update_3cx_server", Repeat.NEVER, settle="get_3cx_servers by name")
    def create_threecx_server(self, settings: dict[str, object]) -> str:
        """See `create_resource`. (voicemeup.yaml: update_3cx_server, mode create)"""
        return self.create_resource(SERVER, settings)

    @speaks("update_3cx_server", Repeat.SAFE, settle="get_3cx_servers by id")
    def update_threecx_server(self, external_id: str, changes: dict[str, object]) -> None:
        """See `change_resource`. (voicemeup.yaml: update_3cx_server)"""
        self.change_resource(SERVER, external_id, changes)

    @speaks("delete_3cx_server", Repeat.SAFE, settle="get_3cx_servers: what is gone is not listed")
    def delete_threecx_server(self, external_id: str) -> None:
        """Raises `NotFound` when it is gone already. (voicemeup.yaml: delete_3cx_server)"""
        self.delete_resource(SERVER, external_id)
