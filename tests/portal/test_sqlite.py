"""The portal's SQLite: one without the fault in its write-ahead log, and the same one everywhere in a process."""

import sqlite3
import subprocess
import sys

import pytest
from django.core import checks as base_checks
from django.core.checks import Error
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db.backends.sqlite3 import base

from portal import checks, sqlite
from portal.broker import store


@pytest.mark.parametrize(
    ("version", "sound"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 46, 1), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 0), True),
    ],
)
def test_which_versions_are_sound(version, sound):
    assert sqlite.is_sound(version) is sound


def test_database_and_queue_use_the_portals_own():
    assert sqlite.is_sound()
    assert base.Database.sqlite_version == store.sqlite3.sqlite_version == sqlite.sqlite3.sqlite_version


def test_no_other_copy_is_loaded_beside_it():
    """Locks of a file belong to a process: a second copy that closes the file would drop those of the first."""
    code = (
        "import sys, django; from django.core.management import execute_from_command_line;"
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'portal.settings'; django.setup();"
        "import portal.supervisor, gunicorn.app.wsgiapp, celery.bin.worker;"
        "print(sorted(name for name in sys.modules if name.rpartition('.')[2] == '_sqlite3'))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "['pysqlite3._sqlite3']"


def test_staff_are_warned_of_an_unsound_one(monkeypatch, settings):
    monkeypatch.setattr(checks.sqlite, "is_sound", lambda: False)
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    assert [warning.id for warning in checks.sqlite_is_sound(None)] == ["portal.W001"]
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.postgresql")
    assert checks.sqlite_is_sound(None) == []


def test_tests_speak_to_it_too():
    assert sqlite3.sqlite_version == sqlite.sqlite3.sqlite_version


def test_a_release_is_checked_before_anything_starts(monkeypatch):
    """Workers skip the checks when they start (portal/celery.py), so this is where they are made."""
    monkeypatch.setattr("portal.management.commands.prepare.call_command", lambda *_, **__: None)
    monkeypatch.setattr(base_checks, "run_checks", lambda **_: [Error("something is badly set", id="portal.E000")])
    with pytest.raises(SystemCheckError, match="something is badly set"):
        call_command("prepare")
