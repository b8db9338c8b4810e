"""Free data that clients hang on their objects: stored and shown as text and, if an array, by name."""

import re

from .desk import Refusal
from .wire import E

XML_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)


class NotPhp(Exception):
    """The text is no flat serialized array."""


def unserialize(text):
    """A flat PHP array of texts and numbers as a dict; PHP counts bytes, so this reads bytes."""
    data = text.encode()
    found = re.match(rb"a:(\d+):\{", data)
    if not found:
        raise NotPhp
    at, values, result = found.end(), [], {}
    while data[at : at + 1] != b"}":
        value, at = scalar(data, at)
        values.append(value)
    if at != len(data) - 1 or len(values) != 2 * int(found[1]):
        raise NotPhp
    result.update(zip(values[::2], values[1::2], strict=True))
    return result


def scalar(data, at):
    found = re.compile(rb"(?:i|d|b):(-?[\d.]+);").match(data, at)
    if found:
        return found[1].decode(), found.end()
    if data[at : at + 2] == b"N;":
        return "", at + 2
    found = re.compile(rb's:(\d+):"').match(data, at)
    if not found:
        raise NotPhp
    end = found.end() + int(found[1])
    if data[end : end + 2] != b'";':
        raise NotPhp
    return data[found.end() : end].decode(), end + 2


def from_params(params):
    """The text to store, or None when neither parameter was sent."""
    serialized = params.get("serialized_metadata")
    if not serialized:
        return params.get("raw_metadata", serialized)
    try:
        names = unserialize(serialized)
    except (NotPhp, UnicodeDecodeError):
        raise Refusal("internal_error-invalid_argument") from None
    if not all(XML_NAME.fullmatch(name) for name in names):
        raise Refusal("internal_error-invalid_argument")
    return serialized


def element(stored):
    if not stored:
        return E("metadata")
    children = [E("raw_metadata", stored)]
    try:
        names = unserialize(stored)
    except (NotPhp, UnicodeDecodeError):
        names = {}
    if names and all(XML_NAME.fullmatch(name) for name in names):
        shown = [E(name, value, free=True) for name, value in names.items()]
        children.append(E("metadata_attributes", shown, {"attribute_count": str(len(names))}))
    return E("metadata", children)
