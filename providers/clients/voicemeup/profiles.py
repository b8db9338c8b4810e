"""Fax profiles and SMS profiles: how faxes and texts of a number are handled, and whom they tell."""

from collections.abc import Iterator

from providers.clients.records import ResourceRecord
from providers.clients.speaking import Repeat, speaks
from providers.clients.voicemeup.parameters import (
    NEW,
    always,
    digits,
    email,
    listed,
    one_of,
    some_of,
    text,
    url,
    whole,
    with_option,
)
from providers.clients.voicemeup.resources import Resource, Resources

FAX_PROFILE = Resource(
    kind="fax_profile",
    read="get_fax_profiles",
    row="fax_profile_details",
    id="client_fax_profile_id",
    write="update_fax_profile",
    delete="delete_fax_profile",
    params=(
        whole("client_subaccount_id"),
        text("friendly_name", 2, 32, needed=always),
        text("local_ident", 2, 20, needed=always),
        text("fax_header", 2, 20, needed=always),
        text("callerid_name", 3, 15, needed=always),
        digits("callerid_number", 10, needed=always),
        text("contact_name", 4, 60),
        email("email", needed=always),
        one_of("language", "en fr", needed=always),
        listed("allowed_senders", needed=always),
        whole("retry_limit", 0, 9),
        one_of("page_format", "letter legal a4", needed=always),
        one_of("resolution", "standard fine super_fine ultra_fine color", needed=always),
        url("callback_url", needed=with_option("enable_callback")),
        url("backup_url"),
        some_of(
            "options",
            "inbound_completed_notification inbound_failed_notification outbound_completed_notification "
            "outbound_failed_notification enable_cover_page enable_inbound_send_attachment "
            "enable_outbound_send_attachment enable_callback",
        ),
        one_of("status", "enabled disabled", needed=always),
        text("comments"),
    ),
)
SMS_PROFILE = Resource(
    kind="sms_profile",
    read="get_sms_profiles",
    row="sms_profile_details",
    id="client_sms_profile_id",
    write="update_sms_profile",
    delete="delete_sms_profile",
    params=(
        whole("client_subaccount_id"),
        text("friendly_name", 2, 32),
        one_of("language", "en fr"),
        listed("allowed_senders"),
        text("notify_name", needed=with_option("inbound_completed_notification")),
        email("notify_email", needed=with_option("inbound_completed_notification")),
        digits("forward_number", 10, needed=with_option("enable_forwarding")),
        url("callback_url", needed=with_option("enable_callback")),
        url("backup_url"),
        text("autoreply_message", 1, 160, needed=with_option("enable_autoreply")),
        whole("client_did_id"),
        some_of(
            "options",
            "inbound_completed_notification outbound_completed_notification outbound_failed_notification "
            "enable_forwarding enable_callback enable_autoreply enable_callback_retry",
            needed=NEW,  # to have none is a state; the manual says required
        ),
        one_of("status", "enabled disabled deleted"),
        text("comments"),
    ),
)


class Profiles(Resources):
    @speaks("get_fax_profiles")
    def fax_profiles(self, external_id: str = "", subaccount_id: str = "") -> Iterator[ResourceRecord]:
        """One or all fax profiles. (voicemeup.yaml: get_fax_profiles)"""
        yield from self.resources(FAX_PROFILE, **{FAX_PROFILE.id: external_id, "client_subaccount_id": subaccount_id})

    @speaks("update_fax_profile", Repeat.NEVER, settle="get_fax_profiles by name")
    def create_fax_profile(self, settings: dict[str, object]) -> str:
        """See `create_resource`. (voicemeup.yaml: update_fax_profile, mode create)"""
        return self.create_resource(FAX_PROFILE, settings)

    @speaks("update_fax_profile", Repeat.SAFE, settle="get_fax_profiles by id")
    def update_fax_profile(self, external_id: str, changes: dict[str, object]) -> None:
        """See `change_resource`. (voicemeup.yaml: update_fax_profile)"""
        self.change_resource(FAX_PROFILE, external_id, changes)

    @speaks("delete_fax_profile", Repeat.SAFE, settle="get_fax_profiles: what is gone is not listed")
    def delete_fax_profile(self, external_id: str) -> None:
        """Raises `NotFound` when it is gone already. (voicemeup.yaml: delete_fax_profile)"""
        self.delete_resource(FAX_PROFILE, external_id)

    @speaks("get_sms_profiles")
    def sms_profiles(self, external_id: str = "", subaccount_id: str = "") -> Iterator[ResourceRecord]:
        """One or all SMS profiles. (voicemeup.yaml: get_sms_profiles)"""
        yield from self.resources(SMS_PROFILE, **{SMS_PROFILE.id: external_id, "client_subaccount_id": subaccount_id})

    @speaks("update_sms_profile", Repeat.NEVER, settle="get_sms_profiles by name")
    def create_sms_profile(self, settings: dict[str, object]) -> str:
        """See `create_resource`. (voicemeup.yaml: update_sms_profile, mode create)"""
        return self.create_resource(SMS_PROFILE, settings)

    @speaks("update_sms_profile", Repeat.SAFE, settle="get_sms_profiles by id")
    def update_sms_profile(self, external_id: str, changes: dict[str, object]) -> None:
        """See `change_resource`. (voicemeup.yaml: update_sms_profile)"""
        self.change_resource(SMS_PROFILE, external_id, changes)

    @speaks("delete_sms_profile", Repeat.SAFE, settle="get_sms_profiles: what is gone is not listed")
    def delete_sms_profile(self, external_id: str) -> None:
        """Raises `NotFound` when it is gone already. (voicemeup.yaml: delete_sms_profile)"""
        self.delete_resource(SMS_PROFILE, external_id)
