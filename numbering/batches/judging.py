"""One number and what is wanted of it, tried by the same forms that a person fills in: what it would change, or why not."""

import re
from dataclasses import dataclass, field
from uuid import uuid4

from django.utils.translation import gettext as _

from accounts.csv_headings import plain
from numbering.batches.meanings import AT_ONCE, CLEAR, INBOX, LABELS, NO, SWITCHES, YES
from numbering.forms.numbers import FORMS, SectionForm
from numbering.models import Number
from numbering.models.numbers import HERE
from numbering.services.numbers import NOTES, SECTIONS, Overlay, differing, tidy_tags

LONGEST = {"note": 2000, "tags": 200, "cost_center": 60}
NEARBY = {"forwarding": ("forward_to",), "forward_to": ("confirm_abroad",), "sms_forward_to": ("confirm_abroad",),
          "sms_webhook": ("arrival",)}  # fmt: skip
GUARDED = ("=", "+", "-", "@")
_SECONDS = re.compile(r"\d{1,3}")


class Bad(Exception):
    """Not possible on this number: `name` is the column, `words` say why, `value` is what stands there."""

    def __init__(self, words: str, name: str = "", value: str = ""):
        super().__init__(words)
        self.words, self.name, self.value = str(words)[:240], name, value[:80]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a number would get: settings that the upstream keeps, and notes of ours; only what differs."""

    settings: dict = field(default_factory=dict)
    notes: dict = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.settings or self.notes)


def judge(number: Number, seen: Overlay, told: dict[str, str], *, region: str, abroad: bool) -> Wanted:
    """`told` holds cells by meaning, as they were typed; an empty one says nothing. Raises `Bad`."""
    told = {name: _unguarded(text) for name, text in told.items() if text}
    settings = {}
    for section, names in SECTIONS.items():
        if mine := {name: text for name, text in told.items() if name in names}:
            settings |= _of_section(section, number, seen, mine, region, abroad)
    notes = {name: _note(name, text) for name, text in told.items() if name in NOTES}
    if text := told.get("add_tags"):
        notes["tags"] = _short("tags", tidy_tags(f"{number.tags}, {text}"))
    if text := told.get("remove_tags"):
        notes["tags"] = _without(notes.get("tags", number.tags), text)
    changed = {name: value for name, value in notes.items() if value != getattr(number, name)}
    return Wanted(differing(number, seen, settings), changed)


def _unguarded(text: str) -> str:
    """Our own export puts an apostrophe before what a spreadsheet would run; it is no part of the text."""
    return text[1:] if text[:1] == "'" and text[1:2] in GUARDED else text


def _of_section(section: str, number: Number, seen: Overlay, told: dict, region: str, abroad: bool) -> dict:
    for name, text in told.items():
        if name not in number.settings:
            if text in CLEAR or (name in SWITCHES and plain(text) in NO):
                continue  # what it cannot do is off already
            raise Bad(_("%(upstream)s does not have this setting.") % {"upstream": number.connection.label}, name, text)
    told = {name: text for name, text in told.items() if name in number.settings}
    made_from = {"number": number, "overlay": seen, "region": region}
    form = FORMS[section](_data(FORMS[section](**made_from), told, abroad), **made_from)
    form.is_valid()
    for name in told:
        for place in (name, *NEARBY.get(name, ())):
            if problems := form.errors.get(place):
                raise Bad(problems[0], name, told[name])
    values = form.values()
    return {name: values[name] for name in told}


def _data(first: SectionForm, told: dict[str, str], abroad: bool) -> dict:
    """What a browser would send: the card as it stands, with what the row says instead."""
    data = {name: first.initial.get(name) for name in first.fields}
    data |= {"intent": str(uuid4()), "version": "batch", "confirm_abroad": abroad}
    for name, text in told.items():
        if name == "sms_webhook":
            data |= _arrival(text)
        else:
            data[name] = _cell(name, text)
    return {name: value for name, value in data.items() if value not in (None, False)}


def _cell(name: str, text: str):
    if name in SWITCHES:
        return _switch(name, text)
    if name == "forward_after":
        seconds = _SECONDS.search(text)
        return "0" if text in CLEAR or plain(text) in AT_ONCE else seconds[0] if seconds else text
    return "" if text in CLEAR else text


def _switch(name: str, text: str) -> bool:
    word = plain(text)
    if word in YES:
        return True
    if word in NO or text in CLEAR:
        return False
    raise Bad(_("Write yes or no."), name, text)


def _arrival(text: str) -> dict:
    if text in CLEAR or plain(text) in INBOX or text == HERE:
        return {"arrival": "here"}
    return {"arrival": "own", "sms_webhook": text}


def _note(name: str, text: str) -> str:
    if text in CLEAR:
        return ""
    if name == "tags":
        return _short(name, tidy_tags(text.replace("|", ",")))
    return _short(name, text if name == "note" else " ".join(text.split()))


def _short(name: str, text: str) -> str:
    if len(text) > LONGEST[name]:
        raise Bad(_("This is too long."), name, text)
    return text


def _without(tags: str, taken: str) -> str:
    gone = {tag.casefold() for tag in tidy_tags(taken).split(", ")}
    return ", ".join(tag for tag in tidy_tags(tags).split(", ") if tag.casefold() not in gone)


def column_of(name: str) -> str:
    return str(LABELS.get(name, ""))
