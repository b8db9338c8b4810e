"""Released numbers, for staff: when each is given back, and what became of it."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from numbering.models import NumberRelease


@admin.register(NumberRelease)
class NumberReleaseAdmin(ModelAdmin):
    list_display = ["number", "account", "state", "actor_name", "created_at", "release_at"]
    list_filter = ["state"]
    list_select_related = ["number", "account"]
    search_fields = ["number__number", "account__name"]
    fields = ["number", "account", "user", "actor_name", "state", "created_at", "release_at", "operation"]
    readonly_fields = fields

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
