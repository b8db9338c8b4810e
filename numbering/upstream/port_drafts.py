"""A port request's draft as plain values that JSON and columns can hold, and back."""

from datetime import date

from numbering.models import PortRequest
from providers.clients.records import PortDraft, ServiceAddress
from providers.outbox import dict_of

DRAFT_LISTS = ("numbers", "numbers_to_keep", "numbers_to_cancel", "features", "recipients")


def plain_draft(draft: PortDraft) -> dict:
    """A draft as JSON can hold it. `draft_of` reads it back."""
    plain = dict_of(draft)
    plain["address"] = dict_of(draft.address)
    plain["wanted_on"] = draft.wanted_on.isoformat() if draft.wanted_on else ""
    return plain | {name: list(plain[name]) for name in DRAFT_LISTS}


def draft_of(port: PortRequest) -> PortDraft:
    plain = {name: value for name, value in port.details.items() if name in PortDraft.__dataclass_fields__}
    plain |= {name: tuple(plain.get(name, ())) for name in DRAFT_LISTS}
    plain["address"] = ServiceAddress(**plain.get("address", {}))
    plain["wanted_on"] = date.fromisoformat(plain["wanted_on"]) if plain.get("wanted_on") else None
    return PortDraft(**plain | {"reference": port.reference})


def columns_of(draft: PortDraft) -> dict:
    """The columns of a request that come from its draft."""
    return {
        "title": draft.title[:60],
        "kind": draft.kind,
        "numbers": list(draft.numbers),
        "current_provider": draft.current_provider[:60],
        "wanted_on": draft.wanted_on,
        "details": plain_draft(draft),
    }
