"""Where calls to the numbers go: the system's routes and the account's own SIP gateways."""

from . import checks
from .desk import Refusal, settle
from .spec import Spec

SYSTEM = {1: "USER", 2: "T30", 3: "VOICE_BRIDGE", 4: "DID", 5: "T38", 6: "RTC_BRIDGE", 8: "SDN"}


def add(desk):
    done, failed = [], []
    for row in desk.values["gateways"]:
        host = row["gateway"]
        known = host in desk.account["gateways"].values()
        if known or not checks.gateway(host) or desk.unlucky(desk.values["gateways"], row):
            failed.append(host)
            continue
        route = next_route(desk)
        desk.account["gateways"][str(route)] = host
        desk.effect("gateway_added", route=route, gateway=host)
        done.append({"IP": host, "route": str(route)})
    if failed:
        message = "At least one one gateway could not be added."
        raise Refusal(409, message, added_failed=failed, added_success=[row["IP"] for row in done])
    return {"message": "Gateways Entered", "gateways": done}


def next_route(desk):
    desk.state["ids"]["route"] = desk.state["ids"].get("route", 1000) + 1
    return desk.state["ids"]["route"]


def listing(desk):
    rows = [{"gateway": name, "route": str(route)} for route, name in SYSTEM.items()]
    rows += [{"gateway": host, "route": route} for route, host in desk.account["gateways"].items()]
    return {"gateways": rows}


def remove(desk):
    """A gateway that numbers are routed to stays."""
    done, failed = [], []
    used = {one["route"] for one in desk.account["numbers"].values()}
    for row in desk.values["routes"]:
        unlucky = desk.unlucky(desk.values["routes"], row)
        if unlucky or row["route"] in used or desk.account["gateways"].pop(str(row["route"]), None) is None:
            failed.append(row)
            continue
        desk.effect("gateway_removed", route=row["route"])
        done.append(row)
    message = "At least one one route could not be removed. Please make sure no DID are routed to gateway."
    return settle(done, failed, ("routes", "removed_success", "removed_failed"), ("Gateways Removed", message))


def update(desk):
    done, failed = [], []
    for row in desk.values["gateways"]:
        problem = None
        if str(row["route"]) not in desk.account["gateways"] or desk.unlucky(desk.values["gateways"], row):
            problem = "Invalid number or route"
        elif not checks.gateway(row["gateway"]):
            problem = "Gateway should be a routable IP or Hostname and optional port"
        if problem:
            failed.append({"message": problem, **row})
            continue
        desk.account["gateways"][str(row["route"])] = row["gateway"]
        desk.effect("gateway_changed", **row)
        done.append(row)
    return settle(done, failed, ("gateways", "update_success", "update_failed"), ("Gateway updated", "Update result"))


HOST = checks.text(260)
CALLS = (
    Spec("gatewaysAdd", "/v2.1/gateways/add/", add, {"gateways!": [{"gateway!": HOST}]}),
    Spec("gatewaysList", "/v2.1/gateways/list/", listing, read=True),
    Spec("gatewaysRemove", "/v2.1/gateways/remove/", remove, {"routes!": [{"route!": checks.whole}]}),
    Spec(
        "gatewaysUpdate", "/v2.1/gateways/update/", update, {"gateways!": [{"gateway!": HOST, "route!": checks.whole}]}
    ),
)
