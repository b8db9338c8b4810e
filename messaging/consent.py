"""Who may be texted: keywords acted on the moment they are stored, one list for all upstreams, asked before every send.

An opt-out belongs to an account and a number: it stands against every number and name the account texts from, and
against every path a text can take, because the worker asks again right before it sends (`is_opted_out`).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.actor import Actor, audit
from accounts.models import Account, Brand
from messaging import segments
from messaging.keywords import Heard, Wish, heard
from messaging.models import Contact, Message, OptOut, Thread
from messaging.upstream import optouts, threading
from providers import outbox

ANSWER_ONCE_IN = timedelta(hours=24)  # HELP and INFO are answered once a day and person at most
MOST_ANSWERS = 6  # in that time: STOP and START by turns are obeyed for ever, but cost us no text for ever


def is_opted_out(account_id: int, number: str) -> bool:
    return OptOut.objects.of(account_id, number).exists()


def opted_out_among(account_id: int, numbers: Iterable[str]) -> set[str]:
    """Those of the numbers that are to be left alone."""
    rows = OptOut.objects.in_force().filter(account_id=account_id, number__in=list(numbers))
    return set(rows.values_list("number", flat=True))


# --- keywords -----------------------------------------------------------------------------------------------------------


def listen(messages: Iterable[Message], *, history: bool = False) -> None:
    """Act on the keywords among texts that just came in. Called in the transaction that stores them.

    Of `history` too: who said STOP before the portal was there is left alone. It is only not answered any more.
    """
    for message in messages:
        said = heard(message.body) if message.direction == Message.Direction.INBOUND else None
        if said is not None:
            _act(message, said, silent=history)


def _act(message: Message, said: Heard, *, silent: bool) -> None:
    """Texts come in any order, from webhook, poll and the past: whatever the person said last is what holds."""
    if said.wish is Wish.STOP:
        is_new = not _taken_back(message) and _opt_out_by(message, said)
        if is_new and not silent and not _answered_enough(message):
            _answer(message, said)
    elif said.wish is Wish.START:
        if _lift_by(message, said) and not silent and not _answered_enough(message):
            _answer(message, said)
    elif said.wish is Wish.HELP and not silent and not _helped_lately(message, said):
        _answer(message, said)


def _moment(message: Message) -> datetime:
    return message.transmitted_at or message.at


def _taken_back(message: Message) -> bool:
    """Whether a START came after this STOP, or one said later than this was lifted, though we hear of it only now."""
    since = _moment(message)
    sides = {"account": message.account_id, "number": message.contact_number}
    lifted = OptOut.objects.filter(**sides, at__gte=since, lifted_at__gt=since)
    return lifted.exists() or _said_later(message, Wish.START)


def _said_later(message: Message, wish: Wish) -> bool:
    later = _between(message).filter(direction=Message.Direction.INBOUND, transmitted_at__gt=_moment(message))
    return any(said is not None and said.wish is wish for said in map(heard, later.values_list("body", flat=True)))


def _opt_out_by(message: Message, said: Heard) -> bool:
    """True when it is new: a second STOP is obeyed in silence, as the rules ask."""
    row = OptOut(
        account=message.account, number=message.contact_number, our_number=message.our_number, word=said.word,
        source=OptOut.Source.KEYWORD, message=message, connection=message.connection, at=_moment(message),
    )  # fmt: skip
    return _add(row)


def _lift_by(message: Message, said: Heard) -> bool:
    sender = {"by": message.contact_number, "reason": said.word, "said_at": _moment(message)}
    return not _said_later(message, Wish.STOP) and lift(message.account, message.contact_number, **sender)


def _add(row: OptOut) -> bool:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return False  # one is in force already
    optouts.push(row, wanted=True)
    return True


def _helped_lately(message: Message, said: Heard) -> bool:
    """Whether they got these very words lately; that STOP or START was answered does not answer HELP."""
    return _answers_lately(message).filter(body=answer_to(said, message)).exists()


def _answered_enough(message: Message) -> bool:
    return _answers_lately(message).count() >= MOST_ANSWERS


def _answers_lately(message: Message) -> QuerySet[Message]:
    answers = _between(message).filter(kind=Message.Kind.CONSENT)
    return answers.filter(created_at__gt=timezone.now() - ANSWER_ONCE_IN)


def _between(message: Message) -> QuerySet[Message]:
    """All texts between its account, by whichever number, and its contact."""
    sides = {"thread__account": message.account_id, "thread__contact_number": message.contact_number}
    return Message.objects.filter(**sides)


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
        words = {"brand": segments.plain(_brand_of(message.account))[:40]}
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


def lift(account: Account, number: str, *, by: str, reason: str, said_at: datetime | None = None) -> bool:
    """`said_at` is when the person said so: a START that comes late does not undo a STOP that was said after it."""
    row = OptOut.objects.of(account, number).select_for_update().first()
    if row is None or (said_at and row.at > said_at):
        return False
    row.lifted_at, row.lifted_by, row.lift_reason = timezone.now(), by[:160], reason[:200]
    row.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    optouts.push(row, wanted=False)
    return True


def thread_opt_out(thread: Thread) -> OptOut | None:
    """What stands in the way of a text in a conversation."""
    return OptOut.objects.of(thread.account_id, thread.contact_number).select_related("message", "connection").first()
