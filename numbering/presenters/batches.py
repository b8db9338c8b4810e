"""Changes of many numbers as pages show them: states, counts, progress, and what became of each row, in words."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.presenting import number as figure
from accounts.presenting import phone, when
from accounts.states import State, Tone, state
from numbering.batches.judging import column_of
from numbering.models import NumberBatch, NumberBatchRow
from numbering.presenters.number_page import TONES
from numbering.presenters.settings import say_reason
from providers.models import Operation

Job, Outcome = NumberBatch.State, NumberBatchRow.Outcome
OPEN = (Operation.State.QUEUED, Operation.State.SENDING, Operation.State.UNKNOWN)
STUCK = (Operation.State.FAILED, Operation.State.PARKED)
STATES = {
    Job.CHOOSING: (Tone.WAITING, gettext_lazy("Columns to be chosen")),
    Job.CHECKING: (Tone.WORKING, gettext_lazy("Being checked")),
    Job.CHECKED: (Tone.WAITING, gettext_lazy("Checked")),
    Job.RUNNING: (Tone.WORKING, gettext_lazy("Being asked for")),
    Job.DONE: (Tone.FINE, gettext_lazy("Asked for")),
    Job.FAILED: (Tone.FAILED, gettext_lazy("Stopped")),
}
COUNTS = {
    "change": gettext_lazy("To be changed"),
    "same": gettext_lazy("Already so"),
    "bad": gettext_lazy("Not possible"),
}
STOPPED = {
    "file-lost": gettext_lazy("The file is no longer in the store. Upload it again."),
    "suspended": gettext_lazy("This account is suspended, so nothing was changed."),
    "not-allowed": gettext_lazy("Who asked for this may not change these numbers any more."),
}


@dataclass(frozen=True, slots=True)
class JobRow:
    url: str
    name: str
    state: State
    when: str


@dataclass(frozen=True, slots=True)
class Figure:
    label: str
    value: str
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    line: int
    number: str
    url: str
    state: State
    words: str


def name_of(job: NumberBatch) -> str:
    if job.kind == NumberBatch.Kind.FILE:
        return job.name
    return ngettext("Change of %(count)s number", "Change of %(count)s numbers", job.size) % {"count": figure(job.size)}


def job_row(job: NumberBatch) -> JobRow:
    return JobRow(reverse("numbers:batch", args=[job.public_id]), name_of(job), state_of(job), when(job.created_at))


def state_of(job: NumberBatch, standing: dict[str, int] | None = None) -> State:
    """`standing`: in which states the changes are that were asked for. Done is only what upstreams have confirmed."""
    if job.state == Job.DONE and standing is not None:
        if any(standing.get(step) for step in OPEN):
            return state(Tone.WORKING, _("Being confirmed"))
        if any(standing.get(step) for step in STUCK) or job.counts.get(Outcome.BAD):
            return state(Tone.WAITING, _("Not all changed"))
        return state(Tone.FINE, _("Done"))
    tone, words = STATES[Job(job.state)]
    return state(tone, str(words))


def percent(job: NumberBatch) -> int:
    done = job.offset if job.kind == NumberBatch.Kind.FILE else job.line
    return min(100, done * 100 // job.size) if job.size else 0


def checked(job: NumberBatch) -> list[Figure]:
    return [Figure(str(label), figure(job.checked.get(name, 0)), name == "bad" and bool(job.checked.get(name)))
            for name, label in COUNTS.items()] if job.checked else []  # fmt: skip


def done(job: NumberBatch, standing: dict[str, int]) -> list[Figure]:
    """What became of all rows: those asked for upstream by where they are now."""
    stuck = sum(standing.get(step, 0) for step in STUCK)
    found = [
        (_("Changed"), standing.get(Operation.State.DONE, 0) + job.counts.get(Outcome.NOTED, 0), False),
        (_("On their way"), sum(standing.get(step, 0) for step in OPEN), False),
        (_("Already so"), job.counts.get(Outcome.SAME, 0), False),
        (_("Not accepted"), stuck, bool(stuck)),
        (_("Not possible"), job.counts.get(Outcome.BAD, 0), bool(job.counts.get(Outcome.BAD))),
    ]
    return [Figure(label, figure(count), is_bad) for label, count, is_bad in found if count or label == found[0][0]]


def problems(job: NumberBatch) -> list[tuple[int, str, str, str]]:
    """(line, column, what stands there, what is wrong)."""
    return [(line, column_of(name), _cell(value), words) for line, name, value, words in job.problems]


def _cell(value: str) -> str:
    return phone(value) if value.startswith("+") else value


def line_of(row: NumberBatchRow) -> Line:
    url = reverse("numbers:detail", args=[row.number_id]) if row.number_id else ""
    return Line(row.line, _cell(row.text), url, *outcome_of(row))


def outcome_of(row: NumberBatchRow) -> tuple[State, str]:
    """Where a row is, and why it is not done."""
    if row.change is None:
        tones = {Outcome.NOTED: Tone.FINE, Outcome.SAME: Tone.FINE, Outcome.BAD: Tone.FAILED}
        word = Outcome(row.outcome).label if row.outcome != Outcome.ASKED else _("Not known")
        return state(tones.get(row.outcome, Tone.UNKNOWN), str(word)), row.words
    operation = row.change.operation
    words = ""
    if operation.state in STUCK:
        code = operation.problems[0]["code"] if operation.problems else operation.error_code
        words = say_reason(code, operation.connection.label)
    step = Operation.State(operation.state)
    label = _("Changed") if step == Operation.State.DONE else _("Not accepted") if step in STUCK else step.label
    return state(TONES[step], str(label)), words
