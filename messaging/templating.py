"""Texts with variables, `{{name}}`: which ones a text has, and the text with their values put in. Pure functions.

Values are put in once: what looks like a variable inside a value stays text. They carry no control characters and no
letters that turn the direction of writing, so nobody's name can break out of its place.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping

# Exactly two braces on either side, and a word that begins with a letter.
_VARIABLE = re.compile(r"(?<!\{)\{\{[ \t]*([^\W\d_]\w*)[ \t]*\}\}(?!\})")
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
LONGEST_NAME = 40
NAME, FIRST_NAME = "name", "first_name"


class BracesOpen(ValueError):
    """Two braces that hold no variable: `{{`, `{{ }}`, `{{{name}}}`."""


class Missing(ValueError):
    """There is no value for a variable of the text; `names` says for which."""

    def __init__(self, names: list[str]):
        super().__init__(", ".join(names))
        self.names = names


def variables_of(text: str) -> list[str]:
    """The names of the variables, each once, in the order of the text. Raises `BracesOpen`."""
    if re.search(r"\{\{|\}\}", _VARIABLE.sub("", text)):
        raise BracesOpen
    return list(dict.fromkeys(name_of(found) for found in _VARIABLE.findall(text)))


def render(text: str, values: Mapping[str, str]) -> str:
    """The text with every variable replaced. Raises `Missing` where a value is absent or blank, and `BracesOpen`."""
    plain = {name: _plain(str(values.get(name, "") or "")) for name in variables_of(text)}
    if missing := [name for name, value in plain.items() if not value]:
        raise Missing(missing)
    return _VARIABLE.sub(lambda found: plain[name_of(found[1])], text)


def render_open(text: str, values: Mapping[str, str]) -> str:
    """The same, a variable without a value staying as it is: for a person who fills the gap before sending."""
    known = {name: value for name, value in values.items() if value}
    return _VARIABLE.sub(lambda found: _plain(str(known.get(name_of(found[1]), ""))) or found[0], text)


def name_of(word: str) -> str:
    """The name of a variable as it is kept: "Prénom " and "PRÉNOM" mean the same."""
    return unicodedata.normalize("NFC", word).casefold()[:LONGEST_NAME]


def key_of(heading: str) -> str:
    """A variable's name made of a column's heading: "Date du rendez-vous" becomes `date_du_rendez_vous`; "" where none can be."""
    plain = re.sub(r"\W+", "_", name_of(heading.strip())).strip("_")
    return plain if plain and plain[0].isalpha() else ""


def unknown(text: str, known: Iterable[str]) -> list[str]:
    """Variables of a text that no contact could have. Raises `BracesOpen`."""
    return [name for name in variables_of(text) if name not in set(known)]


def gaps(text: str) -> list[str]:
    """Variables that still stand in a text that is about to go out; braces that hold none are only braces."""
    return list(dict.fromkeys(_VARIABLE.findall(text)))


def choose(template, language: str, otherwise: str = "en") -> str:
    """The body in a contact's language; where there is none, in the account's, and where there is none either, the other."""
    bodies = {"en": template.body_en, "fr": template.body_fr}
    return bodies.get(language) or bodies.get(otherwise) or template.body_en or template.body_fr


def values_of(name: str, fields: Mapping[str, str]) -> dict[str, str]:
    """What a contact gives a template. A first name that was not given apart is the first word of the name."""
    values = {key: str(value) for key, value in fields.items() if value not in ("", None)}
    if name:
        values[NAME] = name
        values.setdefault(FIRST_NAME, name.split()[0])
    return values


def _plain(value: str) -> str:
    """A value on one line, without what no phone shows."""
    kept = (char if unicodedata.category(char) != "Cc" else " " for char in value if char not in _TURNING)
    return " ".join("".join(kept).split())
