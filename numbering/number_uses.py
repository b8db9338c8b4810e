"""What the apps above use a number for, so that nobody gives it up without having seen it (row B6).

They know it and this app does not: each puts its own look here when it is ready.
"""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.roles import May
from numbering.models import Number


@dataclass(frozen=True, slots=True)
class Use:
    """One sentence about what ends with the number, and where it can be seen to by who may."""

    text: str
    url: str
    link: str
    may: May


SEEN_ABOVE: list[Callable[[Number], list[Use]]] = []


def uses_above(number: Number) -> list[Use]:
    return [use for look in SEEN_ABOVE for use in look(number)]
