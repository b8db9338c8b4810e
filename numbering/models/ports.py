"""Port-in requests: what upstream says of them, the drafts made here, their documents and their history."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, AccountOwnedQuerySet, User
from providers.models import Connection, Operation, slugs_where


class PortBundle(models.Model):
    """Numbers that a person brings over together and that carriers handle apart: by losing carrier, local and toll-free."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("account"))
    title = models.CharField(_("name"), max_length=60, blank=True)
    created_at = models.DateTimeField(_("started"), default=timezone.now)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("ports that belong together"), _("ports that belong together")

    def __str__(self):
        return self.title or str(self.public_id)


class PortQuerySet(AccountOwnedQuerySet):
    def under_way(self):
        return self.filter(gone_at=None).exclude(status__in=PortRequest.CLOSED)

    def with_remark(self):
        """See `PortRequest.has_remark`."""
        told = slugs_where(lambda client: not client.port_rules.repeats)
        rows = self.under_way().exclude(status__in=PortRequest.REJECTED).exclude(rejection="")
        return rows.filter(connection__slug__in=told)


class PortRequest(models.Model):
    """A port-in. Its thirteen states are the upstream's (voicemeup.yaml: port_request_statuses), moved only by what it tells.

        not_ready -> sent_to_staff -> approved_by_staff -> sent_to_provider -> tentative_confirm -> firm_confirm -> completed
                          |-> modified_by_staff                  `-> rejected_by_provider (edit, send again)
                          `-> rejected_by_staff (edit, send again)
        closed: completed, rejected_by_client, cancelled_by_client, expired

    A request made here has no `external_id` until upstream has named it; `reference` is our key in its metadata.
    """

    class Status(models.TextChoices):
        NOT_READY = "not_ready", _("Draft")
        SENT_TO_STAFF = "sent_to_staff", _("Submitted, being checked")
        MODIFIED_BY_STAFF = "modified_by_staff", _("Changed by staff: please look")
        APPROVED_BY_STAFF = "approved_by_staff", _("Checked, going to the carrier")
        REJECTED_BY_STAFF = "rejected_by_staff", _("Needs correction")
        SENT_TO_PROVIDER = "sent_to_provider", _("With the losing carrier")
        TENTATIVE_CONFIRM = "tentative_confirm", _("Proposed date, not firm")
        FIRM_CONFIRM = "firm_confirm", _("Port date is firm")
        REJECTED_BY_PROVIDER = "rejected_by_provider", _("Refused by the losing carrier")
        REJECTED_BY_CLIENT = "rejected_by_client", _("Closed: changes declined")
        CANCELLED_BY_CLIENT = "cancelled_by_client", _("Closed: cancelled")
        EXPIRED = "expired", _("Closed: expired")
        COMPLETED = "completed", _("Ported")

    CLOSED = ("completed", "rejected_by_client", "cancelled_by_client", "expired")
    EDITABLE = ("not_ready", "modified_by_staff", "rejected_by_staff", "rejected_by_provider")
    REJECTED = ("rejected_by_staff", "rejected_by_provider")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    connection = models.ForeignKey(Connection, models.PROTECT, related_name="+", verbose_name=_("connection"))
    account = models.ForeignKey(Account, models.PROTECT, related_name="ports", verbose_name=_("account"))
    external_id = models.CharField(_("their id"), max_length=64, blank=True)
    reference = models.CharField(_("our id"), max_length=64, blank=True, editable=False)
    pon = models.CharField(_("PON"), max_length=20, blank=True)
    status = models.CharField(_("status"), max_length=24, choices=Status, default=Status.NOT_READY)
    status_since = models.DateTimeField(_("in this state since"), default=timezone.now)
    title = models.CharField(_("name"), max_length=60, blank=True)
    kind = models.CharField(_("kind of numbers"), max_length=10, default="local")
    numbers = models.JSONField(_("numbers"), default=list)
    current_provider = models.CharField(_("losing carrier"), max_length=60, blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True)  # a PortDraft as plain values
    wanted_on = models.DateField(_("wanted on"), null=True, blank=True)
    tentative_on = models.DateField(_("proposed date"), null=True, blank=True)
    firm_on = models.DateField(_("port date"), null=True, blank=True)
    rejection = models.TextField(_("reason of the rejection"), blank=True)
    operation = models.ForeignKey(
        Operation, models.PROTECT, null=True, blank=True, related_name="+", editable=False, verbose_name=_("operation")
    )
    bundle = models.ForeignKey(
        PortBundle, models.SET_NULL, null=True, blank=True, related_name="ports", verbose_name=_("belongs to")
    )
    step = models.CharField(_("page reached"), max_length=12, blank=True, editable=False)  # of the wizard
    review_since = models.DateTimeField(  # handed in, and our own staff look at it before any upstream hears of it
        _("with our staff since"), null=True, blank=True, editable=False
    )
    unsent_since = models.DateTimeField(  # words typed here that upstream does not have: no listing overwrites them
        _("not sent since"), null=True, blank=True, editable=False
    )
    owners_told_at = models.DateTimeField(  # whoever has its numbers at another upstream
        _("those who lose numbers told"), null=True, blank=True, editable=False
    )
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("started by")
    )
    created_at = models.DateTimeField(_("started"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    digest = models.CharField(max_length=32, blank=True, editable=False)
    raw = models.JSONField(default=dict, blank=True, editable=False)
    synced_at = models.DateTimeField(_("read"), null=True, blank=True, editable=False)
    gone_at = models.DateTimeField(_("gone since"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(
        _("version"), default=1, editable=False
    )  # a form made from an older one is refused

    objects = PortQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("port request"), _("port requests")
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "external_id"], condition=~Q(external_id=""), name="one_port_per_id"
            ),
            models.UniqueConstraint(
                fields=["connection", "reference"], condition=~Q(reference=""), name="one_port_per_reference"
            ),
        ]
        indexes = [models.Index(fields=["account", "-created_at", "-id"], name="ports_of_account")]

    def __str__(self):
        return self.pon or self.title or str(self.public_id)

    @property
    def is_editable(self) -> bool:
        """Where upstream keeps no drafts, a request is as it is once it was handed in."""
        handed_in = self.external_id and not self.connection.client_class.port_rules.drafts
        return self.status in self.EDITABLE and not handed_in and not self.review_since

    @property
    def is_lost(self) -> bool:
        """Whether upstream lists it no more although nobody ever said how it ended."""
        return self.gone_at is not None and self.status not in self.CLOSED

    @property
    def has_remark(self) -> bool:
        """Whether upstream says something about an open request that no state of its own says."""
        silent = self.status in (*self.CLOSED, *self.REJECTED)
        return bool(self.rejection) and not silent and not self.connection.client_class.port_rules.repeats


class PortEvent(models.Model):
    """One entry of a request's timeline: a state, a date, or something a person did."""

    port = models.ForeignKey(PortRequest, models.CASCADE, related_name="events", verbose_name=_("port request"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    kind = models.CharField(_("kind"), max_length=20)  # status | dates | submitted | document | note
    status = models.CharField(_("status"), max_length=24, blank=True)
    text = models.TextField(_("text"), blank=True)
    actor_name = models.CharField(_("by"), max_length=160, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("port event"), _("port events")
        ordering = ["-at", "-id"]

    def __str__(self):
        return f"{self.port} {self.kind} {self.status}"


def document_path(document: "PortDocument", _name: str) -> str:
    """A name of our own: the person's file name is kept in the row and never becomes a path."""
    return f"ports/{document.port.public_id}/{uuid.uuid4().hex}"


class PortDocument(models.Model):
    class Kind(models.TextChoices):
        LOA = "loa", _("Letter of authorization")
        BILL = "bill", _("Recent bill")
        OTHER = "other", _("Other")

    public_id = models.UUIDField(_("our id"), default=uuid.uuid4, unique=True, editable=False)
    port = models.ForeignKey(PortRequest, models.CASCADE, related_name="documents", verbose_name=_("port request"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("file name"), max_length=120)
    mime_type = models.CharField(_("content type"), max_length=60)
    size = models.PositiveIntegerField(_("size"))
    pages = models.PositiveSmallIntegerField(_("pages"), default=1)
    dated_on = models.DateField(_("date on it"), null=True, blank=True)
    signed_by = models.CharField(_("signed by"), max_length=60, blank=True)  # on screen, in this portal
    said = models.CharField(max_length=32, blank=True, editable=False)  # a mark of what a letter signed here says
    file = models.FileField(upload_to=document_path)
    uploaded_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("added by")
    )
    uploaded_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name, verbose_name_plural = _("document"), _("documents")
        ordering = ["-id"]

    def __str__(self):
        return self.name


class DocumentLook(models.Model):
    """Somebody looked at a document: it holds a signature, an account number, an address."""

    document = models.ForeignKey(PortDocument, models.CASCADE, related_name="looks", verbose_name=_("document"))
    actor_name = models.CharField(_("by"), max_length=160)
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("person"))
    ip = models.GenericIPAddressField(_("from"), null=True, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("look at a document"), _("looks at documents")
        ordering = ["-at", "-id"]

    def __str__(self):
        return f"{self.document} {self.actor_name}"
