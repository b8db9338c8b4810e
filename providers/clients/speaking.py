"""Which upstream call a client method makes, and what may be done when its outcome is unclear: data beside the code."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

F = TypeVar("F", bound=Callable)


class Repeat(StrEnum):
    """Whether the same request may simply be sent again."""

    READ = "read"  # it changes nothing
    SAFE = "safe"  # done twice it leaves what done once would
    NEVER = "never"  # done twice it costs or reaches somebody twice: settle it first


@dataclass(frozen=True, slots=True)
class Spoken:
    """One upstream call of one client method. `settle` says how an unclear outcome is found out ("" for reads)."""

    call: str
    repeat: Repeat
    settle: str = ""
    method: str = ""

    @property
    def writes(self) -> bool:
        return self.repeat is not Repeat.READ


def speaks(call: str, repeat: Repeat = Repeat.READ, *, settle: str = "") -> Callable[[F], F]:
    """Mark a client method as the one that makes the upstream's `call`. A method may bear several marks.

    A write must say how it is settled: the call that tells ("get_sms by our text"), or why nothing need be asked.
    """
    if (repeat is Repeat.READ) == bool(settle):
        raise TypeError(f"{call}: a write says how it is settled, a read has nothing to settle")

    def mark(method: F) -> F:
        method.spoken = (Spoken(call, repeat, settle, method.__name__), *getattr(method, "spoken", ()))
        return method

    return mark


def spoken_by(client: type) -> tuple[Spoken, ...]:
    """Every mark on the methods of a client class, inherited ones included, in alphabetical order of the calls."""
    methods = (getattr(client, name) for name in dir(client) if not name.startswith("__"))
    found = {spoken for method in methods for spoken in getattr(method, "spoken", ())}
    return tuple(sorted(found, key=lambda spoken: (spoken.call, spoken.method)))


def reads_of(client: type) -> set[str]:
    """The upstream calls by which nothing is changed, whichever method makes them."""
    spoken = spoken_by(client)
    return {one.call for one in spoken} - {one.call for one in spoken if one.writes}
