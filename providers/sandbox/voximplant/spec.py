"""How a method is served: its parameters, its roles and the function behind it; and the little language they are in."""

import dataclasses
import re
from collections.abc import Callable

TOKEN = re.compile(r"(?P<name>\w+)(?::(?P<kind>\w+))?(?:=(?P<values>[\w,]+))?")
KINDS = ("word", "words", "int", "ints", "bool", "money", "date", "time")
ANYBODY = ()


@dataclasses.dataclass(frozen=True)
class Param:
    """`values` are the only words allowed, () for any."""

    name: str
    kind: str = "word"
    values: tuple = ()


@dataclasses.dataclass(frozen=True)
class Group:
    """Parameters that stand for each other: one at most, and when `needed` one at least."""

    params: tuple
    needed: bool

    @property
    def names(self):
        return tuple(param.name for param in self.params)


@dataclasses.dataclass(frozen=True)
class Spec:
    """`table` is a line of parameters: `name:kind=one,two`, `|` between alternatives, `!` behind what is needed."""

    table: str
    function: Callable
    roles: tuple = ANYBODY
    read: bool = False

    @property
    def groups(self):
        return groups_of(self.table)


def groups_of(table):
    return tuple(group(text) for text in table.split())


def group(text):
    needed = text.endswith("!")
    return Group(tuple(param(one) for one in text.rstrip("!").split("|")), needed)


def param(text):
    found = TOKEN.fullmatch(text)
    kind = found["kind"] or "word"
    if kind not in KINDS:
        raise ValueError(f"unknown kind of parameter: {text}")
    return Param(found["name"], kind, tuple(found["values"].split(",")) if found["values"] else ())


def reads(table, function, *roles):
    return Spec(table, function, roles, read=True)


def writes(table, function, *roles):
    return Spec(table, function, roles)
