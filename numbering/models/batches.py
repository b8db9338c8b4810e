"""Many numbers changed at once: by a selection of the list, or by a file."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.file_jobs import FileJob
from accounts.models import Account
from numbering.models.numbers import Number, NumberChange


def batch_path(row: "NumberBatch", _name: str) -> str:
    """A name of our own: what a person called the file never becomes a path."""
    return f"number-batches/{row.account_id}/{uuid.uuid4().hex}"


class NumberBatch(FileJob):
    """A file of numbers, or one change of a selection: tried on every number first, then asked for one by one.

    `plan` says of a file what its columns are, of a selection what is wanted. A selection is `chosen` (ids), or, where that is
    empty, whatever `query` finds in the list; `offset` is then the id of the last number done.
    """

    class Kind(models.TextChoices):
        FILE = "file", _("From a file")
        SELECTION = "selection", _("From the list")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.FILE)
    account = models.ForeignKey(Account, models.PROTECT, related_name="number_batches", verbose_name=_("account"))
    file = models.FileField(_("file"), upload_to=batch_path, blank=True)  # kept as UTF-8, whatever came
    chosen = models.JSONField(default=list, blank=True)
    query = models.CharField(max_length=600, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("change of many numbers"), _("changes of many numbers")
        indexes = [
            models.Index(fields=["account", "-created_at", "-id"], name="batches_of_account"),
            models.Index(fields=["state"], condition=Q(state__in=["checking", "running"]), name="batches_at_work"),
        ]


class NumberBatchRow(models.Model):
    """What became of one row. A change that was asked for upstream goes on by itself: its operation says where it is."""

    class Outcome(models.TextChoices):
        ASKED = "asked", _("Asked for")
        NOTED = "noted", _("Changed here")  # only what is ours: notes, tags, cost centre
        SAME = "same", _("Already so")
        BAD = "bad", _("Not possible")

    batch = models.ForeignKey(NumberBatch, models.CASCADE, related_name="rows", verbose_name=_("change"))
    line = models.PositiveIntegerField(_("line"))
    text = models.CharField(_("number"), max_length=40, blank=True)
    number = models.ForeignKey(
        Number, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("number")
    )
    change = models.OneToOneField(
        NumberChange, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("change")
    )
    outcome = models.CharField(_("outcome"), max_length=6, choices=Outcome)
    words = models.CharField(_("reason"), max_length=240, blank=True)  # in the language of who asked

    class Meta:
        verbose_name, verbose_name_plural = _("row of a change"), _("rows of a change")
        constraints = [models.UniqueConstraint(fields=["batch", "line"], name="one_row_per_line")]

    def __str__(self):
        return f"{self.line}: {self.text}"
