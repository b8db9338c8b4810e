"""The virtual clock: starts at the real time, can be set, advanced or made to run faster."""

import contextlib
import threading
import time


class Clock:
    def __init__(self, base=None, rate=1.0):
        self._lock = threading.Lock()
        self._base = time.time() if base is None else float(base)
        self._mark = time.monotonic()
        self._rate = float(rate)
        self._skew = threading.local()

    def now(self):
        with self._lock:
            return self._now() + self.shift

    @property
    def shift(self):
        """By how much this thread is told another time."""
        return getattr(self._skew, "seconds", 0.0)

    @contextlib.contextmanager
    def shifted(self, seconds):
        """The clock of somebody whose clock is wrong: this thread alone sees it."""
        self._skew.seconds = seconds
        try:
            yield
        finally:
            self._skew.seconds = 0.0

    def _now(self):
        return self._base + (time.monotonic() - self._mark) * self._rate

    def _rebase(self, moment):
        self._base = moment
        self._mark = time.monotonic()

    def set(self, moment):
        with self._lock:
            self._rebase(float(moment))

    def advance(self, seconds):
        with self._lock:
            self._rebase(self._now() + float(seconds))

    def set_rate(self, rate):
        if float(rate) < 0:
            raise ValueError("rate must not be negative")
        with self._lock:
            self._rebase(self._now())
            self._rate = float(rate)

    @property
    def rate(self):
        return self._rate

    def dump(self):
        return {"virtual": self.now(), "real": time.time(), "rate": self._rate}

    @classmethod
    def load(cls, saved):
        """Continue a saved clock; the time the process was down counts once, whatever the rate."""
        down = max(0.0, time.time() - saved["real"])
        return cls(saved["virtual"] + down, saved["rate"])
