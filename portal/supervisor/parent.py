"""Ending together with `make`, which started us.

In a terminal Ctrl-C reaches make and the supervisor alike. A signal sent to make alone does not: on SIGINT make only
waits for its child. So the supervisor looks whether make still catches SIGINT (it stops doing so when one came), and
asks the kernel for a SIGTERM when make is no more. Both are Linux; elsewhere this does nothing.
"""

import os
import signal
from pathlib import Path

from portal.supervisor.child import die_with_parent

SIGINT_BIT = 1 << (signal.SIGINT - 1)


class Parent:
    def __init__(self):
        self.pid = os.getppid()
        die_with_parent()
        self.catches = self._catches_sigint()

    def interrupted(self) -> bool:
        return self.catches and not self._catches_sigint()

    def _catches_sigint(self) -> bool:
        try:
            lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        except OSError:
            return False
        masks = [line.split()[1] for line in lines if line.startswith("SigCgt:")]
        return bool(masks and int(masks[0], 16) & SIGINT_BIT)
