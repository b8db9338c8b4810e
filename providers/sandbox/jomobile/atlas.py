"""Countries with their networks, and what a text to each costs; also which network a number belongs to."""

import dataclasses
import zlib

# ISO|name|continent|calling code|MCC|price|networks as MNC and name; without a price nobody can be texted there, and a
# country whose price has an x behind it has no route
TABLE = """
CA|Canada|North America|1|302|0.0095|220 Nordet Mobile,610 Fleuve Mobile,720 Cablo-Est
US|United States|North America|1|310|0.0110|4 Empire Cellular,260 Evergreen Wireless
MX|Mexico|North America|52|334|0.0240|20 Sol Movil
GB|United Kingdom|Europe|44|234|0.0380|10 Albion Mobile,30 Northern Wave
FR|France|Europe|33|208|0.0520|1 Hexagone Mobile,10 Loire Telecom
BE|Belgium|Europe|32|206|0.0710|1 Meuse Mobile
DE|Germany|Europe|49|262|0.0780|1 Rheinfunk,2 Elbe Mobil
ES|Spain|Europe|34|214|0.0460|1 Sierra Movil
IT|Italy|Europe|39|222|0.0560|1 Adria Mobile
PT|Portugal|Europe|351|268|0.0330|1 Tejo Movel
RO|Romania|Europe|40|226|0.0290|10 Carpat Net
SE|Sweden|Europe|46|240|0.0610|1 Norrsken,8 Malaren Mobil
IS|Iceland|Europe|354|274|0.0640x|1 Geysir
MA|Morocco|Africa|212|604|0.0880|0 Atlas Tel
SN|Senegal|Africa|221|608|0.0930|1 Teranga Mobile
AU|Australia|Oceania|61|505|0.0410|1 Southern Cross Mobile
JP|Japan|Asia|81|440|0.0680|10 Fuji Mobile
IN|India|Asia|91|404|0.0310|10 Deccan Tel
BR|Brazil|South America|55|724|0.0250|5 Ipanema Celular
CU|Cuba|North America|53|368||1 Malecon Tel
"""
CANADIAN = frozenset(
    """204 226 236 249 250 257 263 289 306 343 354 365 367 368 382 387 403 416 418 428 431 437 438 450 460 468 474 506
    514 519 548 568 579 581 584 587 600 604 613 639 647 672 683 705 709 742 753 778 780 782 807 819 825 867 873 879 902
    905 942""".split()
)


@dataclasses.dataclass(frozen=True)
class Network:
    mnc: int
    name: str


@dataclasses.dataclass(frozen=True)
class Country:
    iso: str
    name: str
    continent: str
    code: str
    mcc: int
    price: int | None  # in the parts that `desk.UNIT` tells
    routed: bool
    networks: tuple

    def network_of(self, number):
        return self.networks[zlib.crc32(number.encode()) % len(self.networks)]


def country(line):
    iso, name, continent, code, mcc, price, networks = line.split("|")
    found = tuple(Network(int(one.split(" ", 1)[0]), one.split(" ", 1)[1]) for one in networks.split(","))
    plain = price.rstrip("x")
    units = round(float(plain) * 10_000) if plain else None
    return Country(iso, name, continent, code, int(mcc), units, not price.endswith("x"), found)


COUNTRIES = tuple(country(line) for line in TABLE.strip().splitlines())
LONGEST_FIRST = sorted(COUNTRIES, key=lambda one: -len(one.code))
BY_ISO = {one.iso: one for one in COUNTRIES}


def of_number(number):
    """The country of an MSISDN, or None."""
    if number.startswith("1"):
        return BY_ISO["CA" if number[1:4] in CANADIAN else "US"]
    return next((one for one in LONGEST_FIRST if number.startswith(one.code)), None)


def codes_of(number):
    """(MCC, MNC), or zeros."""
    found = of_number(number)
    return (found.mcc, found.network_of(number).mnc) if found else (0, 0)
