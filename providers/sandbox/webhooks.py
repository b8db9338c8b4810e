"""Posts what an upstream sends by itself (to this machine only, unless told otherwise) and records it."""

import ipaddress
import json
import queue
import threading
from urllib.parse import urlsplit

from .catalogue import WEBHOOK
from .faults import Rule
from .posting import SPOILERS, Parcel, exchange, post

TRIES = 3
PAUSE_S = 60
WORKERS = 4
ACKNOWLEDGING = ("acknowledged", "acknowledged_as", "acknowledge_by")
HOW = ("raw", "method", "content_type", "headers", *ACKNOWLEDGING)  # beside the payload, to send it again
SHELVED = ("webhook_drop", "webhook_delay", "webhook_reorder")


def is_loopback(host):
    """By its looks alone: a name that only a lookup could settle is not trusted."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def fields_of(payload):
    """What fault rules match: the payload's fields, those of its only row too."""
    if isinstance(payload, list):
        return fields_of(payload[0]) if payload else {}
    if not isinstance(payload, dict):
        return {}
    inner = {}
    for value in payload.values():
        if isinstance(value, (dict, list)):
            inner.update(fields_of(value))
    return {**inner, **payload}


class Webhooks:
    """A few threads so that one slow receiver does not hold up the others, nor the clock."""

    def __init__(self, clock, journal, faults, settings):
        self.clock, self.journal, self.faults, self.settings = clock, journal, faults, settings
        self._jobs = queue.Queue()
        self._lock, self._held = threading.Lock(), {}
        self.later = None  # set by the sandbox: puts a job back for another try at a virtual time
        for _ in range(WORKERS):
            threading.Thread(target=self._work, daemon=True).start()

    def allowed(self, url):
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return False
        return self.settings["webhook_targets"] == "any" or is_loopback(parts.hostname)

    def send(self, job):
        """A job: slug, event, url, payload; maybe tries, and how it is sent (see `Parcel.of`).

        With `acknowledged` the receiver's answer must be that JSON value, with `acknowledged_as` that plain text, else
        the job is tried again. With `acknowledge_by`, a field of the payload's rows, the answer is a list of the values
        that were taken, and the other rows are sent again.
        """
        if job.get("release"):
            self._release(job["slug"])
        else:
            self._jobs.put(job)

    def _work(self):
        while True:
            job = self._jobs.get()
            try:
                self._deliver(job)
            except Exception as error:  # a worker must outlive any receiver
                self.journal.delivered(self.clock.now(), **record(job, None, repr(error)))

    def _deliver(self, job):
        now = self.clock.now()
        event = f"webhook:{job['event']}"
        rule = job.get("spoil") or self.faults.pick(job["slug"], event, fields_of(job["payload"]), now, WEBHOOK)
        if isinstance(rule, dict):  # by hand, from the control door
            rule = Rule(0, rule, now)
        job.setdefault("attempt", 1)
        if rule and rule.fault in SHELVED and self._shelve(job, rule):
            return
        if not self.allowed(job["url"]):
            refused = record(job, None, "target refused: not on this machine")
            self.journal.delivered(now, **refused)
            return
        self._post(job, rule)
        self._release(job["slug"])

    def _post(self, job, rule):
        copies = 1 + int(rule.args.get("times", 1)) if rule and rule.fault == "webhook_duplicate" else 1
        for _ in range(copies):
            parcel = Parcel.of(job)
            if rule and rule.fault in SPOILERS:
                SPOILERS[rule.fault](parcel, rule.args)
            status, body, error = exchange(parcel)
            good, left = status is not None and 200 <= status < 300, job["payload"]
            if good and not acknowledges(job, body):
                good, error, left = False, "not acknowledged", unacknowledged(job, body)
            at = (
                self.clock.now()
            )  # the pause counts from here, also when the clock is set forward once this is recorded
            self.journal.delivered(at, **record(job, status, error, rule))
        if not good and job["attempt"] < job.get("tries", TRIES):
            again = {name: value for name, value in job.items() if name != "spoil"} | {"payload": left}
            self.later(at + float(job.get("pause", PAUSE_S)), {**again, "attempt": job["attempt"] + 1})
        elif not good and job.get("backup_url"):
            self.later(at, {**job, "url": job["backup_url"], "backup_url": "", "attempt": 1})

    def _shelve(self, job, rule):
        """True when nothing is to be sent now."""
        again = {name: value for name, value in job.items() if name != "spoil"}
        if rule.fault == "webhook_drop":
            self.journal.delivered(self.clock.now(), **record(job, None, "dropped", rule))
        elif rule.fault == "webhook_delay":
            self.later(self.clock.now() + float(rule.args.get("seconds", 30)), again)
        else:
            with self._lock:
                self._held.setdefault(job["slug"], []).append(again)
            release = {"slug": job["slug"], "release": True}
            self.later(self.clock.now() + float(rule.args.get("seconds", 5)), release)
        return True

    def _release(self, slug):
        """What was held back goes out behind the one that overtook it."""
        with self._lock:
            held = self._held.pop(slug, [])
        for job in held:
            self._post(job, None)


def acknowledges(job, body):
    if "acknowledge_by" in job:
        return not unacknowledged(job, body)
    if "acknowledged_as" in job:
        return body.decode("utf-8", "replace").strip() == job["acknowledged_as"]
    if "acknowledged" not in job:
        return True
    try:
        return json.loads(body) == job["acknowledged"]
    except ValueError:
        return False


def unacknowledged(job, body):
    """The rows of the payload that the receiver did not name in its answer, compared as texts."""
    if "acknowledge_by" not in job:
        return job["payload"]
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    taken = {str(one) for one in answer} if isinstance(answer, list) else set()
    return [row for row in job["payload"] if str(row[job["acknowledge_by"]]) not in taken]


def record(job, status, error, rule=None):
    return {
        "slug": job["slug"],
        "kind": job["event"],
        "url": job["url"],
        "payload": job["payload"],
        "attempt": job.get("attempt", 1),
        "status": status,
        "error": error,
        "fault": rule.fault if rule else None,
        "how": {name: job[name] for name in HOW if name in job},
    }


__all__ = ["Webhooks", "is_loopback", "post"]
