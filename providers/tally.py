"""What a feed's run did, and the stop before too much would vanish."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Tally:
    """Written to the run's SyncRun at the end."""

    seen: int = 0
    created: int = 0
    changed: int = 0
    gone: int = 0
    unread: int = 0
    cursor: dict = field(default_factory=dict)


class WouldVanish(Exception):
    """The listing would make too many rows vanish: nothing was marked, a person must look at `examples`."""

    def __init__(self, missing: int, known: int, examples: list[str]):
        super().__init__(f"{missing} of {known} rows are missing from the listing")
        self.missing, self.known, self.examples = missing, known, examples
