"""The public directory, for staff: who is listed how, and what was asked for."""

from django.contrib import admin

from numbering.models import DirectoryChange, DirectoryListing
from providers.admin.rows import ReadOnly


@admin.register(DirectoryListing)
class DirectoryListingAdmin(ReadOnly):
    list_display = ["number", "state", "connection", "synced_at", "gone_at"]
    list_filter = ["state", ("gone_at", admin.EmptyFieldListFilter)]
    list_select_related = ["connection"]
    search_fields = ["number"]


@admin.register(DirectoryChange)
class DirectoryChangeAdmin(ReadOnly):
    list_display = ["created_at", "number", "removal", "user", "operation"]
    list_filter = ["removal"]
    list_select_related = ["number", "user", "operation"]
    search_fields = ["number__number", "user__email"]
