"""What an answer means: success, refusal, ban, or nothing that can be trusted."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from providers.clients.errors import (
    AddressRejected,
    Cause,
    CredentialsRefused,
    Effect,
    NotFound,
    Problem,
    RateLimited,
    Rejected,
    Unclear,
    Unreadable,
    Unsupported,
)
from providers.clients.http import Answer
from providers.clients.records import EmergencyAddress

SMS = ("+15145550134", "+15145550135", "hello")


@pytest.mark.parametrize(
    ("codes", "expected"),
    (
        (["authentication_failed"], CredentialsRefused),
        (["auth_username_invalid"], CredentialsRefused),
        (["requests_hard_limit_exceeded"], RateLimited),
        (["requests_soft_limit_reached"], RateLimited),
        (["request_type_not_implemented"], Unsupported),
        (["permission_refused"], Rejected),
        (["duplicate_entry"], Rejected),
        (["destination_number_invalid"], Rejected),
        (["requests_soft_limit_reached", "destination_number_invalid"], Rejected),
        (["internal_error-invalid_argument"], Rejected),
    ),
)
def test_a_documented_refusal_has_not_been_carried_out(client, error, codes, expected):
    with pytest.raises(expected) as caught:
        client(error(*codes)).send_message(*SMS)
    assert caught.value.effect is Effect.NONE and caught.value.call == "queue_sms"


@pytest.mark.parametrize("codes", ([], ["internal_error-database_error"], ["socket_error"], ["something_new"], [""],
                                   ["destination_number_invalid", "something_new"]))  # fmt: skip
def test_an_undocumented_error_may_have_been_carried_out(client, error, codes):
    with pytest.raises(Unclear):
        client(error(*codes)).send_message(*SMS)


def test_a_rejection_names_the_field_of_every_problem_in_order(client, error):
    answer = error("source_number_required", "destination_number_invalid", "message_required", words="why")
    with pytest.raises(Rejected) as caught:
        client(answer).send_message(*SMS)
    assert caught.value.problems == (
        Problem("source_number_required", "source", "why", Cause.MISSING),
        Problem("destination_number_invalid", "destination", "why", Cause.DESTINATION),
        Problem("message_required", "body", "why", Cause.MISSING),
    )


def test_the_hard_limit_bans_for_an_hour(client, error, notebook):
    with pytest.raises(RateLimited) as caught:
        client(error("requests_hard_limit_exceeded"), observer=notebook).balance()
    wait = caught.value.retry_at - datetime.now(UTC)
    assert timedelta(minutes=59) < wait <= timedelta(minutes=60)
    assert notebook.limits == [("shared_pool", True)]
    assert (notebook.exchanges[0].outcome, notebook.exchanges[0].code) == ("limited", "requests_hard_limit_exceeded")


def test_the_soft_limit_rides_on_a_good_answer(client, success, notebook):
    answer = success(messages=[("queued_sms_hash", "h1"), ("requests_soft_limit_reached", "slow down")])
    scripted = client(answer, observer=notebook)
    assert scripted.send_message(*SMS).external_id == "h1"
    assert notebook.limits == [("queue_sms", False)]
    assert scripted.notices.has("requests_soft_limit_reached")


ENVELOPE = {
    "response_status": "success",
    "response_messages": {"message": {"code": "queued_sms_hash", "_content": "h"}},
}
HASH = [{"code": "queued_sms_hash", "_content": "h"}]


@pytest.mark.parametrize(
    "answer",
    (
        {},
        [],
        "success",
        {"response_details": ""},
        {"response_details": {}},
        {"response_details": [ENVELOPE]},
        {"response_details": {"response_status": "Success", "response_messages": {"message": HASH}}},
        {"response_details": {"response_status": "error", "response_messages": {"message": HASH}}},
        {"response_details": ENVELOPE | {"response_messages": {"message": HASH + [{"code": "authentication_failed"}]}}},
        {"response_details": ENVELOPE | {"response_messages": ""}},
        {"response_details": ENVELOPE | {"response_messages": {"message": [7, ["x"]]}}},
        b"",
        b"<html>maintenance</html>",
    ),
)
def test_an_answer_that_cannot_be_trusted_is_unreadable(client, answer):
    with pytest.raises(Unreadable) as caught:
        client(answer).send_message(*SMS)
    assert caught.value.effect is Effect.UNKNOWN


def test_a_page_of_html_is_unreadable_even_if_it_holds_json(client, success):
    page = Answer(200, "text/html", b'{"response_details": {"response_status": "success"}}')
    with pytest.raises(Unreadable):
        client(page).delete_message("1")


def test_http_errors_are_unclear_whatever_they_say(client, success):
    body = b'{"response_details": {"response_status": "success"}}'
    with pytest.raises(Unclear):
        client(Answer(500, "application/json", body)).delete_message("1")


@pytest.mark.parametrize("status", (400, 401, 404))
def test_a_documented_refusal_counts_whatever_its_http_status(client, error, status):
    refused = Answer(status, "application/json", json.dumps(error("authentication_failed")).encode())
    with pytest.raises(CredentialsRefused) as caught:
        client(refused).delete_message("1")
    assert caught.value.http_status == status
    for answer in (
        Answer(status, "application/json", b'{"response_details": {"response_status": "success"}}'),
        Answer(status, "text/html", b"<html>not here</html>"),
    ):
        with pytest.raises(Unclear):
            client(answer).delete_message("1")


@pytest.mark.parametrize(
    ("ask", "code"),
    (
        (lambda c: c.number(external_id="7"), "client_did_id_invalid"),
        (lambda c: c.delete_message("7"), "sms_log_id_invalid"),
        (lambda c: c.port("7"), "port_request_id_invalid"),
        (lambda c: c.states("7"), "country_id_invalid"),
        (lambda c: c.delete_emergency_address("+15145550134"), "no_e911_endpoint_found"),
        (lambda c: c.tie_device("+15145550134", "7"), "client_peer_id_not_found"),
        (lambda c: c.set_subaccount_numbers("7", []), "client_subaccount_id_invalid"),
        (lambda c: c.activate_number("+15145550134"), "phone_number_invalid"),
    ),
)
def test_what_does_not_exist_is_not_found(client, error, ask, code):
    with pytest.raises(NotFound):
        ask(client(error(code)))


PLACE = {"civic_number": "12", "street": "RUE X", "city": "MONTREAL", "state_code": "QC", "country_code": "CA"}
ADDRESS = EmergencyAddress(name="Shop", civic_number="12", street="Rue X", city="Montreal", region="QC", country="CA")


@pytest.mark.parametrize("status", ("error", "failed"))
@pytest.mark.parametrize("offered", (PLACE, [PLACE, PLACE | {"civic_number": "14"}], ""))
def test_a_near_miss_carries_alternates_for_a_person_to_choose(client, error, status, offered):
    answer = error("alternate_address_provided", alternate_addresses={"alternate_address": offered})
    answer["response_details"]["response_status"] = status
    with pytest.raises(AddressRejected) as caught:
        client(answer).check_emergency_address("+15145550134", ADDRESS)
    expected = (
        {"": 0}.get(offered, None) if isinstance(offered, str) else len(offered) if isinstance(offered, list) else 1
    )
    assert len(caught.value.alternates) == expected
    assert all(place.street == "RUE X" and place.name == "" for place in caught.value.alternates)


def test_a_refused_part_of_an_address_is_named(client, error):
    with pytest.raises(AddressRejected) as caught:
        client(error("street_not_found", "postal_code_invalid")).save_emergency_address("+15145550134", ADDRESS)
    assert [problem.field for problem in caught.value.problems] == ["street", "postal_code"]


def test_an_address_is_confirmed_as_upstream_writes_it(client, success):
    confirmed = client(success(e911_details=PLACE)).check_emergency_address("+15145550134", ADDRESS)
    assert (confirmed.street, confirmed.city, confirmed.name) == ("RUE X", "MONTREAL", "Shop")
    assert client(success()).check_emergency_address("+15145550134", ADDRESS) == ADDRESS


def test_the_last_endpoint_was_deleted_is_a_notice_even_when_it_comes_as_an_error(client, success, error):
    for answer in (success(messages=[("last_endpoint_was_deleted", "fees")]), error("last_endpoint_was_deleted")):
        notices = client(answer).delete_emergency_address("+15145550134")
        assert [notice.code for notice in notices] == ["last_endpoint_was_deleted"]


def test_the_default_endpoint_cannot_be_deleted(client, error):
    with pytest.raises(Rejected) as caught:
        client(error("entry_is_default_endpoint")).delete_emergency_address("+15145550134")
    assert caught.value.code == "entry_is_default_endpoint"
