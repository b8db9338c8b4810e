"""Configuration objects of an upstream that the portal passes on but has no page of its own words for (yet)."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceRecord:
    """A mailbox, queue, schedule, gateway, campaign ... : its id, its name, and its fields in the upstream's words.

    `kind` is ours and singular ("mailbox"). `fields` holds plain values by the upstream's names, already free of secrets;
    `raw` the row as read.
    """

    kind: str
    external_id: str
    name: str = ""
    fields: dict = field(default_factory=dict)
    raw: dict = field(default_factory=dict)
