"""Balances and the ledger, for staff. What the upstream tells is read here and changed nowhere."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from billing.models import Balance, LedgerEntry, Reservation, SpendCap


@admin.register(Balance)
class BalanceAdmin(ModelAdmin):
    list_display = ["connection", "account", "amount", "available", "currency", "level", "warn_below", "read_at"]
    list_filter = ["currency", "connection"]
    list_select_related = ["connection", "account"]
    search_fields = ["account__name", "connection__name"]
    fields = ["connection", "account", "amount", "available", "credit_limit", "currency", "warn_below", "read_at"]
    readonly_fields = [name for name in fields if name != "warn_below"]

    @display(description=_("level"), label={"low": "warning", "enough": "success"})
    def level(self, row):
        return ("low", _("Low")) if row.is_low else ("enough", _("Enough"))

    def has_add_permission(self, request):
        return False


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ModelAdmin):
    list_display = [
        "occurred_on",
        "account",
        "kind",
        "description",
        "amount",
        "currency",
        "balance_after",
        "connection",
    ]
    list_filter = ["kind", "currency", "connection"]
    list_select_related = ["connection", "account"]
    search_fields = ["description", "invoice_number", "external_id", "account__name"]
    date_hierarchy = "occurred_on"
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(SpendCap)
class SpendCapAdmin(ModelAdmin):
    list_display = ["account", "per_day", "currency"]
    list_select_related = ["account"]
    search_fields = ["account__name"]
    autocomplete_fields = ["account"]


@admin.register(Reservation)
class ReservationAdmin(ModelAdmin):
    list_display = ["created_at", "account", "purpose", "amount", "currency", "state", "connection", "settled_at"]
    list_filter = ["state", "currency", "connection"]
    list_select_related = ["connection", "account"]
    search_fields = ["purpose", "account__name"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
