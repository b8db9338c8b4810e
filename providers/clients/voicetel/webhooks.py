"""What VoiceTel may post when a text comes in.

The body is not published and nothing is signed, so a delivery is taken for a hint: it must be about a text to one of
somebody's numbers, and the records of texts then tell what was said.
"""

from providers.clients.errors import Unreadable
from providers.clients.reading import JSON_TYPES, read_json
from providers.clients.records import Direction, MessageRecord, Transmission
from providers.clients.redaction import Redactor
from providers.clients.voicetel import values

BODY_CAP = 256_000  # bytes
_MASK = Redactor()


def parse_inbound(body: bytes, content_type: str, query: dict) -> list[MessageRecord]:
    """The text of one delivery: a JSON object with from, to, message, timestamp and id. Raises `Unreadable`.

    (voicetel.yaml: webhooks, an assumption)
    """
    if len(body) > BODY_CAP:
        raise Unreadable("the delivery is too large", code="too-large")
    if content_type.split(";")[0].strip().lower() not in JSON_TYPES:
        raise Unreadable("the delivery is not of a type that we read", code="content-type")
    row = read_json(body)
    if not isinstance(row, dict):
        raise Unreadable("the delivery is not a message", code="no-rows")
    told = row.get("message")
    if not isinstance(told, str):
        raise values.unreadable("message", "a text")
    return [
        MessageRecord(
            external_id=values.required(row, "id"),
            direction=Direction.INBOUND,
            source=values.party(row, "from"),
            destination=values.number(row, "to"),
            body=told,
            transmission=Transmission.DELIVERED,
            sent_at=values.moment(row.get("timestamp"), "timestamp"),
            raw=_MASK.tree(row),
        )
    ]
