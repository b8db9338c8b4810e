"""Who may be texted: keywords acted on the moment they are stored, one list for all upstreams, asked before every send.

An opt-out belongs to an account and a number: it stands against every number and name the account texts from, and
against every path a text can take, because the worker asks again right before it sends (`is_opted_out`).
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.actor import Actor, audit
from accounts.models import Account, Brand
from messaging.keywords import Heard, Wish, heard
from messaging.models import Contact, Message, OptOut, Thread
from messaging.upstream import optouts, threading
from providers import outbox

ANSWER_ONCE_IN = timedelta(hours=24)  # HELP and INFO are answered once a day and person at most


def is_opted_out(account_id: int, number: str) -> bool:
    return OptOut.objects.of(account_id, number).exists()


def opted_out_among(account_id: int, numbers: Iterable[str]) -> set[str]:
    """Those of the numbers that are to be left alone."""
    rows = OptOut.objects.in_force().filter(account_id=account_id, number__in=list(numbers))
    return set(rows.values_list("number", flat=True))


# --- keywords -----------------------------------------------------------------------------------------------------------


def listen(messages: Iterable[Message]) -> None:
    """Act on the keywords among texts that just came in. Called in the transaction that stores them."""
    for message in messages:
        said = heard(message.body) if message.direction == Message.Direction.INBOUND else None
        if said is not None:
            _act(message, said)


def _act(message: Message, said: Heard) -> None:
    if said.wish is Wish.STOP:
        if _opt_out_by(message, said):
            _answer(message, said)
    elif said.wish is Wish.START:
        if lift(message.account, message.contact_number, by=message.contact_number, reason=said.word):
            _answer(message, said)
    elif said.wish is Wish.HELP and not _answered_lately(message):
        _answer(message, said)


def _opt_out_by(message: Message, said: Heard) -> bool:
    """True when it is new: a second STOP is obeyed in silence, as the rules ask."""
    row = OptOut(
        account=message.account, number=message.contact_number, our_number=message.our_number, word=said.word,
        source=OptOut.Source.KEYWORD, message=message, connection=message.connection, at=message.transmitted_at or message.at,
    )  # fmt: skip
    return _add(row)


def _add(row: OptOut) -> bool:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return False  # one is in force already
    optouts.push(row, wanted=True)
    return True


def _answered_lately(message: Message) -> bool:
    answers = Message.objects.filter(account=message.account, contact_number=message.contact_number)
    return answers.filter(kind=Message.Kind.CONSENT, created_at__gt=timezone.now() - ANSWER_ONCE_IN).exists()


def _answer(message: Message, said: Heard) -> None:
    """One answer, in the language of the word, with the brand's name; it goes out although the person opted out."""
    key = f"consent:{message.pk}"
    row = Message(
        connection=message.connection, account=message.account, thread=message.thread, direction=Message.Direction.OUTBOUND,
        our_number=message.our_number, contact_number=message.contact_number, kind=Message.Kind.CONSENT,
        body=answer_to(said, message), at=message.at + timedelta(milliseconds=1), idempotency_key=key, subject=key,
    )  # fmt: skip
    row.save()
    threading.arrived([row], history=True, now=timezone.now())
    outbox.wake_on_commit(row)


def answer_to(said: Heard, message: Message) -> str:
    """At most 160 letters of the plain alphabet, so that the answer is one part (and so "ARRET" without its accent)."""
    with translation.override(said.language or _language_of(message)):
        words = {"brand": _brand_of(message.account)[:40]}
        if said.wish is Wish.STOP:
            return _("%(brand)s: you will get no more texts from us. Text START to undo.") % words
        if said.wish is Wish.START:
            return _("%(brand)s: you will get our texts again. Text STOP to end them.") % words
        return (
            _("%(brand)s. Write here and a person answers. Text STOP to get no more texts. Carrier rates may apply.")
            % words
        )


def _language_of(message: Message) -> str:
    contact = Contact.objects.for_account(message.account).filter(number=message.contact_number).first()
    return (contact and contact.language) or message.account.language


def _brand_of(account: Account) -> str:
    """The customer's own name: people know the shop they wrote to, not who runs the portal."""
    brand = Brand.objects.filter(account=account).first()
    return brand.name if brand else account.name


def sounds_like_stop(messages: list[Message]) -> bool:
    """Whether the newest text of the contact may ask for an end, in words that only a person can judge."""
    newest = next((row for row in reversed(messages) if row.direction == Message.Direction.INBOUND), None)
    said = heard(newest.body) if newest else None
    return said is not None and said.wish is Wish.DOUBT


# --- people and upstreams --------------------------------------------------------------------------------------------


def record(actor: Actor, account: Account, number: str, reason: str = "") -> bool:
    """A person says that this number is to be left alone. False when it is already."""
    with transaction.atomic():
        row = OptOut(
            account=account, number=number, source=OptOut.Source.PERSON, recorded_by=actor.name, word=reason[:40]
        )
        if not _add(row):
            return False
        audit(actor, "opt_out.recorded", number, account=account, after={"reason": reason} if reason else {})
        return True


def undo(actor: Actor, account: Account, number: str, reason: str) -> bool:
    """A person lifts an opt-out; `reason` says how the contact agreed."""
    with transaction.atomic():
        if not lift(account, number, by=actor.name, reason=reason):
            return False
        audit(actor, "opt_out.lifted", number, account=account, after={"reason": reason})
        return True


def lift(account: Account, number: str, *, by: str, reason: str) -> bool:
    row = OptOut.objects.of(account, number).select_for_update().first()
    if row is None:
        return False
    row.lifted_at, row.lifted_by, row.lift_reason = timezone.now(), by[:160], reason[:200]
    row.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    optouts.push(row, wanted=False)
    return True


def thread_opt_out(thread: Thread) -> OptOut | None:
    """What stands in the way of a text in a conversation."""
    return OptOut.objects.of(thread.account_id, thread.contact_number).select_related("message", "connection").first()
