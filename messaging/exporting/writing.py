"""Writing exports in the background: claimed, written lot by lot into a file of our own, kept for a week."""

import logging
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.core.files import File
from django.db.models import F
from django.utils import timezone, translation

from accounts.access import standing_of
from accounts.roles import May
from messaging.exporting import csv_file, pdf_file, selecting, telling
from messaging.models import MessageExport
from messaging.models.exports import KEPT

log = logging.getLogger(__name__)

State = MessageExport.State
LEASE = timedelta(seconds=90)
MOST_TRIES = 3
MOST_IN_PDF = 5_000  # a PDF is put together in memory, and nobody reads a longer one


class TakenAway(Exception):
    """The export was deleted, or another worker has it."""


class CannotWrite(Exception):
    """It cannot be written as it was asked for; the text is a word for `MessageExport.error`."""


def run(pk: int) -> bool:
    """Write one export, once. True when its file is there."""
    export = _claim(pk)
    if export is None:
        return False
    try:
        with _in_the_words_of(export):
            _check(export)
            _write(export)
    except TakenAway:
        log.info("export %s was taken away while it was written", pk)
    except CannotWrite as problem:
        _fail(export, str(problem))
    except Exception:
        log.exception("export %s could not be written", pk)
        _again(export)
    else:
        return True
    return False


def _claim(pk: int) -> MessageExport | None:
    token = uuid.uuid4()
    values = {"state": State.RUNNING, "done": 0, "claim_token": token, "claimed_until": timezone.now() + LEASE}
    if not MessageExport.objects.to_run().filter(pk=pk).update(**values, attempts=F("attempts") + 1):
        return None
    return MessageExport.objects.select_related("account", "thread", "created_by").get(pk=pk)


@contextmanager
def _in_the_words_of(export: MessageExport) -> Iterator[None]:
    with translation.override(export.language), timezone.override(ZoneInfo(export.time_zone)):
        yield


def _check(export: MessageExport) -> None:
    """It may have waited; who may no longer read these texts gets none. A poisonous one is not tried for ever."""
    person = export.created_by
    standing = standing_of(person, export.account) if person and person.is_active else None
    if not (person and person.is_active and (person.is_staff or standing and standing.may(May.READ_MESSAGES))):
        raise CannotWrite("not-allowed")
    if export.attempts > MOST_TRIES:
        raise CannotWrite("internal")
    export.total = selecting.count(export)
    _renew(export, total=export.total)
    if export.form == MessageExport.Form.PDF and export.total > MOST_IN_PDF:
        raise CannotWrite("too-many")


def _write(export: MessageExport) -> None:
    with tempfile.TemporaryFile() as file:
        if export.form == MessageExport.Form.PDF:
            _write_pdf(export, file)
        else:
            _write_csv(export, file)
        size = file.tell()
        file.seek(0)
        export.file.save("texts", File(file), save=False)
    now = timezone.now()
    kept = {"file": export.file.name, "size": size, "finished_at": now, "expires_at": now + KEPT, "claimed_until": None}
    if not _mine(export).update(state=State.DONE, total=export.done, error="", **kept):
        export.file.delete(save=False)
        raise TakenAway


def _write_csv(export: MessageExport, file) -> None:
    csv_file.begin(file)
    for lot in selecting.lots(export):
        csv_file.write(file, telling.texts(lot))
        _wrote(export, len(lot))


def _write_pdf(export: MessageExport, file) -> None:
    pages = pdf_file.Pages(export)
    for lot in selecting.lots(export):
        for text in telling.texts(lot):
            pages.add(text)
        _wrote(export, len(lot))
    file.write(pages.finish())


def _wrote(export: MessageExport, number: int) -> None:
    export.done += number
    _renew(export, done=export.done)


def _renew(export: MessageExport, **values) -> None:
    if not _mine(export).update(claimed_until=timezone.now() + LEASE, **values):
        raise TakenAway


def _mine(export: MessageExport):
    return MessageExport.objects.filter(pk=export.pk, state=State.RUNNING, claim_token=export.claim_token)


def _fail(export: MessageExport, error: str) -> None:
    _mine(export).update(state=State.FAILED, error=error, finished_at=timezone.now(), claimed_until=None)


def _again(export: MessageExport) -> None:
    """After an error of our own: later, and not for ever."""
    if export.attempts >= MOST_TRIES:
        _fail(export, "internal")
    else:
        _mine(export).update(state=State.WAITING, claimed_until=timezone.now() + timedelta(seconds=20))


def expire() -> int:
    """Delete the files that had their week."""
    old = MessageExport.objects.filter(state=State.DONE, expires_at__lt=timezone.now())
    for export in old[:100]:
        discard(export)
    return len(old)


def discard(export: MessageExport) -> None:
    """Take the file away; the row stays and says that there was one. A worker that is writing it finds out and stops."""
    values = {"file": "", "size": 0, "claimed_until": None, "finished_at": export.finished_at or timezone.now()}
    name = export.file.name
    MessageExport.objects.filter(pk=export.pk).exclude(state=State.EXPIRED).update(state=State.EXPIRED, **values)
    if name:
        export.file.storage.delete(name)
