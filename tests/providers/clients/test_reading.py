"""JSON and XML come out as one structure, or as `Unreadable`, whatever the bytes are."""

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.clients.errors import Unreadable
from providers.clients.reading import read_json, read_xml


def test_json_and_xml_give_the_same_structure():
    xml = b"""<?xml version="1.0" encoding="utf-8"?>
    <response>
      <response_details><response_status>success</response_status>
        <response_messages><message code="a">one</message><message code="b"/></response_messages></response_details>
      <dids><did_details client_did_id="7"><client_did_id>7</client_did_id>
        <friendly_name><![CDATA[Front desk ]]></friendly_name><comments/></did_details></dids>
    </response>"""
    same = {
        "response_details": {
            "response_status": "success",
            "response_messages": {"message": [{"code": "a", "_content": "one"}, {"code": "b"}]},
        },
        "dids": {"did_details": {"client_did_id": "7", "friendly_name": "Front desk", "comments": ""}},
    }
    assert read_xml(xml) == same == read_json(json.dumps(same).encode())


def test_numbers_are_never_floats():
    assert read_json(b'{"a": 1.10, "b": 3}') == {"a": Decimal("1.10"), "b": 3}


def test_a_byte_order_mark_is_no_harm():
    assert read_json(b'\xef\xbb\xbf{"a": "b"}') == {"a": "b"}
    assert read_xml(b"\xef\xbb\xbf<r><a>b</a></r>") == {"a": "b"}


def test_characters_that_no_database_stores_are_replaced():
    assert read_json(b'{"a\\u0000": "x\\u0000y\\ud83d"}') == {"a\ufffd": "x\ufffdy\ufffd"}


@pytest.mark.parametrize(
    "body",
    (
        b"",
        b"<html>maintenance</html>",
        b'{"Enabled": yes}',
        b'{"a": 1,}',
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1, "a": 2}',
        b'{"a": 1} {"b": 2}',
        b'{"a": "\xe9"}',
        b'{"a": ' + b"1" * 5000 + b"}",
        b'{"a": 1e999999999999}',
        b'{"a": 1e400}',
        b"[" * 100_000 + b"]" * 100_000,
        b"[" * 60 + b"]" * 60,
        b'{"a": "cut',
        b"\xff\xfe{\x00}\x00",
    ),
    ids=lambda body: repr(body[:20]),
)
def test_bad_json_is_unreadable(body):
    with pytest.raises(Unreadable):
        read_json(body)


BOMB = b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><r>&b;</r>'


@pytest.mark.parametrize(
    "body",
    (
        b"",
        b'{"a": "b"}',
        BOMB,
        b"<!DOCTYPE r><r/>",
        b'<!DOCTYPE r SYSTEM "file:///etc/passwd"><r/>',
        b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>',
        b"<r><a></r>",
        b"<r>&unknown;</r>",
        b"<r/><r/>",
        b"<a>" * 200_000 + b"</a>" * 200_000,
        b"<a>" * 60 + b"</a>" * 60,
        b'<?xml version="1.0" encoding="no-such"?><r/>',
        b'<?xml version="1.0" encoding="utf-32"?><r/>',
        b"<r>\xff\xfe</r>",
        b"<r>\x00</r>",
    ),
    ids=lambda body: repr(body[:20]),
)
def test_bad_xml_is_unreadable(body):
    with pytest.raises(Unreadable) as caught:
        read_xml(body)
    assert caught.value.__context__ is None, "a parser's error may hold the whole body"


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read_or_unreadable(body):
    for read in (read_json, read_xml):
        try:
            read(body)
        except Unreadable:
            pass
