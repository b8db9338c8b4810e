"""Operations, exchanges, webhook requests and heartbeats, as staff see them."""

from datetime import timedelta
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from providers import operations, tasks, waking
from providers.admin.rows import STATE_COLOURS, ReadOnly
from providers.causes import explain
from providers.models import ExchangeLog, Heartbeat, Operation, WebhookRequest


@admin.register(Operation)
class OperationAdmin(ReadOnly):
    list_display = [
        "verb",
        "subject",
        "shown_state",
        "connection",
        "actor_name",
        "created_at",
        "attempts",
        "error_code",
    ]
    list_filter = ["state", "verb", "connection"]
    list_select_related = ["connection"]
    search_fields = ["subject", "actor_name", "error_code"]
    readonly_fields = ["meaning"]
    actions = ["try_again"]
    actions_detail = ["show_exchanges"]

    @display(description=_("state"), label=STATE_COLOURS)
    def shown_state(self, row):
        return row.state, row.get_state_display()

    @display(description=_("what it means"))
    def meaning(self, row):
        return str(explain(row.error_cause, row.connection.label)) if row.error_cause else "—"

    @admin.action(description=_("Try again"))
    def try_again(self, request, queryset):
        done = sum(operations.retry(operation, str(request.user)) for operation in queryset)
        messages.info(request, _("%(count)s operations wait for a worker.") % {"count": done})

    @action(description=_("Exchanges"), url_path="exchanges")
    def show_exchanges(self, request, object_id):
        row = Operation.objects.get(pk=object_id)
        since = (row.claimed_at or row.created_at) - timedelta(seconds=5)
        query = urlencode({"connection__id__exact": row.connection_id, "started_at__gte": since.isoformat()})
        return redirect(f"{reverse('admin:providers_exchangelog_changelist')}?{query}")


@admin.register(ExchangeLog)
class ExchangeLogAdmin(ReadOnly):
    """What was sent and what came back, every secret masked."""

    list_display = ["started_at", "connection", "call", "http_status", "shown_outcome", "code", "duration_ms"]
    list_filter = ["outcome", "connection", "call"]
    list_select_related = ["connection"]
    search_fields = ["call", "code"]
    show_full_result_count = False

    @display(
        description=_("outcome"),
        label={
            "ok": "success",
            "refused": "warning",
            "limited": "warning",
            "denied": "danger",
            "unreachable": "danger",
            "unclear": "danger",
        },  # fmt: skip
    )
    def shown_outcome(self, row):
        return row.outcome, row.outcome


@admin.register(WebhookRequest)
class WebhookRequestAdmin(ReadOnly):
    list_display = ["received_at", "connection", "shown_state", "attempts", "ip", "error"]
    list_filter = ["state", "connection"]
    list_select_related = ["connection"]
    fields = ["connection", "received_at", "state", "attempts", "error", "ip", "content_type", "text"]
    actions = ["read_again"]

    @display(description=_("state"), label=STATE_COLOURS)
    def shown_state(self, row):
        return row.state, row.get_state_display()

    @display(description=_("body"))
    def text(self, row):
        return bytes(row.body).decode("utf-8", "replace")

    @admin.action(description=_("Read again"))
    def read_again(self, request, queryset):
        queryset.update(state=WebhookRequest.State.RECEIVED, attempts=0, claimed_until=None)
        for row in queryset:
            waking.wake(tasks.read_webhook.delay, row.pk)


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnly):
    list_display = ["name", "seen_at"]
