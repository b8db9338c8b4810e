"""Mutated answers: every method gives records or our errors, never anything else, and never shows a secret."""

import copy
import json
import traceback
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from providers.clients.errors import UpstreamError
from providers.clients.http import Answer
from tests.providers.clients.voximplant_asked import CALLS, DONE, OURS, PASSWORD, SINCE, THEIRS, UNTIL
from tests.providers.clients.voximplant_made import ACCOUNT, API_KEY, OLD, PHONE, client, listing

MORE = {
    "account": (lambda c: c.account(), {"result": ACCOUNT}),
    "prices": (lambda c: c.prices(), CALLS["GetResourcePrice"][2]),
    "charges": (lambda c: c.charges(), listing(PHONE)),
    "calls": (lambda c: c.calls(SINCE, UNTIL), CALLS["GetCallHistory"][2]),
    "recordings": (lambda c: c.recordings(SINCE, UNTIL), CALLS["GetCallHistory"][2]),
    "messages": (lambda c: c.messages(SINCE.date(), UNTIL.date()), CALLS["GetSmsHistory"][2]),
    "message": (lambda c: c.message("901"), CALLS["GetSmsHistory"][2]),
    "available_numbers": (lambda c: c.available_numbers("628"), CALLS["GetPhoneNumberRegions"][2]),
    "number": (lambda c: c.number(number=OURS), listing(PHONE)),
    "update_number": (lambda c: c.update_number("7301", {"sms": True}), listing(PHONE)),
    "subaccounts": (lambda c: c.subaccounts(with_numbers=True), listing(ACCOUNT | PHONE)),
    "create_subaccount": (lambda c: c.create_subaccount("lachance est", "L", "fr", "r"), {"result": ACCOUNT}),
    "send_message": (lambda c: c.send_message("LACHANCE", THEIRS, "x"), CALLS["A2PSendSms"][2]),
}
ASKED = {call: (ask, answer if answer is not None else DONE) for call, (ask, _, answer) in CALLS.items()} | MORE
LEAVES = ["", None, [], {}, 0, 7, -1, True, False, "0", "teleported", "NaN", "-5.00", "1e400", "2026-13-45", 1e300]
LEAVES += ["1" * 40, "\u0661", "x" * 3000, "2026-07-02 25:00:00", "UTC", "../../etc", "\x00", 0.1, API_KEY, PASSWORD]
LEAVES += [["a", "b"], [{}], {"a": {"b": []}}, [[["x"]]], {"code": 100, "msg": API_KEY}, "9999-12-31 23:59:59"]


def places(tree, path=()) -> Iterator[tuple]:
    """The path of every value of a tree."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from places(value, (*path, key))


@st.composite
def spoilt(draw, answer) -> bytes:
    """An answer with a few values changed, left out or doubled, or its bytes cut."""
    tree = copy.deepcopy(answer)
    for _ in range(draw(st.integers(0, 4))):
        if not (known := list(places(tree))):
            break
        *path, last = draw(st.sampled_from(known))
        holder = tree
        for key in path:
            holder = holder[key]
        if draw(st.booleans()):
            holder[last] = copy.deepcopy(draw(st.sampled_from(LEAVES)))
        else:
            del holder[last]
    if draw(st.integers(0, 9)) == 0:
        tree["error"] = draw(st.sampled_from(LEAVES))
    body = json.dumps(tree).encode()
    return body[: draw(st.integers(0, len(body)))] if draw(st.integers(0, 9)) == 0 else body


class Enough(Exception):
    """A listing that never ends."""


def limited(*bodies):
    """The answers in turn, then the last; a client that asks for ever is a failure."""
    left, given_out = list(bodies), []

    def answer(_):
        given_out.append(1)
        if len(given_out) > 60:
            raise Enough
        return left.pop(0) if len(left) > 1 else left[0]

    return answer


def outcome(call, *bodies) -> str:
    """What came of asking, as everything that staff may see of it: errors, rows as kept, rows unread, exchanges."""
    notes = Notes()
    asked = client(limited(*bodies), credentials=OLD, observer=notes)
    try:
        found = ASKED[call][0](asked)
        found = list(found) if isinstance(found, Iterator) else found
    except UpstreamError as error:
        return "".join(traceback.format_exception(error)) + repr(vars(error)) + repr(notes.exchanges)
    rows = found if isinstance(found, list) else [found]
    return repr([getattr(row, "raw", None) for row in rows]) + repr(asked.unread) + repr(notes.exchanges)


class Notes:
    """An observer."""

    def __init__(self):
        self.exchanges = []

    def before(self, call, bucket): ...

    def after(self, exchange):
        self.exchanges.append(exchange)

    def limited(self, bucket, *, hard, until=None): ...


@pytest.mark.parametrize("call", ASKED)
def test_spoilt_answers_give_records_or_our_errors(call):
    @given(st.data())
    @settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def spoil(data):
        bodies = data.draw(st.lists(spoilt(ASKED[call][1]), min_size=1, max_size=2))
        shown = outcome(call, *bodies)
        assert API_KEY not in shown

    spoil()


@given(st.binary(max_size=200), st.sampled_from(sorted(ASKED)))
@settings(max_examples=60, deadline=None)
def test_any_bytes_give_records_or_our_errors(body, call):
    outcome(call, body)


@pytest.mark.parametrize("content_type", ("text/html", "", "application/octet-stream", "text/plain"))
def test_an_answer_of_another_type_is_ours_to_refuse(content_type):
    for call in ("GetAccountInfo", "SendSmsMessage", "GetPhoneNumbers"):
        asked = client(Answer(200, content_type, b'{"result": 1, "message_id": 5}'))
        with pytest.raises(UpstreamError) as caught:
            found = ASKED[call][0](asked)
            list(found)
        assert caught.value.effect == "unknown"
