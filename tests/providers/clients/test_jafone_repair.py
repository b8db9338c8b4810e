"""The tolerant reading of JaFone: it mends what the document breaks and nothing else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.clients.errors import Unreadable
from providers.clients.jafone.repair import read, repair
from providers.clients.reading import read_json

BARE_YES = b'{\n"Status": "Success",\n"CallForwardingInfo": {\n"Enabled": yes,\n"PhoneNumber": "5145550134"\n}\n}'
COMMENT = b'{\n"Status": "Success",\n"CallRoutingType": [\n{\n"RoutingType": "1" # 0 = standard, 1= premium\n}\n]\n}'
NO_COMMA = b'{\n"Status": "Success",\n"DoNotContact": {\n"PhoneNumber": "5145550134"\n"OptIn": "no"\n}\n}'
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.text(max_size=12)
    | st.sampled_from(["yes", "#", 'a"b']),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES, st.sampled_from([None, 0, 2, "\t"]), st.booleans())
def test_valid_json_is_never_changed(value, indent, ascii_only):
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assert repair(text) == text


@given(st.text(alphabet='{}[]:,"# \nyesno\\1abc'))
def test_whatever_comes_is_read_or_refused(text):
    try:
        read(text.encode())
    except Unreadable:
        pass


@given(VALUES)
def test_what_is_read_strictly_is_read_the_same_tolerantly(value):
    body = json.dumps(value).encode()
    assert read(body) == read_json(body)


def test_bare_words_become_strings():
    assert read(BARE_YES)["CallForwardingInfo"] == {"Enabled": "yes", "PhoneNumber": "5145550134"}
    assert read(BARE_YES.replace(b"yes", b"no"))["CallForwardingInfo"]["Enabled"] == "no"


def test_a_comment_is_left_out():
    assert read(COMMENT)["CallRoutingType"] == [{"RoutingType": "1"}]


def test_the_missing_comma_is_put_in():
    assert read(NO_COMMA)["DoNotContact"] == {"PhoneNumber": "5145550134", "OptIn": "no"}
    assert read(b'{"a": "1" "b": "2"}') == {"a": "1", "b": "2"}


def test_all_three_at_once():
    assert read(b'{"a": yes, # really\n"b": "1"\n"c": "2"}') == {"a": "yes", "b": "1", "c": "2"}


def test_words_and_signs_inside_strings_stay():
    body = b'{"a": "x: yes # no", "b": yes}'
    assert read(body) == {"a": "x: yes # no", "b": "yes"}


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": maybe}',
        b'{"a": true "b": 1}',
        b'["a" "b"]',
        b'{"a": "b" "c"}',
        b'{"a": 1,}',
        b'{"a": "b',
        b"{'a': 'b'}",
        b'{"a": Yes}',
        b'{"a": "1"} {"b": "2"}',
        b"<html>yes</html>",
        b"",
        b"\xff\xfe",
        b'{"a": "1", "a": "2"}',
    ],
)
def test_other_faults_are_refused(body):
    with pytest.raises(Unreadable):
        read(body)


def test_a_hostile_body_is_refused_quickly():
    with pytest.raises(Unreadable):
        read(b'{"a": "' + b'\\"' * 500_000)
