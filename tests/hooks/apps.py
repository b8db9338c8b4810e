"""Patches the engine when a process starts, as the files in the folder STACK_HOOKS say.

die-before-wake      the web process dies after a commit, before the wake-up is published; the file is used up
die-before-commit    the web process dies inside the transaction; the file is used up
wake-twice           every wake-up comes twice, as any broker may deliver it
careless-claim       mutation: a row is taken without looking whether it may be
blind-repeat         mutation: an unclear answer counts as "not sent"
no-twin-lock         mutation: identical texts may be on their way together
one-look             mutation: one empty look counts as absent
shared-ids           mutation: a text may be bound to an id that another one has (its index must be dropped too)
no-limits            the hour of the upstream has room for any number of texts
any-hour             nobody sleeps: no quiet hours
grace                how many seconds (written in the file) a dead worker's claim stands beyond the deadline
"""

import os
import signal
import sys
import time
import uuid
from datetime import timedelta
from functools import partial, wraps
from pathlib import Path

from django.apps import AppConfig
from django.db.models import Exists, F
from django.utils import timezone

FOLDER = Path(os.environ["STACK_HOOKS"])
IS_WEB = "gunicorn" in Path(sys.argv[0]).name


class HooksConfig(AppConfig):
    name = "tests.hooks"
    label = "hooks"
    path = str(Path(__file__).parent)

    def ready(self):
        from providers import outbox, waking

        if IS_WEB:
            waking.wake = _dying(waking.wake, "die-before-wake")
            outbox.wake_on_commit = _dying(outbox.wake_on_commit, "die-before-commit")
        if (FOLDER / "wake-twice").exists():
            waking.wake = _twice(waking.wake)
        if (FOLDER / "careless-claim").exists():
            outbox.claim = _careless_claim
        if (FOLDER / "blind-repeat").exists():
            outbox._unclear = _blind_repeat(outbox._later)
        self._take_guards_away(outbox)
        self._make_room(outbox)

    def _take_guards_away(self, outbox) -> None:
        from messaging.upstream import outgoing

        if (FOLDER / "no-twin-lock").exists():
            outbox.Exists = lambda ahead: Exists(ahead.none())
        if (FOLDER / "one-look").exists():
            outbox.LOOKS_NEEDED = 1
        if (FOLDER / "shared-ids").exists():
            outgoing._the_one = partial(_any_fitting, outgoing)

    def _make_room(self, outbox) -> None:
        from messaging import quiet
        from providers.clients.voicemeup.client import VoiceMeUp

        if (FOLDER / "no-limits").exists():
            VoiceMeUp.buckets = dict.fromkeys(VoiceMeUp.buckets, 10_000_000)
        if (FOLDER / "any-hour").exists():
            quiet.next_window = lambda number, moment, kind="": moment
        if (FOLDER / "grace").exists():
            outbox.GRACE = timedelta(seconds=float((FOLDER / "grace").read_text()))


def _dying(function, name: str):
    @wraps(function)
    def wrapped(*args, **kwargs):
        if _used_up(FOLDER / name):
            os.kill(os.getppid(), signal.SIGKILL)  # gunicorn, which would start another of us
            os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(10)  # a signal to oneself may take a moment
        return function(*args, **kwargs)

    return wrapped


def _used_up(path: Path) -> bool:
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    return True


def _twice(wake):
    @wraps(wake)
    def wrapped(publish, pk):
        wake(publish, pk)
        wake(publish, pk)

    return wrapped


def _any_fitting(outgoing, row, records):
    """The settling of before, without leaving out what other texts are bound to."""
    fitting = [record for record in records if outgoing.same_text(row.body, record.body)]
    return min(fitting, key=lambda record: record.sent_at, default=None)


def _careless_claim(row) -> bool:
    values = {
        "state": "sending",
        "claimed_at": timezone.now(),
        "claim_token": uuid.uuid4(),
        "attempts": F("attempts") + 1,
    }
    type(row).objects.filter(pk=row.pk).update(**values)
    row.refresh_from_db()
    return True


def _blind_repeat(later):
    return lambda row, handler, **why: later(row, handler, 1, **why)
