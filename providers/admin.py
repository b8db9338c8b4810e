"""Staff's view of the ground floor: connections, the sync board, operations, exchanges, webhooks."""

from datetime import timedelta
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.db.models import OuterRef, Subquery
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from providers import operations, quota, tasks, waking
from providers.clients.errors import UpstreamError
from providers.gateway import client_for
from providers.models import Connection, ExchangeLog, Feed, Heartbeat, Operation, SyncRun, WebhookRequest, new_token
from providers.quota import Priority
from providers.vault import CannotDecrypt

HEALTH_COLOURS = {"ok": "success", "new": "info", "failing": "danger", "limited": "warning", "refused": "danger"}
STATE_COLOURS = {
    "done": "success", "running": "info", "queued": "info", "sending": "info", "received": "info",
    "held": "warning", "unknown": "warning", "failed": "danger", "parked": "danger",
}  # fmt: skip


SHOWN_BUCKETS = {"shared_pool", "queue_sms"}
COUNTS = ("seen", "created", "changed", "gone", "unread")


class ReadOnly(ModelAdmin):
    """Rows that only the portal writes: staff read them and use the actions."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ConnectionForm(forms.ModelForm):
    new_credentials = forms.CharField(
        label=_("New credentials"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "One KEY=VALUE on each line. Kept encrypted and never shown again; leave empty to keep those we have."
        ),
    )

    class Meta:
        model = Connection
        fields = ["slug", "name", "base_url", "time_zone", "is_active"]

    def clean_new_credentials(self) -> dict:
        pairs = [line.partition("=") for line in self.cleaned_data["new_credentials"].splitlines() if line.strip()]
        if any(not mark for _key, mark, _value in pairs):
            raise forms.ValidationError(_("Write each credential as KEY=VALUE."))
        return {key.strip(): value.strip() for key, _mark, value in pairs}

    def save(self, commit=True):
        if self.cleaned_data["new_credentials"]:
            self.instance.credentials = self.cleaned_data["new_credentials"]
            self.instance.health = Connection.Health.NEW
        return super().save(commit)


@admin.register(Connection)
class ConnectionAdmin(ModelAdmin):
    form = ConnectionForm
    list_display = ["name", "slug", "shown_health", "last_ok_at", "calls_left", "failing_since", "is_active"]
    list_filter = ["slug", "health", "is_active"]
    search_fields = ["name", "base_url"]
    readonly_fields = ["health", "last_ok_at", "failing_since", "retry_at", "blocked_until", "last_error", "calls_left"]
    actions = ["test", "bring_home", "rotate_webhook_token"]

    @display(description=_("health"), label=HEALTH_COLOURS)
    def shown_health(self, row):
        return row.health, row.get_health_display()

    @display(description=_("calls left this hour"))
    def calls_left(self, row):
        return ", ".join(
            f"{bucket} {left}/{limit}" for bucket, (left, limit) in quota.left(row).items() if bucket in SHOWN_BUCKETS
        )

    @admin.action(description=_("Test: ask for the account"))
    def test(self, request, queryset):
        for connection in queryset:
            try:
                account = client_for(connection, Priority.INTERACTIVE).account()
            except (UpstreamError, CannotDecrypt) as error:
                messages.error(request, f"{connection}: {error}")
            else:
                messages.success(
                    request, _("%(name)s answers as %(who)s.") % {"name": connection, "who": account.organization}
                )

    @admin.action(description=_("Bring everything home now"))
    def bring_home(self, request, queryset):
        for feed in Feed.objects.filter(connection__in=queryset):
            waking.wake(lambda pk: tasks.run_feed.delay(pk, trigger=str(request.user), force=True), feed.pk)
        messages.success(request, _("The workers have been woken."))

    @admin.action(description=_("Give the webhook a new token (the old one keeps opening until the next change)"))
    def rotate_webhook_token(self, request, queryset):
        for connection in queryset:
            connection.old_webhook_token, connection.webhook_token = connection.webhook_token, new_token()
            connection.save(update_fields=["webhook_token", "old_webhook_token"])
        messages.success(request, _("New tokens are in force; the numbers are told with the next run."))


@admin.register(Feed)
class FeedAdmin(ReadOnly):
    """The sync board: one line a feed."""

    list_display = ["connection", "name", "last_state", "fresh", "last_counts", "next_run", "failures", "waits"]
    list_filter = ["name", "connection"]
    list_select_related = ["connection"]
    actions = ["run_now", "let_vanish"]

    def get_queryset(self, request):
        latest = SyncRun.objects.filter(connection=OuterRef("connection"), feed=OuterRef("name")).order_by(
            "-started_at"
        )
        columns = {f"run_{name}": Subquery(latest.values(name)[:1]) for name in ("state", *COUNTS)}
        return super().get_queryset(request).annotate(**columns)

    @display(description=_("last run"), label=STATE_COLOURS)
    def last_state(self, row):
        return (row.run_state, SyncRun.State(row.run_state).label) if row.run_state else None

    @display(description=_("read / new / changed / gone / not understood"))
    def last_counts(self, row):
        counts = [getattr(row, f"run_{name}") for name in COUNTS]
        return "—" if counts[0] is None else " / ".join(map(str, counts))

    @display(description=_("brought home ago"), ordering="last_ok_at")
    def fresh(self, row):
        return timesince(row.last_ok_at, depth=1) if row.last_ok_at else "—"

    @display(description=_("next run in"), ordering="due_at")
    def next_run(self, row):
        return timeuntil(row.due_at, depth=1)

    @display(description=_("waits for a person"))
    def waits(self, row):
        held = row.held
        return _("%(missing)s of %(known)s would vanish") % held if held else ""

    @admin.action(description=_("Run now"))
    def run_now(self, request, queryset):
        for feed in queryset:
            waking.wake(lambda pk: tasks.run_feed.delay(pk, trigger=str(request.user), force=True), feed.pk)
        messages.success(request, _("The workers have been woken."))

    @admin.action(description=_("Let the next run remove the missing rows, and run now"))
    def let_vanish(self, request, queryset):
        queryset.update(allow_vanish=True)
        self.run_now(request, queryset)


@admin.register(SyncRun)
class SyncRunAdmin(ReadOnly):
    list_display = [
        "connection",
        "feed",
        "shown_state",
        "started_at",
        "took",
        "seen",
        "created",
        "changed",
        "gone",
        "unread",
        "error_code",
    ]
    list_filter = ["state", "feed", "connection"]
    list_select_related = ["connection"]
    date_hierarchy = "started_at"

    @display(description=_("state"), label=STATE_COLOURS)
    def shown_state(self, row):
        return row.state, row.get_state_display()

    @display(description=_("took"))
    def took(self, row):
        return f"{(row.finished_at - row.started_at).total_seconds():.1f} s" if row.finished_at else "…"


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
    actions = ["try_again"]
    actions_detail = ["show_exchanges"]

    @display(description=_("state"), label=STATE_COLOURS)
    def shown_state(self, row):
        return row.state, row.get_state_display()

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
