"""Work on a table in the background: its row, and who works on it.

One worker at a time holds a job, by its sign of life (`worked_at`). Who lost it finds so at the next batch and stops; what
it wrote stays, because a batch and the place it ends at are one transaction.
"""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountOwnedQuerySet, User

LOST_AFTER = timedelta(seconds=60)


class FileJobQuerySet(AccountOwnedQuerySet):
    def working(self):
        return self.filter(state__in=[FileJob.State.CHECKING, FileJob.State.RUNNING])


class FileJob(models.Model):
    """A table: looked at, tried without writing, then written.

    CHOOSING -> CHECKING -> CHECKED -> RUNNING -> DONE
        ^----------------------'          (FAILED from any of these, with `error`)

    `offset` is how far into it the rows are written. It moves in the transaction that writes them, so a worker that
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
    intent = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("file name"), max_length=120)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    delimiter = models.CharField(max_length=1, default=",")
    headings = models.JSONField(default=list)  # [] where the first line is a row already
    sample = models.JSONField(default=list)
    plan = models.JSONField(default=dict)
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

    objects = FileJobQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self):
        return self.name

    @property
    def is_working(self) -> bool:
        return self.state in (self.State.CHECKING, self.State.RUNNING)


def waiting(model: type[FileJob]) -> list[int]:
    """Jobs that nobody works on: new ones, and those whose worker died."""
    lost = Q(worked_at=None) | Q(worked_at__lt=timezone.now() - LOST_AFTER)
    return list(model.objects.working().filter(lost).values_list("pk", flat=True))


def claim(model: type[FileJob], pk: int) -> FileJob | None:
    now = timezone.now()
    free = Q(worked_at=None) | Q(worked_at__lt=now - LOST_AFTER)
    if not model.objects.working().filter(free, pk=pk).update(worked_at=now):
        return None
    return model.objects.select_related("account").get(pk=pk)


def keep(job: FileJob, **values) -> bool:
    """Write progress and a new sign of life. False when the job is somebody else's by now."""
    now = timezone.now()
    if not _mine(job).update(worked_at=now, **values):
        return False
    job.worked_at = now
    return True


def finish(job: FileJob, state: str, **values) -> None:
    _mine(job).update(state=state, worked_at=None, finished_at=timezone.now(), **values)


def rest(job: FileJob) -> bool:
    """Leave it for another turn. False when it is somebody else's by now."""
    return bool(_mine(job).update(worked_at=None))


def held(job: FileJob) -> FileJob | None:
    """Its row, locked, when it is still ours and where we left it."""
    row = type(job).objects.select_for_update().get(pk=job.pk)
    same = (row.state, row.offset, row.worked_at) == (job.state, job.offset, job.worked_at)
    return row if same else None


def _mine(job: FileJob):
    return type(job).objects.filter(pk=job.pk, state=job.state, worked_at=job.worked_at)
