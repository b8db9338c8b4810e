"""What upstreams send by themselves: the request as it came, and what it says."""

from dataclasses import dataclass, field

from providers.clients.records.messages import DeliveryReport, MessageRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A webhook request as it came. `query` has the arguments of the address."""

    body: bytes
    content_type: str = ""
    query: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What a delivery says: new texts, what became of texts we sent, and which feeds have something to fetch."""

    messages: tuple[MessageRecord, ...] = ()
    reports: tuple[DeliveryReport, ...] = ()
    feeds: tuple[str, ...] = ()  # names of feeds, such as "balance"
