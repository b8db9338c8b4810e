"""What upstream told of a port request, written down as an operation's result keeps it, and back."""

from datetime import date

from numbering.models import PortRequest
from numbering.upstream.port_drafts import draft_of, plain_draft
from providers.clients.records import PortRecord, PortStatus
from providers.outbox import dict_of


def content(record: PortRecord) -> dict:
    """What a listing says of a request, as JSON can hold it."""
    return {**dict_of(record), "draft": plain_draft(record.draft)}


def kept_of(record: PortRecord) -> dict:
    """A record as an operation's result keeps it."""
    days = {
        name: day.isoformat() if (day := getattr(record, name)) else ""
        for name in ("created_on", "tentative_on", "firm_on")
    }
    return {**content(record), **days, "raw": record.raw}


def record_of(kept: dict) -> PortRecord:
    """The record that `kept_of` wrote down."""
    days = {
        name: date.fromisoformat(kept[name]) if kept[name] else None
        for name in ("created_on", "tentative_on", "firm_on")
    }
    draft = draft_of(PortRequest(details=kept["draft"], reference=kept["reference"]))
    return PortRecord(**{**kept, **days, "status": PortStatus(kept["status"]), "draft": draft})
