"""People, the account tree, who belongs where, brands, and the audit trail."""

from zoneinfo import available_timezones

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import REACHING_ROLES, Role
from providers.models import Connection, Operation


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, **fields, is_staff=True, is_superuser=True)

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("This is not a time zone that we know."))


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Signs in by e-mail; belongs to accounts through `Membership`."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(
        _("language"), max_length=5, choices=[("en", "English"), ("fr", "Français")], default="en"
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="America/Toronto", validators=[validate_time_zone]
    )
    is_staff = models.BooleanField(_("staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)
    last_visit_at = models.DateTimeField(null=True, blank=True, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects = UserManager()

    class Meta:
        verbose_name, verbose_name_plural = _("person"), _("people")
        constraints = [models.UniqueConstraint(Lower("email"), name="one_person_per_email")]

    def __str__(self):
        return self.name or self.email

    def get_full_name(self):
        return self.name

    @property
    def initials(self) -> str:
        words = (self.name or self.email).split()
        return "".join(word[0] for word in words[:2]).upper()


class AccountQuerySet(models.QuerySet):
    def under(self, account: "Account"):
        """The accounts below `account`, at any depth, without itself."""
        return self.filter(path__startswith=account.path).exclude(pk=account.pk)

    def following(self, account: "Account | None"):
        """Those that come after `account` when ordered by name."""
        if account is None:
            return self
        return self.filter(models.Q(name__gt=account.name) | models.Q(name=account.name, pk__gt=account.pk))

    def reachable_by(self, user):
        """The accounts a person may work in: those of their memberships, and those below where the role reaches down."""
        reach = models.Q(memberships__user=user)
        for membership in Membership.objects.filter(user=user, role__in=REACHING_ROLES).select_related("account"):
            reach |= models.Q(path__startswith=membership.account.path)
        return self.filter(reach).distinct()


class Account(models.Model):
    """A customer, a reseller or the operator: a node of the tree.

    `path` is the chain of ids from the root ("/1/4/9/"), so one indexed prefix finds everything below.
    """

    class Kind(models.TextChoices):
        OPERATOR = "operator", _("Operator")
        RESELLER = "reseller", _("Reseller")
        CUSTOMER = "customer", _("Customer")

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent")
    )
    path = models.CharField(max_length=255, editable=False, default="", db_index=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.CUSTOMER)
    name = models.CharField(_("name"), max_length=120)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ACTIVE)
    status_reason = models.CharField(_("reason"), max_length=200, blank=True)
    language = models.CharField(
        _("language"), max_length=5, choices=[("en", "English"), ("fr", "Français")], default="en"
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="America/Toronto", validators=[validate_time_zone]
    )
    country = models.CharField(_("country"), max_length=2, default="CA")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("account"), _("accounts")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["path"], condition=~models.Q(path=""), name="one_account_per_path")
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
        if path != self.path:
            self._move(path)

    def _move(self, path: str) -> None:
        """Give this account and all below it their new path."""
        old, self.path = self.path, path
        Account.objects.filter(pk=self.pk).update(path=path)
        if old:
            for below in Account.objects.filter(path__startswith=old).exclude(pk=self.pk):
                Account.objects.filter(pk=below.pk).update(path=path + below.path.removeprefix(old))

    def clean(self):
        if self.parent and self.pk and self.path and self.parent.path.startswith(self.path):
            raise ValidationError({"parent": _("An account cannot be put below itself.")})

    @property
    def is_reseller(self) -> bool:
        return self.kind in {self.Kind.RESELLER, self.Kind.OPERATOR}

    def ancestor_ids(self) -> list[int]:
        """Ids from the root down to this account itself."""
        return [int(part) for part in self.path.strip("/").split("/") if part]


class AccountOwnedQuerySet(models.QuerySet):
    """The one way to a tenant's rows. Every tenant-owned model uses it (or a subclass) as its manager."""

    def for_account(self, account: Account):
        return self.filter(account=account)


class Membership(models.Model):
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("person"))
    account = models.ForeignKey(Account, models.CASCADE, related_name="memberships", verbose_name=_("account"))
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.READER)
    invite_due_at = models.DateTimeField(null=True, blank=True, editable=False)  # a mail waits to be sent
    invited_at = models.DateTimeField(_("invited"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("membership"), _("memberships")
        constraints = [models.UniqueConstraint(fields=["user", "account"], name="one_role_per_person_and_account")]

    def __str__(self):
        return f"{self.user} · {self.account} · {self.get_role_display()}"

    @property
    def has_come(self) -> bool:
        """Whether the person signed in since. Until then, who invited them learns nothing: they may be elsewhere's too."""
        return bool(self.user.last_login and self.user.last_login >= self.created_at)


class Brand(models.Model):
    """How an account and all below it look, unless one of those has its own."""

    account = models.OneToOneField(Account, models.CASCADE, related_name="brand", verbose_name=_("account"))
    name = models.CharField(_("name"), max_length=60)
    hue = models.PositiveSmallIntegerField(_("hue"), default=255, help_text=_("0 to 360, the angle of the colour"))
    chroma = models.PositiveSmallIntegerField(
        _("strength of colour"), default=15, help_text=_("0 (grey) to 25, in hundredths")
    )
    logo = models.ImageField(_("logo"), upload_to="brands/", blank=True)
    host = models.CharField(
        _("host name"),
        max_length=120,
        blank=True,
        validators=[RegexValidator(r"^[a-z0-9.-]+$", _("Only lower-case letters, digits, dots and dashes."))],
    )
    support_email = models.EmailField(_("support e-mail"), blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("brand"), _("brands")
        constraints = [
            models.UniqueConstraint(fields=["host"], condition=~models.Q(host=""), name="one_brand_per_host"),
            models.CheckConstraint(condition=models.Q(hue__lte=360, chroma__lte=25), name="brand_colour_in_range"),
        ]

    def __str__(self):
        return self.name


class RemoteAccount(models.Model):
    """Which portal account is which account at an upstream.

    `external_id` is the upstream's sub-account id; empty means the connection's main account. A number that upstream has
    in no known sub-account belongs to the main one.
    """

    connection = models.ForeignKey(
        Connection, models.CASCADE, related_name="remote_accounts", verbose_name=_("connection")
    )
    external_id = models.CharField(_("their id"), max_length=64, blank=True)
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="remote_accounts", null=True, blank=True, verbose_name=_("account")
    )
    name = models.CharField(_("their name"), max_length=120, blank=True)
    status = models.CharField(_("their status"), max_length=20, blank=True)
    raw = models.JSONField(default=dict, blank=True, editable=False)
    synced_at = models.DateTimeField(_("read"), null=True, blank=True)
    gone_at = models.DateTimeField(_("gone since"), null=True, blank=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("remote account"), _("remote accounts")
        constraints = [models.UniqueConstraint(fields=["connection", "external_id"], name="one_remote_account_per_id")]

    def __str__(self):
        return f"{self.name or self.external_id or _('main account')} @ {self.connection}"


class SubaccountChange(models.Model):
    """A sub-account that somebody created, suspended or resumed, and the operations that carry it to the upstreams.

    The account itself follows when all operations are done; with none there was nothing to do upstream.
    """

    class Kind(models.TextChoices):
        CREATE = "create", _("Created")
        SUSPEND = "suspend", _("Suspended")
        RESUME = "resume", _("Resumed")

    account = models.ForeignKey(Account, models.PROTECT, related_name="changes", verbose_name=_("account"))
    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    operations = models.ManyToManyField(Operation, related_name="+", verbose_name=_("operations"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    intent = models.CharField(max_length=64, unique=True, editable=False)
    fingerprint = models.CharField(max_length=32, editable=False)  # of what was asked, to tell a repeat from a reuse
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("sub-account change"), _("sub-account changes")
        ordering = ["-id"]

    def __str__(self):
        return f"{self.account} {self.kind}"


class AuditEntry(models.Model):
    """Who did what, as whom, to what. Never changed and never deleted by the application."""

    at = models.DateTimeField(_("at"), default=timezone.now, db_index=True)
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="audit_entries", verbose_name=_("account")
    )
    user = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="audit_entries", verbose_name=_("person")
    )
    actor_name = models.CharField(_("name"), max_length=160, blank=True)
    acting_from = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("acting from"),
        help_text=_("the account whose membership allowed it, when it was not the account itself"),
    )  # fmt: skip
    action = models.CharField(_("action"), max_length=60, db_index=True)
    subject = models.CharField(_("what"), max_length=200, blank=True)
    before = models.JSONField(_("before"), default=dict, blank=True)
    after = models.JSONField(_("after"), default=dict, blank=True)
    ip = models.GenericIPAddressField(_("IP address"), null=True, blank=True)
    request_id = models.CharField(_("request"), max_length=40, blank=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("audit entry"), _("audit entries")
        indexes = [models.Index(fields=["account", "-at"], name="audit_of_account")]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.subject}"

    def save(self, *args, **kwargs):
        if self.pk:
            raise TypeError("An audit entry is written once.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("An audit entry is never deleted.")
