"""`python -m tests.leash COMMAND ...`: run a command that ends when whoever started it is gone, however that happened.

A test run that is killed must not leave servers behind. A `preexec_fn` would do the same, but is not safe in a process
with threads.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1

if __name__ == "__main__":
    parent = os.getppid()
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    except (OSError, AttributeError):
        pass  # not Linux: an orderly end still ends the children
    if os.getppid() != parent:
        sys.exit(1)  # too late, it is gone already
    os.execvp(sys.argv[1], sys.argv[1:])
