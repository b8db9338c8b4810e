"""Messages for staff: what went where, why not, and the exact exchange with the upstream."""

from datetime import timedelta
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action, display

from accounts.actor import Actor
from messaging import services
from messaging.models import Media, Message, OptOut, SenderName, Thread
from messaging.services import CannotSend, MayHaveGone
from numbering.services.intents import IntentUsed
from providers.admin.rows import ReadOnly

COLOURS = {
    "received": "info", "queued": "info", "sending": "info", "sent": "success", "delivered": "success",
    "unknown": "warning", "failed": "danger", "parked": "danger",
}  # fmt: skip
AROUND = timedelta(minutes=5)


class MediaInline(TabularInline):
    model = Media
    extra = 0
    fields = readonly_fields = ["name", "mime_type", "size", "fetched_at", "attempts", "error"]
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(Message)
class MessageAdmin(ReadOnly):
    list_display = [
        "at",
        "shown_state",
        "direction",
        "our_number",
        "contact_number",
        "account",
        "connection",
        "attempts",
        "error_code",
    ]
    list_filter = ["state", "direction", "was_unknown", "connection"]
    list_select_related = ["account", "connection"]
    search_fields = ["our_number", "contact_number", "external_id", "public_id", "body"]
    date_hierarchy = "at"
    show_full_result_count = False
    actions = ["send_again"]
    inlines = [MediaInline]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "account",
                    "connection",
                    "thread",
                    "direction",
                    "our_number",
                    "contact_number",
                    "body",
                    "parts",
                    "at",
                    "sent_by",
                ]
            },
        ),
        (
            _("On its way"),
            {
                "fields": [
                    "state",
                    "due_at",
                    "attempts",
                    "looks",
                    "was_unknown",
                    "error_code",
                    "error_words",
                    "external_id",
                    "retry_of",
                ]
            },
        ),
        (_("Upstream"), {"fields": ["exchange_link", "raw"]}),
    ]
    readonly_fields = ["exchange_link", "raw", "attempts", "looks", "was_unknown", "error_code", "error_words"]

    @display(description=_("state"), ordering="state", label=COLOURS)
    def shown_state(self, message: Message):
        return message.state, message.get_state_display()

    @display(description=_("exact exchange"))
    def exchange_link(self, message: Message) -> str:
        """The requests over this connection around the time it was sent or came."""
        moment = message.claimed_at or message.at
        wanted = {
            "connection__id__exact": message.connection_id,
            "started_at__gte": (moment - AROUND).isoformat(),
            "started_at__lt": (moment + AROUND).isoformat(),
        }
        if message.direction == Message.Direction.OUTBOUND:
            wanted["call"] = "queue_sms"
        url = f"{reverse('admin:providers_exchangelog_changelist')}?{urlencode(wanted)}"
        return format_html('<a href="{}">{}</a>', url, _("Requests around that time, secrets masked"))

    @action(description=_("Send again what was refused"), permissions=["send_again"])
    def send_again(self, request, queryset):
        """Each as a new row. What may have gone out already is for a person to decide, on the conversation's page."""
        sent = left = 0
        for message in queryset.select_related("account"):
            try:
                services.retry_message(Actor.of(request), message, key=f"retry:{message.public_id}")
                sent += 1
            except (MayHaveGone, CannotSend, IntentUsed):
                left += 1
        if sent:
            text = ngettext("%(count)s text is on its way again.", "%(count)s texts are on their way again.", sent)
            messages.success(request, text % {"count": sent})
        if left:
            text = ngettext("%(count)s text was left as it is.", "%(count)s texts were left as they are.", left)
            messages.warning(request, text % {"count": left})

    def has_send_again_permission(self, request) -> bool:
        return request.user.has_perm("messaging.change_message")


@admin.register(Thread)
class ThreadAdmin(ReadOnly):
    list_display = [
        "contact_number",
        "contact_name",
        "our_number",
        "account",
        "last_at",
        "last_state",
        "unread",
        "archived_at",
    ]
    list_filter = ["last_state", "archived_at"]
    list_select_related = ["account"]
    search_fields = ["contact_number", "our_number", "contact_name", "account__name"]
    show_full_result_count = False


@admin.register(Media)
class MediaAdmin(ModelAdmin):
    list_display = ["message", "mime_type", "size", "fetched_at", "attempts", "error"]
    list_filter = ["mime_type", "error"]
    list_select_related = ["message"]
    fields = ["message", "name", "mime_type", "size", "alt", "fetched_at", "attempts", "error"]
    readonly_fields = ["message", "name", "mime_type", "size", "fetched_at", "attempts", "error"]
    show_full_result_count = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(SenderName)
class SenderNameAdmin(ModelAdmin):
    list_display = ["name", "account", "connection"]
    list_filter = ["connection"]
    search_fields = ["name"]
    autocomplete_fields = ["account"]


@admin.register(OptOut)
class OptOutAdmin(ReadOnly):
    """Who asked to be left alone, and who undid it: rows are never removed."""

    list_display = ["number", "account", "source", "word", "at", "lifted_at", "lifted_by", "lift_reason"]
    list_filter = ["source", ("lifted_at", admin.EmptyFieldListFilter)]
    list_select_related = ["account"]
    search_fields = ["number"]
