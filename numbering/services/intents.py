"""One form is one act: the hidden one-time key of a form, and what was sent with it.

The same form sent again (a double click, a reload, two tabs) leads to the first act's page; the same key with another body
is refused, because one of the two was not meant.
"""

import hashlib
import json
import uuid

from providers.models import Operation


class IntentUsed(Exception):
    """The key of this form was used for something else."""


class Busy(Exception):
    """Another change of the same thing is on its way: two are never in flight together."""


def new_intent() -> str:
    return str(uuid.uuid4())


def read_intent(text: str) -> str:
    """The key as a form sent it. Raises `IntentUsed` for anything but a key: it was not made by our form."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise IntentUsed from None


def fingerprint(*values) -> str:
    plain = json.dumps(values, sort_keys=True, default=str)
    return hashlib.blake2b(plain.encode(), digest_size=16).hexdigest()


def earlier(key: str, print_of_body: str) -> Operation | None:
    """The operation that this form already asked for. Raises `IntentUsed` when it asked for something else."""
    operation = Operation.objects.filter(idempotency_key=key).first()
    if operation and operation.arguments.get("fingerprint") != print_of_body:
        raise IntentUsed
    return operation
