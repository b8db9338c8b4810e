"""The texts of the portal: what the code says, and what the French catalogue has for it. Needs no system tools."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation.template import templatize

CATALOGUE = Path("locale/fr/LC_MESSAGES/django.po")
FLOORS = ("providers", "accounts", "billing", "numbering", "messaging", "portal")
SINGLE = {
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "pgettext",
    "pgettext_lazy",
    "ngettext",
    "ngettext_lazy",
    "npgettext",
}
# What Django's templatize writes for a template's texts: calls in the manner of Python, among masked template text.
CALL = re.compile(r"\b(gettext|ngettext|pgettext|npgettext|_)\(\s*(u?['\"].*?)\)\s", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Text:
    """One translatable text: its context, the words, and the plural words where it counts something."""

    words: str
    plural: str = ""
    context: str = ""


def texts(root: Path | None = None) -> dict[Text, list[str]]:
    """Every text of the code and the templates, with the files that say it."""
    root = root or settings.BASE_DIR
    found: dict[Text, list[str]] = {}
    for path, text in (*_python(root), *_templates(root)):
        found.setdefault(text, []).append(path)
    return found


def _python(root: Path) -> Iterator[tuple[str, Text]]:
    for floor in FLOORS:
        for path in sorted((root / floor).rglob("*.py")):
            if {"migrations", "sandbox"} & set(path.parts):
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and (text := _of_call(node)):
                    yield str(path.relative_to(root)), text


def _of_call(node: ast.Call) -> Text | None:
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    words = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    if name not in SINGLE or not words or not isinstance(node.args[0], ast.Constant):
        return None
    return _text(name, words)


def _text(name: str, words: list[str]) -> Text:
    name = name.removesuffix("_lazy")
    context = words.pop(0) if name in {"pgettext", "npgettext"} else ""
    plural = words[1] if name in {"ngettext", "npgettext"} else ""
    return Text(words[0], plural, context)


def _templates(root: Path) -> Iterator[tuple[str, Text]]:
    for path in sorted((root / "templates").rglob("*.*")):
        if path.suffix not in {".html", ".txt"}:
            continue
        source = templatize(path.read_text(), origin=str(path)) + " "
        for name, arguments in CALL.findall(source):
            yield str(path.relative_to(root)), _text(name, _literals(arguments))


def _literals(arguments: str) -> list[str]:
    """The string arguments of a call that templatize wrote; its last one may be the counter's name."""
    tree = ast.parse(f"f({arguments})", mode="eval")
    return [arg.value for arg in tree.body.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]


def catalogue(root: Path | None = None) -> polib.POFile:
    path = (root or settings.BASE_DIR) / CATALOGUE
    return polib.pofile(str(path)) if path.exists() else _new_catalogue()


def _new_catalogue() -> polib.POFile:
    made = polib.POFile(wrapwidth=110)
    made.metadata = {
        "Language": "fr",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n > 1);",
    }
    return made


def update(root: Path | None = None) -> tuple[int, int]:
    """Bring the catalogue in step with the code. Returns (texts added, texts dropped); translations are kept."""
    root = root or settings.BASE_DIR
    book, found = catalogue(root), texts(root)
    known = {_key(entry): entry for entry in book}
    kept = [
        known[text] if text in known else _entry(text) for text in sorted(found, key=lambda t: (found[t][0], t.words))
    ]
    added, dropped = len(set(found) - set(known)), len(set(known) - set(found))
    for entry in kept:
        entry.occurrences = [(path, "") for path in sorted(set(found[_key(entry)]))]
    book[:] = kept
    (root / CATALOGUE).parent.mkdir(parents=True, exist_ok=True)
    book.save(str(root / CATALOGUE))
    return added, dropped


def _key(entry: polib.POEntry) -> Text:
    return Text(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "")


def _entry(text: Text) -> polib.POEntry:
    entry = polib.POEntry(msgid=text.words, msgctxt=text.context or None, msgid_plural=text.plural or None)
    if text.plural:
        entry.msgstr_plural = {0: "", 1: ""}
    if "%(" in text.words:
        entry.flags.append("python-format")
    return entry


def missing(root: Path | None = None) -> list[Text]:
    """Texts of the code that the catalogue has no French for."""
    done = {_key(entry) for entry in catalogue(root) if entry.translated() and "fuzzy" not in entry.flags}
    return [text for text in texts(root) if text not in done]
