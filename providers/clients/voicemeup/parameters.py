"""What a request takes, as data: one `Param` for each row of the manual's tables.

A table says how a value is written on the wire, when it is needed, and how a row that was read tells it back. A value
that would be refused is a `Problem` before anything is sent.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from providers.clients import phones
from providers.clients.errors import Cause, Problem
from providers.clients.voicemeup import values

When = Callable[[dict], bool]
_EMAIL = re.compile(r"^[^\s@,]+@[^\s@,]+\.[^\s@,]+$")
_URL = re.compile(r"^https?://[^\s]{1,2000}$", re.IGNORECASE)
_MOMENT = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$", re.ASCII)
_DAY = re.compile(r"^\d{4}-\d\d-\d\d$", re.ASCII)
_FLAGS = {"1": "1", "0": "0", "True": "1", "False": "0"}
LONGEST = 10_000  # characters of a text without a stated limit


class Wrong(ValueError):
    """A value that cannot be sent; `code` is ours, with dashes."""

    def __init__(self, code: str, words: str = ""):
        super().__init__(code)
        self.code = code
        self.words = words


def never(fields: dict) -> bool:
    return False


def always(fields: dict) -> bool:
    return True


def when(name: str, *words: str) -> When:
    """Needed when another field has one of these values."""
    return lambda fields: fields.get(name) in words


def unless(name: str) -> When:
    """Needed when another field is left out."""
    return lambda fields: not fields.get(name)


def with_option(word: str, name: str = "options") -> When:
    return lambda fields: word in str(fields.get(name, "")).split(",")


NEW = when("mode", "create")


@dataclass(frozen=True, slots=True, kw_only=True)
class Param:
    """`write` makes wire text of a caller's value, `tell` of what a row says.

    `told` is False for instructions, which no row tells; `secret` values may be missing from a row, or stand there as
    stars; `instead_of` names what a change of this one makes void.
    """

    name: str
    write: Callable[[object], str | dict[str, str]]
    tell: Callable[[object], str | dict[str, str]] = values.told
    needed: When = never
    told: bool = True
    secret: bool = False
    only_new: bool = False
    instead_of: tuple[str, ...] = ()
    unsent: str = ""  # a stated default outside the stated range: told, but refused if sent; left out it stays

    def wire(self, value) -> str | dict[str, str]:
        """ "" empties a field. Raises `Wrong`."""
        return "" if value is None or value in ("", [], (), {}) else self.write(value)


def written(params: Iterable[Param], given: dict) -> tuple[dict, list[Problem]]:
    """The wire text of everything a caller gives, and a problem for each value that is wrong or unknown."""
    known = {param.name: param for param in params}
    fields, problems = {}, []
    for name, value in given.items():
        if name not in known:
            problems.append(Problem("unknown-setting", name, cause=Cause.INVALID))
            continue
        try:
            fields[name] = known[name].wire(value)
        except Wrong as wrong:
            problems.append(Problem(wrong.code, name, wrong.words, Cause.INVALID))
    return fields, problems


def missing(params: Iterable[Param], fields: dict) -> list[Problem]:
    """A problem for each value that is needed beside these fields and not among them."""
    absent = (param.name for param in params if param.needed(fields) and not fields.get(param.name))
    return [Problem("needed", name, cause=Cause.MISSING) for name in absent]


def text(name: str, shortest: int = 0, longest: int = LONGEST, **rules) -> Param:
    def write(value) -> str:
        plain = _plain(value)
        if not shortest <= len(plain) <= longest:
            raise Wrong("length", f"{shortest} to {longest} characters")
        return plain

    return Param(name=name, write=write, **rules)


def matching(name: str, pattern: str, code: str, **rules) -> Param:
    rule = re.compile(pattern, re.ASCII)

    def write(value) -> str:
        plain = _plain(value)
        if not rule.fullmatch(plain):
            raise Wrong(code)
        return plain

    return Param(name=name, write=write, **rules)


def digits(name: str, shortest: int, longest: int = 0, **rules) -> Param:
    return matching(name, rf"\d{{{shortest},{longest or shortest}}}", "not-digits", **rules)


def dtmf(name: str, **rules) -> Param:
    return matching(name, r"[0-9A-Da-d#*wW]{1,100}", "not-tones", **rules)


def phone(name: str, *, foreign: bool = False, **rules) -> Param:
    """E.164 or ten digits; `foreign` where the manual allows up to fifteen digits."""
    to_wire = phones.to_digits if foreign else phones.to_ten_digits

    def write(value) -> str:
        try:
            return to_wire(phones.from_wire(_plain(value)))
        except phones.PhoneError as problem:
            code = problem.reason.replace("_", "-")
        raise Wrong(code)

    return Param(name=name, write=write, **rules)


def whole(name: str, low: int = 0, high: int = 10**12, step: int = 1, **rules) -> Param:
    def write(value) -> str:
        plain = _plain(value)
        if not re.fullmatch(r"\d{1,18}", plain, re.ASCII):
            raise Wrong("not-a-number")
        if not low <= int(plain) <= high or int(plain) % step:
            raise Wrong("out-of-range", f"{low} to {high}")
        return plain

    return Param(name=name, write=write, **rules)


def flag(name: str, **rules) -> Param:
    """0 and 1 on the wire; True and False here."""
    return Param(name=name, write=lambda value: _one_of(_FLAGS, str(value)), **rules)


def yes_no(name: str, **rules) -> Param:
    known = {"True": "yes", "False": "no", "yes": "yes", "no": "no"}
    return Param(name=name, write=lambda value: _one_of(known, str(value)), **rules)


def one_of(name: str, words: str, **rules) -> Param:
    known = {word: word for word in words.split()}
    return Param(name=name, write=lambda value: _one_of(known, str(value)), **rules)


def some_of(name: str, words: str, **rules) -> Param:
    """Words of a closed list, with commas on the wire."""
    known = {word: word for word in words.split()}
    return Param(name=name, write=lambda value: ",".join(_one_of(known, word) for word in _items(value)), **rules)


def ids(name: str, most: int = 1000, of: str = "", **rules) -> Param:
    """A list of ids. A row may tell the objects themselves instead, each with its id under the name `of`."""

    def write(value) -> str:
        found = _items(value)
        if len(found) > most or not all(re.fullmatch(r"\d{1,18}", item, re.ASCII) for item in found):
            raise Wrong("not-ids", f"at most {most} ids")
        return ",".join(found)

    def tell(value) -> str:
        objects = [values.text(row, of) for row in values.with_key(value, of)] if of else []
        return ",".join(objects) if objects else values.told(value)

    return Param(name=name, write=write, tell=tell, **rules)


def listed(name: str, **rules) -> Param:
    """Free texts with commas between them."""
    return Param(name=name, write=lambda value: ",".join(_items(value)), **rules)


def emails(name: str, **rules) -> Param:
    def write(value) -> str:
        found = _items(value)
        if not all(_EMAIL.match(item) for item in found):
            raise Wrong("not-an-email")
        return ",".join(found)

    return Param(name=name, write=write, **rules)


def email(name: str, **rules) -> Param:
    return matching(name, _EMAIL.pattern, "not-an-email", **rules)


def url(name: str, **rules) -> Param:
    return matching(name, f"(?i:{_URL.pattern[1:-1]})", "not-an-url", **rules)


def day(name: str, **rules) -> Param:
    """A date, or its text as YYYY-MM-DD."""
    return Param(
        name=name, write=lambda value: _stamp(value.isoformat() if isinstance(value, date) else value, _DAY), **rules
    )


def moment(name: str, **rules) -> Param:
    """YYYY-MM-DD HH:MM:SS in the account's zone; a client makes it of an aware time."""
    return Param(name=name, write=lambda value: _stamp(value, _MOMENT), **rules)


def _stamp(value, form: re.Pattern) -> str:
    plain = _plain(value)
    if not form.match(plain):
        raise Wrong("not-a-date")
    return plain


def _plain(value) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise Wrong("not-text")
    plain = str(value)
    if "\x00" in plain:
        raise Wrong("not-text")
    return plain


def _items(value) -> list[str]:
    found = value.split(",") if isinstance(value, str) else list(value) if isinstance(value, Iterable) else [value]
    plain = [_plain(item).strip() for item in found]
    if any("," in item or not item for item in plain):
        raise Wrong("not-a-list")
    return plain


def _one_of(known: dict[str, str], word: str) -> str:
    if word not in known:
        raise Wrong("not-offered", f"one of {', '.join(known)}")
    return known[word]
