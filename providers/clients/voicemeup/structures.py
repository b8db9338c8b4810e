"""Parameters with parts of their own: lists of objects in PHP brackets or as JSON, and free JSON."""

import json
from collections.abc import Iterator

from providers.clients.errors import Unreadable
from providers.clients.reading import CONTENT
from providers.clients.voicemeup.parameters import Param, Wrong, missing, written
from providers.clients.voicemeup.values import as_list, flat, unreadable


def bracketed(name: str, *parts: Param, least: int = 0, **rules) -> Param:
    """A list of objects as `name[0][part]`. The wire value is a dict of what follows the name."""

    def write(value) -> dict[str, str]:
        return _suffixes(_objects(value, parts, least))

    def tell(value) -> dict[str, str]:
        return _suffixes([_kept(row, parts) for row in rows_of(value, parts)])

    return Param(name=name, write=write, tell=tell, **rules)


def json_rows(name: str, *parts: Param, id_part: str = "", **rules) -> Param:
    """A list of objects as JSON. With `id_part`, rows are told back only if each has its id: else they would double."""

    def write(value) -> str:
        return _json(_objects(_parsed(value), parts, 0))

    def tell(value) -> str:
        found = [_kept(row, parts) for row in rows_of(value, parts)]
        if id_part and not all(row.get(id_part) for row in found):
            return ""
        return _json(found) if found else ""

    return Param(name=name, write=write, tell=tell, **rules)


def json_tree(name: str, shape=lambda tree: tree, **rules) -> Param:
    """Any JSON. `shape` mends what XML cannot tell, such as a list of one."""

    def write(value) -> str:
        tree = _parsed(value)
        if not isinstance(tree, (dict, list)):
            raise Wrong("not-json")
        return _json(tree)

    def tell(value) -> str:
        if isinstance(value, str) and value.strip():
            return value if _is_json(value) else _not_told(name)
        return _json(shape(value)) if value else ""

    return Param(name=name, write=write, tell=tell, **rules)


def spread(fields: dict[str, object]) -> dict[str, object]:
    """Fields as they are sent: dicts become one field for each of their suffixes."""
    sent: dict[str, object] = {}
    for name, value in fields.items():
        if isinstance(value, dict):
            sent |= {f"{name}{suffix}": part for suffix, part in value.items()}
        else:
            sent[name] = value
    return sent


def rows_of(value, parts: tuple[Param, ...]) -> list[dict]:
    """The objects of a list in any of the forms that a row may have: JSON text, a list, one alone, any wrapper."""
    known = {part.name for part in parts}
    if isinstance(value, str) and value.strip():
        value = json.loads(value) if _is_json(value) else _not_told("list")
    return list(_rows(value, known))


def _rows(value, known: set[str], depth: int = 3) -> Iterator[dict]:
    for item in as_list(value):
        if not isinstance(item, dict):
            raise unreadable("list", "a list of objects")
        if known & item.keys():
            yield item
        elif depth:
            for part in (part for key, part in item.items() if key != CONTENT):
                yield from _rows(part, known, depth - 1)


def _objects(value, parts: tuple[Param, ...], least: int) -> list[dict]:
    rows = list(value) if isinstance(value, (list, tuple)) else []
    if len(rows) < least or (value and not rows) or not all(isinstance(row, dict) for row in rows):
        raise Wrong("not-a-list")
    return [_object(row, parts) for row in rows]


def _object(row: dict, parts: tuple[Param, ...]) -> dict:
    fields, problems = written(parts, row)
    problems += missing(parts, fields)
    if problems:
        raise Wrong(problems[0].code, problems[0].field)
    return {name: value for name, value in fields.items() if value != ""}


def _kept(row: dict, parts: tuple[Param, ...]) -> dict:
    told = {part.name: part.tell(row[part.name]) for part in parts if part.name in row}
    rest = {key: flat(value) for key, value in row.items() if key not in told and key != CONTENT}
    return {key: value for key, value in (told | rest).items() if value != ""}


def _suffixes(rows: list[dict]) -> dict[str, str]:
    return {f"[{place}][{name}]": value for place, row in enumerate(rows) for name, value in row.items()}


def _parsed(value):
    if not isinstance(value, str):
        return value
    if not _is_json(value):
        raise Wrong("not-json")
    return json.loads(value)


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), (dict, list))
    except (ValueError, RecursionError):
        return False


def _json(tree) -> str:
    try:
        return json.dumps(tree, separators=(",", ":"), ensure_ascii=False, default=str)
    except (ValueError, RecursionError, TypeError):
        raise Wrong("not-json") from None


def _not_told(name: str):
    raise Unreadable(f"{name} is not told in a form that can be sent back", code="unreadable-value")
