"""Orders of numbers and paid look-ups, for staff: what was asked, what became of it."""

from django.contrib import admin
from unfold.admin import ModelAdmin, TabularInline

from numbering.models import BackOrder, BackOrderArrival, NumberLookup, NumberOrder, OrderLine


class OrderLineInline(TabularInline):
    model = OrderLine
    fields = ["number", "city", "setup_fee", "monthly_fee", "currency", "operation", "reservation", "bought"]
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(NumberOrder)
class NumberOrderAdmin(ModelAdmin):
    list_display = ["created_at", "account", "connection", "user"]
    list_select_related = ["account", "connection", "user"]
    search_fields = ["lines__number", "account__name"]
    fields = ["account", "connection", "user", "created_at"]
    readonly_fields = fields
    inlines = [OrderLineInline]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(NumberLookup)
class NumberLookupAdmin(ModelAdmin):
    list_display = ["created_at", "number", "account", "user", "operation"]
    list_select_related = ["account", "user", "operation"]
    search_fields = ["number", "account__name"]
    fields = ["number", "account", "user", "created_at", "operation"]
    readonly_fields = fields

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ArrivalInline(TabularInline):
    model = BackOrderArrival
    fields = ["number", "seen_at"]
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(BackOrder)
class BackOrderAdmin(ModelAdmin):
    """`closed_at` may be set by hand: nothing more is awaited then."""

    list_display = ["created_at", "account", "place", "area_code", "quantity", "operation", "closed_at"]
    list_select_related = ["account", "operation"]
    search_fields = ["place", "account__name"]
    fields = [
        "account", "connection", "user", "area_code", "place", "place_id", "quantity", "sequential", "sms", "created_at",
        "operation", "closed_at",
    ]  # fmt: skip
    readonly_fields = [name for name in fields if name != "closed_at"]
    inlines = [ArrivalInline]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
