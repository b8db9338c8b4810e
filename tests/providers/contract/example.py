"""An example of an upstream call: what to ask a client, and what must come back. Data, in `examples/<slug>.py`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from providers.clients.wired import Wired


@dataclass(frozen=True, slots=True)
class Given:
    """What a method is called with."""

    args: tuple = ()
    kwargs: dict = field(default_factory=dict)


def give(*args, **kwargs) -> Given:
    return Given(args, kwargs)


@dataclass(frozen=True)
class Stage:
    """What an example may take its arguments from: a client of the plumber's account, and the sandbox's control doors.

    Each upstream's examples extend it with the things they speak of.
    """

    client: Wired
    control: Callable


NOTHING = Given()


@dataclass(frozen=True)
class Example:
    """`given` may first ask the stage for things, or make them. `also` are the other calls that the method makes, in the
    order of the journal with `call` among them; None when it makes none.
    """

    call: str
    method: str
    gives: Callable[[object], bool]
    given: Given | Callable[[Stage], Given] = NOTHING
    also: tuple[str, ...] | None = None
    account: str = "lachance"  # whose it is, where the plumber has none such

    def arguments(self, stage: Stage) -> Given:
        return self.given(stage) if callable(self.given) else self.given

    def ask(self, client: Wired, given: Given):
        """The method's answer; a listing read to its end."""
        found = getattr(client, self.method)(*given.args, **given.kwargs)
        return list(found) if isinstance(found, Iterator) else found

    @property
    def calls(self) -> list[str]:
        """What the journal must have, with several pages of one listing as one."""
        return list(self.also or (self.call,))


# --- what comes back


def nothing(found) -> bool:
    return found is None


def one(kind: type, /, **wanted) -> Callable[[object], bool]:
    """One record (or value) of a type, with these attributes."""
    return lambda found: isinstance(found, kind) and _has(found, wanted)


def rows(kind: type, least: int = 1, /, **wanted) -> Callable[[object], bool]:
    """A list of records of a type, so many at least, and all with these attributes."""

    def check(found) -> bool:
        alike = all(isinstance(row, kind) and _has(row, wanted) for row in found)
        return isinstance(found, (list, tuple)) and len(found) >= least and alike

    return check


def text(found) -> bool:
    """An id, a code, a name: text that is not empty."""
    return isinstance(found, str) and bool(found)


def _has(record, wanted: dict) -> bool:
    return all(getattr(record, name) == value for name, value in wanted.items())
