"""Numbers of an account: assign, route, forward, name, move, and give back."""

import decimal

from . import checks
from .desk import MONTHLY, Refusal, settle
from .gateways import SYSTEM
from .people import number_row
from .places import place_of
from .spec import Spec

NAME = checks.matching(r"[A-Za-z0-9 .,&'/-]{1,15}")
FEE = decimal.Decimal(MONTHLY["did"])


def add(desk):
    """Assign free numbers; the balance must cover their first month."""
    rows = desk.values["numbers"]
    if not desk.covers(FEE * len(rows)):
        raise Refusal(402, "Insufficient balance")
    done, failed = [], []
    for row in rows:
        shown = {"number": int(row["number"]), "route": row.get("route", 1)}
        problem = "Failed" if desk.unlucky(rows, row) else assign(desk, row["number"], shown["route"])
        (failed if problem else done).append({**shown, **({"error": problem} if problem else {})})
    if failed:
        raise Refusal(409, "Numbers not added", numbers_success=done, numbers_fail=failed)
    return {"message": "Numbers added", "numbers": done}


def assign(desk, number, route):
    """Put a free number on the account. Returns why not, or None."""
    if route not in desk.routes():
        return "Invalid Route"
    if number not in desk.state["inventory"] and number not in desk.state["spare"]:
        return "Number not available"
    place = desk.state["inventory"].pop(number, None) or place_of(number)
    if number in desk.state["spare"]:
        desk.state["spare"].remove(number)
    desk.account["numbers"][number] = number_row(number, place, desk.now, route)
    desk.upstream.index()
    desk.charge(FEE, f"monthly fee {number}")
    desk.effect("number_assigned", number=number, route=route)
    return None


def each(desk, work, names, messages, shown=lambda row: {"number": row["number"]}, why="message"):
    """Do `work(row, own)` for every row; it returns what to add to the row, or a string that says why not."""
    done, failed = [], []
    for row in desk.values["numbers"]:
        own = desk.own(row["number"])
        lucky = own is not None and not desk.unlucky(desk.values["numbers"], row)
        result = work(row, own) if lucky else "Failed"
        if isinstance(result, str):
            failed.append({**shown(row), why: result})
        else:
            done.append({**shown(row), **(result or {})})
    return settle(done, failed, names, messages)


NUMBERS = ("numbers", "numbers_success", "numbers_failed")


def cnam(desk):
    def work(row, own):
        own["cnam"] = row["cnam"]
        desk.effect("cnam_switched", number=row["number"], on=row["cnam"])

    def shown(row):
        return {"number": row["number"], "cnam": str(row["cnam"]).upper()}

    return each(desk, work, NUMBERS, ("CNAM results", "CNAM result"), shown)


def gone(desk, keep):
    """Take numbers off the account: `keep` says whether VoiceTel holds them for the next one or sells them again."""

    def work(row, own):
        number = row["number"]
        del desk.account["numbers"][number]
        desk.account["e911"].pop(number, None)
        if keep:
            desk.state["spare"].append(number)
        else:
            desk.state["inventory"][number] = {name: own[name] for name in ("city", "state", "rate_center", "lata")}
        desk.upstream.index()
        desk.effect("number_removed" if keep else "number_disconnected", number=number)

    names = ("numbers", "numbers_success", "numbers_error")
    return each(desk, work, names, ("Numbers removed", "Remove result"), why="reason")


def remove(desk):
    return gone(desk, keep=True)


def disconnect(desk):
    return gone(desk, keep=False)


FORWARD = ("foward", "foward_success", "foward_failed")  # sic
FORWARDED = ("Foward results", "Foward result")


def forward_set(desk):
    def work(row, own):
        if row["destination"] == row["number"]:
            return "Failed"
        own["forward"] = row["destination"]
        desk.effect("forward_set", number=row["number"], destination=row["destination"])

    return each(desk, work, FORWARD, FORWARDED, lambda row: dict(row))


def forward_remove(desk):
    def work(row, own):
        if not own["forward"]:
            return "Failed"
        own["forward"] = ""
        desk.effect("forward_removed", number=row["number"])

    return each(desk, work, FORWARD, FORWARDED, lambda row: {**row, "destination": "removed"})


def lidb(desk):
    def work(row, own):
        if len(row["cnam"]) > 15:
            return "callingName is longer than 15 characters"
        own["lidb"] = row["cnam"]
        reference = row.get("customerOrderReference") or f"{desk.account['username']}-{int(desk.now)}"
        desk.effect("lidb_changed", number=row["number"], cnam=row["cnam"], reference=reference)
        return {"success": "Remote database updated"}

    names = ("numbers", "numbers_success", "numbers_fail")
    messages = ("Numbers modified", "Numbers not modified")
    return each(desk, work, names, messages, lambda row: {"number": int(row["number"]), "cnam": row["cnam"]}, "error")


def listing(desk):
    wanted, route = desk.values.get("number"), desk.values.get("route")
    rows = [
        {"number": one["number"], "route": str(one["route"]), "ip": target(desk, one["route"])}
        for one in desk.account["numbers"].values()
        if wanted in (None, one["number"]) and route in (None, one["route"])
    ]
    if not rows:
        raise Refusal(404, numbers="Not Found")
    return {"numbers": rows}


def target(desk, route):
    return SYSTEM.get(route) or desk.account["gateways"].get(str(route), "")


def move(desk):
    """To another account of the same family, or anywhere by an administrator."""

    def work(row, own):
        other = desk.upstream.by_username.get(row["account"])
        if other is None or not (desk.account["admin"] or other["master"] == desk.account["master"]):
            return "Failed"
        if row["route"] not in desk.routes(other):
            return "Invalid Route"
        other["numbers"][row["number"]] = {**desk.account["numbers"].pop(row["number"]), "route": row["route"]}
        desk.account["e911"].pop(row["number"], None)
        desk.upstream.index()
        desk.effect("number_moved", number=row["number"], to=other["key"])

    def shown(row):
        return {"number": row["number"], "route": row["route"], "account": int(row["account"])}

    return each(desk, work, NUMBERS, ("Move results", "Move result"), shown)


def route(desk):
    def work(row, own):
        if row["route"] not in desk.routes():
            return "Invalid Route"
        own["route"] = row["route"]
        desk.effect("number_routed", **row)

    return each(desk, work, NUMBERS, ("Route results", "Route result"), lambda row: dict(row))


def translations(desk):
    def work(row, own):
        own["translation"] = row["translation"]
        desk.effect("translation_set", **row)

    names = ("translation", "translation_success", "translation_failed")
    return each(desk, work, names, ("Translation results", "Translation result"), lambda row: dict(row))


def rows(**more):
    return {"numbers!": [{"number!": checks.number, **more}]}


CALLS = (
    Spec("numbersAdd", "/v2.1/numbers/add/", add, rows(route=checks.whole)),
    Spec("numbersCnam", "/v2.1/numbers/cnam/", cnam, rows(**{"cnam!": checks.boolean})),
    Spec("numbersDisconnect", "/v2.1/numbers/disconnect/", disconnect, rows()),
    Spec("numbersForwardRemove", "/v2.1/numbers/forward/", forward_remove, rows(), method="DELETE"),
    Spec("numbersForwardSet", "/v2.1/numbers/forward/", forward_set, rows(**{"destination!": checks.number})),
    Spec(
        "numbersLidb",
        "/v2.1/numbers/lidb/",
        lidb,
        rows(**{"cnam!": checks.text(80), "customerOrderReference": checks.text(80)}),
    ),
    Spec("numbersList", "/v2.1/numbers/list/", listing, {"number": checks.number, "route": checks.whole}, read=True),
    Spec(
        "numbersMove",
        "/v2.1/numbers/move/",
        move,
        rows(**{"route!": checks.whole, "account!": checks.number}),
    ),
    Spec("numbersRemove", "/v2.1/numbers/remove/", remove, rows()),
    Spec("numbersRoute", "/v2.1/numbers/route/", route, rows(**{"route!": checks.whole})),
    Spec(
        "numbersTranslations",
        "/v2.1/numbers/translations/",
        translations,
        rows(**{"translation!": checks.matching(r"[\d#]{1,20}")}),
    ),
)
