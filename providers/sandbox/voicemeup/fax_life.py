"""What happens to a fax: waiting for its time, sending, perhaps again, arriving at another customer here."""

import decimal
import uuid

from ..demo import papers
from . import cdr
from .cdr import Cdr
from .desk import Desk
from .fax_rows import values_of
from .things import find, shelf

PRICE_A_PAGE = "0.0400"
PAGE_S = 30
PAUSE_S = 60  # before another try
FAILING = "0199"


def new(desk, profile, direction, other, pages, **more):
    """A fax as it is kept; it has its call from the beginning."""
    ours = profile["callerid_number"]
    fax = {
        "id": desk.new_id("fax"),
        "call": desk.new_id("call"),
        "client_fax_profile_id": str(profile["id"]),
        "client_subaccount_id": str(profile["client_subaccount_id"]),
        "direction": direction,
        "source": ours if direction == "outbound" else other,
        "destination": other if direction == "outbound" else ours,
        "at": int(desk.now),
        "pages": pages,
        "size": 0,
        "file": "",
        "status": "enabled",
        "transmission_status": "pending",
        **more,
    }
    shelf(desk.account, "faxes").append(fax)
    return fax


def queue(desk, profile, destination, uploads, pages, when, **more):
    """Keep the first paper as the fax's file and plan its sending."""
    upload = uploads[0]
    name = f"{uuid.uuid4().hex}.fax.{upload.filename.lower().rpartition('.')[2]}"
    desk.sandbox.keep_media(name, upload.data)
    size = sum(len(one.data) for one in uploads)
    fax = new(desk, profile, "outbound", destination, pages, file=name, size=size, scheduled=when, **more)
    step(desk, fax, "processing", when or desk.now + float(desk.sandbox.settings["sms_processing_s"]))
    return fax


def step(desk, fax, state, due):
    data = {"key": desk.account["key"], "call_fax_id": fax["id"], "state": state}
    desk.sandbox.schedule(due, desk.upstream.slug, "fax_step", data)


def happen_step(upstream, data, due):
    """pending -> processing -> completed, or failed after as many tries as the fax may have."""
    desk = Desk(upstream, upstream.state["accounts"][data["key"]])
    fax = find(desk.account, "faxes", data["call_fax_id"])
    if fax is None or fax["transmission_status"] in ("completed", "failed", "cancelled"):
        return
    fax["transmission_status"] = data["state"]
    desk.sandbox.world.touch()
    if data["state"] == "processing":
        good = reachable(upstream, fax["destination"])
        step(desk, fax, "completed" if good else "failed", due + (PAGE_S * fax["pages"] if good else PAGE_S))
    elif data["state"] == "failed" and fax.get("retry_count", 0) < fax.get("retry_limit", 0):
        fax["retry_count"] = fax.get("retry_count", 0) + 1
        fax["transmission_status"] = "pending"
        step(desk, fax, "processing", due + PAUSE_S)
    else:
        over(desk, fax, due)


def reachable(upstream, number):
    """Numbers of this world take faxes only when they are set up for it."""
    if number in upstream.by_number:
        return receiver(upstream, number) is not None
    return not number.endswith(FAILING)


def receiver(upstream, number):
    """(account, profile) that gets a fax for a number here, by the number's own profile."""
    account, did = upstream.by_number[number]
    if "enable_fax" in did["options"]:
        profile = find(account, "fax_profiles", did["client_fax_profile_id"])
    else:
        profile = next((p for p in shelf(account, "fax_profiles") if p["callerid_number"] == number), None)
    return (account, profile) if profile and profile["status"] == "enabled" else None


def over(desk, fax, due):
    """The fax is through, or given up: its call, its price, who is told, and the other side."""
    good = fax["transmission_status"] == "completed"
    fax["transmitted"] = int(due) if good else None
    seconds = PAGE_S * fax["pages"] if good else 0
    log(desk, fax, due, seconds, "answered" if good else "no_answer")
    if good and fax["direction"] == "outbound":
        fax["billed_amount"] = str(decimal.Decimal(PRICE_A_PAGE) * fax["pages"])
        desk.charge(fax["billed_amount"])
    desk.effect(f"fax_{fax['transmission_status']}", call_fax_id=fax["id"], destination=fax["destination"])
    announce(desk, fax, due)
    if good and fax["destination"] in desk.upstream.by_number:
        account, profile = receiver(desk.upstream, fax["destination"]) or (None, None)
        if profile:
            receive(Desk(desk.upstream, account), profile, fax["source"], fax["pages"], due, fax["file"], fax["size"])


def log(desk, fax, due, seconds, disposition):
    out = fax["direction"] == "outbound"
    here, there = (fax["source"], fax["destination"]) if out else (fax["destination"], fax["source"])
    did = desk.upstream.by_number.get(here, (None, {}))[1].get("client_did_id", 0)
    owner, word = int(fax["client_subaccount_id"]), cdr.DISPOSITIONS.index(disposition)
    way = cdr.OUTBOUND if out else cdr.INBOUND
    call = Cdr(fax["call"], int(due) - seconds, way, here, there, did, 0, owner, seconds, word, "", {"fax": fax["id"]})
    cdr.log_of(desk.account).append(list(call))


def receive(desk, profile, source, pages, due, file=None, size=0):
    """A fax comes in."""
    name = file or f"{uuid.uuid4().hex}.{pages}.fax.pdf"
    size = size or papers.size(name)
    fax = new(desk, profile, "inbound", source, pages, file=name, size=size, transmission_status="completed")
    fax["at"] = fax["transmitted"] = int(due)
    log(desk, fax, due, PAGE_S * pages, "answered")
    desk.effect("fax_received", call_fax_id=fax["id"], source=source, pages=pages)
    announce(desk, fax, due)
    return fax


def announce(desk, fax, due):
    """The profile's callback: the row of the log, and the second address when the first does not answer."""
    profile = find(desk.account, "fax_profiles", fax["client_fax_profile_id"])
    if profile is None or "enable_callback" not in profile["options"] or not profile["callback_url"]:
        return
    from_log = values_of(desk, fax)
    job = {
        "slug": desk.upstream.slug,
        "event": "fax",
        "url": profile["callback_url"],
        "backup_url": profile["backup_url"],
        "payload": {name: str(value) for name, value in from_log.items()},
        "tries": 1,
    }
    desk.sandbox.schedule(due + float(desk.sandbox.settings["webhook_delay_s"]), desk.upstream.slug, "_webhook", job)
