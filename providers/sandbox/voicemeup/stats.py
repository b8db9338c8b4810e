"""Totals over a period: of calls, of texts, and of what is stored."""

import collections
import datetime
import decimal

from . import cdr, checks, storage
from .cdr import Cdr
from .checks import P
from .desk import Refusal
from .things import unknown
from .wire import E, row

ROUTING_TYPES = (*cdr.ROUTES[1:], "paypercall_origination", "total")
MESSAGE_TYPES = ("sms_inbound", "sms_outbound", "mms_inbound", "mms_outbound", "total")
PERIOD = (
    P("date_from", checks.date),
    P("date_to", checks.date),
    P("client_subaccount_ids", checks.integer(0), many=True),
)
CALLS_STATS = (*PERIOD, P("routing_types", checks.enum(*ROUTING_TYPES), many=True))
SMS_STATS = (*PERIOD, P("message_types", checks.enum(*MESSAGE_TYPES), many=True))
STORAGE_STATS = (*PERIOD, P("storage_types", checks.enum(*storage.TYPES, "total"), many=True))
MOST_SUBACCOUNTS = 10


def period(desk):
    """The two days, today by default, at most a year apart."""
    today = desk.today().isoformat()
    low, high = desk.values.get("date_from") or today, desk.values.get("date_to") or today
    first, last = datetime.date.fromisoformat(low), datetime.date.fromisoformat(high)
    if first > last or (last - first).days > 366:
        raise Refusal("date_from_invalid")
    return low, high


def blocks(desk, owner_of):
    """(name, subaccount or None, whether a thing counts there) of each block of the answer."""
    wanted = desk.values.get("client_subaccount_ids") or []
    if len(wanted) > MOST_SUBACCOUNTS or unknown(desk, {"client_subaccount_id": wanted}):
        raise Refusal("client_subaccount_ids_invalid")
    if not wanted:
        yield "main_account", None, lambda thing: owner_of(thing) in ("0", "")
        yield "whole_account", None, lambda thing: True
    for number in wanted:
        yield "subaccount", number, lambda thing, number=str(number): owner_of(thing) == number


def block(name, number, rows):
    if number is None:
        return E(name, rows)
    return E(name, [E("client_subaccount_id", number), *rows], {"client_subaccount_id": str(number)})


def get_calls_stats(desk):
    low, high = period(desk)
    first, end = desk.midnight(low), desk.midnight(high, 1)
    calls = [Cdr(*entry) for entry in cdr.log_of(desk.account) if first <= entry[1] < end]
    found = []
    for name, number, counts in blocks(desk, lambda call: str(call.sub)):
        sums = collections.defaultdict(lambda: [0, 0, 0, decimal.Decimal(0)])
        for call in filter(counts, calls):
            _, billed, amount = cdr.billing(call)
            for kind in (cdr.route(call), "total"):
                add(sums[kind], 1, call.seconds, billed, decimal.Decimal(amount))
        kinds = desk.values.get("routing_types") or ROUTING_TYPES
        found.append(block(name, number, [call_sums(desk, kind, *sums[kind]) for kind in kinds]))
    return [E("calls_stats", found)]


def add(sums, *amounts):
    for i, amount in enumerate(amounts):
        sums[i] += amount


def call_sums(desk, kind, calls, duration, billed, amount):
    values = {
        "routing_type": kind,
        "calls": calls,
        "duration": duration,
        "billed_duration": billed,
        "billed_amount": f"{desk.amount(amount):.4f}",
    }
    return row("calls_stats_details", "routing_type", values)


def get_sms_stats(desk):
    low, high = period(desk)
    first, end = desk.midnight(low), desk.midnight(high, 1)
    texts = [sms for sms in desk.account["sms"] if first <= sms["at"] < end]
    found = []
    for name, number, counts in blocks(desk, lambda sms: str(sms["client_subaccount_id"])):
        sums = collections.defaultdict(lambda: [0, decimal.Decimal(0)])
        for sms in filter(counts, texts):
            for kind in (f"{'mms' if sms.get('attachment') else 'sms'}_{sms['direction']}", "total"):
                add(sums[kind], 1, decimal.Decimal(sms.get("billed_amount", "0")))
        kinds = desk.values.get("message_types") or MESSAGE_TYPES
        found.append(block(name, number, [text_sums(desk, kind, *sums[kind]) for kind in kinds]))
    return [E("sms_stats", found)]


def text_sums(desk, kind, quantity, amount):
    values = {"message_type": kind, "quantity": quantity, "billed_amount": f"{desk.amount(amount):.4f}"}
    return row("sms_stats_details", "message_type", values)


def get_storage_stats(desk):
    """What lay there at the end of the last day and had come by then."""
    _, high = period(desk)
    end = desk.midnight(high, 1)
    things = [thing for thing in storage.things(desk.account) if thing.at < end]
    found = []
    for name, number, counts in blocks(desk, lambda thing: thing.owner):
        sums = collections.Counter()
        for thing in filter(counts, things):
            sums[thing.kind] += thing.size
            sums["total"] += thing.size
        kinds = desk.values.get("storage_types") or (*storage.TYPES, "total")
        rows = [row("storage_stats_details", "storage_type", {"storage_type": k, "size": sums[k]}) for k in kinds]
        found.append(block(name, number, rows))
    return [E("storage_stats", found)]
