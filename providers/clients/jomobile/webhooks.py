"""What Jo Mobile posts to us: reports on texts that were sent, and the answer it wants to see.

Nothing is signed: the address it is posted to is the only secret, and a report is a hint until the log confirms it.
"""

import json
from collections.abc import Iterable

from providers.clients.errors import Unreadable
from providers.clients.jomobile import mapping
from providers.clients.jomobile.wire import Wire
from providers.clients.reading import JSON_TYPES, read_json
from providers.clients.records import Delivery, DeliveryReport, News
from providers.clients.redaction import Redactor

BODY_CAP = 256_000  # bytes
MOST_REPORTS = 1000
LONGEST_ID = 100
_MASK = Redactor()


class Webhooks(Wire):
    @classmethod
    def read_webhook(cls, delivery: Delivery, credentials: dict, time_zone: str) -> News:
        """Reports that can be read count even beside some that cannot; only a delivery without any is `Unreadable`."""
        if delivery.body:
            unread: list[Unreadable] = []
            reports = parse_reports(delivery.body, delivery.content_type, unread)
            if unread and not reports:
                raise unread[0]
        else:
            reports = [parse_legacy(delivery.query)]
        return News(reports=tuple(reports))

    @classmethod
    def webhook_answer(cls, delivery: Delivery) -> tuple[bytes, str]:
        """Everything that has an id is acknowledged, also what we cannot read: it is kept, and would come again."""
        if not delivery.body:
            return legacy_acknowledgement(delivery.query), "text/plain"
        try:
            rows = _rows(delivery.body, delivery.content_type)
        except Unreadable:
            return b"[]", "application/json"
        return _ids(row.get("id_state") for row in rows if isinstance(row, dict)), "application/json"


def parse_reports(body: bytes, content_type: str, unread: list[Unreadable] | None = None) -> list[DeliveryReport]:
    """The reports of one delivery, a row for each part of a text. Raises `Unreadable`; a row that cannot be read is put
    into `unread` instead, where that is given. (jomobile.yaml: webhooks, REST DLR)
    """
    reports = []
    for row in _rows(body, content_type):
        try:
            reports.append(_report(row))
        except Unreadable as problem:
            if unread is None:
                raise
            unread.append(problem)
    return reports


def acknowledgement(reports: Iterable[DeliveryReport]) -> bytes:
    """The body of the answer: a JSON list of the ids, as texts."""
    return _ids(report.external_id for report in reports)


def parse_legacy(query: dict) -> DeliveryReport:
    """The report of the old GET form: id_state, state and time in the address. (jomobile.yaml: legacy GET DLR)"""
    if not query.get("id_state"):
        raise Unreadable("the delivery names no text", code="no-id")
    return mapping.report(query, _MASK.tree(dict(query)))


def legacy_acknowledgement(query: dict) -> bytes:
    """The old form wants to see the id itself."""
    said = query.get("id_state")
    return said.encode() if isinstance(said, str) and _is_id(said) else b""


def _rows(body: bytes, content_type: str) -> list:
    if len(body) > BODY_CAP:
        raise Unreadable("the delivery is too large", code="too-large")
    if content_type.split(";")[0].strip().lower() not in JSON_TYPES:
        raise Unreadable("the delivery is not of a type that we read", code="content-type")
    tree = read_json(body)
    rows = [tree] if isinstance(tree, dict) else tree
    if not isinstance(rows, list) or not rows or len(rows) > MOST_REPORTS:
        raise Unreadable("the delivery is not a list of reports", code="no-rows")
    return rows


def _report(row) -> DeliveryReport:
    if not isinstance(row, dict):
        raise Unreadable("a report is not a structure", code="no-rows")
    return mapping.report(row, _MASK.tree(row))


def _ids(found: Iterable) -> bytes:
    named = [str(one) for one in found if isinstance(one, (str, int)) and not isinstance(one, bool)]
    return json.dumps([one for one in dict.fromkeys(named) if _is_id(one)]).encode()


def _is_id(text: str) -> bool:
    """Whether it looks like an id: what is sent back must never be a page of somebody's."""
    return 0 < len(text) <= LONGEST_ID and all(c.isascii() and (c.isalnum() or c in "-_.:") for c in text)
