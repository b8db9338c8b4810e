"""States as people see them: always a word, an icon and a colour, from one table used by every page."""

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    FINE = "fine"
    WORKING = "working"
    WAITING = "waiting"  # on the person
    HELD = "held"
    FAILED = "failed"
    UNKNOWN = "unknown"
    STALE = "stale"


ICONS = {
    Tone.FINE: "check-circle",
    Tone.WORKING: "arrow-path",
    Tone.WAITING: "hand-raised",
    Tone.HELD: "pause-circle",
    Tone.FAILED: "x-circle",
    Tone.UNKNOWN: "question-mark-circle",
    Tone.STALE: "clock",
}


@dataclass(frozen=True, slots=True)
class State:
    tone: Tone
    word: str
    icon: str

    @property
    def css(self) -> str:
        return f"state state-{self.tone}"


def state(tone: Tone | str, word: str, icon: str | None = None) -> State:
    tone = Tone(tone)
    return State(tone, str(word), icon or ICONS[tone])
