"""Numbers for sale, orders for them, and the registration of messaging campaigns (10DLC)."""

import re

from . import checks, numbers
from .desk import Refusal
from .spec import Spec

MOST_IN_ORDER = 100
COUNTED_BY = {
    "state": ("locState",),
    "rateCenter": ("locState", "rcAbbre", "lata"),
    "npaNxx": ("locState", "rcAbbre", "lata", "npa", "nxx"),
    "block": ("locState", "rcAbbre", "lata", "npa", "nxx", "block"),
}


def search(desk):
    values = desk.values
    mask = re.compile(values["tnMask"].lower().replace("x", r"\d"), re.ASCII)
    rows = []
    for number, place in sorted(desk.state["inventory"].items()):
        if len(rows) >= values["quantity"]:
            break
        if mask.fullmatch(number) and fits(place, values):
            rows.append(offer(number, place))
    return {"tnResult": rows}


def fits(place, values):
    wanted = {"rate_center": values.get("rateCenter"), "state": values.get("province"), "lata": values.get("lata")}
    return all(value is None or str(place[name]).lower() == str(value).lower() for name, value in wanted.items())


def offer(number, place):
    return {
        "rateCenter": place["rate_center"],
        "telephoneNumber": number,
        "city": place["city"],
        "lata": place["lata"],
        "province": place["state"],
    }


def coverage(desk):
    values, counts = desk.values, {}
    names = COUNTED_BY[values.get("countBy", "npaNxx")]
    for number, place in sorted(desk.state["inventory"].items()):
        row = counted(number, place)
        if all(values.get(name) in (None, row[name]) for name in ("npa", "locState", "rcAbbre", "lata")):
            key = tuple(row[name] for name in names)
            counts[key] = counts.get(key, 0) + 1
    rows = [{**dict.fromkeys(COUNTED_BY["npaNxx"], ""), **dict(zip(names, key, strict=True))} for key in counts]
    return {"tnInventoryCoverageList": [{**row, "count": n} for row, n in zip(rows, counts.values(), strict=True)]}


def counted(number, place):
    return {
        "npa": number[:3],
        "nxx": number[3:6],
        "block": number[6],
        "lata": str(place["lata"]),
        "locState": place["state"],
        "rcAbbre": place["rate_center"],
    }


def order(desk):
    """Buy numbers: all of them, or none."""
    rows = desk.values["tnOrder"]["tnList"]["tnItem"]
    if len(rows) > MOST_IN_ORDER:
        raise Refusal(409, f"Order limit is {MOST_IN_ORDER} numbers")
    wanted = [row["tn"] for row in rows]
    taken = [tn for i, tn in enumerate(wanted) if tn not in desk.state["inventory"] or tn in wanted[:i]]
    if taken:
        raise Refusal(409, "Number not available: " + ", ".join(taken))
    if any(row.get("route", 1) not in desk.routes() for row in rows):
        raise Refusal(409, "Invalid Route")
    if not desk.covers(numbers.FEE * len(rows)):
        raise Refusal(409, "Insufficient balance")
    for row in rows:
        numbers.assign(desk, row["tn"], row.get("route", 1))
    reference = desk.values["tnOrder"].get("customerOrderReference") or f"{desk.account['username']}-{int(desk.now)}"
    desk.effect("numbers_ordered", numbers=wanted, reference=reference)
    return {"orderId": str(int(desk.now))}


def add_brand(desk):
    values, brands = desk.values, desk.account["brands"]
    if any(brand["name"] == values["messagingBrandName"] for brand in brands.values()):
        raise Refusal(470, "Brand name already exists")
    if values["messagingBrandId"] in brands:
        raise Refusal(409, "Brand already exists")
    brands[values["messagingBrandId"]] = {
        "name": values["messagingBrandName"],
        "description": values["messagingBrandDescription"],
    }
    desk.effect("brand_added", brand=values["messagingBrandId"])
    return {}


def add_campaign(desk):
    values, campaigns = desk.values, desk.account["campaigns"]
    if values["messagingBrandId"] not in desk.account["brands"]:
        raise Refusal(430, "No result")
    if values["externalCampaignId"] in campaigns:
        raise Refusal(409, "Campaign already exists")
    campaigns[values["externalCampaignId"]] = {
        "brand": values["messagingBrandId"],
        "description": values["campaignDescription"],
        "at": int(desk.now),
    }
    desk.effect("campaign_added", campaign=values["externalCampaignId"])
    return {}


def assign_campaign(desk):
    """Give numbers a campaign. One that is not here or may not text is left out by the carrier: 432."""
    rows = (desk.values["tnCampaign"].get("tnList") or {}).get("tnItem") or []
    wanted = [(row.get("tn"), (row.get("tnFeature") or {}).get("messaging", {}).get("tnCampaign")) for row in rows]
    if not wanted or not all(tn and campaign for tn, campaign in wanted):
        raise Refusal(414, "Required fields are missing")
    if len(wanted) > MOST_IN_ORDER:
        raise Refusal(422, "Order limit reached")
    for tn, campaign in wanted:
        if desk.own(tn) is None:
            raise Refusal(432, f"Telephone number excluded: {tn}")
        if campaign not in desk.account["campaigns"]:
            raise Refusal(409, f"Unknown campaign: {campaign}")
    for tn, campaign in wanted:
        desk.own(tn)["campaign"] = campaign
        desk.effect("campaign_assigned", number=tn, campaign=campaign)
    return {"orderId": int(desk.now)}


def quantity(value):
    if not 1 <= checks.whole(value) <= 1000:
        raise ValueError("1 to 1000")
    return value


ITEM = {"tn": checks.digits, "tnFeature": {"messaging": {"tnCampaign": checks.text(40)}}}
WORD = checks.text(120)
CALLS = (
    Spec(
        "addMessagingBrand",
        "/v2/iNumbering/addMessagingBrand/",
        add_brand,
        {"messagingBrandDescription!": WORD, "messagingBrandName!": WORD, "messagingBrandId!": checks.text(40)},
        missing=414,
    ),
    Spec(
        "addMessagingCampaign",
        "/v2/iNumbering/addMessagingCampaign/",
        add_campaign,
        {"externalCampaignId!": checks.text(40), "campaignDescription!": WORD, "messagingBrandId!": checks.text(40)},
        missing=414,
    ),
    Spec(
        "tnInventory",
        "/v2/iNumbering/tnInventory/",
        search,
        {
            "rateCenter": checks.text(40),
            "quantity!": quantity,
            "lata": checks.whole,
            "tnMask!": checks.matching(r"[\dxX]{10}"),
            "province": checks.text(2),
        },
        read=True,
    ),
    Spec(
        "tnInventoryCoverage",
        "/v2/iNumbering/tnInventoryCoverage/",
        coverage,
        {
            "countBy": checks.enum(*COUNTED_BY),
            "npa": checks.matching(r"\d{3}"),
            "locState": checks.text(2),
            "rcAbbre": checks.text(40),
            "lata": checks.text(10),
        },
        read=True,
    ),
    Spec(
        "tnMessagingCampaign",
        "/v2/iNumbering/tnMessagingCampaign/",
        assign_campaign,
        {"tnCampaign!": {"tnList": {"tnItem": [ITEM]}}},
        missing=414,
    ),
    Spec(
        "tnOrder",
        "/v2/iNumbering/tnOrder/",
        order,
        {
            "tnOrder!": {
                "customerOrderReference": checks.text(80),
                "tnList!": {"tnItem!": [{"route": checks.whole, "tn!": checks.number}]},
            }
        },
    ),
)
