"""Which SQLite the portal uses: a current one of its own, where its package has one for this system.

Those that come with many systems (before 3.51.3, but for 3.44.6 and 3.50.7) have a fault in their write-ahead log: two
connections that tidy it up while a third one commits can destroy the file. Six threads that open and close the portal's
file all the time do so within minutes (docs/decisions.md). This must be imported before anything imports `sqlite3`: two
copies of SQLite in one process would take each other's locks away.
"""

import sys

try:
    import pysqlite3
except ImportError:  # no package for this system: `portal.checks` says what that means
    import sqlite3
else:
    sys.modules["sqlite3"] = sqlite3 = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

MENDED = (3, 51, 3)
MENDED_BEFORE = {(3, 44): 6, (3, 50): 7}  # the same mend, taken over into older lines


def is_sound(version: tuple[int, int, int] = sqlite3.sqlite_version_info) -> bool:
    """Whether several processes may write to one file of this version without fear for it."""
    mended = MENDED_BEFORE.get(version[:2])
    return version >= MENDED or (mended is not None and version[2] >= mended)
