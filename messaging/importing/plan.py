"""What the columns of a file mean: guessed from their headings in English and French, corrected by the person."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from accounts.csv_headings import plain
from messaging import templating
from providers.clients import phones

NUMBER, NAME, FIRST, LAST = "number", "name", "first", "last"
LANGUAGE, BIRTHDAY, TAGS, NOTES = "language", "birthday", "tags", "notes"
KNOWN = (NUMBER, NAME, FIRST, LAST, LANGUAGE, BIRTHDAY, TAGS, NOTES)
FIELD = "field:"
MOST_FIELDS = 20
ORDERS = ("ymd", "dmy", "mdy")
WORDS = {
    NUMBER: (
        "number", "phone", "phone number", "mobile", "mobile phone", "mobile number", "cell", "cell phone", "cellphone", "tel",
        "telephone", "telephone number", "sms", "contact number", "msisdn", "numero", "numero de telephone", "no de telephone",
        "no telephone", "cellulaire", "portable", "no de cellulaire", "no cell", "telephone cellulaire", "telephone mobile", "num",
        "destination", "recipient", "destinataire", "primary phone", "phone 1 value", "numero de cellulaire", "texto",
    ),
    NAME: ("name", "full name", "contact", "contact name", "display name", "customer", "client", "nom complet", "nom du client",
           "nom et prenom", "prenom et nom", "customer name", "client name"),
    FIRST: ("first name", "firstname", "given name", "first", "prenom"),
    LAST: ("last name", "lastname", "surname", "family name", "last", "nom de famille", "nom"),
    LANGUAGE: ("language", "lang", "preferred language", "langue", "langue preferee", "locale"),
    BIRTHDAY: ("birthday", "birth date", "birthdate", "date of birth", "dob", "anniversaire", "date de naissance", "naissance",
               "fete", "jour de naissance"),
    TAGS: ("tags", "tag", "labels", "label", "etiquettes", "etiquette", "mots cles", "categories", "categorie", "category"),
    NOTES: ("notes", "note", "comment", "comments", "remarks", "remarques", "commentaires", "commentaire", "remarque"),
}  # fmt: skip
_MEANING = {word: meaning for meaning, words in WORDS.items() for word in words}


@dataclass(frozen=True, slots=True)
class Plan:
    """`columns` says of each place in a row what it is; a place that is not named is left out."""

    columns: Mapping[int, str]
    dates: str = "ymd"
    consent: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, kept: dict) -> "Plan":
        columns = {int(place): meaning for place, meaning in (kept.get("columns") or {}).items()}
        return cls(columns, kept.get("dates", "ymd"), kept.get("consent") or {})

    def kept(self) -> dict:
        columns = {str(place): meaning for place, meaning in self.columns.items()}
        return {"columns": columns, "dates": self.dates, "consent": dict(self.consent)}


def has_headings(cells: list[str], country: str) -> bool:
    """A first row with a phone number in it is a contact already."""
    return not any(_is_number(cell, country) for cell in cells)


def guess(headings: list[str], sample: list[list[str]], country: str) -> Plan:
    """What each column most likely is. One that no word fits becomes a field for templates, under its own heading."""
    width = max([len(headings), *map(len, sample)])
    columns: dict[int, str] = {}
    for place in range(width):
        heading = headings[place] if place < len(headings) else ""
        meaning = _MEANING.get(plain(heading), "")
        if not meaning or meaning in columns.values():
            meaning = _field(heading, columns)
        if meaning:
            columns[place] = meaning
    if NUMBER not in columns.values():
        _find_number(columns, sample, width, country)
    _settle_names(columns)
    return Plan(dict(sorted(columns.items())), _order_of_dates(columns, sample))


def _field(heading: str, columns: dict[int, str]) -> str:
    key = templating.key_of(heading)
    fields = [meaning for meaning in columns.values() if meaning.startswith(FIELD)]
    fits = key and key not in (templating.NAME,) and f"{FIELD}{key}" not in fields and len(fields) < MOST_FIELDS
    return f"{FIELD}{key}" if fits else ""


def _find_number(columns: dict[int, str], sample: list[list[str]], width: int, country: str) -> None:
    """No heading says so: the column in which most cells are phone numbers."""

    def hits(place: int) -> int:
        return sum(place < len(row) and _is_number(row[place], country) for row in sample)

    best = max(range(width), key=hits, default=0)
    if hits(best):
        columns[best] = NUMBER


def _settle_names(columns: dict[int, str]) -> None:
    """ "Nom" is a family name beside "Prénom", and the whole name where it stands alone."""
    places = {meaning: place for place, meaning in columns.items()}
    if LAST in places and FIRST not in places and NAME not in places:
        columns[places[LAST]] = NAME


def _order_of_dates(columns: dict[int, str], sample: list[list[str]]) -> str:
    place = next((place for place, meaning in columns.items() if meaning == BIRTHDAY), None)
    cells = [row[place] for row in sample if place is not None and place < len(row)]
    parts = [found.groups() for cell in cells if (found := re.match(r"(\d{1,2})[-/. ](\d{1,2})[-/. ]\d{4}$", cell))]
    if not parts:
        return "ymd"
    return "mdy" if any(int(second) > 12 for _, second in parts) else "dmy"


def _is_number(cell: str, country: str) -> bool:
    try:
        return bool(phones.parse(cell, country))
    except phones.PhoneError:
        return False
