"""What an error code means: whether it may have been done, why, and about which field."""

from datetime import UTC, datetime, timedelta

import pytest

from providers.clients.errors import (
    Cause,
    CredentialsRefused,
    Effect,
    NotFound,
    RateLimited,
    Rejected,
    Unclear,
    Unreadable,
    Unsupported,
)
from providers.clients.voximplant.refusals import TABLE
from tests.providers.clients.voximplant_made import ACCOUNT, client, error

# Every code of the reference; ranges with what they leave out.
DOCUMENTED = {1, 2, 4, 5, 6, 9, 10, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23} | set(range(100, 585)) - {
    119,
    120,
    124,
    126,
    138,
    143,
    144,
    145,
    146,
    174,
    176,
    178,
    179,
    186,
    187,
    189,
    193,
    200,
    238,
    256,
    276,
    277,
} - {279, 298, 299, 312, 313, 328, 329, 330, 333, 342, 372, 387, 388, 402, 403, 404, 431, 432, 469, 502, 503, 504} - {
    505,
    510,
    582,
}


def test_every_documented_code_has_its_place():
    assert set(TABLE) == DOCUMENTED
    assert len(TABLE) == 457
    assert not [code for code, (_, cause) in TABLE.items() if cause is Cause.UNKNOWN]


@pytest.mark.parametrize("code", sorted(TABLE))
def test_every_code_becomes_its_error(code):
    kind, cause = TABLE[code]
    with pytest.raises(kind) as caught:
        client(error(code, "The 'location' parameter is invalid")).update_account({"time_zone": "Mars"})
    assert type(caught.value) is kind and caught.value.cause is cause
    assert caught.value.code == str(code) and caught.value.call == "SetAccountInfo"
    assert caught.value.words == ("The 'location' parameter is invalid",)
    if isinstance(caught.value, Rejected):
        assert [problem.field for problem in caught.value.problems] == ["time_zone"]


def test_refusals_are_known_not_to_have_been_done_and_failures_are_not():
    effects = {code: kind.effect for code, (kind, _) in TABLE.items()}
    assert all(effects[code] is Effect.NONE for code in (100, 104, 127, 182, 340, 386, 423, 484, 496, 515))
    assert all(effects[code] is Effect.UNKNOWN for code in (1, 2, 4, 5, 14, 20, 385, 578))


@pytest.mark.parametrize(
    ("code", "kind", "cause"),
    (
        (100, CredentialsRefused, Cause.CREDENTIALS),
        (103, Unsupported, Cause.UNSUPPORTED),
        (104, Rejected, Cause.PERMISSION),
        (127, Rejected, Cause.FUNDS),
        (131, Rejected, Cause.ACCOUNT_CLOSED),
        (182, Rejected, Cause.TAKEN),
        (194, NotFound, Cause.NOT_FOUND),
        (281, Rejected, Cause.NOT_NOW),
        (340, RateLimited, Cause.LIMIT),
        (385, Unclear, Cause.THEIR_FAULT),
        (386, Rejected, Cause.SOURCE),
        (423, Rejected, Cause.DESTINATION),
        (424, Rejected, Cause.ADDRESS),
        (484, Rejected, Cause.DUPLICATE),
        (485, Rejected, Cause.MISSING),
        (508, Rejected, Cause.CONTENT),
    ),
)
def test_what_matters_most(code, kind, cause):
    assert TABLE[code] == (kind, cause)


def test_a_code_that_nobody_documented_may_have_been_done():
    with pytest.raises(Unclear) as caught:
        client(error(9999, "odd")).send_message("+16285550134", "+19295550177", "x")
    assert caught.value.cause is Cause.UNKNOWN and caught.value.effect is Effect.UNKNOWN


def test_how_long_to_wait_is_believed(notebook):
    asked = client(error(416, "Repeat after 90 seconds"), observer=notebook)
    with pytest.raises(RateLimited) as caught:
        asked.account()
    wait = caught.value.retry_at - datetime.now(UTC)
    assert timedelta(seconds=80) < wait <= timedelta(seconds=90)
    assert notebook.limits == [("platform_api", True)]
    with pytest.raises(RateLimited) as caught:
        client(error(416, "Repeat after 999999999 seconds")).account()
    assert caught.value.retry_at < datetime.now(UTC) + timedelta(hours=25)


def test_the_rate_limit_says_no_time(notebook):
    with pytest.raises(RateLimited) as caught:
        client(error(340, "Rate limit exceed"), observer=notebook).account()
    assert caught.value.retry_at is None
    assert notebook.limits == [("platform_api", False)]


def test_taken_for_a_request_sent_again_a_read_waits_and_a_write_is_settled():
    """484 and 515: nothing was done this time, but the one before may have been."""
    with pytest.raises(RateLimited):
        client(error(484, "probable automatic request resend")).account()
    with pytest.raises(Rejected) as caught:
        client(error(484, "probable automatic request resend")).send_message("+16285550134", "+19295550177", "x")
    assert caught.value.cause is Cause.DUPLICATE


def test_an_invalid_number_is_an_absent_one_where_it_names_the_object():
    for ask in (
        lambda c: c.release_number("7301"),
        lambda c: c.switch_sms("+16285550134", True),
        lambda c: c.set_number_webhook(["7301"], ""),
        lambda c: c.route_numbers(["7301"], "20551"),
    ):
        with pytest.raises(NotFound):
            ask(client(error(121, "Invalid phone number")))
    with pytest.raises(Rejected) as caught:
        client(error(121, "Invalid phone number")).block_telephone("+16285550134")
    assert not isinstance(caught.value, NotFound)
    assert caught.value.problems[0].field == "number"


def test_refusals_name_our_fields():
    cases = (
        (423, "The 'destination' parameter is invalid", "destination"),
        (422, "The 'source' parameter is invalid", "source"),
        (386, "SMS disabled for number", "source"),
        (485, "Specify the 'sms_body' parameter.", "body"),
        (496, "The 'anything_new' parameter is invalid.", "anything_new"),
        (127, "Insufficient money", ""),
    )
    for code, words, field in cases:
        with pytest.raises(Rejected) as caught:
            client(error(code, words)).send_message("+16285550134", "+19295550177", "x")
        assert [problem.field for problem in caught.value.problems] == [field]


def test_an_error_counts_whatever_the_status_and_a_success_does_not():
    with pytest.raises(Rejected):
        client((400, error(127, "Insufficient money"))).account()
    with pytest.raises(CredentialsRefused):
        client((401, error(100, "Authorization failed"))).account()
    with pytest.raises(Unclear):
        client((404, {"result": ACCOUNT})).account()
    with pytest.raises(Unclear):
        client((500, error(127, "Insufficient money"))).account()
    with pytest.raises(RateLimited):
        client((429, b"slow down")).account()


@pytest.mark.parametrize(
    "answer",
    (
        {},
        [],
        {"total_count": 3},
        {"error": None},
        {"error": "no"},
        {"error": {"msg": "no"}},
        {"error": {"code": "x", "msg": "no"}},
        {"error": {"code": True}},
        b"",
        b'{"result": 1',
        b"null",
    ),
)
def test_an_answer_of_no_known_shape_may_have_been_done(answer):
    with pytest.raises(Unreadable):
        client(answer).release_number("7301")


@pytest.mark.parametrize("result", (0, 2, False, None, "no", {}, []))
def test_a_command_is_done_only_when_the_answer_says_so(result):
    with pytest.raises(Unreadable):
        client({"result": result}).release_number("7301")
