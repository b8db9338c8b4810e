"""Faults: each kind on a real socket, before and after the effect, and the rules that choose them."""

import http.client
import json
import socket
import time

import pytest

from tests.providers.sandbox.caller import codes, status_of, wait_for


def text(api, number="5145550155", message="Bonjour"):
    return api.raw(
        "queue_sms", source_number=api.texting_did()["phone_number"], destination_number=number, message=message
    )


def effects(api):
    return len(api.see("ledger?kind=sms_sent"))


def spoilt(api, fault, phase, **args):
    """Send one text under a fault; what came back, or the error, and how many texts were sent."""
    before = effects(api)
    api.do("faults", call="queue_sms", fault=fault, phase=phase, count=1, args=args)
    try:
        answer = text(api)
    except (OSError, http.client.HTTPException) as error:
        answer = error
    entry = wait_for(lambda: [e for e in api.see("journal?call=queue_sms")[-1:] if e["status"]])[0]
    assert entry["fault"] == fault and (entry["effect_id"] is not None) == (phase == "after")
    return answer, effects(api) - before


@pytest.mark.parametrize("phase", ["before", "after"])
@pytest.mark.parametrize("fault", ["refuse", "close", "reset_mid_body", "truncated"])
def test_broken_connections(api, fault, phase):
    answer, sent = spoilt(api, fault, phase)
    assert isinstance(answer, (OSError, http.client.HTTPException)) and sent == (phase == "after")


@pytest.mark.parametrize("phase", ["before", "after"])
@pytest.mark.parametrize(
    ("fault", "status", "part"),
    [
        ("http_500", 500, b"<html>"),
        ("http_404", 404, b"<html>"),
        ("http_503", 503, b"<html>"),
        ("html_page", 200, b"<html>"),
        ("empty", 200, b""),
        ("invalid_json", 200, b"Enabled"),
    ],
)
def test_damaged_answers(api, fault, status, part, phase):
    (got, _, body), sent = spoilt(api, fault, phase)
    assert got == status and part in body and sent == (phase == "after")
    with pytest.raises(ValueError):
        json.loads(body)


def test_no_answer_and_its_effect(api):
    api.do("faults", call="queue_sms", fault="no_answer", phase="after", count=1, args={"seconds": 0.6})
    start = time.monotonic()
    with pytest.raises((OSError, http.client.HTTPException)):
        text(api)
    assert 0.5 < time.monotonic() - start < 3 and effects(api) >= 1


def test_delay_then_normal(api):
    (status, _, body), sent = spoilt(api, "delay", "after", seconds=0.3)
    assert status == 200 and sent == 1 and codes(json.loads(body)) == ["queued_sms_hash"]
    api.do("faults", call="get_dids", fault="delay", args={"seconds": 0.3}, count=1)
    start = time.monotonic()
    assert len(api.dids()) == 12 and time.monotonic() - start > 0.25


def test_slow_bytes_and_endless(api):
    api.do("faults", call="get_states", fault="slow_bytes", args={"interval": 0.001}, count=1)
    start = time.monotonic()
    assert status_of(api.call("get_states", country_id="38")) == "success" and time.monotonic() - start > 0.2
    api.do("faults", call="get_states", fault="endless", args={"max_s": 0.3, "interval": 0}, count=1)
    with pytest.raises(http.client.IncompleteRead):
        api.call("get_states", country_id="38")


def test_wrong_type_big_body_and_bad_bytes(api):
    api.do(
        "faults",
        rules=[
            {"fault": name, "call": "get_states", "count": 1, "args": {"mb": 1}}
            for name in ("wrong_content_type", "big_body", "byte_order_mark", "invalid_utf8")
        ],
    )
    answers = [api.raw("get_states", country_id="38") for _ in range(4)]
    assert answers[0][1]["Content-Type"].startswith("text/html") and json.loads(answers[0][2])
    assert len(answers[1][2]) > 1024 * 1024 and json.loads(answers[1][2])
    assert answers[2][2].startswith(b"\xef\xbb\xbf")
    with pytest.raises(UnicodeDecodeError):
        answers[3][2].decode()


def test_invalid_xml(api):
    api.do("faults", call="get_states", fault="invalid_xml", count=1)
    assert b"<unclosed>" in api.raw("get_states", output="xml", country_id="38")[2]


def test_answers_of_other_requests(api):
    first = api.raw("get_states", country_id="38")[2]
    api.do("faults", call="get_dids", fault="duplicate_of_previous", count=1)
    assert api.raw("get_dids")[2] == first
    before = api.raw("get_funding_details")[2]
    api.do("account", key="lachance", set={"balance": "5.00"})
    api.do("faults", call="get_funding_details", fault="stale_answer", count=1)
    assert api.raw("get_funding_details")[2] == before
    assert api.call("get_funding_details")["funding_details"]["account_balance"] == "5.00 CR"


@pytest.mark.parametrize("phase", ["before", "after"])
@pytest.mark.parametrize(
    ("fault", "wanted"),
    [
        ("hard_limit", ["requests_hard_limit_exceeded"]),
        ("authentication_failed", ["authentication_failed"]),
        ("error_code", ["internal_error-database_error"]),
    ],
)
def test_refusals_in_the_envelope(api, fault, wanted, phase):
    (status, _, body), sent = spoilt(api, fault, phase)
    assert status == 200 and codes(json.loads(body)) == wanted
    assert sent == (phase == "after")


def test_soft_limit_rides_along(api):
    api.do("faults", call="queue_sms", fault="soft_limit", count=1)
    assert codes(json.loads(text(api)[2])) == ["queued_sms_hash", "requests_soft_limit_reached"]


def test_a_log_that_lags(api):
    api.do("clock", rate=0)
    text(api, message="Je suis en route")
    newest = api.sms(result_limit=1)[0]
    assert newest["message"] == "Je suis en route"
    api.do("faults", call="get_sms", fault="log_lag", args={"seconds": 30})
    assert api.sms(result_limit=1)[0] != newest
    api.do("clock", advance=31)
    assert newest["sms_hash"] in {row["sms_hash"] for row in api.sms(result_limit=3)}


def test_hostile_text(api):
    api.do("faults", call="get_sms", fault="hostile_text", count=2)
    rows = api.sms(result_limit=100)
    assert any("<script>" in row["message"] for row in rows)
    assert b"<script>" in api.raw("get_sms", output="xml", result_limit=100)[2]


def test_refusing_connections_before_a_byte_is_read(api):
    api.do("faults", fault="refuse", match={"nth": 2})
    assert len(api.dids()) == 12  # the first connection passes, the second does not
    with pytest.raises(OSError):
        api.dids()
    assert len(api.dids()) == 12
    api.do("faults", fault="refuse")
    with pytest.raises(OSError):
        api.dids()
    api.control("DELETE", "faults")  # the control doors stay open


def test_which_request_is_struck(api):
    api.do("faults", call=["queue_sms"], fault="http_500", match={"destination_number": "15145550155", "every": 2})
    seen = [text(api, message=f"un {i}")[0] for i in range(4)]
    assert seen == [200, 500, 200, 500]
    assert text(api, "5145550156")[0] == 200
    rule = api.see("faults")[0]
    assert (rule["seen"], rule["served"]) == (4, 2)
    api.control("DELETE", f"faults/{rule['id']}")
    assert api.see("faults") == []


def test_first_rule_wins_until_spent_or_late(api):
    api.do("faults", call="get_dids", fault="http_500", count=1)
    api.do("faults", call="get_dids", fault="http_502", for_s=100)
    assert [api.raw("get_dids")[0] for _ in range(2)] == [500, 502]
    api.do("clock", advance=101)
    assert api.raw("get_dids")[0] == 200
    assert api.control("POST", "faults", {"fault": "nonsense"})[0] == 400
    api.do("faults", call="get_dids", fault="http_500")
    api.control("DELETE", "faults")
    assert api.raw("get_dids")[0] == 200


def test_a_client_that_goes_away_leaves_the_effect(api):
    before = effects(api)
    did = api.texting_did()
    body = (
        f"client_user_id={api.account['client_user_id']}&auth_token={api.account['auth_token']}"
        f"&client_did_id={did['client_did_id']}&destination_number=5145550155&message=Allo"
    )
    host, port = api.host.split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(
            (
                f"POST /voicemeup/api/v1.1/json/queue_sms HTTP/1.1\r\nHost: {api.host}\r\n"
                "Content-Type: application/x-www-form-urlencoded\r\n"
                f"Content-Length: {len(body)}\r\n\r\n{body}"
            ).encode()
        )
    wait_for(lambda: effects(api) == before + 1)
