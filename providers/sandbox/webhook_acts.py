"""Webhooks by hand: send one again or a made-up one, forge one, or disturb the next ones."""

NEXT = ("drop", "delay", "reorder", "corrupt")


class NothingSent(ValueError):
    """There is no delivery to repeat."""


def act(sandbox, body):
    """`action` is send, dup, forge, or one of NEXT; all but the latter answer with the jobs that are on their way.

    What is repeated is `delivery` (an id), else the newest of `slug`; `url`, `event` and `payload` replace its own.
    """
    action = body.get("action")
    if action in NEXT:
        return disturb_next(sandbox, action, body)
    if action not in ("send", "dup", "forge"):
        raise ValueError(f"unknown action {action!r}; known: send, dup, forge, {', '.join(NEXT)}")
    job = job_of(sandbox, body)
    if action == "forge":
        args = {**(body.get("args") or {}), **({"set": body["set"]} if body.get("set") else {})}
        job["spoil"] = {"fault": body.get("fault") or "webhook_altered", "args": args}
    jobs = [dict(job) for _ in range(int(body.get("times", 2 if action == "dup" else 1)))]
    for one in jobs:
        sandbox.webhooks.send(one)
    return {"sent": len(jobs), "job": job}


def disturb_next(sandbox, action, body):
    """A rule for the next webhooks of an upstream (`count`, one)."""
    spec = {"slug": body.get("slug"), "fault": f"webhook_{action}", "count": body.get("count", 1)}
    spec["args"] = {name: body[name] for name in ("seconds",) if name in body}
    if body.get("event"):
        spec["call"] = f"webhook:{body['event']}"
    return sandbox.faults.add([spec], sandbox.clock.now())[0].as_dict()


def job_of(sandbox, body):
    made = {"tries": 1}
    if not (body.get("url") and "payload" in body):
        row = repeated(sandbox, body)
        made |= {"slug": row["slug"], "event": row["kind"], "url": row["url"], "payload": row["payload"], **row["how"]}
    made |= {name: body[name] for name in ("slug", "event", "url", "payload") if name in body}
    if "payload" in body:
        made.pop("raw", None)
    return {"slug": "voicemeup", "event": "by_hand", **made}


def repeated(sandbox, body):
    rows = [row for row in sandbox.journal.deliveries if body.get("slug") in (None, row["slug"])]
    if body.get("delivery"):
        rows = [row for row in rows if row["id"] == int(body["delivery"])]
    if not rows:
        raise NothingSent("nothing was sent yet that could be sent again")
    return {"how": {}, **rows[-1]}
