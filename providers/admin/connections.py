"""Connections: their health, their credentials (tested before they are kept), the calls that are left."""

from django import forms
from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from providers import outbox, quota, sync, tasks, waking
from providers.admin.rows import HEALTH_COLOURS
from providers.causes import explain
from providers.clients.errors import UpstreamError
from providers.gateway import changed_credentials, client_for, try_credentials
from providers.models import Connection, Feed, new_token
from providers.quota import Priority
from providers.vault import CannotDecrypt


class ConnectionForm(forms.ModelForm):
    """New credentials are tried before they are kept, so that a typing error never takes a connection down."""

    new_credentials = forms.CharField(
        label=_("New credentials"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "One KEY=VALUE on each line; those you leave out stay as they are, KEY= removes one. Write the line ends of a key"
            " file as \\n. They are tried first, kept encrypted and never shown again."
        ),
    )
    keep_untried = forms.BooleanField(label=_("Keep new credentials without trying them"), required=False)

    class Meta:
        model = Connection
        fields = ["slug", "name", "base_url", "time_zone", "is_active"]

    def clean_new_credentials(self) -> dict:
        pairs = [line.partition("=") for line in self.cleaned_data["new_credentials"].splitlines() if line.strip()]
        if any(not mark for _key, mark, _value in pairs):
            raise forms.ValidationError(_("Write each credential as KEY=VALUE."))
        return {key.strip(): value.strip().replace("\\n", "\n") for key, _mark, value in pairs}

    def clean(self):
        super().clean()
        given = self.cleaned_data.get("new_credentials")
        if given and not self.errors:
            self._try(given)

    def _try(self, given: dict) -> None:
        for name in ("slug", "base_url", "time_zone"):
            setattr(self.instance, name, self.cleaned_data[name])
        merged = changed_credentials(self.instance, self._old(), given)
        try:
            self.merged = try_credentials(self.instance, merged, call=not self.cleaned_data.get("keep_untried"))
        except ValueError as problem:
            self.add_error("new_credentials", str(problem))
        except UpstreamError as problem:
            said = explain(problem.cause, self.instance.label)
            self.add_error("new_credentials", f"{said} {' '.join(problem.words)}".strip())

    def _old(self) -> dict:
        try:
            return self.instance.credentials
        except CannotDecrypt:
            return {}

    def save(self, commit=True):
        if self.cleaned_data["new_credentials"]:
            self.instance.credentials = self.merged
            self.instance.health = Connection.Health.NEW
        return super().save(commit)

    @property
    def has_new_credentials(self) -> bool:
        return bool(self.cleaned_data.get("new_credentials"))


@admin.register(Connection)
class ConnectionAdmin(ModelAdmin):
    form = ConnectionForm
    list_display = ["name", "slug", "shown_health", "last_ok_at", "calls_left", "failing_since", "is_active"]
    list_filter = ["slug", "health", "is_active"]
    search_fields = ["name", "base_url"]
    readonly_fields = ["health", "last_ok_at", "failing_since", "retry_at", "blocked_until", "last_error", "calls_left"]
    actions = ["test", "bring_home", "rotate_webhook_token"]

    def save_model(self, request, obj, form, change):
        """With new credentials everything that waited for them goes on at once."""
        super().save_model(request, obj, form, change)
        if form.has_new_credentials:
            sync.ensure_feeds(obj)
            sync.start_over(obj)
            outbox.let_go(obj)

    @display(description=_("health"), label=HEALTH_COLOURS)
    def shown_health(self, row):
        return row.health, row.get_health_display()

    @display(description=_("calls left this hour"))
    def calls_left(self, row):
        if row.pk is None:
            return "—"
        lived_by = set(row.client_class.bucket_of.values())  # shown always; the others once they are in use
        return ", ".join(
            f"{bucket} {left}/{limit}"
            for bucket, (left, limit) in quota.left(row).items()
            if bucket in lived_by or left < limit
        )

    @admin.action(description=_("Test the credentials"))
    def test(self, request, queryset):
        for connection in queryset:
            try:
                client_for(connection, Priority.INTERACTIVE).probe()
            except CannotDecrypt as error:
                messages.error(request, f"{connection}: {error}")
            except UpstreamError as error:
                messages.error(request, f"{connection}: {explain(error.cause, connection.label)} ({error.code})")
            else:
                messages.success(request, _("%(name)s answers and accepts our credentials.") % {"name": connection})

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
