"""911 addresses in words: on an envelope's lines, in one, and two of them side by side with the differing words marked."""

import difflib
from dataclasses import dataclass
from itertools import zip_longest

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from numbering.forms.emergency import UNIT_TYPES
from numbering.models import EmergencyChange


def lines(address: dict) -> list[str]:
    """An address as it is written on an envelope."""
    unit = _unit(address)
    street = f"{address.get('civic_number', '')} {address.get('street', '')}".strip()
    place = f"{address.get('city', '')} ({address.get('region', '')})  {address.get('postal_code', '')}".strip()
    return [line for line in (address.get("name", ""), ", ".join(filter(None, (street, unit))), place) if line]


def one_line(address: dict) -> str:
    return ", ".join(lines(address)[1:])


def _unit(address: dict) -> str:
    kind = address.get("unit_type", "")
    return f"{UNIT_TYPES.get(kind, kind)} {address.get('unit', '')}".strip() if kind or address.get("unit") else ""


LABELS = {
    "name": gettext_lazy("Name"), "civic_number": gettext_lazy("Civic number"), "street": gettext_lazy("Street"),
    "unit_type": gettext_lazy("Kind of unit"), "unit": gettext_lazy("Unit"), "city": gettext_lazy("City"),
    "region": gettext_lazy("Province or state"), "country": gettext_lazy("Country"),
    "postal_code": gettext_lazy("Postal or ZIP code"), "language": gettext_lazy("Language of 911 calls"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a comparison: what was asked, and what there is instead with the differing words marked."""

    label: str
    asked: str
    told: SafeString


def differences(asked: dict, told: dict) -> list[Part]:
    """The fields in which two addresses differ, word by word."""
    pairs = [(label, str(asked.get(name, "")), str(told.get(name, ""))) for name, label in LABELS.items()]
    return [
        Part(str(label), before or "—", marked(before, after))
        for label, before, after in pairs
        if before.casefold().split() != after.casefold().split()
    ]


def marked(asked: str, told: str) -> SafeString:
    """`told` with every word marked that `asked` does not have at that place. Capitals make no other place."""
    if not told:
        return format_html("<mark>{}</mark>", "—")
    old, new = asked.split(), told.split()
    plain = [[word.casefold() for word in words] for words in (old, new)]
    matcher = difflib.SequenceMatcher(a=plain[0], b=plain[1], autojunk=False)
    kept = {i for block in matcher.get_matching_blocks() for i in range(block.b, block.b + block.size)}
    return format_html_join(
        " ", "{}", ((word if i in kept else format_html("<mark>{}</mark>", word),) for i, word in enumerate(new))
    )


@dataclass(frozen=True, slots=True)
class Alternate:
    """An address that upstream knows: a question for a person, none is chosen beforehand."""

    index: int
    lines: list[SafeString]
    spoken: str


def alternates_of(change: EmergencyChange) -> list[Alternate]:
    asked = lines(change.wanted)[1:]
    return [_alternate(i, address, asked) for i, address in enumerate(change.alternates)]


def _alternate(index: int, address: dict, asked: list[str]) -> Alternate:
    offered = lines(address)[1:]
    return Alternate(
        index,
        [marked(before, after) for before, after in zip_longest(asked, offered, fillvalue="")],
        ", ".join(offered),
    )
