"""Opt-outs as pages show them: who, since when, how it was said, and whether it still stands."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Account
from accounts.presenting import colon, phone, when
from accounts.states import State, Tone, state
from messaging.models import OptOut


@dataclass(frozen=True, slots=True)
class Row:
    number: str
    since: str
    how: str
    said_to: str
    state: State
    thread_url: str
    undo_url: str


def row_of(row: OptOut, account: Account) -> Row:
    lifted = row.lifted_at is not None
    return Row(
        number=phone(row.number, account.country),
        since=when(row.at),
        how=how(row),
        said_to=phone(row.our_number, account.country),
        state=state(Tone.STALE, _("Lifted")) if lifted else state(Tone.HELD, _("No texts")),
        thread_url=reverse("messages:thread", args=[row.message.thread_id]) if row.message else "",
        undo_url="" if lifted else reverse("messages:opt_out_undo", args=[row.pk]),
    )


def how(row: OptOut) -> str:
    """How it was said, and how it was lifted."""
    if row.lifted_at:
        words = {"who": row.lifted_by, "time": when(row.lifted_at), "reason": row.lift_reason}
        return _("Lifted %(time)s by %(who)s: %(reason)s") % words
    if row.source == OptOut.Source.KEYWORD:
        return _("Texted %(word)s") % {"word": row.word}
    if row.source == OptOut.Source.UPSTREAM:
        return _("Told by %(upstream)s") % {"upstream": row.connection.label if row.connection else "?"}
    by = _("Recorded by %(who)s") % {"who": row.recorded_by}
    return f"{by}{colon()}{row.word}" if row.word else by
