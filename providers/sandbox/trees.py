"""JSON and XML answers as one kind of tree that the schema faults change, and back to bytes."""

import dataclasses
import json
import re
import xml.etree.ElementTree as ElementTree

from .trouble import is_json, is_xml


@dataclasses.dataclass
class Place:
    """A value in its object or list: `holder[key]`."""

    holder: object
    key: object

    @property
    def value(self):
        return self.holder[self.key]

    @value.setter
    def value(self, new):
        self.holder[self.key] = new

    def remove(self):
        del self.holder[self.key]


class Element(dict):
    """An XML element as an object: its attributes under `@name`, its text under `#text`, children under their names.

    Children of one name are a list, even a single one, and written in the order in which the names first came.
    """

    tag = ""


def parsed(response):
    """The tree of an answer, or None when it has none that could be changed."""
    try:
        if is_json(response):
            return json.loads(response.body)
        if is_xml(response):
            return from_xml(ElementTree.fromstring(response.body))
    except (ValueError, RecursionError, ElementTree.ParseError):
        return None
    return None


def from_xml(node):
    """Leaves without attributes are texts, as in JSON."""
    text = node.text or ""
    if len(node) == 0 and not node.attrib:
        return named(node.tag, {"#text": text}) if text else named(node.tag, {})
    made = named(node.tag, {f"@{name}": value for name, value in node.attrib.items()})
    if len(node) == 0 and text:
        made["#text"] = text
    for child in node:
        grown = from_xml(child)
        plain = grown.get("#text", "") if set(grown) <= {"#text"} else grown
        made.setdefault(child.tag, []).append(plain)
    return made


def named(tag, values):
    element = Element(values)
    element.tag = tag
    return element


def written(tree):
    """The bytes of a tree, in the format that it came from."""
    if not isinstance(tree, Element):
        return json.dumps(tree, ensure_ascii=False).encode("utf-8", "surrogatepass")
    node = ElementTree.Element(tree.tag)
    fill(node, tree)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(node, encoding="utf-8")


def fill(node, values):
    for name, value in values.items():
        if name == "#text":
            node.text = as_text(value)
        elif name.startswith("@"):
            node.set(name[1:], as_text(value))
        else:
            for one in value if isinstance(value, list) else [value]:
                child = ElementTree.SubElement(node, tag_of(name))
                if isinstance(one, dict):
                    fill(child, one)
                else:
                    child.text = as_text(one)


def tag_of(name):
    return re.sub(r"[^\w.-]", "_", name) or "_"


def as_text(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def places(tree):
    """Every place of a tree, outer ones first."""
    waiting, found = [tree], []
    while waiting:
        holder = waiting.pop(0)
        pairs = holder.items() if isinstance(holder, dict) else enumerate(holder)
        for key, value in pairs:
            found.append(Place(holder, key))
            if isinstance(value, (dict, list)):
                waiting.append(value)
    return found


def field_places(tree):
    """Places that have a name: the values in objects, and the single texts that XML keeps in lists of their name."""
    for place in places(tree):
        if isinstance(place.holder, dict):
            value = place.value
            if isinstance(tree, Element) and isinstance(value, list) and all(isinstance(v, str) for v in value):
                yield from ((place.key, Place(value, i)) for i in range(len(value)))
            else:
                yield place.key, place
