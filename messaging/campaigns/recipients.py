"""Whom a campaign is for: the contacts of its groups, then the rows of its file. A stream, so its length costs no memory."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from accounts import csv_reading as reading
from messaging import templating
from messaging.importing import plan as plans
from messaging.models import Campaign, Contact

BATCH = 500
SHORTEST_ROW = 9  # bytes: the shortest number there is, and a line end
NO_NUMBERS = "no-numbers"
_LANGUAGES = {"en": "en", "fr": "fr", "an": "en"}  # English, français, anglais


@dataclass(frozen=True, slots=True)
class Recipient:
    """`number` as it is written; `trouble` where the row cannot even be read."""

    number: str
    name: str = ""
    language: str = ""
    values: dict[str, str] = field(default_factory=dict)
    trouble: str = ""


def of(campaign: Campaign) -> Iterator[Recipient]:
    """Raises `reading.NotReadable` for a file without numbers."""
    yield from _of_groups(campaign)
    if campaign.file:
        yield from _of_file(campaign)


def batches(campaign: Campaign) -> Iterator[list[Recipient]]:
    found = of(campaign)
    while batch := list(islice(found, BATCH)):
        yield batch


def at_most(campaign: Campaign) -> int:
    """No more rows than this; known without reading them."""
    contacts = Contact.objects.filter(groups__in=campaign.groups.all()).distinct().count()
    return contacts + (campaign.file.size // SHORTEST_ROW + 1 if campaign.file else 0)


def _of_groups(campaign: Campaign) -> Iterator[Recipient]:
    """By key, a batch a question."""
    groups = list(campaign.groups.values_list("pk", flat=True))
    rows = Contact.objects.for_account(campaign.account).filter(groups__in=groups).distinct().order_by("pk")
    last = 0
    while groups and (batch := list(rows.filter(pk__gt=last)[:BATCH])):
        yield from map(_of_contact, batch)
        last = batch[-1].pk


def _of_contact(contact: Contact) -> Recipient:
    values = templating.values_of(contact.name, contact.fields)
    return Recipient(contact.number, contact.name, contact.language, values)


def _of_file(campaign: Campaign) -> Iterator[Recipient]:
    with campaign.file.open("rb") as file:
        delimiter, start, first = reading.look(file)
        country = campaign.account.country
        headings = first[0].cells if plans.has_headings(first[0].cells, country) else []
        columns = plans.guess(headings, [row.cells for row in first[bool(headings) :]], country).columns
        if plans.NUMBER not in columns.values():
            raise reading.NotReadable(NO_NUMBERS)
        begin, line = (first[0].end, first[0].last) if headings else (start, 0)
        for record in reading.records(file, delimiter, begin, line):
            yield _of_record(record, columns)


def _of_record(record: reading.Record, columns) -> Recipient:
    if record.trouble:
        return Recipient("", trouble=record.trouble)
    cells = {meaning: record.cells[place] for place, meaning in columns.items() if place < len(record.cells)}
    name = cells.get(plans.NAME) or " ".join(filter(None, (cells.get(plans.FIRST), cells.get(plans.LAST))))
    given = {
        meaning.removeprefix(plans.FIELD): value
        for meaning, value in cells.items()
        if meaning.startswith(plans.FIELD) and value
    }
    if cells.get(plans.FIRST):
        given[templating.FIRST_NAME] = cells[plans.FIRST]
    language = _LANGUAGES.get(cells.get(plans.LANGUAGE, "").strip().casefold()[:2], "")
    return Recipient(cells.get(plans.NUMBER, ""), name, language, templating.values_of(name, given))
