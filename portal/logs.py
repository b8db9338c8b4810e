"""Log lines: one line each, with the request's id, without secrets and without text that a stranger could forge lines with."""

import logging
import re
from contextvars import ContextVar

request_id_var: ContextVar[str] = ContextVar("request_id", default="-")

_SECRET = re.compile(
    r"(?i)\b(auth_token|api[_-]?key|apikey|key|token|password|passwd|secret|authorization|cookie|sessionid)"
    r"(['\"]?\s*[=:]\s*['\"]?)(?:bearer\s+)?[^\s&'\",;]+"
)
_WEBHOOK = re.compile(r"(/webhooks/[a-z]+/)[A-Za-z0-9_-]{8,}")
_PHONE = re.compile(r"\+?\b1?\d{6}(\d{4})\b")


def redact(text: str) -> str:
    """Mask credentials, webhook tokens and all but the last four digits of phone numbers; newlines become visible marks."""
    text = _SECRET.sub(r"\1\2***", text)
    text = _WEBHOOK.sub(r"\1***", text)
    text = _PHONE.sub(r"******\1", text)
    return text.replace("\r", "\\r")


class RedactingFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redact(record.getMessage()).replace("\n", "\\n")
        record.args = ()
        record.request_id = request_id_var.get()
        return True


class LineFormatter(logging.Formatter):
    def __init__(self):
        super().__init__("%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s")

    def formatException(self, exc_info) -> str:  # noqa: N802 - the base class's name
        return redact(super().formatException(exc_info))
