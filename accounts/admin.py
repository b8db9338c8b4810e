"""People, accounts, brands and the audit trail, for staff."""

from django.contrib import admin
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.contrib.auth.models import Group
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from accounts.models import Account, AuditEntry, Brand, Membership, RemoteAccount, User

ADMIN_ACTS = {ADDITION: "added", CHANGE: "changed", DELETION: "deleted"}

admin.site.unregister(Group)  # roles live in accounts.roles, one table for all


class MembershipInline(TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ["user", "account"]


@admin.register(User)
class UserAdmin(DjangoUserAdmin, ModelAdmin):
    change_password_form = AdminPasswordChangeForm
    ordering = ["email"]
    list_display = ["email", "name", "language", "is_staff", "is_active", "last_login"]
    list_filter = ["is_staff", "is_active", "language"]
    search_fields = ["email", "name"]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["email", "password"]}),
        (_("Person"), {"fields": ["name", "language", "time_zone"]}),
        (_("Rights"), {"fields": ["is_active", "is_staff", "is_superuser"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"classes": ["wide"], "fields": ["email", "name", "password1", "password2"]})]
    inlines = [MembershipInline]
    filter_horizontal = []


class RemoteAccountInline(TabularInline):
    model = RemoteAccount
    extra = 0
    fields = ["connection", "external_id", "name", "status"]


@admin.register(Account)
class AccountAdmin(ModelAdmin):
    list_display = ["name", "kind", "parent", "shown_status", "language", "created_at"]
    list_filter = ["kind", "status", "language"]
    list_select_related = ["parent"]
    search_fields = ["name"]
    autocomplete_fields = ["parent"]
    inlines = [MembershipInline, RemoteAccountInline]

    @display(description=_("status"), label={"active": "success", "suspended": "warning"})
    def shown_status(self, row):
        return row.status, row.get_status_display()


@admin.register(Membership)
class MembershipAdmin(ModelAdmin):
    list_display = ["user", "account", "role"]
    list_filter = ["role"]
    list_select_related = ["user", "account"]
    search_fields = ["user__email", "account__name"]
    autocomplete_fields = ["user", "account"]


@admin.register(Brand)
class BrandAdmin(ModelAdmin):
    list_display = ["name", "account", "host"]
    list_select_related = ["account"]
    autocomplete_fields = ["account"]


@admin.register(RemoteAccount)
class RemoteAccountAdmin(ModelAdmin):
    """Which upstream account is whose; those without an owner are the orphans (H6)."""

    list_display = ["name", "external_id", "connection", "account", "status", "synced_at", "gone_at"]
    list_filter = ["connection", ("account", admin.EmptyFieldListFilter), "status"]
    list_select_related = ["connection", "account"]
    search_fields = ["name", "external_id"]
    autocomplete_fields = ["account"]
    readonly_fields = ["synced_at", "gone_at"]


@admin.register(AuditEntry)
class AuditEntryAdmin(ModelAdmin):
    list_display = ["at", "actor_name", "acting_from", "account", "action", "subject", "ip"]
    list_filter = ["action"]
    list_select_related = ["acting_from", "account"]
    search_fields = ["actor_name", "subject", "request_id"]
    date_hierarchy = "at"
    show_full_result_count = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@receiver(post_save, sender=LogEntry)
def audit_admin(sender, instance: LogEntry, created: bool, **kwargs) -> None:
    """What staff change in the admin stands in the same audit trail as everything else."""
    if created:
        subject = f"{instance.content_type}: {instance.object_repr}" if instance.content_type else instance.object_repr
        AuditEntry.objects.create(
            user=instance.user,
            actor_name=str(instance.user)[:160],
            action=f"admin.{ADMIN_ACTS.get(instance.action_flag, 'changed')}",
            subject=subject[:200],
            after={"note": instance.change_message[:500]} if instance.change_message else {},
        )
