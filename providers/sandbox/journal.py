"""What was asked (the journal) and what it did in the world (the ledger of effects); both only ever grow."""

import json
import os
import threading

SECRET = {
    "access_token",
    "api_key",
    "apikey",
    "auth_token",
    "authorization",
    "authorization_code",
    "key",
    "password",
    "private_key",
    "refresh_token",
    "secret",
    "token",
}


def masked(value):
    """The same tree with the values of secrets hidden, at any depth."""
    if isinstance(value, list):
        return [masked(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: "***" if str(name).lower() in SECRET else masked(one) for name, one in value.items()}


class Journal:
    def __init__(self, path=None):
        self._lock = threading.Lock()
        self.requests, self.effects, self.deliveries = [], [], []
        if path and os.path.exists(path):
            self._read(path)
        self._file = open(path, "a", encoding="utf-8") if path else None

    def _read(self, path):
        """A killed process may leave a torn last line and entries without their answer; both are fine."""
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                try:
                    record = json.loads(line)
                except ValueError:
                    continue
                self._replay(record)

    def _replay(self, record):
        kind, body = record["kind"], record["body"]
        if kind == "answer":
            self.requests[body["id"] - 1].update(body)
            return
        rows = {"request": self.requests, "effect": self.effects, "delivery": self.deliveries}[kind]
        rows.append(body)

    def _write(self, kind, body):
        if self._file:
            self._file.write(json.dumps({"kind": kind, "body": body}, separators=(",", ":")) + "\n")
            self._file.flush()

    def received(self, at, slug, call, method, params, client, account=None):
        with self._lock:
            entry = {
                "id": len(self.requests) + 1,
                "at": at,
                "slug": slug,
                "call": call,
                "method": method,
                "params": masked(params),
                "client": client,
                "account": account,
                "fault": None,
                "effect_id": None,
                "status": None,
            }
            self.requests.append(entry)
            self._write("request", entry)
            return entry

    def answered(self, entry, **facts):
        with self._lock:
            entry.update(facts)
            self._write("answer", {"id": entry["id"], **facts})

    def effect(self, at, slug, kind, account, data, entry=None):
        with self._lock:
            effect = {
                "id": len(self.effects) + 1,
                "at": at,
                "slug": slug,
                "kind": kind,
                "account": account,
                "journal_id": entry["id"] if entry else None,
                "data": data,
            }
            self.effects.append(effect)
            self._write("effect", effect)
            if entry and entry["effect_id"] is None:
                entry["effect_id"] = effect["id"]
            return effect

    def delivered(self, at, **facts):
        with self._lock:
            row = {"id": len(self.deliveries) + 1, "at": at, **facts}
            self.deliveries.append(row)
            self._write("delivery", row)
            return row

    def close(self):
        with self._lock:
            if self._file:
                self._file.close()
                self._file = None


def since(rows, query, names=("call", "slug", "kind", "account", "fault")):
    """Filter rows by ?since=ID&limit=N and by any of the given names."""
    start = int(query.get("since") or 0)
    wanted = {name: query[name] for name in names if query.get(name)}
    found = [row for row in rows[start:] if all(str(row.get(k)) == v for k, v in wanted.items())]
    limit = int(query.get("limit") or 0)
    return found[:limit] if limit else found
