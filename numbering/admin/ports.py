"""Staff's view of port requests: what upstream said, word for word, and what people did."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import display

from numbering.admin.feeds import as_text, read_again
from numbering.models import PortDocument, PortEvent, PortRequest
from providers.admin.rows import ReadOnly
from providers.clients.redaction import MASK

COLOURS = {
    "completed": "success", "firm_confirm": "success", "rejected_by_staff": "danger", "rejected_by_provider": "danger",
    "not_ready": "info", "modified_by_staff": "warning", "tentative_confirm": "warning",
}  # fmt: skip


class Inline(TabularInline):
    """Rows shown below a request; staff change none of them here."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class EventInline(Inline):
    model = PortEvent
    fields = ["at", "kind", "status", "text", "actor_name"]


class DocumentInline(Inline):
    model = PortDocument
    fields = ["kind", "name", "mime_type", "size", "uploaded_by", "uploaded_at"]
    readonly_fields = ["uploaded_at"]


@admin.register(PortRequest)
class PortRequestAdmin(ReadOnly):
    list_display = [
        "__str__",
        "account",
        "shown_status",
        "current_provider",
        "tentative_on",
        "firm_on",
        "status_since",
        "shown_operation",
    ]
    list_filter = ["status", "connection", "kind"]
    list_select_related = ["account", "operation", "connection"]
    search_fields = ["pon", "title", "external_id", "current_provider", "numbers"]
    date_hierarchy = "created_at"
    inlines = [EventInline, DocumentInline]
    actions = ["re_read"]
    fields = [
        "account", "connection", "external_id", "reference", "pon", "status", "status_since", "title", "kind",
        "numbers", "current_provider",
        "wanted_on", "tentative_on", "firm_on", "rejection", "operation", "created_by", "created_at", "changed_at", "synced_at", "gone_at",
        "version", "shown_details", "shown_raw",
    ]  # fmt: skip

    @display(description=_("status"), label=COLOURS)
    def shown_status(self, row):
        return row.status, row.get_status_display()

    @display(description=_("last change"))
    def shown_operation(self, row):
        return row.operation.get_state_display() if row.operation else "—"

    @display(description=_("what it says"))
    def shown_details(self, row):
        return as_text({**row.details, "account_pin": MASK} if row.details.get("account_pin") else row.details)

    @display(description=_("as read upstream"))
    def shown_raw(self, row):
        return as_text(row.raw)

    @admin.action(description=_("Read again now"))
    def re_read(self, request, queryset):
        read_again(request, queryset.values_list("connection_id", flat=True), "ports")


@admin.register(PortDocument)
class PortDocumentAdmin(ReadOnly):
    """Names and sizes; the files themselves are given out by the portal to those who may see them."""

    list_display = ["name", "port", "kind", "size", "uploaded_by", "uploaded_at"]
    list_filter = ["kind"]
    list_select_related = ["port", "uploaded_by"]
    search_fields = ["name", "port__pon"]
    fields = ["public_id", "port", "kind", "name", "mime_type", "size", "uploaded_by", "uploaded_at"]


@admin.register(PortEvent)
class PortEventAdmin(ReadOnly):
    list_display = ["at", "port", "kind", "status", "text", "actor_name"]
    list_filter = ["kind", "status"]
    list_select_related = ["port"]
    search_fields = ["port__pon", "text"]
