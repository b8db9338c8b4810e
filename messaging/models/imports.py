"""A file of contacts on its way in."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, AccountOwnedQuerySet, User
from messaging.models.people import ContactGroup


def import_path(row: "ContactImport", _name: str) -> str:
    """A name of our own: what a person called the file never becomes a path."""
    return f"imports/{row.account_id}/{uuid.uuid4().hex}"


class ContactImportQuerySet(AccountOwnedQuerySet):
    def working(self):
        return self.filter(state__in=[ContactImport.State.CHECKING, ContactImport.State.RUNNING])


class ContactImport(models.Model):
    """A CSV file of contacts: looked at, tried without writing, then written.

    CHOOSING -> CHECKING -> CHECKED -> RUNNING -> DONE
        ^----------------------'          (FAILED from any of these, with `error`)

    `offset` is how far into the file the rows are written. It moves in the transaction that writes them, so a worker that
    dies, or two that meet, neither lose a row nor write one twice.
    """

    class State(models.TextChoices):
        CHOOSING = "choosing", _("Columns to be chosen")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked")
        RUNNING = "running", _("Being imported")
        DONE = "done", _("Imported")
        FAILED = "failed", _("Stopped")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="contact_imports", verbose_name=_("account"))
    intent = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("file name"), max_length=120)
    file = models.FileField(_("file"), upload_to=import_path, blank=True)  # kept as UTF-8, whatever came
    size = models.PositiveBigIntegerField(_("size"), default=0)
    delimiter = models.CharField(max_length=1, default=",")
    headings = models.JSONField(default=list)  # [] where the first line is a contact already
    sample = models.JSONField(default=list)
    plan = models.JSONField(default=dict)  # columns, order of dates, consent: see `messaging.importing.plan`
    group = models.ForeignKey(
        ContactGroup, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("group")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.CHOOSING)
    offset = models.PositiveBigIntegerField(default=0)
    line = models.PositiveIntegerField(default=0)
    checked = models.JSONField(_("counts of the check"), default=dict)
    counts = models.JSONField(_("counts"), default=dict)
    problems = models.JSONField(_("first bad rows"), default=list)
    error = models.CharField(_("what happened"), max_length=60, blank=True)
    worked_at = models.DateTimeField(null=True, blank=True)  # the worker's sign of life
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = ContactImportQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("import of contacts"), _("imports of contacts")
        indexes = [
            models.Index(fields=["account", "-created_at", "-id"], name="imports_of_account"),
            models.Index(
                fields=["state"], condition=models.Q(state__in=["checking", "running"]), name="imports_at_work"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_working(self) -> bool:
        return self.state in (self.State.CHECKING, self.State.RUNNING)
