"""Posts what an upstream sends by itself (to this machine only, unless told otherwise) and records it."""

import http.client
import ipaddress
import json
import queue
import threading
from urllib.parse import urlsplit

from .catalogue import WEBHOOK

TRIES = 3
PAUSE_S = 60
TIMEOUT_S = 10
WORKERS = 4


def is_loopback(host):
    """By its looks alone: a name that only a lookup could settle is not trusted."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def post(url, body, content_type="application/json", timeout=TIMEOUT_S):
    """One POST, redirects not followed. Returns (status or None, error or None)."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname, parts.port, timeout=timeout)
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, {"Content-Type": content_type, "User-Agent": "sandbox-webhook/1"})
        answer = connection.getresponse()
        answer.read(65536)
        return answer.status, None
    except (OSError, http.client.HTTPException, ValueError) as error:
        return None, f"{type(error).__name__}: {error}"
    finally:
        connection.close()


class Webhooks:
    """A few threads so that one slow receiver does not hold up the others, nor the clock."""

    def __init__(self, clock, journal, faults, settings):
        self.clock, self.journal, self.faults, self.settings = clock, journal, faults, settings
        self._jobs = queue.Queue()
        self.later = None  # set by the sandbox: puts a job back for another try at a virtual time
        for _ in range(WORKERS):
            threading.Thread(target=self._work, daemon=True).start()

    def allowed(self, url):
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return False
        return self.settings["webhook_targets"] == "any" or is_loopback(parts.hostname)

    def send(self, job):
        """job: slug, event, url, payload, tries, attempt."""
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
        rule = self.faults.pick(job["slug"], f"webhook:{job['event']}", job["payload"], now, WEBHOOK)
        job.setdefault("attempt", 1)
        if rule and self._spoil(job, rule):
            return
        if not self.allowed(job["url"]):
            refused = record(job, None, "target refused: not on this machine")
            self.journal.delivered(now, **refused)
            return
        copies = 1 + int(rule.args.get("times", 1)) if rule and rule.fault == "webhook_duplicate" else 1
        for _ in range(copies):
            status, error = post(job["url"], job.get("raw") or json.dumps(job["payload"]).encode())
            self.journal.delivered(self.clock.now(), **record(job, status, error, rule))
        if (status is None or not 200 <= status < 300) and job["attempt"] < job.get("tries", TRIES):
            self.later(now + PAUSE_S, {**job, "attempt": job["attempt"] + 1})

    def _spoil(self, job, rule):
        """True when nothing is to be sent now."""
        if rule.fault == "webhook_drop":
            self.journal.delivered(self.clock.now(), **record(job, None, "dropped", rule))
            return True
        if rule.fault == "webhook_delay":
            self.later(self.clock.now() + float(rule.args.get("seconds", 30)), {**job, "attempt": job["attempt"]})
            return True
        if rule.fault == "webhook_corrupt":
            job["raw"] = json.dumps(job["payload"]).encode()[:-7]
        return False


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
    }
