"""Orders of numbers, for staff: what was asked, what became of it."""

from django.contrib import admin
from unfold.admin import ModelAdmin, TabularInline

from numbering.models import NumberOrder, OrderLine


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
