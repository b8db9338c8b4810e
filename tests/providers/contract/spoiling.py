"""Answers that were good once, spoilt in one to three places, by dice that fall the same way each time."""

import copy
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from xml.etree import ElementTree

from providers.clients.http import Answer

HUGE = int("9" * 400)
WORDS = ["teleported", "", " ", "NaN", "-5.00", "12,34", "1e999", "0000-00-00", "9999-12-31 23:59:59", "2026-02-30"]
WORDS += ["success", "error", "Error", "Success", "٣", "+1514555", "x" * 3000, "\x00", "\ud800", "1" * 30, "../../etc"]
WORDS += ["2026-07-26T10:00:00+99:99", "1969-12-31", "<b>&amp;", "yes", "null"]
VALUES = [
    None,
    True,
    False,
    0,
    -1,
    7,
    HUGE,
    1.5,
    1e300,
    1e-300,
    [],
    {},
    [[]],
    [{}],
    [None],
    ["a", "b"],
    {"a": {"b": []}},
]
VALUES += [[[["x"]]], {"message": "x"}, {"code": 100, "msg": "x"}]
STATUSES = [200, 201, 204, 302, 400, 401, 402, 403, 404, 406, 409, 410, 422, 429, 470, 500, 502, 503]
TYPES = ["text/html", "", "text/plain", "application/xml", "application/json", "application/octet-stream", "a/b"]
HTML = b"<html><body><h1>502 Bad Gateway</h1></body></html>"
BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "xx"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>'


class Spoiler:
    """`secrets` are put into values and words, to see whether they come out anywhere."""

    def __init__(self, seed: str, secrets: tuple[str, ...] = ()):
        self.dice = random.Random(seed)
        self.secrets = [secret for secret in secrets if secret]

    def spoil(self, answer: Answer) -> Answer:
        """Most often the values, now and then the bytes, the status or the type."""
        body = self._body(answer)
        if self.dice.random() < 0.1:
            body = self._bytes(body)
        changes = {"body": body}
        if self.dice.random() < 0.1:
            changes["status"] = self.dice.choice(STATUSES)
        if self.dice.random() < 0.04:
            changes["content_type"] = self.dice.choice(TYPES)
        return replace(answer, **changes)

    def _body(self, answer: Answer) -> bytes:
        if "xml" in answer.content_type:
            return self._xml(answer.body)
        try:
            tree = json.loads(answer.body)
        except ValueError:
            return self._bytes(answer.body)
        return self._repeat_key(self._json(tree))

    # --- JSON

    def _json(self, tree) -> bytes:
        tree = copy.deepcopy(tree)
        for _ in range(self.dice.randint(1, 3)):
            tree = self._changed(tree)
        return json.dumps(tree, ensure_ascii=self.dice.random() < 0.5).encode("utf-8", "surrogatepass")

    def _changed(self, tree):
        known = list(places(tree))
        if not known or self.dice.random() < 0.03:
            return self._value(tree)
        *path, last = self.dice.choice(known)
        holder = tree
        for key in path:
            holder = holder[key]
        self._change(holder, last)
        return tree

    def _change(self, holder, key) -> None:
        kind = self.dice.randrange(6)
        if kind == 0:
            del holder[key]
        elif kind == 1 and isinstance(holder, dict):
            holder[self.dice.choice(["Id", "error", "status", key.upper(), key + "s"])] = holder.pop(key)
        elif kind == 2 and isinstance(holder, list):
            holder.append(copy.deepcopy(holder[key]))
        else:
            holder[key] = self._value(holder[key])

    def _value(self, old):
        """Another value: anything at all, a near miss of the old one, or one with a secret in it."""
        kind = self.dice.randrange(4)
        if kind == 0:
            return copy.deepcopy(self.dice.choice(VALUES))
        if kind == 1:
            return self._word()
        return self.dice.choice(NEAR)(old)

    def _word(self) -> str:
        word = self.dice.choice(WORDS)
        if self.secrets and self.dice.random() < 0.4:
            return f"said {self.dice.choice(self.secrets)} {word}"
        return word

    def _repeat_key(self, body: bytes) -> bytes:
        """Say a key of an object twice, which no parser gives back."""
        found = list(re.finditer(rb'"\w+": (?:"[^"\\]*"|\d+|null)', body)) if self.dice.random() < 0.06 else []
        if not found:
            return body
        one = self.dice.choice(found)
        return body[: one.start()] + one[0] + b", " + body[one.start() :]

    # --- XML

    def _xml(self, body: bytes) -> bytes:
        try:
            root = ElementTree.fromstring(body)
        except ElementTree.ParseError:
            return self._bytes(body)
        for _ in range(self.dice.randint(1, 3)):
            self._change_element(root)
        if self.dice.random() < 0.05:
            return BOMB
        return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)

    def _change_element(self, root) -> None:
        parents = [element for element in root.iter() if len(element)]
        if not parents:
            return
        parent = self.dice.choice(parents)
        child = self.dice.choice(list(parent))
        kind = self.dice.randrange(6)
        if kind == 0:
            parent.remove(child)
        elif kind == 1:
            parent.append(copy.deepcopy(child))
        elif kind == 2:
            child.tag = self.dice.choice([child.tag.upper(), "message", "code", "status", child.tag + "s"])
        elif kind == 3:
            child.set(self.dice.choice(["id", "code", "type"]), storable(self._word()))
        elif kind == 4:
            ElementTree.SubElement(child, self.dice.choice(["id", "x", child.tag])).text = storable(self._word())
        else:
            child.text = storable(self._word())

    # --- bytes

    def _bytes(self, body: bytes) -> bytes:
        at = self.dice.randint(0, len(body))
        ways: list[Callable[[], bytes]] = [
            lambda: body[:at],
            lambda: body[:at] + b"\xff\xfe" + body[at:],
            lambda: body.decode("utf-8", "replace").encode("utf-16"),
            lambda: body.decode("utf-8", "replace").encode("latin-1", "replace") + b"\xe9",
            lambda: b"\xef\xbb\xbf" + body,
            lambda: body + body,
            lambda: body[at:] + body[:at],
            lambda: b"",
            lambda: HTML,
            lambda: b"[" * 100_000,
            lambda: b'{"a":' * 60 + b"1" + b"}" * 60,
            lambda: body.replace(b": 0", b": NaN").replace(b": 1", b": -Infinity"),
            lambda: b"PHP Notice: undefined\n" + body,
        ]
        return self.dice.choice(ways)()


def _other_type(old):
    if isinstance(old, str):
        return int(old[:200]) if old.isascii() and old.isdigit() else [old]
    if isinstance(old, bool) or old is None:
        return str(old)
    if isinstance(old, (int, float)):
        return str(old)
    if isinstance(old, list):
        return {str(number): item for number, item in enumerate(old)}
    return list(old.values())


NEAR: list[Callable] = [
    _other_type,
    lambda old: [old],
    lambda old: {"value": old},
    lambda old: [old, old],
    lambda old: -old if isinstance(old, (int, float)) else None,
    lambda old: f" {old} " if isinstance(old, str) else old,
    lambda old: old[:-1] if isinstance(old, (str, list)) else {},
    lambda old: old.swapcase() if isinstance(old, str) else HUGE,
    lambda old: f"{old}0" * 9 if isinstance(old, str) else 0,
]


def places(tree, path=()) -> Iterator[tuple]:
    """The path of every value of a tree; of a long list only the first rows."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree[:5]) if isinstance(tree, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from places(value, (*path, key))


def storable(word: str) -> str:
    """Without what XML cannot hold."""
    return re.sub("[\x00\ud800]", "?", word)
