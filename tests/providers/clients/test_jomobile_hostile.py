"""Mutated answers of Jo Mobile: every method gives records or our errors, never anything else, and shows no secret."""

import copy
import json
import traceback
from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.clients.errors import UpstreamError
from providers.clients.http import Answer
from providers.clients.jomobile.client import JoMobile
from providers.clients.jomobile.sending import OutgoingText
from providers.clients.records import ContactRecord

TOKEN = "Qm3xT7pLr9-vKc2WnYd5Hs8_Zf1Jb0"
NUMBER, DAY = "+40755501234", date(2026, 7, 15)
ROW = {
    "id_state": 7,
    "originator": "NORTHWIND",
    "phone": "40755501234",
    "type_sms": "sms",
    "text_sms": "Code",
    "num_parts": 1,
    "part_no": 1,
    "state": "DELIVRD",
    "time": "2026-02-03 09:15:24",
    "id_group": 41,
    "name_group": "G",
    "numbers_count": 3,
    "ISO": "RO",
    "MCC": 226,
    "MNC": 10,
    "price": 0.5,
    "currency": "EUR",
}
DATA = {
    **ROW,
    "login": "n",
    "balance_units": 1.5,
    "authorization_code": "3f0a9c1be2d84756a1b2c3d4e5f60718",
    "access_token": TOKEN,
    "expires_at": 4102444800,
    "40755501234": [{"id_state": 7}],
    "sending": {"details": {"number": ["40755501234"], "sentID": 5}},
    "details": {"sentID": 5},
    "groupDetails": {"id_group": 41, "name_group": "G", "countPhoneAfter": 2},
    "blacklistDetails": {"countAfter": 2},
    "list": [ROW],
    "Europe": [ROW],
}
TEXT = OutgoingText(numbers=(NUMBER,), sender="N", body="x")
CALLS = {
    "login": lambda c: c.login(),
    "me": lambda c: c.me(),
    "account": lambda c: c.account(),
    "balance": lambda c: c.balance(),
    "register": lambda c: c.register("a", "b-long-word", "c", NUMBER, "d"),
    "send_message": lambda c: c.send_message("N", NUMBER, "x"),
    "send_package": lambda c: c.send_package([TEXT]),
    "send_bulk": lambda c: c.send_bulk("N", "x", ["41"]),
    "preview": lambda c: c.preview([TEXT]),
    "messages": lambda c: c.messages(DAY, DAY),
    "groups": lambda c: c.groups(),
    "group": lambda c: c.group("41"),
    "create_group": lambda c: c.create_group("G"),
    "delete_groups": lambda c: c.delete_groups(["41"]),
    "add_contacts": lambda c: c.add_contacts("41", [ContactRecord(external_id="", number=NUMBER)]),
    "find_contacts": lambda c: c.find_contacts("41", [NUMBER]),
    "remove_contacts": lambda c: c.remove_contacts("41", [NUMBER]),
    "contacts": lambda c: c.contacts([NUMBER]),
    "opt_outs": lambda c: c.opt_outs(DAY, DAY),
    "black_listed": lambda c: c.black_listed([NUMBER]),
    "add_opt_out": lambda c: c.add_opt_out(NUMBER),
    "remove_opt_out": lambda c: c.remove_opt_out(NUMBER),
    "prices": lambda c: c.prices(),
    "product_prices": lambda c: c.product_prices(),
    "country_prices": lambda c: c.country_prices(),
    "countries": lambda c: c.countries(),
    "legacy_send": lambda c: c.legacy_send(TEXT),
    "legacy_preview": lambda c: c.legacy_preview(NUMBER, "N", "x"),
    "logout": lambda c: c.logout(),
}
WEIRD = st.sampled_from(
    [None, True, "", " ", 0, -1, 1.5, 10**40, "x" * 300, [], {}, [[]], [{}], {"a": {"b": []}}, "\u0000", "\ud800", "é", "²",
     "0000-00-00 00:00:00", "9999-12-31 23:59:59", "<script>", TOKEN, [None], "NaN", "1e5", "٣"]
)  # fmt: skip


def paths(tree, here=()):
    yield here
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in items:
        yield from paths(value, (*here, key))


def mutated(tree, path, value):
    if not path:
        return value
    tree = copy.copy(tree)
    tree[path[0]] = mutated(tree[path[0]], path[1:], value)
    return tree


WHOLE = {"status": True, "data": DATA}
LISTED = {"status": True, "data": [ROW]}
REFUSED = {"status": False, "error_code": 400, "errors": {"number": ["bad"], "text": ["no_client_price"]}}
ANSWERS = st.sampled_from([WHOLE, LISTED, REFUSED])


def client_that_hears(body: bytes, status: int):
    client = JoMobile("http://sandbox.invalid", {"username": "n", "password": "n0rthw1nd-pass", "access_token": TOKEN})
    client.http.send = lambda request: Answer(status, "application/json", body)
    return client


def tried(client, call):
    try:
        result = CALLS[call](client)
        if isinstance(result, Iterator):
            result = list(result)
    except UpstreamError as error:
        shown = "".join(traceback.format_exception(error)) + repr(error.words) + repr(getattr(error, "problems", ()))
        assert TOKEN not in shown and "n0rthw1nd-pass" not in shown
        return error
    if call != "login":
        assert TOKEN not in raws_of(result) + repr(client.unread)
    return result


def raws_of(result) -> str:
    """What of an answer is kept as it came. A field that was read is what the upstream says it is, were it our own token."""
    rows = result if isinstance(result, (list, tuple)) else [result]
    return "".join(repr(getattr(row, "raw", row if isinstance(row, dict) else "")) for row in rows)


@pytest.mark.parametrize("call", CALLS)
@settings(max_examples=20, deadline=None)
@given(answer=ANSWERS, data=st.data())
def test_a_mutated_answer(call, answer, data):
    path = data.draw(st.sampled_from(list(paths(answer))))
    tree = mutated(answer, path, data.draw(WEIRD))
    status = data.draw(st.sampled_from([200, 200, 200, 400, 401, 403, 404, 422, 429, 500]))
    tried(client_that_hears(json.dumps(tree).encode("utf-8", "surrogatepass"), status), call)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"{", b"<html></html>", b"\xff\xfe", b"\xef\xbb\xbf{}", b'{"status":true}', b'{"status":NaN}',
     b'{"status":true,"status":true}', b"[" * 3000, b'{"status":true,"data":' + b"9" * 6000 + b"}"],
)  # fmt: skip
def test_a_broken_answer(call, body):
    tried(client_that_hears(body, 200), call)


@pytest.mark.parametrize("call", CALLS)
def test_a_whole_answer_can_be_read_one_way_or_the_other(call):
    results = [tried(client_that_hears(json.dumps(tree).encode(), 200), call) for tree in (WHOLE, LISTED)]
    assert not all(isinstance(result, UpstreamError) for result in results)
