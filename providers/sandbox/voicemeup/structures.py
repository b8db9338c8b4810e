"""Parameters with parts: `action[0][usage_type]=peer`, or the same as one JSON text."""

import json
import re

from . import checks
from .desk import Refusal

PART = r"{0}\[(\d+)\]\[(\w+)\](?:\[\d*\])?"


def bracketed(params, name):
    """The entries of `name[n][part]` in the order of n; a part given as a list becomes a comma list."""
    found, pattern = {}, re.compile(PART.format(re.escape(name)))
    for key, value in params.items():
        match = pattern.fullmatch(key)
        if match:
            entry = found.setdefault(int(match[1]), {})
            part = match[2]
            entry[part] = f"{entry[part]},{value}" if part in entry else str(value)
    return [found[n] for n in sorted(found)]


def from_json(text, code):
    """A JSON list of objects, every value as the text a form would have carried."""
    try:
        entries = json.loads(text)
    except ValueError:
        raise Refusal(code) from None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Refusal(code)
    return [{part: plain(value) for part, value in entry.items() if value is not None} for entry in entries]


def plain(value):
    if isinstance(value, list):
        return ",".join(str(one) for one in value)
    return ("1" if value else "0") if isinstance(value, bool) else str(value)


def entries(params, name):
    """None when the parameter was not sent in either form."""
    if params.get(name):
        return from_json(params[name], f"{name}_invalid")
    return bracketed(params, name) or None


def checked(given, table):
    """(values of each entry, codes of all that fail): an entry's codes are named after its parts."""
    rows, codes = [], []
    for entry in given:
        values, bad = checks.validate(table, entry)
        rows.append(values)
        codes += bad
    return rows, list(dict.fromkeys(codes))


def stored(values):
    """An entry as it is kept: numbers as text, what was sent empty left out."""
    return {
        name: [str(one) for one in value] if isinstance(value, list) else str(value)
        for name, value in values.items()
        if value not in ("", None, [])
    }
