"""Jo Mobile's reports on texts: lists of rows, their acknowledgement, and the old form in an address."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.clients.errors import Unreadable
from providers.clients.jomobile.client import JoMobile
from providers.clients.jomobile.webhooks import acknowledgement, parse_legacy, parse_reports
from providers.clients.records import Delivery, Transmission

JSON = "application/json"


def row(number=701220145, **changes):
    found = {"id_state": number, "originator": "NORTHWIND", "phone": "40755501234", "type_sms": "sms"}
    found |= {"text_sms": "Code", "num_parts": 1, "part_no": 1, "state": "DELIVRD", "time": "2026-02-03 09:15:24"}
    return found | changes


def body(*rows):
    return json.dumps(list(rows)).encode()


def delivery(content, content_type=JSON, **query):
    return Delivery(body=content, content_type=content_type, query=query)


def test_reports_and_what_they_want_to_see():
    reports = parse_reports(body(row(), row("b-2", state="UNDELIV", part_no=2, num_parts=3)), JSON + "; charset=utf-8")
    assert [(one.external_id, one.transmission, one.part, one.parts) for one in reports] == [
        ("701220145", Transmission.DELIVERED, 1, 1),
        ("b-2", Transmission.FAILED, 2, 3),
    ]
    assert reports[0].at == datetime(2026, 2, 3, 9, 15, 24, tzinfo=UTC) and reports[1].failure == "UNDELIV"
    assert json.loads(acknowledgement(reports)) == ["701220145", "b-2"]


def test_one_report_may_come_without_its_list():
    assert len(parse_reports(json.dumps(row()).encode(), JSON)) == 1


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"null", b"5", b"[5]", b"{", b"[{}]", body(row(state="TELEPORTED")), body(row(state="")),
     body(row(time="soon")), body(row(None)), body(row(part_no=3, num_parts=2)), b"[" + b" " * 300_000 + b"]"],
)  # fmt: skip
def test_what_is_no_report(content):
    with pytest.raises(Unreadable):
        parse_reports(content, JSON)


def test_other_types_are_not_read():
    with pytest.raises(Unreadable):
        parse_reports(body(row()), "text/html")


def test_a_bad_row_does_not_sink_the_others_and_all_are_acknowledged():
    mixed = body(row(1), row(2, state="TELEPORTED"), row(1), "x")
    news = JoMobile.read_webhook(delivery(mixed), {}, "UTC")
    assert [one.external_id for one in news.reports] == ["1", "1"]
    assert JoMobile.webhook_answer(delivery(mixed)) == (b'["1", "2"]', JSON)
    with pytest.raises(Unreadable):
        JoMobile.read_webhook(delivery(body(row(2, state="TELEPORTED"))), {}, "UTC")


def test_the_old_form_in_the_address():
    query = {"id_state": "55", "state": "EXPIRED", "time": "2026-02-03 09:15:24"}
    assert parse_legacy(query).transmission is Transmission.FAILED
    asked = delivery(b"", "", **query)
    assert JoMobile.read_webhook(asked, {}, "UTC").reports[0].external_id == "55"
    assert JoMobile.webhook_answer(asked) == (b"55", "text/plain")
    assert "GET" in JoMobile.webhook_methods
    for bad in ({}, {"id_state": "55"}, {"id_state": "55", "state": "?"}):
        with pytest.raises(Unreadable):
            parse_legacy(bad)


def test_nothing_but_an_id_is_sent_back():
    assert JoMobile.webhook_answer(delivery(b"", "", id_state="<script>")) == (b"", "text/plain")
    assert JoMobile.webhook_answer(delivery(body(row("<b>"), row("a" * 101)))) == (b"[]", JSON)
    assert JoMobile.webhook_answer(delivery(b"<html>")) == (b"[]", JSON)


TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*row(), "x"]), inner, max_size=9),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None)
@given(TREES)
def test_any_json_is_reports_or_unreadable(tree):
    content = json.dumps(tree).encode()
    JoMobile.webhook_answer(delivery(content))
    try:
        assert parse_reports(content, JSON)
    except Unreadable:
        pass


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(list(row())), TREES, max_size=9))
def test_any_row_is_a_report_or_unreadable(changes):
    try:
        (found,) = parse_reports(body(row(**changes)), JSON)
    except Unreadable:
        return
    assert found.external_id and found.transmission in Transmission


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_reports_or_unreadable(content):
    JoMobile.webhook_answer(delivery(content))
    try:
        parse_reports(content, JSON)
    except Unreadable:
        pass
