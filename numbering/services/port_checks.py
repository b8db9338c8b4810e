"""What a request may ask about numbers before they are ported: whether they can be."""

import uuid

from accounts.actor import Actor
from accounts.models import Account
from numbering.services import questions
from numbering.services.intents import fingerprint
from numbering.upstream.port_checks import CHECK
from providers.models import Connection, Operation

MOST = 20  # numbers in one question; some upstreams are asked about each alone


def ask(actor: Actor, connection: Connection, numbers: list[str]) -> Operation:
    """Have a worker ask the upstream about the first `MOST` of these numbers. Raises `questions.TooOften`."""
    asked, left_out = numbers[:MOST], len(numbers[MOST:])
    subject, key = f"{CHECK}:{fingerprint(asked)}", f"{CHECK}:{uuid.uuid4()}"
    arguments = {"numbers": asked, "left_out": left_out}
    return questions.ask(actor, connection, CHECK, arguments, key=key, subject=subject)


def answer_for(account: Account, connection: Connection, numbers: list[str]) -> Operation | None:
    """The newest question about these very numbers that somebody of this account asked, answered or not."""
    if not numbers:
        return None
    subject = f"{CHECK}:{fingerprint(numbers[:MOST])}"
    rows = Operation.objects.filter(subject=subject, verb=CHECK, connection=connection)
    return rows.filter(arguments__account_id=account.pk).select_related("connection").order_by("-pk").first()


def asked_by(account: Account, public_id: uuid.UUID) -> Operation | None:
    """A question that somebody of this account asked."""
    rows = Operation.objects.filter(public_id=public_id, verb=CHECK, arguments__account_id=account.pk)
    return rows.select_related("connection").first()
