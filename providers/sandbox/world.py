"""The state of every upstream: built from a seed, kept in one JSON file that is replaced whole."""

import copy
import json
import os
import pickle
import threading
import time

VERSION = 1
FRESH_S = 3600

DEFAULT_SETTINGS = {
    "webhook_targets": "loopback",  # or "any"
    "webhook_delay_s": 0.3,
    "webhook_retry_always": False,  # True: try again even where the number's retry option is off
    "auto_answer": True,
    "auto_answer_delay_s": 1.0,
    "sms_processing_s": 0.4,
    "sms_completed_s": 1.2,
    "duplicate_window_s": 60,
    "port_step_s": 45,  # one step of a submitted port request, in virtual seconds
    "single_message": "object",  # or "list": how JSON shows a lone message
    "charge": True,
    "call_traffic": True,  # calls that come and go by themselves as the clock runs
    "quirks": [],  # slugs that speak with their document's literal oddities
}


class World:
    """`slugs` maps an upstream to its own dict; `events` are things due at a virtual time."""

    def __init__(self, path, seed, builders, clock_now):
        self.path, self.seed, self._builders = path, seed, builders
        self.lock = threading.RLock()
        self._saving = threading.Lock()  # two writers of one draft would rename each other's away
        self.dirty = False
        self._saved_at, self._save_cost = 0.0, 0.0
        self.saved_clock = self._fresh = None
        self.settings = dict(DEFAULT_SETTINGS)
        self.loaded = bool(path) and os.path.exists(path)
        if self.loaded:
            self._load()
            self._complete(self.saved_clock["virtual"])
        else:
            self.rebuild(seed, clock_now)

    def rebuild(self, seed, now):
        with self.lock:
            self.seed = seed
            self.slugs = self._built(seed, now)
            self.events = []
            self.settings.clear()
            self.settings.update(copy.deepcopy(DEFAULT_SETTINGS))
            self.dirty = True

    def _built(self, seed, now):
        """Building takes a third of a second; one built lately is copied, for tests that reset often."""
        if self._fresh is None or self._fresh[0] != seed or not 0 <= now - self._fresh[1] < FRESH_S:
            built = {slug: build(seed, now) for slug, build in self._builders.items()}
            self._fresh = (seed, now, pickle.dumps(built))
        return pickle.loads(self._fresh[2])

    def _complete(self, now):
        """Build what a file of an older sandbox, which knew fewer upstreams, does not have."""
        for slug, build in self._builders.items():
            if slug not in self.slugs:
                self.slugs[slug] = build(self.seed, now)
                self.dirty = True

    def _load(self):
        with open(self.path, encoding="utf-8") as source:
            saved = json.load(source)
        if saved.get("version") != VERSION:
            raise SystemExit(f"{self.path} is of another version of the sandbox; remove it to start afresh")
        self.seed, self.slugs, self.events = saved["seed"], saved["slugs"], saved["events"]
        self.settings.update(saved["settings"])
        self.saved_clock = saved["clock"]

    def touch(self):
        self.dirty = True

    def save_if_due(self, clock):
        """Writes cost time in proportion to the world, so they are spaced by what the last one cost."""
        pause = max(0.5, min(10.0, self._save_cost * 20))
        if self.dirty and time.monotonic() - self._saved_at >= pause:
            self.save(clock)

    def save(self, clock):
        if not self.path:
            return
        with self._saving:
            self._save(clock)

    def _save(self, clock):
        start = time.monotonic()
        with self.lock:
            self.dirty = False
            text = json.dumps(
                {
                    "version": VERSION,
                    "seed": self.seed,
                    "clock": clock.dump(),
                    "settings": self.settings,
                    "events": self.events,
                    "slugs": self.slugs,
                },
                ensure_ascii=False,
                separators=(",", ":"),
            )
        draft = f"{self.path}.{os.getpid()}.tmp"
        with open(draft, "w", encoding="utf-8") as target:
            target.write(text)
        os.replace(draft, self.path)
        self._saved_at = time.monotonic()
        self._save_cost = self._saved_at - start
