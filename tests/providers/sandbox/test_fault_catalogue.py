"""The catalogue of faults: every one of them strikes over a real socket and says in the journal that it did."""

import contextlib
import gzip
import http.client
import json
import xml.etree.ElementTree as ElementTree
import zlib

import pytest

from providers.sandbox.catalogue import KNOWN, MEANING, REPEATING, TLS, WEBHOOKS, WIRE
from tests.providers.sandbox.caller import status_of

QUICK = {"seconds": 0.05, "max_s": 0.1, "interval": 0, "mb": 1, "depth": 2000, "length": 2000, "digits": 5000}
NO_TEXT = {"http_204", "http_304"}


def states(api, output="json", **more):
    return api.raw("get_states", output=output, country_id="38", **more)


def struck(api, fault, output="json", call=states, **args):
    """What the call got under one fault: (status, headers, body), or the error."""
    api.do("faults", fault=fault, count=1, args=args)
    try:
        return call(api, output)
    except (OSError, http.client.HTTPException) as error:
        return error


def rows(api, **params):
    return api.call("get_sms", **params)["sms"]["sms_details"]


@pytest.fixture
def plain(api):
    """A proper answer of the same call, to compare with."""
    return states(api)[2]


@pytest.mark.parametrize("output", ["json", "xml"])
@pytest.mark.parametrize("group", ["transport", "status", "redirect", "content", "mixed up", "schema"])
def test_every_fault_of_the_wire_strikes_and_leaves_the_sandbox_well(api, group, output, capfd):
    plain = states(api, output)
    for fault in (one for one in KNOWN.values() if one.group == group):
        for args in fault.variants:
            api.do("faults", call="get_states", fault=fault.name, count=1, args={**QUICK, **args})
            with contextlib.suppress(OSError, http.client.HTTPException):
                states(api, output)
            assert api.see("journal?call=get_states")[-1]["fault"] == fault.name
    assert states(api, output)[::2] == plain[::2]
    assert "Traceback" not in "".join(capfd.readouterr()), "the sandbox itself is well"


def test_the_door_lists_every_fault_with_its_group_and_phases(api):
    groups = api.see("faults?known=1")
    assert {row["name"] for rows in groups.values() for row in rows} >= WIRE | MEANING | set(TLS) | set(WEBHOOKS)
    assert all(row["says"] and row["phases"] and row["variants"] for rows in groups.values() for row in rows)
    limited = next(row for row in groups["status"] if row["name"] == "http_429")
    assert {"retry_after": "ten_years"} in limited["variants"] and limited["phases"] == ["before", "after"]


@pytest.mark.parametrize("fault", ["close_unread", "hang_unread", "refuse"])
def test_what_strikes_before_the_request_is_read_is_in_no_journal(api, fault):
    before = len(api.see("journal"))
    assert isinstance(struck(api, fault, seconds=0.05), (OSError, http.client.HTTPException))
    assert len(api.see("journal")) == before
    api.do("faults", call="get_states", fault=fault, count=1, args={"seconds": 0.05})
    with pytest.raises((OSError, http.client.HTTPException)):
        states(api)
    assert api.see("journal")[-1]["fault"] == fault, "a rule for one call has to know the call"


@pytest.mark.parametrize(
    ("form", "wanted"),
    [("none", None), (30, "30"), ("negative", "-30"), ("ten_years", "315360000"), ("word", "soon"), ("0", "0")],
)
def test_forms_of_retry_after(api, form, wanted):
    assert struck(api, "http_429", retry_after=form)[1].get("Retry-After") == wanted


def test_retry_after_as_a_date_goes_by_the_virtual_clock(api):
    api.do("clock", set=0, rate=0)
    assert struck(api, "http_503", retry_after="date")[1]["Retry-After"] == "Thu, 01 Jan 1970 00:02:00 GMT"
    assert struck(api, "http_503", retry_after="past_date")[1]["Retry-After"] == "Wed, 31 Dec 1969 00:00:00 GMT"


def test_an_error_status_may_carry_the_proper_body(api, plain):
    assert struck(api, "http_500", body="own")[::2] == (500, plain)
    assert struck(api, "http_500", body="none")[2] == b""
    assert struck(api, "http_204")[::2] == (204, b"")


@pytest.mark.parametrize(
    ("fault", "where"),
    [
        ("redirect_loop", "/voicemeup/api/v1.1/json/get_states"),
        ("redirect_other_host", "https://elsewhere.invalid/voicemeup/api/v1.1/json/get_states"),
        ("redirect_to_file", "file:///etc/hostname"),
        ("redirect_nowhere", None),
    ],
)
def test_redirects(api, fault, where):
    assert (struck(api, fault)[0], struck(api, fault, status=307)[1].get("Location")) == (302, where)
    assert struck(api, "redirect_plain_http")[1]["Location"].startswith(f"http://{api.host}/")
    assert struck(api, "redirect_other_host", location="http://127.0.0.1:1/")[1]["Location"] == "http://127.0.0.1:1/"


NOT_JSON = {
    "invalid_json",
    "cut_body",
    "trailing_comma",
    "single_quotes",
    "two_documents",
    "text_before",
    "text_behind",
}


@pytest.mark.parametrize("fault", sorted(NOT_JSON | {"html_page", "empty", "other_format", "plain_words", "nul_bytes"}))
def test_bodies_that_are_not_json(api, fault):
    status, _, body = struck(api, fault)
    assert status == 200
    with pytest.raises(ValueError):
        json.loads(body)


def test_bodies_that_are_json_but_odd(api, plain):
    assert json.loads(struck(api, "scalar_body")[2]) == "ok" and json.loads(struck(api, "null_body")[2]) is None
    found = json.loads(struck(api, "nan")[2])
    assert found["infinity"] == float("inf")
    assert len(json.loads(struck(api, "repeated_keys")[2])) == len(json.loads(plain))
    assert b"[" * 1000 in struck(api, "deep_nesting", depth=1000)[2]
    with pytest.raises(ValueError, match="limit"):
        json.loads(struck(api, "huge_integer")[2])
    assert struck(api, "latin1")[2].decode("latin-1") and struck(api, "utf16")[2].decode("utf-16")


def test_compressed_bodies(api, plain):
    assert gzip.decompress(struck(api, "compressed")[2]) == plain
    with pytest.raises((OSError, EOFError, zlib.error)):
        gzip.decompress(struck(api, "broken_gzip")[2])
    _, headers, body = struck(api, "gzip_bomb", mb=20)
    assert headers["Content-Encoding"] == "gzip" and len(body) < 100_000
    assert len(gzip.decompress(body)) == 20 * 1024 * 1024


def test_bombs_in_xml(api):
    assert b"<!ENTITY e9" in struck(api, "billion_laughs", "xml")[2]
    assert b'SYSTEM "file:///etc/hostname"' in struck(api, "external_entity", "xml")[2]
    assert b">&e;<" in struck(api, "quadratic_blowup", "xml")[2]
    assert struck(api, "external_dtd", "xml")[2].count(b"<!DOCTYPE response SYSTEM") == 1
    assert ElementTree.fromstring(struck(api, "cdata_tricks", "xml")[2]) is not None
    assert b"<d>" * 100 in struck(api, "deep_nesting", "xml", depth=100)[2]
    for fault in ("billion_laughs", "external_entity"):
        with pytest.raises(ElementTree.ParseError):
            ElementTree.fromstring(struck(api, fault, "xml", uri="x:y")[2] + b"<")


def test_answers_that_are_longer_or_shorter_than_they_say(api, plain):
    assert isinstance(struck(api, "wrong_length"), http.client.IncompleteRead)
    assert struck(api, "wrong_length", delta=-5)[2] == plain[:-5]
    assert struck(api, "no_length")[2] == plain and struck(api, "double_answer")[2] == plain


def test_headers_that_choke(api):
    for fault in ("huge_header", "many_headers", "broken_status_line"):
        assert isinstance(struck(api, fault), http.client.HTTPException)
    assert isinstance(struck(api, "endless_headers", max_s=5, interval=0), http.client.HTTPException)
    assert isinstance(struck(api, "chunk_error"), http.client.HTTPException)


def test_informational_answers_before_the_proper_one(api, plain):
    assert struck(api, "many_continues", count=50)[2] == plain
    assert isinstance(struck(api, "continue_hang", seconds=0.05), http.client.HTTPException)
    assert struck(api, "switching_protocols")[0] == 101


def test_answers_to_other_questions(api):
    other = api.other("velo")
    mine, theirs = api.raw("get_dids")[2], other.raw("get_dids")[2]
    types = api.raw("get_states", country_id="38")[2]
    assert struck(api, "answer_of_another_account", call=lambda a, o: a.raw("get_dids"))[2] == theirs != mine
    assert struck(api, "answer_of_another_call", call=lambda a, o: a.raw("get_dids"))[2] == types
    api.raw("get_funding_details")
    wanted = struck(api, "answer_of_another_call", call=lambda a, o: a.raw("get_states", country_id="38"), call_="x")[2]
    assert json.loads(wanted)["response_details"]
    assert {"duplicate_of_previous", "stale_answer"} < REPEATING


def test_a_fault_leaves_its_effect_out_or_lets_it_happen(api):
    number = api.texting_did()["phone_number"]
    for phase, sent in (("before", 0), ("after", 1)):
        for fault in ("missing_key", "wrong_length", "gzip_bomb", "redirect_loop", "nan"):
            before = len(api.see("ledger?kind=sms_sent"))
            api.do("faults", call="queue_sms", fault=fault, phase=phase, count=1, args=QUICK)
            with contextlib.suppress(OSError, http.client.HTTPException):
                message = f"{phase} {fault}"
                api.raw("queue_sms", source_number=number, destination_number="5145550155", message=message)
            assert len(api.see("ledger?kind=sms_sent")) - before == sent, (phase, fault)


def test_a_count_for_each_call(api):
    api.do("faults", fault="http_500", count=1, per_call=True)
    assert [api.raw(name)[0] for name in ("get_dids", "get_dids", "get_sms", "get_sms")] == [500, 200, 500, 200]


def test_a_delay_by_chance(api):
    made = api.do("faults", call="get_states", fault="delay", args={"median": 0.001}, count=2)
    assert states(api)[0] == 200 and made["args"] == {"median": 0.001}


def test_a_wrong_clock_is_seen_in_the_stamps_of_that_call_alone(api):
    api.do("clock", rate=0)
    proper = api.raw("get_dids")[1]["Date"]
    status, headers, _ = struck(api, "clock_skew", call=lambda a, o: a.raw("get_dids"), seconds=-86400)
    assert status == 200 and headers["Date"] != proper and api.raw("get_dids")[1]["Date"] == proper


def test_a_wrong_clock_does_not_upset_the_log(api):
    number = api.texting_did()["phone_number"]
    for seconds in (7200, -7200):
        api.do("faults", call="queue_sms", fault="clock_skew", args={"seconds": seconds}, count=1)
        text = {"source_number": number, "destination_number": "5145550155", "message": f"décalé {seconds}"}
        assert status_of(api.call("queue_sms", **text)) == "success"
    moments = [row["datetime"] for row in rows(api, result_limit=200)]
    assert moments == sorted(moments, reverse=True)
