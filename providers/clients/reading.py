"""Turns the bytes of an answer into one plain structure, the same for JSON and XML, or raises `Unreadable`.

Everything a hostile or broken answer can do to a parser ends here: deep nesting, entity bombs, NaN, endless integers,
repeated keys, wrong encodings. Strings come out free of NUL and lone surrogates, which no database stores.
"""

import json
import re
from decimal import Decimal
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from providers.clients.errors import Unreadable

DEPTH = 40
JSON_TYPES = ("application/json", "text/json")
XML_TYPES = ("application/xml", "text/xml")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
CONTENT = "_content"  # the text of an element that has attributes or children too


def read_json(body: bytes):
    """The value of a JSON document: dicts, lists, strings, ints, Decimals, booleans, None."""
    try:
        text = body.decode("utf-8-sig")
        value = json.loads(
            text, parse_float=Decimal, parse_constant=_refuse_constant, object_pairs_hook=_without_repeats
        )
    except (ValueError, ArithmeticError, RecursionError) as problem:
        reason = type(problem).__name__
    else:
        return _clean(value)
    raise Unreadable(f"the answer is not valid JSON ({reason})", code="not-json")


def read_xml(body: bytes):
    """The children of the root element: attributes and children as keys, repeated children as lists, text trimmed."""
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as problem:
        reason = type(problem).__name__
    else:
        return _clean(_element(root, DEPTH))
    raise Unreadable(f"the answer is not valid XML ({reason})", code="not-xml")


def _refuse_constant(word: str):
    raise ValueError(word)


def _without_repeats(pairs: list[tuple[str, object]]) -> dict:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("repeated key")
    return result


def _clean(value, depth: int = DEPTH):
    if depth < 0:
        raise Unreadable("the answer is nested too deeply", code="too-deep")
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_UNSTORABLE.sub("\ufffd", key): _clean(item, depth - 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_clean(item, depth - 1) for item in value]
    if isinstance(value, Decimal) and not -30 < value.adjusted() < 30:
        raise Unreadable("the answer holds a number out of any range", code="not-json")
    return value


def _element(element: Element, depth: int) -> dict | str:
    if depth < 0:
        raise Unreadable("the answer is nested too deeply", code="too-deep")
    text = (element.text or "").strip()
    if not len(element) and not element.attrib:
        return text
    result = {}
    for child in element:
        _add(result, child.tag, _element(child, depth - 1))
    for name, value in element.attrib.items():
        # An id may stand as attribute and as child; the child is the fuller one.
        result.setdefault(name, value.strip())
    if text:
        result[CONTENT] = text
    return result


def _add(result: dict, name: str, value) -> None:
    if name not in result:
        result[name] = value
    elif isinstance(result[name], list):
        result[name].append(value)
    else:
        result[name] = [result[name], value]
