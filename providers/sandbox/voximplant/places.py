"""Where this upstream has numbers: three regions of one country, the fictional hundred of an area code in each."""

import dataclasses
import random

COUNTRIES = {
    "US": ("United States", "1", "États-Unis"),
    "CA": ("Canada", "1", "Canada"),
    "DE": ("Germany", "49", "Allemagne"),
}
CATEGORIES = {"US": ("GEOGRAPHIC", "TOLLFREE"), "CA": ("GEOGRAPHIC",), "DE": ("GEOGRAPHIC",)}
STATES = {"CA": "California", "NY": "New York", "FL": "Florida"}
PERIOD = "0-1-0 0:0:0"
PRICE = "1.25"
ADDRESSED_PRICE = "1.9"


@dataclasses.dataclass(frozen=True)
class Region:
    """`addressed`: numbers are rented only to who has a verified address there."""

    number: int
    name: str
    code: str
    state: str
    zip_codes: tuple
    addressed: bool = False
    country: str = "US"
    category: str = "GEOGRAPHIC"

    @property
    def price(self):
        return ADDRESSED_PRICE if self.addressed else PRICE


REGIONS = (
    Region(5214, "San Francisco", "628", "CA", ("94103", "94110", "94117", "94122")),
    Region(5301, "New York", "929", "NY", ("10001", "10013", "11201", "11215")),
    Region(5188, "Miami", "786", "FL", ("33125", "33127", "33131"), addressed=True),
    Region(5402, "Toll-free", "", "", (), category="TOLLFREE"),
    Region(5511, "Toronto", "", "", ("M4C 1B5",), country="CA"),
    Region(5623, "Hamburg", "", "", ("20457", "20095"), addressed=True, country="DE"),
)
BY_NUMBER = {region.number: region for region in REGIONS}
BY_CODE = {region.code: region for region in REGIONS if region.code}


def region_of(number):
    """The region of a number of this upstream (digits with the country code), or None."""
    return BY_CODE.get(number[1:4]) if len(number) == 11 and number[0] == "1" else None


class Pool:
    """Deals out 555-0100 to 555-0198 of each area code, none twice."""

    def __init__(self, name):
        self._left = {}
        for code in BY_CODE:
            lines = list(range(100, 199))
            random.Random(f"{name}/{code}").shuffle(lines)
            self._left[code] = lines

    def take(self, code):
        """The next number of that area code, or of one that has some left."""
        code = next(one for one in (code, *self._left) if self._left[one])
        return f"1{code}5550{self._left[code].pop()}"

    def rest(self, code, count):
        return [self.take(code) for _ in range(min(count, len(self._left[code])))]
