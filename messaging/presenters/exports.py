"""Exports as their list shows them: what, how far, and what can be done with it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.presenting import number, when
from accounts.states import State, Tone, state
from messaging.exporting import telling
from messaging.exporting.writing import MOST_IN_PDF
from messaging.models import MessageExport


@dataclass(frozen=True, slots=True)
class ExportRow:
    public_id: str
    name: str
    form: str
    details: str
    made: str
    state: State
    note: str
    is_open: bool
    done: int
    total: int | None
    download_url: str
    delete_url: str


def rows(exports: list[MessageExport], *, only_of: int | None) -> list[ExportRow]:
    """For a reader who may delete all of them, or only those asked for by the user `only_of`."""
    return [_row(export, deletable=only_of in (None, export.created_by_id)) for export in exports]


def _row(export: MessageExport, *, deletable: bool) -> ExportRow:
    args = [export.public_id]
    is_done, gone = export.state == MessageExport.State.DONE, export.state == MessageExport.State.EXPIRED
    return ExportRow(
        public_id=str(export.public_id),
        name=telling.subject(export),
        form=export.form.upper(),
        details=f"{telling.span(export)} · {telling.narrowed(export)}",
        made=_("%(time)s by %(name)s") % {"time": when(export.created_at), "name": export.created_by or "–"},
        state=_state(export),
        note=_note(export),
        is_open=export.is_open,
        done=export.done,
        total=export.total,
        download_url=reverse("messages:export_file", args=args) if is_done else "",
        delete_url="" if gone or not deletable else reverse("messages:export_delete", args=args),
    )


def _state(export: MessageExport) -> State:
    tones = {"waiting": Tone.WORKING, "running": Tone.WORKING, "done": Tone.FINE, "failed": Tone.FAILED}
    return state(tones.get(export.state, Tone.STALE), str(export.get_state_display()))


def _note(export: MessageExport) -> str:
    """What a person wants to know in its state."""
    if export.state == MessageExport.State.RUNNING and export.total:
        return _("%(done)s of %(total)s texts") % {"done": number(export.done), "total": number(export.total)}
    if export.state == MessageExport.State.DONE:
        words = {"count": number(export.total or 0), "size": _size(export.size), "time": when(export.expires_at)}
        return _("%(count)s texts, %(size)s, kept until %(time)s") % words
    if export.state == MessageExport.State.FAILED:
        return _why(export)
    return ""


def _why(export: MessageExport) -> str:
    if export.error == "too-many":
        words = {"most": number(MOST_IN_PDF), "count": number(export.total or 0)}
        return _("A PDF holds at most %(most)s texts, and these are %(count)s. Take fewer days, or CSV.") % words
    if export.error == "not-allowed":
        return _("Who asked for it may no longer read these texts.")
    return _("Something went wrong on our side. Ask for it again.")


def _size(size: int) -> str:
    return f"{number(max(1, size // 1024))} KB" if size < 1_000_000 else f"{number(size // 1_000_000)} MB"
