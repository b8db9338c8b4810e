"""Ordered numbers: they come to the account after a while, as far as the world has any."""

import decimal

from ..demo.places import AREAS, neighbours, place_of
from . import inventory
from .desk import Desk

SETUP, MONTHLY = decimal.Decimal("1.00"), decimal.Decimal("1.25")


ORDERED = ("prefix", "ratecenter_id", "quantity", "sequential", "prefix_preference")


def order_new_dids(desk):
    """The staff have the order; the numbers come two paces of a port request later."""
    answer = inventory.order_new_dids(desk)
    values = desk.values
    order = {name: values[name] for name in ORDERED if values.get(name)}
    supports = {name: values[name] for name in ("t38_support", "sms_support", "mms_support") if values.get(name)}
    data = {"key": desk.account["key"], "order_id": desk.new_id("order"), "order": order, "supports": supports}
    due = desk.now + 2 * float(desk.sandbox.settings["port_step_s"])
    desk.sandbox.schedule(due, desk.upstream.slug, "order_step", data)
    return answer


def areas_of(order):
    """The area codes to take numbers from, the one asked for first."""
    npa = order.get("prefix", "")[:3]
    if order.get("ratecenter_id"):
        return [n for n, area in AREAS.items() if area.ratecenter_id == int(order["ratecenter_id"])]
    if order.get("prefix_preference") == "prefix_only" or place_of(npa) is None:
        return [npa]
    here = AREAS[npa].city
    return [npa, *(n for n in neighbours(npa) if n != npa and AREAS[n].city == here)]


def free_numbers(upstream, npa):
    """Fictional numbers of an area code that nobody has and that are not for sale."""
    state = upstream.state
    taken = {did["phone_number"] for a in state["accounts"].values() for did in a["dids"].values()}
    taken |= {number["phone_number"] for number in state["inventory"].values()}
    return [n for n in (f"{npa}5550{line}" for line in range(100, 199)) if n not in taken]


def happen_step(upstream, data, due):
    desk, order = Desk(upstream, upstream.state["accounts"][data["key"]]), data["order"]
    free = [number for npa in areas_of(order) for number in free_numbers(upstream, npa)]
    if order.get("sequential") != "sequential":
        free.sort(key=lambda number: int(number[-2:]) * 37 % 100)
    chosen = free[: int(order["quantity"])]
    dids = [inventory.add_number(desk, number, **data["supports"]) for number in chosen]
    for did in dids:
        desk.charge(SETUP, f"Setup fee {did['phone_number']}")
        desk.charge(MONTHLY, f"Monthly fee {did['phone_number']}")
    desk.effect(
        "dids_delivered",
        order_id=data["order_id"],
        wanted=order["quantity"],
        phone_numbers=chosen,
        client_did_ids=[did["client_did_id"] for did in dids],
    )
