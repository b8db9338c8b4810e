"""Area codes with their city, and the pool of fictional 555-01xx numbers in each."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Area:
    npa: str
    city: str
    state: str
    ratecenter_id: int
    carriers: tuple


CARRIERS = {
    "QC": ("Nordet Telecom", "Fleuve Mobile", "Cablo-Est"),
    "ON": ("Trillium Tel", "Great Lakes Wireless", "Cablo-Est"),
    "BC": ("Pacific Wave", "Sunline Mobile"),
    "AB": ("Foothills Tel", "Sunline Mobile"),
    "SK": ("Prairie Link",),
    "MB": ("Prairie Link", "Red River Cable"),
    "NS": ("Atlantic Bell Buoy", "Tidewater"),
    "NB": ("Tidewater",),
    "NL": ("Tidewater",),
    "NY": ("Hudson Line", "Empire Cellular"),
    "IL": ("Lakeshore Tel",),
    "CA": ("Golden Coast",),
    "MA": ("Harborline",),
    "VT": ("Green Mountain Tel",),
    "FL": ("Gulfstream",),
    "WA": ("Evergreen Wireless",),
    "TX": ("Lone Star Link",),
}
TABLE = """
514 Montréal QC|438 Montréal QC|450 Laval QC|579 Longueuil QC|418 Québec QC|581 Québec QC|819 Gatineau QC|
873 Sherbrooke QC|613 Ottawa ON|343 Kingston ON|416 Toronto ON|647 Toronto ON|905 Mississauga ON|
289 Hamilton ON|519 London ON|604 Vancouver BC|778 Burnaby BC|250 Victoria BC|403 Calgary AB|
587 Edmonton AB|780 Edmonton AB|306 Regina SK|204 Winnipeg MB|902 Halifax NS|506 Moncton NB|
709 St. John's NL|212 New York NY|646 New York NY|718 New York NY|312 Chicago IL|415 San Francisco CA|
617 Boston MA|802 Burlington VT|305 Miami FL|206 Seattle WA|512 Austin TX
"""
AREAS = {}
for _i, _entry in enumerate(TABLE.replace("\n", "").split("|")):
    _npa, _rest = _entry.split(" ", 1)
    _city, _state = _rest.rsplit(" ", 1)
    AREAS[_npa] = Area(_npa, _city, _state, 100100 + 7 * _i, CARRIERS[_state])
TOLLFREE = ("800", "833", "844", "855", "866", "877", "888")


def place_of(npa):
    return AREAS.get(npa)


class Numbers:
    """Hands out numbers 555-0100 to 555-0198 of each area code, none twice; 0199 is for texts that fail."""

    def __init__(self, dice):
        self._dice = dice
        self._left = {}

    def take(self, npa):
        """A number of that area code, or of a near one when all its hundred are gone."""
        npa = next(one for one in [npa, *neighbours(npa)] if self._lines(one))
        return f"{npa}5550{self._lines(npa).pop()}"

    def _lines(self, npa):
        if npa not in self._left:
            self._left[npa] = list(range(100, 199))
            self._dice.shuffle(self._left[npa])
        return self._left[npa]


def neighbours(npa):
    if npa not in AREAS:
        return TOLLFREE
    here = AREAS[npa]
    return sorted(AREAS, key=lambda other: (AREAS[other].city != here.city, AREAS[other].state != here.state, other))
