"""Staff's view of what is on record about 911: the address book, devices, acceptances, yearly notices and confirmations."""

from django.contrib import admin

from numbering.models import (
    Device,
    EmergencyAssignment,
    EmergencyCall,
    EmergencyConfirmation,
    EmergencyNotice,
    EmergencyPlace,
    TermsAcceptance,
)
from providers.admin.rows import ReadOnly


@admin.register(EmergencyPlace)
class EmergencyPlaceAdmin(ReadOnly):
    list_display = ["label", "account", "is_usual", "user", "changed_at"]
    list_select_related = ["account", "user"]
    search_fields = ["label", "account__name"]


@admin.register(EmergencyAssignment)
class EmergencyAssignmentAdmin(ReadOnly):
    list_display = ["created_at", "account", "place", "user", "begun_at"]
    list_select_related = ["account", "place", "user"]
    search_fields = ["account__name", "user__email"]


@admin.register(TermsAcceptance)
class TermsAcceptanceAdmin(ReadOnly):
    list_display = ["accepted_at", "account", "user", "version", "language", "ip"]
    list_filter = ["version", "language"]
    list_select_related = ["account", "user"]
    search_fields = ["account__name", "user__email"]


@admin.register(EmergencyNotice)
class EmergencyNoticeAdmin(ReadOnly):
    list_display = ["due_on", "account", "terms_version", "sent_at"]
    list_filter = [("sent_at", admin.EmptyFieldListFilter)]
    list_select_related = ["account"]
    search_fields = ["account__name"]


@admin.register(EmergencyConfirmation)
class EmergencyConfirmationAdmin(ReadOnly):
    list_display = ["confirmed_at", "account", "number", "user", "ip"]
    list_select_related = ["account", "number", "user"]
    search_fields = ["account__name", "number__number", "user__email"]


@admin.register(EmergencyCall)
class EmergencyCallAdmin(ReadOnly):
    list_display = ["called_at", "account", "source", "connection", "is_test", "answered", "seconds", "told_at"]
    list_filter = ["is_test", ("told_at", admin.EmptyFieldListFilter)]
    list_select_related = ["account", "connection"]
    search_fields = ["source", "account__name"]


@admin.register(Device)
class DeviceAdmin(ReadOnly):
    list_display = ["name", "username", "number", "account", "connection", "synced_at", "gone_at"]
    list_filter = [("gone_at", admin.EmptyFieldListFilter)]
    list_select_related = ["account", "connection"]
    search_fields = ["name", "username", "number", "account__name"]
