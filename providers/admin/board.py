"""The sync board, incidents, call limits and orphans, as staff see them (H2, H3, H5, H6)."""

from django.contrib import admin, messages
from django.db.models import OuterRef, Subquery, Sum
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from providers import orphans, quota, tasks, waking
from providers.admin.rows import STATE_COLOURS, ReadOnly
from providers.models import Feed, Incident, Orphan, QuotaMinute, QuotaPool, SyncRun

COUNTS = ("seen", "created", "changed", "gone", "unread")


@admin.register(Feed)
class FeedAdmin(ReadOnly):
    """The sync board: one line a feed."""

    list_display = ["connection", "name", "last_state", "fresh", "last_counts", "next_run", "failures", "waits"]
    list_filter = ["name", "connection"]
    list_select_related = ["connection"]
    readonly_fields = ["difference"]
    exclude = ["held", "cursor"]
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

    @display(description=_("would vanish"))
    def difference(self, row):
        """The rows the listing no longer has, as far as a page may be long: what a person has to decide about."""
        examples = row.held.get("examples", [])
        more = row.held.get("missing", 0) - len(examples)
        lines = [(line,) for line in examples] + ([(_("and %(count)s more") % {"count": more},)] if more > 0 else [])
        return format_html_join("", "<div>{}</div>", lines) or "—"

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


@admin.register(Incident)
class IncidentAdmin(ReadOnly):
    """When a connection did not work, from when to when, and why."""

    list_display = ["connection", "shown_kind", "reason", "started_at", "ended_at", "lasted"]
    list_filter = ["kind", "connection", ("ended_at", admin.EmptyFieldListFilter)]
    list_select_related = ["connection"]
    date_hierarchy = "started_at"

    @display(
        description=_("what"), label={"failing": "danger", "limited": "warning", "refused": "danger", "over": "info"}
    )
    def shown_kind(self, row):
        return (row.kind if row.ended_at is None else "over"), row.get_kind_display()

    @display(description=_("lasted"))
    def lasted(self, row):
        return timesince(row.started_at, row.ended_at or timezone.now(), depth=1)


@admin.register(QuotaPool)
class QuotaPoolAdmin(ReadOnly):
    """Every limit that was ever used: of one connection, or of all that share an IP address."""

    list_display = ["name", "bucket", "used_this_hour", "blocked_until"]
    search_fields = ["name", "bucket"]

    def get_queryset(self, request):
        recent = QuotaMinute.objects.filter(pool=OuterRef("pk"), minute__gt=timezone.now() - quota.WINDOW)
        sums = recent.values("pool").annotate(total=Sum("used")).values("total")
        return super().get_queryset(request).annotate(total=Subquery(sums))

    @display(description=_("used in the last hour"))
    def used_this_hour(self, row):
        return row.total or 0


@admin.register(Orphan)
class OrphanAdmin(ReadOnly):
    """Things without a counterpart, in either direction, waiting for a person."""

    list_display = [
        "label", "kind", "side", "connection", "shown_state", "first_seen_at", "last_seen_at", "decided_by", "settle",
    ]  # fmt: skip
    list_filter = ["state", "side", "kind", "connection"]
    list_select_related = ["connection"]
    search_fields = ["label", "external_id"]
    actions = ["set_aside", "open_again"]

    @display(description=_("state"), label={"open": "warning", "aside": "info", "settled": "success"})
    def shown_state(self, row):
        return row.state, row.get_state_display()

    @display(description=_("settle"))
    def settle(self, row):
        url = orphans.place_of(row)
        return format_html('<a class="underline" href="{}">{}</a>', url, _("Look at it")) if url else "—"

    @admin.action(description=_("Set aside: it may stay as it is"))
    def set_aside(self, request, queryset):
        done = orphans.set_aside(queryset, str(request.user))
        messages.success(request, _("%(count)s set aside.") % {"count": done})

    @admin.action(description=_("Put back into the queue"))
    def open_again(self, request, queryset):
        done = orphans.open_again(queryset, str(request.user))
        messages.success(request, _("%(count)s put back.") % {"count": done})
