"""Looking numbers up: who carries them, and what name shows. Each look-up costs a little."""

import zlib

from ..demo import places as continent
from . import checks
from .desk import Refusal, not_yours
from .places import AREAS
from .porting import TOLL_FREE, carrier_of
from .spec import Spec

CNAM_RATE, LRN_RATE = "0.0045", "0.0010"
NAMES = ("ADIRONDACK CAFE", "GRANITE STATE AUTO", "WIRELESS CALLER", "PINE TREE DENTAL", "ERIE CANAL TOURS")


def cnam(desk):
    if not desk.account["cnam"]:
        raise not_yours("CNAM service is not enabled")
    desk.charge(CNAM_RATE, f"cnam {desk.values['cid']}")
    return {"cnam": name_of(desk, desk.values["cid"])}


def name_of(desk, number):
    owner = desk.upstream.by_number.get(number)
    if owner:
        return owner[1]["lidb"] or owner[0]["name"].upper()[:15]
    return NAMES[zlib.crc32(number.encode()) % len(NAMES)][:15]


def where(number):
    """(city, state, LATA, rate centre) of an area code."""
    if number[:3] in AREAS:
        city, state, center, lata = AREAS[number[:3]]
        return city, state, str(lata), center
    area = continent.AREAS.get(number[:3])
    return (area.city.upper(), area.state, "888", area.city.upper()[:10]) if area else ("", "", "", "")


def lrn(desk):
    if not desk.account["lrn"]:
        raise not_yours("LRN service is not enabled")
    destination = desk.values["dst"]
    city, state, lata, center = where(destination)
    here = where(desk.values["cid"])
    desk.charge(LRN_RATE, f"lrn {destination}")
    owner = desk.upstream.by_number.get(destination)
    found = {
        "LOCAL": "Y" if here[3] and here[3] == center else "N",
        "LRN": f"1{destination[:6]}0000",
        "CITY": city,
        "LATA": lata,
        "STATE": state,
        "JURISDICTION": "INTRASTATE" if here[1] and here[1] == state else "INTERSTATE",
        "LECTYPE": "CLEC" if owner else "WIRELESS" if zlib.crc32(destination.encode()) % 2 else "ILEC",
        "LEC": "VOICETEL" if owner else carrier_of(destination).upper(),
        "RC": center,
        "OCN": f"{zlib.crc32(destination[:6].encode()) % 9000 + 1000}",
    }
    return {"lrn": found}


def resp_org(desk):
    if not desk.account["lrn"]:
        raise not_yours("LRN service is not enabled")
    number = desk.values["tn"]
    if number[:3] not in TOLL_FREE:
        raise Refusal(400, "Field: tn", requirement="Must be a toll-free number")
    desk.charge(LRN_RATE, f"resporg {number}")
    return {"RespOrg": {number: f"ABC{zlib.crc32(number.encode()) % 90 + 10}"}}


CALLS = (
    Spec("infoCnam", "/v2.1/info/cnam/", cnam, {"cid!": checks.number}, read=True),
    Spec("infoLrn", "/v2.1/info/lrn/", lrn, {"cid!": checks.number, "dst!": checks.number}, read=True),
    Spec("infoRespOrg", "/v2.1/info/resporg/", resp_org, {"tn!": checks.number}, read=True),
)
