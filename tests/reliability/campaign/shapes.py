"""Whether a record is what its type promises: nothing that was not checked on the way in gets into our rows."""

import functools
import types
from collections.abc import Iterator, Mapping
from collections.abc import Sequence as AnySequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

PLAIN = (str, int, bool, Decimal, bytes, type(None))


def misshapen(value, place: str = "answer") -> Iterator[str]:
    """What is not as promised in an answer of a client, each with its place."""
    if is_dataclass(value):
        for name, hint in hints(type(value)).items():
            yield from _against(getattr(value, name), hint, f"{type(value).__name__}.{name}")
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from misshapen(item, place)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            yield from misshapen(item, place)
    elif isinstance(value, datetime):
        if value.tzinfo is None:
            yield f"{place} is a moment without a zone"
    elif isinstance(value, Decimal) and not value.is_finite():
        yield f"{place} is {value}"
    elif isinstance(value, float):
        yield f"{place} is a float"


@functools.cache
def hints(kind: type) -> dict:
    found = get_type_hints(kind)
    return {field.name: found[field.name] for field in fields(kind)}


def _against(value, hint, place: str) -> Iterator[str]:
    if not _fits(value, hint):
        yield f"{place} is {type(value).__name__}, not {hint}"
    if not place.endswith(".raw"):
        yield from misshapen(value, place)


def _fits(value, hint) -> bool:
    origin, inner = get_origin(hint), get_args(hint)
    if hint is Any or hint is object:
        return True
    if origin in (Union, types.UnionType):
        return any(_fits(value, one) for one in inner)
    if origin is Literal:
        return value in inner
    if origin is tuple:
        return isinstance(value, tuple) and _all_fit(value, inner)
    if origin in (list, set, frozenset, AnySequence):
        return isinstance(value, origin) and all(_fits(one, inner[0]) for one in value)
    if origin in (dict, Mapping):
        return isinstance(value, origin) and all(_fits(k, inner[0]) and _fits(v, inner[1]) for k, v in value.items())
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, hint) if isinstance(hint, type) else True


def _all_fit(values: tuple, inner: tuple) -> bool:
    if len(inner) == 2 and inner[1] is Ellipsis:
        return all(_fits(one, inner[0]) for one in values)
    return len(values) == len(inner) and all(map(_fits, values, inner))
