"""Imports of contacts as pages show them: states, counts, progress, and what is wrong with a row, in words."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.presenting import colon, number, when
from accounts.states import State, Tone, state
from messaging import reasons
from messaging.import_forms import LABELS
from messaging.importing.plan import FIELD
from messaging.importing.rows import Bad
from messaging.models import ContactImport

_STATES = {
    "choosing": Tone.WAITING,
    "checking": Tone.WORKING,
    "checked": Tone.WAITING,
    "running": Tone.WORKING,
    "done": Tone.FINE,
    "failed": Tone.FAILED,
}
_WRONG = {
    "no-number": gettext_lazy("There is no phone number in this row."),
    "rounded": gettext_lazy(
        "The spreadsheet has rounded this number. Format the column as text there and export again."
    ),
    "language": gettext_lazy("The language is not understood. Write English or French."),
    "date": gettext_lazy("The birthday is not a date of the chosen kind."),
    "birthday": gettext_lazy("The birthday does not lie between 1900 and today."),
    "long": gettext_lazy("This is too long."),
    "long-line": gettext_lazy("This row is too long to be one contact."),
    "quote": gettext_lazy("A quotation mark is opened in this row and never closed."),
}
_COUNTS = {
    "new": gettext_lazy("New"),
    "changed": gettext_lazy("Changed"),
    "same": gettext_lazy("Already the same"),
    "repeated": gettext_lazy("Number stands again"),
    "bad": gettext_lazy("Bad rows"),
}


@dataclass(frozen=True, slots=True)
class ImportRow:
    url: str
    name: str
    state: State
    when: str
    note: str


@dataclass(frozen=True, slots=True)
class Figure:
    key: str
    label: str
    value: str
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    line: int
    column: str
    value: str
    why: str


def import_row(job: ContactImport) -> ImportRow:
    counts = job.counts or job.checked
    note = ", ".join(
        f"{_COUNTS[name]}{colon()}{number(counts[name])}" for name in ("new", "changed", "bad") if counts.get(name)
    )
    return ImportRow(
        reverse("messages:import", args=[job.public_id]), job.name, state_of(job), when(job.created_at), note
    )


def state_of(job: ContactImport) -> State:
    return state(_STATES[job.state], str(job.get_state_display()))


def figures(counts: dict, *, done: bool = False) -> list[Figure]:
    """What the check found or the import did. A number that stands again is told only where it is news."""
    named = [name for name in _COUNTS if name in counts and (name != "repeated" or (counts[name] and not done))]
    return [
        Figure(name, str(_COUNTS[name]), number(counts[name]), is_bad=name == "bad" and bool(counts[name]))
        for name in named
    ]


def percent(job: ContactImport) -> int:
    return min(100, job.offset * 100 // job.size) if job.size else 0


def problems(job: ContactImport) -> list[Problem]:
    return [
        Problem(line, column_of(meaning), value, why(Bad(code, meaning, value)))
        for line, code, meaning, value in job.problems
    ]


def column_of(meaning: str) -> str:
    if meaning.startswith(FIELD):
        return meaning.removeprefix(FIELD)
    return str(LABELS[meaning]) if meaning in LABELS else ""


def why(bad: Bad) -> str:
    return str(_WRONG[bad.code]) if bad.code in _WRONG else reasons.reason(bad.code)


def stopped(job: ContactImport) -> str:
    return _("The file is no longer in the store. Upload it again; what was written already stays as it is.")
