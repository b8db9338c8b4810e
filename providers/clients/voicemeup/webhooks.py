"""What VoiceMeUp posts to us when a message arrives.

Nothing is signed: the address it is posted to is the only secret, and a body is a hint until the log confirms it.
"""

from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from providers.clients.errors import Unreadable
from providers.clients.reading import JSON_TYPES, read_json
from providers.clients.records import MessageRecord
from providers.clients.redaction import Redactor
from providers.clients.voicemeup import mapping
from providers.clients.voicemeup.values import as_list, text
from providers.clients.voicemeup.wire import TIME_ZONE

BODY_CAP = 256_000  # bytes
MOST_FIELDS = 100
FORM_TYPE = "application/x-www-form-urlencoded"
_MASK = Redactor()


def parse_inbound(body: bytes, content_type: str, query: dict, *, time_zone: str = TIME_ZONE) -> list[MessageRecord]:
    """The messages of one delivery; a JSON object, or a list of them, with the keys of the log.

    An MMS comes as two deliveries, in either order: its text (`wrapper` is true, no media) and its media (body "").
    They share source, destination and sent_at, and have different external ids; joining them is the caller's. `query`
    has the arguments of the webhook's address, which are none of the message. Raises `Unreadable` for anything else.
    (voicemeup.yaml: webhooks.sms_inbound)
    """
    if len(body) > BODY_CAP:
        raise Unreadable("the delivery is too large", code="too-large")
    rows = as_list(_payload(body, content_type.split(";")[0].strip().lower()))
    if not rows:
        raise Unreadable("the delivery is empty", code="empty")
    zone = ZoneInfo(time_zone)
    return [_message(row, zone) for row in rows]


def _payload(body: bytes, content_type: str):
    if content_type in JSON_TYPES:
        return read_json(body)
    if content_type == FORM_TYPE:
        return _form(body)
    raise Unreadable("the delivery is not of a type that we read", code="content-type")


def _form(body: bytes) -> dict:
    """A form with the same keys: not documented, but older systems post so."""
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        pairs = []
    if len(dict(pairs)) != len(pairs):
        raise Unreadable("the delivery repeats a key", code="not-a-form")
    return {key: value.replace("\x00", "\ufffd") for key, value in pairs}


def _message(row, zone: ZoneInfo) -> MessageRecord:
    if not isinstance(row, dict):
        raise Unreadable("the delivery is not a message", code="no-rows")
    if text(row, "direction") != "inbound":
        raise Unreadable("the delivery is not an incoming message", code="not-inbound")
    return mapping.message(row, zone, _MASK.tree(row))
