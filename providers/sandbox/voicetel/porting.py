"""Bringing numbers in from other carriers, and the PINs that keep them from being taken away."""

import datetime
import zlib

from . import checks
from .desk import PORT_FEE, Refusal
from .people import number_row
from .places import AREAS, place_of
from .spec import Spec

CACHED_S = 3600
NO_DATE = "19750715"
SCRIPT = ("submitted", "Validating", "Pending", "Complete")
ODD_COMPLETE = ("complete", "Complete", "Completed")  # all three are seen in the document's list
CARRIERS = ("Adirondack Tel", "Granite Line", "Pine Tree Wireless", "Erie Canal Mobile", "Quabbin Cable")
TOLL_FREE = ("800", "833", "844", "855", "866", "877", "888")
REASONS = {
    "NAME": "Rejected: end user name does not match the losing carrier's record",
    "ACCOUNT": "Rejected: account number is not valid at the losing carrier",
    "PIN": "Rejected: PIN missing or invalid",
    "ADDRESS": "Rejected: service address mismatch",
}


def carrier_of(number):
    return CARRIERS[zlib.crc32(number.encode()) % len(CARRIERS)]


def obstacle(desk, number):
    """Why a number cannot come, or None. One that ends in 99 stands for a rate centre that is not covered."""
    if number in desk.upstream.by_number:
        return "Telephone number is already on this network"
    if number[:3] in TOLL_FREE:
        return "Toll-free numbers are moved by RespOrg change"
    if number[:3] not in AREAS or number.endswith("99"):
        return "Rate center not covered"
    return None


def availability(desk):
    """A good check counts for an hour; an order without one is refused."""
    wanted = [row["tn"] for row in desk.values["tnList"]["tnItem"]]
    if all(number[3:6] in ("000", "911") for number in wanted):
        raise Refusal(430, "No result")
    rows = []
    for number in wanted:
        problem = obstacle(desk, number)
        row = {"telephoneNumber": number, "isPortable": "false" if problem else "true"}
        if problem:
            desk.account["checked"].pop(number, None)
            rows.append({**row, "notPortableReason": problem})
        else:
            desk.account["checked"][number] = desk.now
            rows.append({**row, "serviceProviderName": carrier_of(number)})
    desk.sandbox.world.touch()
    return {"serviceAvailable": rows}


def order(desk):
    wanted = desk.values["portInOrder"]
    items = wanted["tnList"]["tnItem"]
    if wanted["desiredDueDate"] <= today(desk.now).isoformat():
        raise Refusal(400, "Field: desiredDueDate", requirement="Must be in the future")
    for item in items:
        checked = desk.account["checked"].get(item["tn"])
        if checked is None or desk.now - checked > CACHED_S:
            raise Refusal(412, f"Portability check required: {item['tn']}")
    if any(port["number"] == item["tn"] and not port["done"] for port in desk.account["ports"] for item in items):
        raise Refusal(409, "Port already in progress")
    if not desk.covers(float(PORT_FEE) * len(items)):
        raise Refusal(409, "Insufficient balance")
    for item in items:
        submit(desk, item, wanted["desiredDueDate"])
    return {"orderId": int(desk.now)}


def submit(desk, item, due_date):
    port = {
        "id": desk.digest("port") + "c0ffee00",
        "pid": desk.digest("pid")[:5],
        "number": item["tn"],
        "at": int(desk.now),
        "status": SCRIPT[0],
        "message": "OK",
        "foc": NO_DATE,
        "due_date": due_date,
        "name": item["endUser"]["name"],
        "calling_name": item.get("tnFeature", {}).get("callerId", {}).get("callingName", ""),
        "pin": item.get("accountPin", ""),
        "done": False,
        "plan": 1,
    }
    desk.account["ports"].append(port)
    desk.charge(PORT_FEE, f"port {item['tn']}")
    desk.effect("port_submitted", number=item["tn"], pid=port["pid"], due_date=due_date, name=port["name"])
    plan(desk, port, desk.now)


def plan(desk, port, moment):
    pace = float(desk.sandbox.settings["port_step_s"])
    desk.schedule(moment + pace, "port_step", key=desk.account["key"], pid=port["pid"], plan=port["plan"])


def step(desk, data, due):
    """One step of the script. An order of an end user named "... REJECT PIN" stays where it is, with the reason."""
    port = next((one for one in desk.account["ports"] if one["pid"] == data["pid"]), None)
    if port is None or port["done"] or port["plan"] != data["plan"] or port["status"] not in SCRIPT:
        return
    state = SCRIPT[SCRIPT.index(port["status"]) + 1]
    if state == "Pending" and "REJECT" in port["name"].upper():
        port["message"] = next((r for word, r in REASONS.items() if word in port["name"].upper()), REASONS["NAME"])
        desk.effect("port_rejected", pid=port["pid"], reason=port["message"])
        return
    enter(desk, port, state)
    if not port["done"]:
        plan(desk, port, due)


def enter(desk, port, state):
    port["status"] = state
    if state == "Pending":
        port["foc"] = port["due_date"].replace("-", "")
    port["done"] = state.lower() in ("complete", "completed")
    desk.effect("port_moved", pid=port["pid"], number=port["number"], status=state)
    if port["done"] and port["number"] not in desk.upstream.by_number:
        desk.account["numbers"][port["number"]] = number_row(
            port["number"], place_of(port["number"]), desk.now, lidb=port["calling_name"]
        )
        desk.upstream.index()


def status(desk):
    if desk.account.get("port_trouble"):
        raise Refusal(409, exception=desk.account["port_trouble"])
    return {"portStatusSummary": [summary(desk, port) for port in reversed(desk.account["ports"])]}


def summary(desk, port):
    odd = desk.upstream.quirks and port["done"]
    word = ODD_COMPLETE[zlib.crc32(port["pid"].encode()) % 3] if odd else port["status"]
    value = {
        "pid": port["pid"],
        "status": word,
        "message": port["message"],
        "foc": port["foc"],
        "notify": "0",
        "url": f"https://support.voicetel.example/{port['pid']}",
        "pin": port["pin"],
    }
    return {"id": port["id"], "key": [port["number"], str(port["at"])], "value": value}


def pin_update(desk):
    rows = desk.values["portOutPin"]["tnList"]["tnItem"]
    foreign = [row["tn"] for row in rows if desk.own(row["tn"]) is None]
    if foreign:
        raise Refusal(409, "Not on account: " + ", ".join(foreign))
    shown = []
    for row in rows:
        pin = row.get("portOutPin") or str(1000 + int(desk.digest("pin")[:8], 16) % 9000)
        desk.own(row["tn"])["pin"] = pin
        desk.effect("port_out_pin_set", number=row["tn"])
        shown.append({"portOutPin": pin, "tn": int(row["tn"])})
    return {"portOutPin": {"tnList": {"tnItem": shown}}}


def today(now):
    return datetime.datetime.fromtimestamp(now, datetime.UTC).date()


def move_by_hand(upstream, desk_for, body):
    """The control door: a port by its pid or number; `script` lets it go on by itself."""
    wanted = str(body.get("pid") or body.get("port_request_id") or body.get("pon") or body.get("number") or "")
    for account in upstream.state["accounts"].values():
        for port in account["ports"]:
            if wanted in (port["pid"], port["number"], port["id"]):
                return moved(desk_for(account), port, body)
    raise KeyError(f"no port {wanted!r}")


def moved(desk, port, body):
    port["plan"] += 1
    port["message"] = body.get("rejection_reason") or body.get("message") or port["message"]
    if body.get("status"):
        enter(desk, port, body["status"])
    port["foc"] = str(body.get("firm_date") or body.get("foc") or port["foc"]).replace("-", "")
    if body.get("script"):
        plan(desk, port, desk.now)
    desk.sandbox.world.touch()
    return dict(port)


SHORT, WORD = checks.text(12), checks.text(80)
PLACE = {f"location{kind}{i}": checks.text(40) for kind in ("Type", "Value") for i in (1, 2, 3)}
END_USER = {
    "name!": WORD,
    "streetNum!": SHORT,
    "streetName!": WORD,
    "streetType!": SHORT,
    "streetPreDir": SHORT,
    "streetPostDir": SHORT,
    "city!": WORD,
    "state!": checks.matching("[A-Z]{2}"),
    "postalCode!": checks.matching(r"\d{5}(-\d{4})?"),
    "typeOfService!": checks.enum("B", "R"),
    **PLACE,
}
PORT_ITEM = {
    "tn!": checks.digits,
    "atn!": checks.digits,
    "authName!": WORD,
    "authDate": checks.day,
    "accountPin": SHORT,
    "accountNum!": WORD,
    "endUser!": END_USER,
    "tnFeature": {"callerId": {"callingName": checks.text(15)}},
}
CALLS = (
    Spec("portStatus", "/v2.1/iNumbering/portStatus/", status, read=True),
    Spec(
        "portInAvailability",
        "/v2/iNumbering/portInAvailability/",
        availability,
        {"tnList!": {"tnItem!": [{"tn!": checks.number}]}},
        missing=414,
        read=True,
    ),
    Spec(
        "portInOrder",
        "/v2/iNumbering/portInOrder/",
        order,
        {"portInOrder!": {"desiredDueDate!": checks.day, "tnList!": {"tnItem!": [PORT_ITEM]}}},
        admin=True,
        missing=414,
    ),
    Spec(
        "portOutPinUpdate",
        "/v2/iNumbering/portOutPinUpdate/",
        pin_update,
        {"portOutPin!": {"tnList!": {"tnItem!": [{"tn!": checks.number, "portOutPin": checks.matching(r"\d{4}")}]}}},
    ),
)
