"""Every status of VoiceTel has a meaning; what means nothing is unclear."""

import pytest

from providers.clients.errors import (
    AddressRejected,
    Cause,
    CredentialsRefused,
    NotFound,
    RateLimited,
    Rejected,
    Unclear,
)
from providers.clients.records import EmergencyAddress
from providers.clients.voicetel.client import VoiceTel
from providers.clients.voicetel.refusals import STATUSES
from providers.clients.voicetel.streets import UNITS, Street, civic_and_street, parts_of, unit_line, unit_of
from tests.providers.clients.scripting import script

OURS, THEIRS = "+15185550142", "+16035550188"
ADDRESS = EmergencyAddress(
    name="NORTHWIND DENTAL",
    civic_number="100",
    street="MAIN ST",
    unit_type="suite",
    unit="5",
    city="ALBANY",
    region="NY",
    country="US",
    postal_code="12207",
)
ENTRY = {
    "city": "ALBANY",
    "address2": "STE 5",
    "dn": "15185550142",
    "zip": "12207",
    "state": "NY",
    "address1": "100 MAIN ST",
    "addressid": 700123,
    "callername": "NORTHWIND DENTAL",
}


def voicetel(*answers):
    return script(VoiceTel("http://sandbox.invalid", {"apikey": "0" * 32}), *answers)


def good(**payload):
    return {"statusCode": "200", "status": "Success", **payload}


def bad(status, message="No", **payload):
    return status, {"statusCode": str(status), "status": "Error", "message": message, **payload}


# A call that may answer it, what is raised, and why: every status of the documents.
MEANINGS = {
    400: (lambda c: c.send_sms(OURS, THEIRS, "x"), Rejected, Cause.INVALID),
    401: (lambda c: c.balance(), CredentialsRefused, Cause.CREDENTIALS),
    402: (lambda c: c.send_sms(OURS, THEIRS, "x"), Rejected, Cause.FUNDS),
    403: (lambda c: c.probe(), Rejected, Cause.PERMISSION),
    404: (lambda c: c.probe(), NotFound, Cause.NOT_FOUND),
    405: (lambda c: c.send_sms(OURS, THEIRS, "x"), Rejected, Cause.SOURCE),
    406: (lambda c: c.send_sms(OURS, THEIRS, "x"), Rejected, Cause.OPTED_OUT),
    409: (lambda c: c.sign_up("Shop", "a@x.example"), Rejected, Cause.DUPLICATE),
    410: (lambda c: c.add_brand("B", "b", "b"), Unclear, Cause.THEIR_FAULT),
    411: (lambda c: c.add_brand("B", "b", "b"), Unclear, Cause.THEIR_FAULT),
    412: (lambda c: c.add_brand("B", "b", "b"), Rejected, Cause.NOT_NOW),
    414: (lambda c: c.add_brand("B", "b", "b"), Rejected, Cause.MISSING),
    422: (lambda c: c.send_sms(OURS, THEIRS, "x"), Rejected, Cause.DESTINATION),
    430: (lambda c: c.add_brand("B", "b", "b"), NotFound, Cause.NOT_FOUND),
    431: (lambda c: c.add_brand("B", "b", "b"), Rejected, Cause.NOT_NOW),
    432: (lambda c: c.assign_campaign({"5185550142": "C"}), Rejected, Cause.SOURCE),
    470: (lambda c: c.add_brand("B", "b", "b"), Rejected, Cause.DUPLICATE),
}


def test_every_status_has_its_row():
    assert set(MEANINGS) == set(STATUSES)


@pytest.mark.parametrize("status", MEANINGS)
def test_a_status_means_what_the_documents_say(status):
    call, error, cause = MEANINGS[status]
    with pytest.raises(error) as raised:
        call(voicetel(bad(status, "Their words")))
    assert type(raised.value) is error and raised.value.cause is cause
    assert (raised.value.code, raised.value.words) == (f"http-{status}", ("Their words",))


@pytest.mark.parametrize("status", MEANINGS)
def test_a_status_in_the_body_of_a_200_means_the_same(status):
    call, error, _ = MEANINGS[status]
    with pytest.raises(error):
        call(voicetel((200, bad(status)[1])))


def test_too_many_requests():
    with pytest.raises(RateLimited):
        voicetel((429, b"")).balance()


@pytest.mark.parametrize("status", [401, 402, 406, 412])
def test_a_bare_status_is_enough_where_it_says_that_nothing_was_done(status):
    with pytest.raises((Rejected, CredentialsRefused)):
        voicetel((status, b"")).send_sms(OURS, THEIRS, "x")


@pytest.mark.parametrize(
    "answer",
    [
        (404, b""),
        (409, b""),
        (403, b"<html>firewall</html>"),
        (404, b"<html>nginx</html>"),
        (404, {"detail": "no route"}),
        (500, good()),
        (502, b""),
        (200, b"<html>login</html>"),
        (200, {}),
        (200, {"status": None}),
        (200, []),
        (200, {"status": "Odd", "statusCode": "299"}),
        (302, good()),
    ],
)
def test_an_answer_that_is_not_theirs_is_unclear(answer):
    with pytest.raises(Unclear):
        voicetel(answer).send_sms(OURS, THEIRS, "x")


def test_a_401_about_a_number_is_no_word_on_the_key():
    with pytest.raises(Rejected) as raised:
        voicetel(bad(401, "Not authorized for number")).send_sms(OURS, THEIRS, "x")
    assert raised.value.cause is Cause.PERMISSION
    with pytest.raises(CredentialsRefused):
        voicetel(bad(401, "Invalid API key")).send_sms(OURS, THEIRS, "x")


def test_a_missing_field_is_named_by_ours():
    with pytest.raises(Rejected) as raised:
        voicetel(bad(400, "Field Required: messageText")).send_sms(OURS, THEIRS, "x")
    assert raised.value.cause is Cause.MISSING and raised.value.problems[0].field == "body"
    with pytest.raises(CredentialsRefused):
        voicetel(bad(400, "Field Required: apikey")).probe()


def test_words_of_a_refused_picture_stand_in_an_object():
    said = {"reason": "Bad media", "detail": "Cannot fetch", "result": {"transactionGUID": "x"}}
    with pytest.raises(Rejected) as raised:
        voicetel(bad(400, said)).send_mms(OURS, THEIRS, "x", "https://x.example/a.png")
    assert raised.value.words == ("Bad media", "Cannot fetch")


# --- 911


def test_an_address_is_written_in_lines_and_read_back_the_same():
    client = voicetel(good(entry_valid=ENTRY))
    assert client.check_emergency_address(OURS, ADDRESS).same_as(ADDRESS)
    assert client.validate_address(ADDRESS)[1] == 700123
    place = {"address1": "100 MAIN ST", "address2": "STE 5", "city": "ALBANY", "state": "NY", "zip": "12207"}
    assert client.requests[0].json == place
    client = voicetel(good(entry_added=ENTRY))
    client.save_emergency_address(OURS, ADDRESS)
    assert client.requests[0].json == place | {"dn": "5185550142", "callername": "NORTHWIND DENTAL"}
    assert client.provision_address(OURS, 700123, "NORTHWIND DENTAL").number == OURS


def test_records_are_listed_and_none_is_none():
    client = voicetel(good(entry_all=[ENTRY, ENTRY | {"dn": "x"}, ENTRY | {"dn": "16035550188"}]))
    assert [record.number for record in client.emergency_addresses()] == [OURS, THEIRS]
    assert len(client.unread) == 1
    (record,) = client.emergency_addresses(number=OURS)
    assert record.address.same_as(ADDRESS) and record.external_id == "5185550142"
    assert list(voicetel(bad(404)).emergency_addresses()) == []
    assert voicetel(good(entry_query=ENTRY)).emergency_address(OURS).number == OURS


@pytest.mark.parametrize("status", [400, 409])
def test_a_refused_address_offers_no_other(status):
    for call in (VoiceTel.check_emergency_address, VoiceTel.save_emergency_address):
        with pytest.raises(AddressRejected) as raised:
            call(voicetel(bad(status, "Address not found")), OURS, ADDRESS)
        assert raised.value.alternates == () and raised.value.cause is Cause.ADDRESS


def test_other_addresses_beside_a_refusal_are_offered_where_they_can_be_read():
    near = ENTRY | {"address1": "100 MAINE ST"}
    with pytest.raises(AddressRejected) as raised:
        voicetel(bad(409, "Not found", alternates=[near, {"address1": 7}, "x"])).check_emergency_address(OURS, ADDRESS)
    assert [one.street for one in raised.value.alternates] == ["MAINE ST"]


def test_a_record_that_is_not_there_cannot_be_removed():
    assert voicetel(good(entry_removed=ENTRY)).delete_emergency_address(OURS) == ()
    with pytest.raises(NotFound):
        voicetel(bad(409)).delete_emergency_address(OURS)


def test_an_address_that_cannot_be_sent_is_refused_here():
    for wrong in ({"postal_code": "1"}, {"city": ""}, {"region": "New York"}, {"name": "x"}):
        client = voicetel(good(entry_added=ENTRY))
        values = {name: getattr(ADDRESS, name) for name in ADDRESS.__dataclass_fields__} | wrong
        with pytest.raises(Rejected):
            client.save_emergency_address(OURS, EmergencyAddress(**values))
        assert client.requests == []


# --- streets


@pytest.mark.parametrize("unit_type", UNITS)
def test_each_kind_of_unit_survives_the_way_there_and_back(unit_type):
    assert unit_of(unit_line(unit_type, "5 B")) == (unit_type, "5 B")


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("Main Street", Street("MAIN", "ST")),
        ("N. Main St.", Street("MAIN", "ST", "N")),
        ("Northwest 5th Avenue South", Street("5TH", "AVE", "NW", "S")),
        ("Broadway", Street("BROADWAY")),
        ("Avenue", Street("AVENUE")),
        ("Park Place Drive", Street("PARK PLACE", "DR")),
    ],
)
def test_streets_fall_into_parts(line, parts):
    assert parts_of(line) == parts


def test_lines_without_a_number_or_a_known_unit_lose_nothing():
    assert civic_and_street("100-B Main St") == ("100-B", "Main St")
    assert civic_and_street("Main St") == ("", "Main St")
    assert unit_of("Back door") == ("", "Back door") and unit_of("#5") == ("unit", "5") and unit_of("") == ("", "")
