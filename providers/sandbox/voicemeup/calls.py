"""The call history: by days, by hours, or what came after a call already seen."""

from .. import lag
from . import cdr, checks
from .cdr import Cdr
from .checks import P
from .desk import Refusal
from .things import unknown
from .wire import E, row

GET_CALLS = (
    P("date_from", checks.date),
    P("date_to", checks.date),
    P("latest_hours", checks.integer(1)),
    P("call_hash", checks.call_hash),
    P("unique_id", checks.call_hash, invalid="call_hash_invalid"),
    P("direction", checks.enum("inbound", "outbound")),
    P("routing_type", checks.enum(*cdr.ROUTES), many=True),
    P("disposition", checks.enum(*cdr.DISPOSITIONS), many=True),
    P("result_limit", checks.integer(1, 1000)),
    P("result_offset", checks.integer(0)),
    P("extras", checks.yes_no),
    P("metadata", checks.enum("yes", "only", "all", "no")),
    P("routing_details", checks.yes_no),
    P("client_channel_id", checks.integer(0)),
    P("client_subaccount_id", checks.integer(0)),
)


def span(desk):
    """(first moment, moment after the last) of the dates or hours asked for; None when neither was sent."""
    low, high, hours = (desk.values.get(name) for name in ("date_from", "date_to", "latest_hours"))
    if bool(low) != bool(high):
        raise Refusal("required_parameter_not_found")
    if low and low > high:
        raise Refusal("date_to_invalid")
    if low:
        return desk.midnight(low), desk.midnight(high, 1)
    return (desk.now - hours * 3600, float("inf")) if hours else None


def chosen(desk):
    """The rows to look at, in the order of the answer, and how many to show by default."""
    log, wanted = cdr.log_of(desk.account), desk.values.get("call_hash") or desk.values.get("unique_id")
    if wanted:
        place = cdr.by_hash(desk.account, wanted)
        if place is None:
            raise Refusal("call_hash_invalid")
        return log[place + 1 :], 1
    days = span(desk)
    if days is None:
        raise Refusal("required_parameter_not_found")
    found = [entry for entry in log if days[0] <= entry[1] < days[1]]
    return sorted(found, key=lambda entry: (-entry[1], -entry[0])), 25


def fits(desk, call):
    values = desk.values
    if values.get("direction") and values["direction"] != way(call):
        return False
    if values.get("routing_type") and cdr.route(call) not in values["routing_type"]:
        return False
    if values.get("disposition") and cdr.disposition(call) not in values["disposition"]:
        return False
    sub, channel = values.get("client_subaccount_id"), values.get("client_channel_id")
    if sub not in (None, "") and call.sub != sub:
        return False
    if channel not in (None, "") and int((call.more or {}).get("channel", 0)) != channel:
        return False
    return values.get("metadata") != "only" or bool((call.more or {}).get("meta_data"))


def way(call):
    return "outbound" if call.direction == cdr.OUTBOUND else "inbound"


def shown(desk, call):
    number = desk.account["client_account_id"]
    rate, billed_seconds, amount = cdr.billing(call)
    source, destination = cdr.ends(call)
    stamp, more, where = desk.stamp(call.at), call.more or {}, cdr.place(call)
    values = {
        "call_hash": cdr.hash_of(number, call.id),
        "unique_id": cdr.hash_of(number, call.id),
        "date": stamp[:10],
        "time": stamp[11:],
        "call_time": stamp,
        "direction": way(call),
        "source": source,
        "destination": destination,
        "client_peer_id": call.peer or "",
        "client_did_id": call.did or "",
        "client_subaccount_id": call.sub,
        "client_channel_id": more.get("channel", 0),
        **where,
        "region": where["state"],
        "duration": call.seconds,
        "billed_duration": billed_seconds,
        "callerid_name": call.name,
        "callerid_number": source,
        "bindings": "",
        "status": cdr.disposition(call),
        "disposition": cdr.disposition(call),
        "routing_type": cdr.route(call),
        "normalized": "1",
        "billed_amount": f"{desk.amount(amount):.4f}",
        "current_rate": f"{desk.amount(rate):.4f}",
        "monthly_usage": "increment",
        **extras(desk, call),
    }
    if desk.values.get("routing_details") == "yes":
        values["routing_details"] = E("routing_details", [E(k, v) for k, v in details(desk, call).items()])
    return row("call_details", "call_hash", values)


def extras(desk, call):
    found, word, more = {}, cdr.disposition(call), call.more or {}
    if desk.values.get("extras") == "yes":
        busy = 1 + call.id % 3
        used = (busy, 0) if call.direction == cdr.INBOUND else (0, busy)
        limit = desk.account["subaccounts"].get(str(call.sub), {}).get("call_limit", "")
        found = {
            "failure_code": "" if word == "answered" else cdr.CAUSES.get(word, 31),
            "sip_response_code": cdr.SIP.get(word, 500),
            "account_usage_inbound": used[0],
            "account_usage_outbound": used[1],
            "account_call_limit": 20,
            "subaccount_usage_inbound": used[0] if call.sub else 0,
            "subaccount_usage_outbound": used[1] if call.sub else 0,
            "subaccount_call_limit": limit,
            "subaccount_channel_inbound": 0,
            "subaccount_channel_outbound": 0,
            "channel_usage_inbound": used[0],
            "channel_usage_outbound": used[1],
            "channel_usage_excess": 0,
        }
    if desk.values.get("metadata") in ("only", "all") or (
        desk.values.get("metadata") == "yes" and more.get("meta_data")
    ):
        found["meta_data"] = E("meta_data", more.get("meta_data", ""), free=True)
    return found


def details(desk, call):
    """What is at either end of a call."""
    ours = "peer" if call.peer else "did" if call.did else "number"
    mine = {"type": ours, "client_peer_id": call.peer or "", "client_did_id": call.did or "", "number": call.here}
    theirs = {"type": "extension" if cdr.route(call) == "internal" else "number", "number": call.there}
    source, destination = (mine, theirs) if call.direction == cdr.OUTBOUND else (theirs, mine)
    return {
        f"{end}_{k}": v for end, side in (("source", source), ("destination", destination)) for k, v in side.items()
    }


def get_calls(desk):
    wrong = unknown(desk, {name: desk.values.get(name) for name in ("client_channel_id", "client_subaccount_id")})
    if wrong:
        raise Refusal(*wrong)
    rows, usual = chosen(desk)
    limit, offset, found = desk.values.get("result_limit") or usual, desk.values.get("result_offset") or 0, []
    for entry in rows:
        call = Cdr(*entry)
        if fits(desk, call) and not lag.hidden(desk.call, call.at + call.seconds, desk.now, call.id):
            found.append(call)
            if len(found) == offset + limit:
                break
    return [E("calls", [shown(desk, call) for call in found[offset:]])]
