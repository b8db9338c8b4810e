"""Staff's view of numbers: what upstream told, as read and as it was, and every change that was asked for."""

import json

from django.contrib import admin, messages
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action, display

from numbering.models import Number, NumberChange
from numbering.upstream.numbers import FEED
from providers import operations, tasks, waking
from providers.admin.rows import STATE_COLOURS, ReadOnly
from providers.models import Feed

STATUS_COLOURS = {"active": "success", "disabled": "warning", "deleted": "danger"}


def pretty(value) -> str:
    """JSON as a person reads it, escaped."""
    return format_html("<pre>{}</pre>", json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True))


class GoneFilter(admin.SimpleListFilter):
    title = _("listed upstream")
    parameter_name = "listed"

    def lookups(self, request, model_admin):
        return [("yes", _("Yes")), ("no", _("No longer"))]

    def queryset(self, request, queryset):
        chosen = {"yes": queryset.filter(gone_at=None), "no": queryset.exclude(gone_at=None)}
        return chosen.get(self.value(), queryset)


class ChangeInline(TabularInline):
    model = NumberChange
    fields = readonly_fields = ["created_at", "user", "shown_changes", "shown_state"]
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request, obj=None):
        return False

    @display(description=_("state"))
    def shown_state(self, change):
        return change.operation.get_state_display()

    @display(description=_("changed"))
    def shown_changes(self, change):
        return ", ".join(f"{name}: {change.before.get(name)!r} → {value!r}" for name, value in change.wanted.items())

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("operation", "user")


@admin.register(Number)
class NumberAdmin(ReadOnly):
    list_display = ["number", "label", "account", "connection", "shown_status", "sms_enabled", "city", "gone_at"]
    list_filter = ["status", GoneFilter, "sms", "sms_enabled", "mms", "fax", "connection"]
    list_select_related = ["account", "connection"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["number", "label", "city", "external_id", "account__name"]
    ordering = ["number"]
    inlines = [ChangeInline]
    actions = ["read_again"]
    fieldsets = [
        (None, {"fields": ["number", "account", "status", "kind", "city", "region", "country", "activated_on"]}),
        (_("Can do"), {"fields": ["voice", "sms", "mms", "fax", "sms_enabled"]}),
        (_("Ours"), {"fields": ["label", "note", "tags"]}),
        (_("Upstream"), {"fields": ["connection", "external_id", "subaccount_id", "synced_at", "gone_at"]}),
        (_("As read"), {"fields": ["shown_settings", "shown_raw"], "classes": ["collapse"]}),
    ]
    readonly_fields = ["shown_settings", "shown_raw"]

    @display(description=_("status"), label=STATUS_COLOURS, ordering="status")
    def shown_status(self, number):
        return number.status, number.get_status_display()

    @display(description=_("settings"))
    def shown_settings(self, number):
        return pretty(number.settings)

    @display(description=_("their row"))
    def shown_raw(self, number):
        return pretty(number.raw)

    @action(description=_("Read again now"))
    def read_again(self, request, queryset):
        """Numbers are listed as a whole, so the feeds of their connections run."""
        connections = queryset.values_list("connection", flat=True).distinct()
        feeds = list(Feed.objects.filter(connection__in=connections, name=FEED).values_list("pk", flat=True))
        for pk in feeds:
            waking.wake(lambda pk: tasks.run_feed.delay(pk, trigger=str(request.user), force=True), pk)
        text = ngettext("%(count)s listing is being read.", "%(count)s listings are being read.", len(feeds))
        messages.info(request, text % {"count": len(feeds)})


@admin.register(NumberChange)
class NumberChangeAdmin(ReadOnly, ModelAdmin):
    list_display = ["number", "shown_names", "user", "shown_state", "created_at", "discarded_at"]
    list_filter = ["operation__state", "created_at"]
    list_select_related = ["number", "user", "operation"]
    list_per_page = 50
    search_fields = ["number__number", "number__label", "user__email"]
    readonly_fields = ["shown_before", "shown_wanted", "shown_problems"]
    fields = ["number", "user", "operation", "created_at", "discarded_at", *readonly_fields]
    actions = ["try_again"]

    @display(description=_("settings"))
    def shown_names(self, change):
        return ", ".join(change.wanted)

    @display(description=_("state"), label=STATE_COLOURS)
    def shown_state(self, change):
        return change.operation.state, change.operation.get_state_display()

    @display(description=_("before"))
    def shown_before(self, change):
        return pretty(change.before)

    @display(description=_("asked for"))
    def shown_wanted(self, change):
        return pretty(change.wanted)

    @display(description=_("their words"))
    def shown_problems(self, change):
        return pretty({"problems": change.operation.problems, "words": change.operation.error_words})

    @action(description=_("Try again"))
    def try_again(self, request, queryset):
        tried = sum(operations.retry(change.operation, str(request.user)) for change in queryset)
        messages.info(request, ngettext("%(count)s was queued.", "%(count)s were queued.", tried) % {"count": tried})
