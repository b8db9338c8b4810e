"""What the admin pages of the ground floor share: rows that only the portal writes, and the colours of states."""

from unfold.admin import ModelAdmin

HEALTH_COLOURS = {"ok": "success", "new": "info", "failing": "danger", "limited": "warning", "refused": "danger"}
STATE_COLOURS = {
    "done": "success", "running": "info", "queued": "info", "sending": "info", "received": "info",
    "held": "warning", "unknown": "warning", "failed": "danger", "parked": "danger",
    "withdrawn": "warning",
}  # fmt: skip


class ReadOnly(ModelAdmin):
    """Rows that only the portal writes: staff read them and use the actions."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
