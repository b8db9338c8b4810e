"""Staff's view of 911: what was read back, and every change that was asked for with its outcome."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from numbering.admin.feeds import as_text, read_again
from numbering.models import EmergencyChange, EmergencyEndpoint
from providers.admin.rows import ReadOnly

COLOURS = {
    "provisioned": "success", "checking": "info", "alternates": "warning", "unknown": "warning", "differs": "danger",
    "failed": "danger", "removed": "info",
}  # fmt: skip


@admin.register(EmergencyEndpoint)
class EmergencyEndpointAdmin(ReadOnly):
    list_display = ["number", "account", "place", "is_default", "provisioned", "confirmed_at", "gone_at"]
    list_filter = ["provisioned", "is_default", "connection", ("gone_at", admin.EmptyFieldListFilter)]
    list_select_related = ["account"]
    search_fields = ["number", "external_id", "account__name"]
    actions = ["re_read"]
    show_full_result_count = False
    fields = [
        "account", "connection", "external_id", "number", "shown_address", "is_default", "provisioned", "confirmed_at", "synced_at",
        "gone_at", "shown_raw",
    ]  # fmt: skip

    @display(description=_("address"))
    def place(self, row):
        return " ".join(filter(None, (row.address.get(name) for name in ("civic_number", "street", "city", "region"))))

    @display(description=_("address"))
    def shown_address(self, row):
        return as_text(row.address)

    @display(description=_("as read upstream"))
    def shown_raw(self, row):
        return as_text(row.raw)

    @admin.action(description=_("Read again now"))
    def re_read(self, request, queryset):
        read_again(request, queryset.values_list("connection_id", flat=True), "e911")


@admin.register(EmergencyChange)
class EmergencyChangeAdmin(ReadOnly):
    list_display = ["created_at", "number", "account", "shown_state", "removal", "user", "changed_at"]
    list_filter = ["state", "removal"]
    list_select_related = ["number", "account", "user"]
    search_fields = ["number__number", "account__name", "user__email"]
    actions = ["re_read"]
    show_full_result_count = False
    fields = [
        "public_id", "account", "number", "state", "removal", "operation", "shown_wanted", "shown_before", "shown_read_back",
        "shown_alternates", "shown_problems", "shown_answer", "terms_version", "user", "ip", "created_at", "changed_at", "alerted_at",
    ]  # fmt: skip

    @display(description=_("state"), label=COLOURS)
    def shown_state(self, row):
        return row.state, row.get_state_display()

    @display(description=_("asked for"))
    def shown_wanted(self, row):
        return as_text(row.wanted)

    @display(description=_("before"))
    def shown_before(self, row):
        return as_text(row.before)

    @display(description=_("read back"))
    def shown_read_back(self, row):
        return as_text(row.read_back)

    @display(description=_("alternates"))
    def shown_alternates(self, row):
        return as_text(row.alternates)

    @display(description=_("their answer"))
    def shown_answer(self, row):
        operation = row.operation
        return as_text({"result": operation.result, "words": operation.error_words}) if operation else ""

    @display(description=_("problems"))
    def shown_problems(self, row):
        return as_text(row.problems)

    @admin.action(description=_("Read again now"))
    def re_read(self, request, queryset):
        read_again(request, queryset.values_list("number__connection_id", flat=True), "e911")
