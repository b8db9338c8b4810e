"""A map of 911 coverage as tiles: one square for each province or state, about where it is. Drawn here, from nothing foreign."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.presenting import colon, percent
from numbering import places
from numbering.services.coverage_shares import Share

SIDE, GAP = 44, 4
# Columns and rows of the tiles; where a real border would need a fraction, the neighbour's side wins.
TILES = {
    "CA": {
        "YT": (0, 0), "NT": (1, 0), "NU": (2, 0), "BC": (0, 1), "AB": (1, 1), "SK": (2, 1), "MB": (3, 1), "ON": (4, 1),
        "QC": (5, 1), "NL": (6, 0), "NB": (6, 1), "PE": (7, 1), "NS": (7, 2),
    },
    "US": {
        "AK": (0, 0), "ME": (10, 0), "WI": (5, 1), "VT": (9, 1), "NH": (10, 1), "WA": (0, 2), "ID": (1, 2), "MT": (2, 2),
        "ND": (3, 2), "MN": (4, 2), "IL": (5, 2), "MI": (6, 2), "NY": (8, 2), "RI": (9, 2), "MA": (10, 2), "OR": (0, 3),
        "NV": (1, 3), "WY": (2, 3), "SD": (3, 3), "IA": (4, 3), "IN": (5, 3), "OH": (6, 3), "PA": (7, 3), "NJ": (8, 3),
        "CT": (9, 3), "CA": (0, 4), "UT": (1, 4), "CO": (2, 4), "NE": (3, 4), "MO": (4, 4), "KY": (5, 4), "WV": (6, 4),
        "VA": (7, 4), "MD": (8, 4), "DE": (9, 4), "AZ": (1, 5), "NM": (2, 5), "KS": (3, 5), "AR": (4, 5), "TN": (5, 5),
        "NC": (6, 5), "SC": (7, 5), "DC": (8, 5), "OK": (3, 6), "LA": (4, 6), "MS": (5, 6), "AL": (6, 6), "GA": (7, 6),
        "HI": (0, 7), "TX": (3, 7), "FL": (8, 7),
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tile:
    """A square, its letters, and what it says aloud; without numbers it is only there to show where the others are."""

    letters: str
    x: int
    y: int
    figure: str
    spoken: str
    css: str
    has_numbers: bool


@dataclass(frozen=True, slots=True)
class Map:
    title: str
    width: int
    height: int
    tiles: list[Tile]


def maps_of(shares: list[Share]) -> list[Map]:
    """A map for each country that numbers are in."""
    by_letters = {share.key: share for share in shares}
    titles = {"CA": _("Canada"), "US": _("United States")}
    return [
        _map(titles[country], tiles, by_letters) for country, tiles in TILES.items() if set(tiles) & set(by_letters)
    ]


def _map(title: str, tiles: dict[str, tuple[int, int]], shares: dict[str, Share]) -> Map:
    step = SIDE + GAP
    columns, rows = (max(place[axis] for place in tiles.values()) + 1 for axis in (0, 1))
    drawn = [_tile(letters, column * step, row * step, shares.get(letters)) for letters, (column, row) in tiles.items()]
    return Map(title, columns * step - GAP, rows * step - GAP, drawn)


def _tile(letters: str, x: int, y: int, share: Share | None) -> Tile:
    if share is None:
        return Tile(letters, x, y, "", places.region_name(letters), "tile", False)
    fine = not share.gaps and not share.attention
    css = "tile tile-fine" if fine else "tile tile-waiting" if share.covered else "tile tile-failed"
    return Tile(letters, x, y, percent(share.percent), f"{share.name}{colon()}{words_of(share)}", css, True)


def words_of(share: Share) -> str:
    text = ngettext("%(covered)s of %(total)s number", "%(covered)s of %(total)s numbers", share.total)
    words = text % {"covered": share.covered, "total": share.total}
    waits = ngettext("%(count)s to check", "%(count)s to check", share.attention) % {"count": share.attention}
    return f"{words}, {waits}" if share.attention else words
