"""Staff's view of port requests: what upstream said, word for word, and what people did."""

from django.contrib import admin
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import action, display

from numbering.admin.feeds import as_text, read_again
from numbering.admin.port_desk import COLOURS, desk, paper, wait_of
from numbering.models import DocumentLook, PortDocument, PortEvent, PortRequest
from numbering.presenters import port_clock
from numbering.presenters.ports import NEEDS_YOU
from providers.admin.rows import ReadOnly
from providers.clients.redaction import MASK


class QueueFilter(admin.SimpleListFilter):
    """What staff have to look at (row D13). Late ones are told by business days, so they are counted here and not in SQL."""

    title, parameter_name = _("queue"), "queue"

    def lookups(self, request, model_admin):
        return [
            ("approve", _("Waits for our approval")), ("asks", _("A customer wants a change")), ("today", _("Port day is today")),
            ("overdue", _("Overdue")), ("customer", _("Waits for the customer")),
        ]  # fmt: skip

    def queryset(self, request, queryset):
        if self.value() == "approve":
            return queryset.exclude(review_since=None)
        if self.value() == "asks":
            return queryset.filter(asks__isnull=False, asks__answered_at=None).distinct()
        if self.value() == "today":
            return queryset.under_way().filter(firm_on=timezone.localdate())
        if self.value() == "customer":
            return queryset.under_way().filter(status__in=NEEDS_YOU, review_since=None)
        if self.value() == "overdue":
            rows = queryset.under_way().defer("raw")
            return queryset.filter(pk__in=[port.pk for port in rows if port_clock.is_overdue(port)])
        return queryset


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
        "shown_wait",
        "shown_operation",
    ]
    list_filter = [QueueFilter, "status", "connection", "kind"]
    list_select_related = ["account", "operation", "connection"]
    actions_row = actions_detail = ["open_desk"]
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

    @display(description=_("waiting on"))
    def shown_wait(self, row):
        return wait_of(row) or "—"

    @display(description=_("last change"))
    def shown_operation(self, row):
        return row.operation.get_state_display() if row.operation else "—"

    @display(description=_("what it says"))
    def shown_details(self, row):
        return as_text({**row.details, "account_pin": MASK} if row.details.get("account_pin") else row.details)

    @display(description=_("as read upstream"))
    def shown_raw(self, row):
        return as_text(row.raw)

    @action(description=_("Open the desk"), url_path="open")
    def open_desk(self, request, object_id):
        return redirect("admin:numbers_port_desk", object_id)

    def get_urls(self):
        guard = self.admin_site.admin_view
        return [
            path(
                "<int:object_id>/desk/",
                guard(lambda request, object_id: desk(self, request, object_id)),
                name="numbers_port_desk",
            ),
            path("paper/<int:document_id>/", guard(paper), name="numbers_port_paper"),
            *super().get_urls(),
        ]

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


@admin.register(DocumentLook)
class DocumentLookAdmin(ReadOnly):
    """Who was given which document."""

    list_display = ["at", "document", "actor_name", "ip"]
    list_select_related = ["document"]
    search_fields = ["actor_name", "document__name"]
