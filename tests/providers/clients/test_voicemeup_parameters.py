"""The tables of parameters: whatever a caller gives or a row tells, it is wire text or one of our errors."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.clients.errors import Unreadable
from providers.clients.voicemeup import parameters, structures
from providers.clients.voicemeup.call_director import DIRECTOR_PROFILE
from providers.clients.voicemeup.callerid import CALLERID_PROFILE
from providers.clients.voicemeup.devices import ENDPOINT
from providers.clients.voicemeup.dispatch import BROADCAST, DISPATCH
from providers.clients.voicemeup.faxes import FAX
from providers.clients.voicemeup.inventory import ORDER
from providers.clients.voicemeup.mailboxes import MAILBOX
from providers.clients.voicemeup.parameters import Wrong
from providers.clients.voicemeup.peers import PEER
from providers.clients.voicemeup.queues import QUEUE
from providers.clients.voicemeup.schedules import SCHEDULE
from providers.clients.voicemeup.threecx import SERVER
from providers.clients.voicemeup.whitepages import LISTING

RESOURCES = (DIRECTOR_PROFILE, CALLERID_PROFILE, ENDPOINT, MAILBOX, PEER, QUEUE, SCHEDULE, SERVER, LISTING)
EVERY = [param for resource in RESOURCES for param in resource.params] + [*BROADCAST, *DISPATCH, *FAX, *ORDER]
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=20), st.dates(), st.binary(max_size=4))
NAMES = st.sampled_from(["status", "days", "type", "value", "offset", "callerid_name", "1", "_content"])
ANYTHING = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3))


@given(param=st.sampled_from(EVERY), value=ANYTHING)
@settings(max_examples=600, deadline=None)
def test_any_value_becomes_wire_text_or_is_wrong(param, value):
    try:
        wired = param.wire(value)
    except Wrong as wrong:
        assert wrong.code and "_" not in wrong.code
        return
    parts = wired.values() if isinstance(wired, dict) else [wired]
    assert all(isinstance(part, str) and "\x00" not in part for part in parts)


@given(param=st.sampled_from(EVERY), value=ANYTHING)
@settings(max_examples=600, deadline=None)
def test_anything_that_a_row_tells_can_be_sent_back_or_is_unreadable(param, value):
    try:
        told = param.tell(value)
    except Unreadable:
        return
    assert isinstance(told, str) or all(isinstance(part, str) for part in told.values())


@pytest.mark.parametrize(
    ("param", "value", "expected"),
    (
        (parameters.flag("x"), True, "1"),
        (parameters.flag("x"), "0", "0"),
        (parameters.yes_no("x"), False, "no"),
        (parameters.whole("x", 0, 115, 5), 15, "15"),
        (parameters.phone("x"), "+15145550134", "5145550134"),
        (parameters.phone("x"), "5145550134", "5145550134"),
        (parameters.phone("x", foreign=True), "+442079460123", "442079460123"),
        (parameters.some_of("x", "a b"), ["a", "b"], "a,b"),
        (parameters.ids("x"), ["1", 2], "1,2"),
        (parameters.day("x"), date(2026, 1, 2), "2026-01-02"),
        (parameters.emails("x"), "a@b.example,c@d.example", "a@b.example,c@d.example"),
        (parameters.text("x", 2, 4), "", ""),
        (structures.json_tree("x"), {"1": {"label": "Été"}}, '{"1":{"label":"Été"}}'),
        (structures.bracketed("x", parameters.whole("n")), [{"n": 1}, {"n": 2}], {"[0][n]": "1", "[1][n]": "2"}),
    ),
)
def test_a_good_value_is_written_as_the_manual_says(param, value, expected):
    assert param.wire(value) == expected


@pytest.mark.parametrize(
    ("param", "value", "code"),
    (
        (parameters.flag("x"), "maybe", "not-offered"),
        (parameters.whole("x", 0, 115, 5), 3, "out-of-range"),
        (parameters.whole("x"), "-1", "not-a-number"),
        (parameters.whole("x"), True, "not-text"),
        (parameters.phone("x"), "+442079460123", "not-nanp"),
        (parameters.digits("x", 10), "514555013", "not-digits"),
        (parameters.digits("x", 10), "514555013\u0664", "not-digits"),
        (parameters.day("x"), "2/1/2026", "not-a-date"),
        (parameters.url("x"), "ftp://x.example", "not-an-url"),
        (parameters.listed("x"), ["a,b"], "not-a-list"),
        (parameters.text("x", 2, 4), "abcde", "length"),
        (structures.bracketed("x", parameters.whole("n"), least=1), "1", "not-a-list"),
        (structures.json_tree("x"), '"text"', "not-json"),
    ),
)
def test_a_bad_value_says_what_is_wrong(param, value, code):
    with pytest.raises(Wrong) as caught:
        param.wire(value)
    assert caught.value.code == code
