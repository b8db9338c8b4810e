"""A file of contacts on its way in."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.file_jobs import FileJob
from accounts.models import Account
from messaging.models.people import ContactGroup


def import_path(row: "ContactImport", _name: str) -> str:
    """A name of our own: what a person called the file never becomes a path."""
    return f"imports/{row.account_id}/{uuid.uuid4().hex}"


class ContactImport(FileJob):
    """A CSV file of contacts: looked at, tried without writing, then written. `plan`: see `messaging.importing.plan`."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="contact_imports", verbose_name=_("account"))
    file = models.FileField(_("file"), upload_to=import_path, blank=True)  # kept as UTF-8, whatever came
    group = models.ForeignKey(
        ContactGroup, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("group")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("import of contacts"), _("imports of contacts")
        indexes = [
            models.Index(fields=["account", "-created_at", "-id"], name="imports_of_account"),
            models.Index(
                fields=["state"], condition=models.Q(state__in=["checking", "running"]), name="imports_at_work"
            ),
        ]
