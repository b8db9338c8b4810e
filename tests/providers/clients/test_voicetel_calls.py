"""What the VoiceTel client sends and what it makes of the answers, without a network."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from providers.clients.base import Client
from providers.clients.capability import Capability
from providers.clients.errors import Cause, Held, NotFound, Rejected, Unclear, Unreadable, Unsupported
from providers.clients.records import (
    Attachment,
    Delivery,
    Direction,
    NumberStatus,
    PortDraft,
    PortStatus,
    ServiceAddress,
    Transmission,
)
from providers.clients.voicetel.client import VoiceTel
from providers.clients.voicetel.routes import ROUTES
from tests.providers.clients.scripting import script

KEY, USER, PASSWORD = "0f1e2d3c4b5a69788796a5b4c3d2e1f0", "5185550142", "k7m2p9x4qa"
OURS, THEIRS, ID = "+15185550142", "+16035550188", "5185550142"
SINCE, UNTIL = datetime(2026, 7, 14, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC)
EPOCH = 1783987200  # 2026-07-14
PICTURE = Attachment(name="a.png", content=b"x", mime_type="image/png")


def voicetel(*answers, observer=None, **credentials):
    return script(VoiceTel("http://sandbox.invalid", credentials or {"apikey": KEY}, observer=observer), *answers)


def good(**payload):
    return {"statusCode": "200", "status": "Success", **payload}


def bad(status, message="No", **payload):
    return status, {"statusCode": str(status), "status": "Error", "message": message, **payload}


def sent(client):
    """Path and body of each request, each signed."""
    return [(request.url.removeprefix("http://sandbox.invalid"), request.json) for request in client.requests]


def by_path(**answers):
    """Answers by the last word of the path."""
    return lambda request: answers[request.url.rstrip("/").rsplit("/", 1)[1].replace("-", "_")]


LISTED = good(numbers=[{"number": ID, "route": "1001", "ip": "198.51.100.30:5060"}])
STATUS = good(numbers=[{"number": ID, "status": "Enabled"}])


def test_every_call_of_both_documents_has_a_method():
    assert {spoken.call for spoken in VoiceTel.spoken()} == {*VoiceTel.document, *VoiceTel.siblings} == set(ROUTES)
    assert (len(VoiceTel.document), len(VoiceTel.siblings)) == (8, 50)


def test_what_costs_or_reaches_somebody_is_never_repeated():
    never = {spoken.call for spoken in VoiceTel.spoken() if spoken.repeat == "never"}
    assert never >= {"sms", "mms", "tnOrder", "portInOrder", "accountAdd", "accountSignup", "numbersAdd", "gatewaysAdd"}


def test_six_an_hour_for_an_address_are_four_buckets():
    assert {name: limit for name, limit in VoiceTel.buckets.items() if limit} == dict.fromkeys(
        VoiceTel.address_buckets, 6
    )
    assert VoiceTel.address_buckets == {"apikey", "cdr", "info", "mrc"}
    assert set(VoiceTel.bucket_of.values()) < VoiceTel.address_buckets


@pytest.mark.parametrize(
    ("credentials", "missing"),
    [
        ({"apikey": KEY}, []),
        ({"username": USER, "password": PASSWORD}, []),
        ({"username": USER}, ["password"]),
        ({"password": PASSWORD}, ["username"]),
        ({}, ["apikey"]),
    ],
)
def test_a_key_suffices_or_a_user_name_with_its_password(credentials, missing):
    assert VoiceTel.missing_credentials(credentials) == missing


# --- the account


def test_every_request_is_signed_and_posts_json():
    client = voicetel(good(account=[{"username": USER, "cash": 41.275, "name": "Northwind"}]))
    assert client.balance().balance == Decimal("41.275")
    (request,) = client.requests
    assert (request.method, request.json, request.bucket) == ("POST", {}, "info")
    assert request.headers == {"Authorization": f"Bearer {KEY}"}


@pytest.mark.parametrize("cash", [None, "", True, "1,2", "12.34 CR", [], {}, "1e99999999", "NaN"])
def test_a_balance_in_no_known_form_is_never_zero(cash):
    with pytest.raises(Unreadable):
        voicetel(good(account=[{"username": USER, "cash": cash}])).balance()


def test_the_account_is_read_from_an_array_or_an_object():
    row = {"username": USER, "name": "Northwind", "rate": 0.0069, "notify_threshold": 10}
    for account in ([row], row):
        record = voicetel(good(account=account)).account()
        assert (record.external_id, record.organization, record.currency) == (USER, "Northwind", "USD")
        assert record.raw["rate"] == "0.0069"


def test_charges_are_lines_and_their_total_is_only_compared():
    client = voicetel(good(mrc=[{"SMS enabled numbers": 2.0}, {"did": 7.5, "5185550142": "0.50"}, {"total": 10}]))
    lines = {charge.description: (charge.amount, charge.number) for charge in client.charges()}
    assert lines == {
        "SMS enabled numbers": (Decimal("2.0"), ""),
        "did": (Decimal("7.5"), ""),
        ID: (Decimal("0.50"), OURS),
    }
    assert client.unread == []
    wrong = voicetel(good(mrc=[{"did": 7.5}, {"total": 10}]))
    assert len(wrong.charges()) == 1 and len(wrong.unread) == 1


def cdr(**changes):
    told = {"cid": "6035550188", "dst": ID, "ip": "198.51.100.24", "dur": "66", "nr": "0.0069", "ba": "0.007590"}
    return {"id": "1b2c", "key": [USER, str(EPOCH)], "value": told | {"cn": "NORTHWIND%20DENTAL"} | changes}


def test_calls_are_asked_with_start_as_the_newer_end():
    client = voicetel(by_path(cdr=good(cdr=[cdr(), cdr(cid=ID, dst="16035550188")]), list=LISTED))
    incoming, outgoing = client.calls(SINCE, UNTIL)
    assert sent(client)[0] == ("/v2.1/account/cdr/", {"end": EPOCH, "start": EPOCH + 86400})
    assert (incoming.direction, incoming.source, incoming.caller_name) == (
        Direction.INBOUND,
        THEIRS,
        "NORTHWIND DENTAL",
    )
    assert (outgoing.direction, outgoing.destination) == (Direction.OUTBOUND, THEIRS)
    assert (incoming.seconds, incoming.cost, incoming.started_at) == (66, Decimal("0.007590"), SINCE)


def test_a_bad_call_does_not_sink_the_others():
    rows = [cdr(), cdr(dur="long"), {"id": "2"}, cdr() | {"key": [USER]}, cdr() | {"value": None}, 7]
    client = voicetel(by_path(cdr=good(cdr=rows), list=LISTED))
    assert len(list(client.calls(SINCE, UNTIL))) == 1 and len(client.unread) == 5


def test_a_registration_is_there_or_not():
    row = {"uri": "sip:5185550142@198.51.100.24:5060", "agent": "ExamplePBX 4.1"}
    (record,) = voicetel(good(account=row)).registrations()
    assert (record.user, record.address, record.agent) == (USER, "198.51.100.24:5060", "ExamplePBX 4.1")
    assert list(voicetel(bad(404)).registrations()) == []


def test_a_new_account_tells_its_password_once_and_shows_it_nowhere(notebook):
    row = {"name": "Shop", "username": 5185550199, "password": "s3cretpass", "email": "a@x.example"}
    client = voicetel(good(account=row, message="Account Information"), observer=notebook)
    created = client.add_account("Shop", "5185550199", "a@x.example", master=USER)
    assert (created.external_id, created.password) == ("5185550199", "s3cretpass")
    assert "s3cretpass" not in f"{created} {created.raw} {notebook.exchanges}"
    assert sent(client)[0][1]["masterAccount"] == 5185550142
    signed_up = client.sign_up("Shop", "a@x.example", promo="SPRING")
    assert signed_up.password and client.requests[1].headers == {}


def test_recovery_does_not_tell_whether_an_address_is_known():
    assert voicetel(good(message="OK")).recover_account("a@x.example") is None
    assert voicetel(bad(404)).recover_account("a@x.example") is None
    with pytest.raises(Rejected) as refusal:
        voicetel(bad(400, "Field: email", requirement="Must be valid")).recover_account("a@x.example")
    assert refusal.value.words == ("Field: email", "Must be valid") and refusal.value.problems[0].field == "email"


# --- numbers


def test_numbers_are_listed_with_whether_they_can_text():
    client = voicetel(by_path(list=LISTED, status=STATUS))
    (record,) = client.numbers()
    assert (record.external_id, record.number, record.status) == (ID, OURS, NumberStatus.ACTIVE)
    assert record.sms and record.settings == {"sms": True} and record.raw["route"] == "1001"
    assert sent(client)[1] == ("/v2.1/messaging/status/", {"numbers": [{"number": ID}]})


def test_no_numbers_is_an_empty_listing_and_an_odd_page_is_not():
    assert list(voicetel((404, {"statusCode": "404", "status": "Error", "numbers": "Not Found"})).numbers()) == []
    for answer in ((404, b"<html>nginx</html>"), (404, b""), good(), good(numbers="Not Found")):
        with pytest.raises(Unclear):
            list(voicetel(answer).numbers())


def test_a_number_is_found_by_its_digits_or_not_at_all():
    client = voicetel(by_path(list=LISTED, status=STATUS))
    assert client.number(external_id=ID).number == OURS == client.number(number=OURS).number
    assert sent(client)[0] == ("/v2.1/numbers/list/", {"number": 5185550142})
    with pytest.raises(NotFound):
        client.number(number="+15185550199")
    with pytest.raises(Rejected):
        client.number(external_id="x")


def test_numbers_that_messaging_gives_no_answer_for_cannot_text():
    part = (409, {"statusCode": "409", "status": "Error", "numbers": [], "numbers_fail": [{"number": ID}]})
    (record,) = voicetel(by_path(list=LISTED, status=part)).numbers()
    assert record.sms is False


FOWARD = good(foward=[{"number": ID, "destination": "6035550188"}], message="Foward results")
CHANGES = [
    ({"sms": True}, "/v2.1/messaging/enable/", {"numbers": [{"number": ID}]}, good(numbers_enabled={"1" + ID: [1]})),
    ({"sms": False}, "/v2.1/messaging/disable/", {"numbers": [{"number": ID}]}, good(numbers_enabled={"1" + ID: [1]})),
    (
        {"forward_to": THEIRS, "forwarding": True},
        "/v2.1/numbers/forward/",
        {"numbers": [{"number": 5185550142, "destination": 6035550188}]},
        FOWARD,
    ),
    ({"forwarding": False}, "/v2.1/numbers/forward/", {"numbers": [{"number": 5185550142}]}, FOWARD),
    ({"forward_to": "", "forwarding": False}, "/v2.1/numbers/forward/", {"numbers": [{"number": 5185550142}]}, FOWARD),
    (
        {"caller_id_name": "NORTHWIND"},
        "/v2.1/numbers/lidb/",
        {"numbers": [{"number": 5185550142, "cnam": "NORTHWIND"}]},
        good(numbers=[{"number": 5185550142, "cnam": "NORTHWIND", "success": "Remote database updated"}]),
    ),
    (
        {"sms_webhook": "https://x.example/hook"},
        "/v2.1/messaging/routein/",
        {"numbers": [{"number": ID, "route": "https://x.example/hook"}]},
        good(numbers=[{"number": ID, "route": 9}]),
    ),
]


@pytest.mark.parametrize(("changes", "path", "body", "answer"), CHANGES)
def test_each_setting_has_a_call_of_its_own(changes, path, body, answer):
    client = voicetel(answer)
    client.update_number(ID, changes)
    assert sent(client) == [(path, body)]
    removed = "forward" in path and "destination" not in body["numbers"][0]
    assert client.requests[0].method == ("DELETE" if removed else "POST")


@pytest.mark.parametrize(
    "changes",
    [{"voicemail": True}, {"sms": True, "label": "x"}, {"caller_id_name": "x" * 16}, {"forward_to": "+442079460018"}],
)
def test_settings_that_cannot_be_made_are_refused_before_any_call(changes):
    client = voicetel(good())
    with pytest.raises(Rejected):
        client.update_number(ID, changes)
    assert client.requests == []


def test_a_part_that_was_not_done_is_a_problem_beside_what_was():
    part = {
        "numbers_success": [{"number": ID, "route": 1}],
        "numbers_failed": [{"number": "5185550143", "message": "Invalid Route"}],
    }
    outcome = voicetel(bad(409, "Route result", **part)).route_numbers({ID: "1", "5185550143": "9"})
    assert [row.external_id for row in outcome.done] == [ID]
    assert [(problem.words, problem.cause) for problem in outcome.problems] == [
        ("5185550143: Invalid Route", Cause.INVALID)
    ]


@pytest.mark.parametrize(
    "lists",
    [
        {"numbers_fail": [{"number": 5185550142, "error": "No funds"}], "numbers_success": None},
        {"numbers_error": [{"number": ID, "reason": "Gone"}], "numbers_success": []},
        {"numbers_failed": {"1" + ID: "Not yours"}, "numbers_enabled": {}},
        {"foward_failed": [{"number": ID, "message": "Failed", "destination": "1"}], "foward_success": None},
    ],
)
def test_when_nothing_was_done_it_is_refused(lists):
    with pytest.raises(Rejected) as refusal:
        voicetel(bad(409, "Remove result", **lists)).release_number(ID)
    assert refusal.value.code == "http-409" and ID in refusal.value.words[0]


def test_a_conflict_without_lists_is_refused_in_their_words():
    with pytest.raises(Rejected) as refusal:
        voicetel(bad(409, "In use")).add_numbers([OURS], route="1001")
    assert refusal.value.words == ("In use",)


def test_the_other_changes_of_numbers():
    rows = good(numbers=[{"number": ID}], translation=[{"number": ID}])
    client = voicetel(rows)
    client.set_caller_name_lookup({ID: True})
    client.translate_numbers({ID: "12#"})
    client.remove_numbers([ID])
    client.move_numbers([ID], "5185550199", "1001")
    client.route_messages_out({ID: "1"})
    assert [path for path, _ in sent(client)] == [
        "/v2.1/numbers/cnam/",
        "/v2.1/numbers/translations/",
        "/v2.1/numbers/remove/",
        "/v2.1/numbers/move/",
        "/v2.1/messaging/routeout/",
    ]
    assert sent(client)[3][1]["numbers"] == [{"number": 5185550142, "route": 1001, "account": 5185550199}]
    for wrong in (lambda: client.translate_numbers({ID: "a"}), lambda: client.remove_numbers([])):
        with pytest.raises(Rejected):
            wrong()


# --- ordering


def test_numbers_for_sale_are_asked_by_a_mask():
    row = {"rateCenter": "ALBANY", "telephoneNumber": "5185550150", "city": "ALBANY", "lata": 134, "province": "NY"}
    client = voicetel(good(tnResult=[row]))
    (found,) = client.available_numbers(area_code="518", city="Albany", region="ny")
    assert (found.number, found.region, found.currency) == ("+15185550150", "NY", "USD")
    assert sent(client)[0][1] == {"tnMask": "518xxxxxxx", "quantity": 20, "rateCenter": "ALBANY", "province": "NY"}
    client.available_numbers(pattern="518555xxxx", quantity=3)
    assert sent(client)[1][1] == {"tnMask": "518555xxxx", "quantity": 3}
    assert client.available_numbers(kind="tollfree") == []
    for wrong in ({"area_code": "118"}, {"pattern": "12"}, {"area_code": "518", "pattern": "603xxxxxxx"}):
        with pytest.raises(Rejected):
            client.available_numbers(**wrong)


def test_buying_a_number_gives_its_digits_for_an_id():
    client = voicetel(good(orderId="1770110400"))
    assert client.activate_number("+15185550150") == "5185550150"
    assert sent(client) == [("/v2/iNumbering/tnOrder/", {"tnOrder": {"tnList": {"tnItem": [{"tn": 5185550150}]}}})]
    assert client.order_numbers(["+15185550150"], route="1001", reference="ours") == "1770110400"
    with pytest.raises(Unclear):
        voicetel((410, {"status": "Error", "statusCode": "410"})).activate_number("+15185550150")


def test_coverage_counts():
    row = {"npa": "518", "nxx": "555", "locState": "NY", "rcAbbre": "ALBANY", "lata": "134", "count": 42}
    client = voicetel(good(tnInventoryCoverageList=[row]))
    (found,) = client.coverage(area_code="518")
    assert (found.fields["count"], found.name) == (42, "NY ALBANY 518 555")
    assert sent(client)[0][1] == {"countBy": "npaNxx", "npa": "518"}


def test_brands_and_campaigns():
    client = voicetel(good(orderId=1770110400))
    client.add_brand("BNW1234", "Northwind", "Dental clinic")
    client.add_campaign("CNW1234", "BNW1234", "Reminders")
    assert client.assign_campaign({ID: "CNW1234"}) == "1770110400"
    item = {"tn": ID, "tnFeature": {"messaging": {"tnCampaign": "CNW1234"}}}
    assert sent(client)[2][1] == {"tnCampaign": {"tnList": {"tnItem": [item]}}}
    told = good(campaign_numbers={"CNW1234": ["1" + ID]}, campaign_event_status={"CNW1234": "CAMPAIGN_DCA_COMPLETE"})
    (campaign,) = voicetel(told).campaigns(["CNW1234"])
    assert (campaign.name, campaign.fields["numbers"]) == ("CAMPAIGN_DCA_COMPLETE", [OURS])
    with pytest.raises(Rejected) as refusal:
        voicetel(bad(470)).add_brand("B1", "x", "y")
    assert refusal.value.cause is Cause.DUPLICATE


# --- texts

GUID = "7d1f6a0e-52b8-4c1b-9a4c-6f0f5d2b8e11"
SENT = good(message={"transaction": {"transactionGUID": GUID, "destination": "16035550188"}})


def test_a_text_has_numbers_for_numbers():
    client = voicetel(SENT)
    assert client.send_message(OURS, THEIRS, "Été à 15 h").external_id == GUID
    body = {"source": 5185550142, "destination": 6035550188, "messageText": "Été à 15 h"}
    assert sent(client) == [("/v2.1/messaging/sms/", body)] and client.requests[0].write


def test_a_picture_goes_by_its_address_and_never_as_a_file():
    client = voicetel(SENT)
    client.send_mms(OURS, THEIRS, "Look", "https://media.example/a.png", "Reminder")
    assert sent(client)[0][1]["mmsURL"] == "https://media.example/a.png"
    with pytest.raises(Unsupported):
        client.send_message(OURS, THEIRS, "x", PICTURE)
    with pytest.raises(Rejected):
        client.send_mms(OURS, THEIRS, "x", "http://media.example/a.png")


@pytest.mark.parametrize("body", ["", " ", "a\x00", "\udfff", "x" * 1601])
def test_a_text_that_cannot_be_sent_is_refused_here(body):
    client = voicetel(SENT)
    with pytest.raises(Rejected):
        client.send_message(OURS, THEIRS, body)
    assert client.requests == []


def mdr(nth, /, **changes):
    told = {"direction": "out", "message": "See you", "number": 6035550188, "rate": "0.0035"} | changes
    return {"id": f"{nth:032x}", "key": ["6035550188", EPOCH + nth], "value": told}


def test_the_log_has_texts_and_pictures_of_each_texting_number():
    silent = good(numbers=[{"number": ID, "route": "1"}, {"number": "5185550143", "route": "1"}])
    state = good(numbers=[{"number": ID, "status": "Enabled"}, {"number": "5185550143", "status": "Not Enabled"}])
    texts = good(mdr=[mdr(20, direction="in"), mdr(10), mdr(5, direction="sideways")])
    client = voicetel(by_path(list=silent, status=state, mdr_sms=texts, mdr_mms=bad(404)))
    first, second = client.messages(date(2026, 7, 14), date(2026, 7, 14))
    assert (first.direction, first.source, first.destination) == (Direction.OUTBOUND, OURS, THEIRS)
    assert (second.direction, second.source, second.destination) == (Direction.INBOUND, THEIRS, OURS)
    assert (first.transmission, first.price) == (Transmission.SENT, Decimal("0.0035")) and len(client.unread) == 1
    assert sent(client)[2:] == [
        (f"/v2.1/messaging/mdr-{kind}/", {"number": 5185550142, "end": EPOCH, "start": EPOCH + 86400})
        for kind in ("sms", "mms")
    ]


def test_settling_asks_only_the_sender():
    client = voicetel(by_path(mdr_sms=good(mdr=[mdr(1), mdr(2, number="16035550189")]), mdr_mms=good(mdr=[])))
    day = date(2026, 7, 14)
    found = list(client.messages(day, day, direction="outbound", source=OURS, destination=THEIRS))
    assert [record.external_id for record in found] == [f"{1:032x}"] and len(client.requests) == 2


def test_receipts_conclude_nothing():
    row = {"id": "1a", "key": [USER, "1" + ID, EPOCH], "value": {"sourceNumber": ID, "destinationNumber": "6035550188"}}
    (receipt,) = voicetel(good(dlr=[row])).delivery_receipts(OURS, SINCE)
    assert (receipt.kind, receipt.fields["destinationNumber"]) == ("delivery_receipt", THEIRS)
    assert Capability.DELIVERY_REPORTS not in VoiceTel.capabilities


def test_a_webhook_is_only_a_hint():
    told = b'{"from": "6035550188", "to": "15185550142", "message": "Hi", "timestamp": 1783987200, "id": "abc"}'
    news = VoiceTel.read_webhook(Delivery(body=told, content_type="application/json; charset=utf-8"), {}, "UTC")
    assert news.feeds == ("messages",) and not news.messages
    for body, kind in ((told, "text/html"), (b"[]", "application/json"), (b"{}", "application/json"), (b"", "")):
        with pytest.raises(Unreadable):
            VoiceTel.read_webhook(Delivery(body=body, content_type=kind), {}, "UTC")


# --- ports


def order(status="submitted", foc="20260810", message="OK"):
    told = {"pid": "k3p9z", "status": status, "message": message, "foc": foc, "notify": "0", "pin": "4821"}
    return {"id": "c0ffee", "key": [USER, str(EPOCH)], "value": told | {"url": "https://support.example/1"}}


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("submitted", PortStatus.SENT_TO_STAFF),
        ("Validating", PortStatus.SENT_TO_STAFF),
        ("Pending", PortStatus.SENT_TO_PROVIDER),
        ("complete", PortStatus.COMPLETED),
        ("Complete", PortStatus.COMPLETED),
        ("Completed", PortStatus.COMPLETED),
    ],
)
def test_each_word_for_a_port_has_a_status(word, status):
    (record,) = voicetel(good(portStatusSummary=[order(word)])).ports()
    assert (record.status, record.external_id, record.pon) == (status, str(EPOCH), "k3p9z")
    assert (record.firm_on, record.created_on, record.rejection) == (date(2026, 8, 10), date(2026, 7, 14), "")
    assert record.raw["value"]["pin"] == "***"


def test_the_date_that_stands_for_none_is_none_and_an_unknown_status_is_put_aside():
    client = voicetel(good(portStatusSummary=[order(foc="19750715"), order("teleported"), order(foc="soon")]))
    assert [record.firm_on for record in client.ports()] == [None] and len(client.unread) == 2
    assert (
        voicetel(good(portStatusSummary=[order(message="Name mismatch")])).port(str(EPOCH)).rejection == "Name mismatch"
    )
    with pytest.raises(NotFound):
        voicetel(good(portStatusSummary=[])).port("1")


def test_rows_of_one_time_stamp_are_the_numbers_of_one_order():
    rows = [
        order("Complete"),
        order("Pending", message="Name mismatch"),
        order("submitted") | {"key": [OURS, "1783987300"]},
    ]
    rows[0]["key"], rows[1]["key"] = ["6035550188", str(EPOCH)], [6035550189, EPOCH]
    client = voicetel(good(portStatusSummary=rows), username=USER, apikey=KEY)
    first, second = client.ports()
    assert first.draft.numbers == (THEIRS, "+16035550189") and second.draft.numbers == (OURS,)
    assert (first.status, first.rejection) == (PortStatus.SENT_TO_PROVIDER, "Name mismatch")
    assert [record.external_id for record in client.ports(number=THEIRS)] == [str(EPOCH)]


def test_where_orders_tell_no_numbers_none_must_seem_absent():
    for answer, credentials in ((order(), {"username": USER, "apikey": KEY}), (order(), {"apikey": KEY})):
        with pytest.raises(Unsupported):
            list(voicetel(good(portStatusSummary=[answer]), **credentials).ports(number=OURS))
    with pytest.raises(Unsupported):
        list(voicetel(good(portStatusSummary=[])).ports(organization="x"))


DRAFT = PortDraft(
    numbers=(OURS,),
    wanted_on=date(2026, 8, 10),
    organization="Northwind Dental",
    organization_kind="business",
    account_number="A-1001",
    account_pin="4821",
    authorized_by="Ana Pop",
    address=ServiceAddress(
        civic_number="100",
        street="North Main Street",
        unit="5",
        city="ALBANY",
        region="NY",
        country="US",
        postal_code="12207",
    ),
)
PORTABLE = good(serviceAvailable=[{"telephoneNumber": ID, "isPortable": "true", "serviceProviderName": "Example"}])


def test_an_order_is_checked_first_and_then_handed_in_whole():
    client = voicetel(by_path(portInAvailability=PORTABLE, portInOrder=good(orderId=EPOCH)))
    assert client.create_port(DRAFT, {"loa": PICTURE}, submit=True) == str(EPOCH)
    assert client.notices.has("documents-not-sent")
    assert [path for path, _ in sent(client)] == ["/v2/iNumbering/portInAvailability/", "/v2/iNumbering/portInOrder/"]
    assert sent(client)[1][1]["portInOrder"] == {
        "desiredDueDate": "2026-08-10",
        "tnList": {
            "tnItem": [
                {
                    "tn": ID,
                    "atn": ID,
                    "authName": "Ana Pop",
                    "accountNum": "A-1001",
                    "accountPin": "4821",
                    "endUser": {
                        "name": "Northwind Dental",
                        "typeOfService": "B",
                        "streetNum": "100",
                        "streetPreDir": "N",
                        "streetName": "MAIN",
                        "streetType": "ST",
                        "locationType1": "UNIT",
                        "locationValue1": "5",
                        "city": "ALBANY",
                        "state": "NY",
                        "postalCode": "12207",
                    },
                }
            ]
        },
    }


def test_an_order_that_cannot_succeed_is_not_handed_in():
    stuck = good(serviceAvailable=[{"telephoneNumber": ID, "isPortable": "false", "notPortableReason": "Not covered"}])
    client = voicetel(stuck)
    with pytest.raises(Rejected) as refusal:
        client.create_port(DRAFT, {}, submit=True)
    assert len(client.requests) == 1 and "Not covered" in refusal.value.words[0]
    assert client.portable(OURS) is False and voicetel(PORTABLE).portable(OURS) is True
    with pytest.raises(Rejected) as refusal:
        client.create_port(PortDraft(numbers=(OURS,)), {}, submit=True)
    missing = {problem.field for problem in refusal.value.problems}
    assert missing >= {"wanted_on", "organization", "account_number", "street", "postal_code"}
    for call in (lambda: client.create_port(DRAFT, {}, submit=False), lambda: client.update_port("1", DRAFT, {}, True)):
        with pytest.raises(Unsupported):
            call()


def test_port_out_pins_are_made_up_here_and_masked(notebook):
    client = voicetel(
        good(portOutPin={"tnList": {"tnItem": [{"portOutPin": "4821", "tn": 5185550142}]}}), observer=notebook
    )
    assert client.set_port_out_pins({ID: "4821"}) == {ID: "4821"}
    assert "4821" not in str(notebook.exchanges)
    client.set_port_out_pins({ID: ""})
    made_up = sent(client)[1][1]["portOutPin"]["tnList"]["tnItem"][0]["portOutPin"]
    assert made_up.isdigit() and len(made_up) == 4


# --- devices


def test_authentication_and_its_change():
    told = good(account={"username": 5185550142, "acl": None, "authType": 1, "authorizedEndpoints": []})
    assert voicetel(told).authentication().name == "address"
    client = voicetel(good(update=[{"password": "updated", "status": "Success", "authType": 1}]))
    client.update_authentication(mode=1, password="n3wpassw")
    assert client.learned == {"password": "n3wpassw"}
    assert sent(client)[0][1] == {"authType": 1, "password": "n3wpassw"}
    for wrong in ({}, {"mode": 7}, {"password": "short"}, {"password": "nodigits"}, {"password": "has space1"}):
        with pytest.raises(Rejected):
            client.update_authentication(**wrong)


def test_address_blocks():
    client = voicetel(good(acl=[{"cidr": "198.51.100.0/24"}], message="ACLs added"))
    assert [row.external_id for row in client.acl()] == ["198.51.100.0/24"]
    assert [row.external_id for row in client.add_acl(["198.51.100.0/24"]).done] == ["198.51.100.0/24"]
    client.remove_acl(["198.51.100.0/24"])
    assert voicetel(bad(404)).acl() == [] and voicetel(good(acl=None)).acl() == []
    for wrong in (["198.51.100.0/25"], ["198.51.100.1/24"], ["::/32"], []):
        with pytest.raises(Rejected):
            client.add_acl(wrong)


def test_gateways():
    row = {"gateway": "198.51.100.30:5060", "route": "1001"}
    client = voicetel(good(gateways=[row], routes=[{"route": 1001}]))
    assert [(one.external_id, one.name) for one in client.gateways()] == [("1001", "198.51.100.30:5060")]
    client.add_gateways(["198.51.100.30:5060"])
    client.update_gateways({"1001": "pbx.example"})
    client.remove_gateways(["1001"])
    assert [body for _, body in sent(client)[1:]] == [
        {"gateways": [{"gateway": "198.51.100.30:5060"}]},
        {"gateways": [{"gateway": "pbx.example", "route": 1001}]},
        {"routes": [{"route": 1001}]},
    ]
    part = bad(409, "At least one", added_failed=["bad"], added_success=["198.51.100.30"])
    outcome = voicetel(part).add_gateways(["198.51.100.30", "bad"])
    assert [row.external_id for row in outcome.done] == ["198.51.100.30"] and outcome.problems[0].words == "bad"
    with pytest.raises(Rejected):
        client.add_gateways(["http://x/"])


# --- look-ups


def test_a_look_up_joins_carrier_and_name():
    lrn = {
        "LRN": "16035550000",
        "CITY": "NASHUA",
        "STATE": "NH",
        "LEC": "EXAMPLE TEL",
        "LECTYPE": "CLEC",
        "OCN": "9999",
    }
    client = voicetel(by_path(lrn=good(lrn=lrn), cnam=good(cnam="NORTHWIND")))
    found = client.lookup(THEIRS)
    assert (found.carrier, found.caller_name, found.region, found.routing_number) == (
        "EXAMPLE TEL",
        "NORTHWIND",
        "NH",
        "+16035550000",
    )
    assert sent(client)[0][1] == {"cid": 6035550188, "dst": 6035550188}
    nameless = voicetel(by_path(lrn=good(lrn=lrn), cnam=bad(400, "Service disabled")))
    assert nameless.lookup(THEIRS).caller_name == ""
    assert voicetel(good(RespOrg={"8005550142": "ABC01"})).lookup("+18005550142").carrier == "ABC01"


def test_what_is_not_declared_stays_unsupported():
    client = voicetel(good())
    for verb in (
        client.ledger,
        client.contacts,
        client.subaccounts,
        client.network_status,
        client.opt_outs,
        client.prices,
    ):
        with pytest.raises(Unsupported):
            list(verb())


def test_every_declared_capability_is_done():
    verbs = {
        Capability.BALANCE: "balance",
        Capability.CHARGES: "charges",
        Capability.NUMBERS: "numbers",
        Capability.NUMBER_SETTINGS: "update_number",
        Capability.NUMBER_SEARCH: "available_numbers",
        Capability.NUMBER_ORDER: "activate_number",
        Capability.NUMBER_RELEASE: "release_number",
        Capability.LOOKUP: "lookup",
        Capability.MESSAGES: "messages",
        Capability.SEND_SMS: "send_message",
        Capability.PORTS: "ports",
        Capability.PORT_REQUEST: "create_port",
        Capability.PORT_CHECK: "portable",
        Capability.E911: "save_emergency_address",
        Capability.PORT_OUT_PIN: "set_port_out_pins",
        Capability.CALLS: "calls",
        Capability.SIP_REGISTRATIONS: "registrations",
    }
    assert set(verbs) | {Capability.INBOUND_SMS} == VoiceTel.capabilities
    assert all(getattr(VoiceTel, verb) is not getattr(Client, verb) for verb in verbs.values())


# --- keys


def signing(keys, accepted):
    """An upstream that gives out `keys` in turn and takes the accepted one."""

    def answer(request):
        if request.url.endswith("/apikey/"):
            return good(apikey=keys.pop(0))
        if request.headers["Authorization"] != f"Bearer {accepted}":
            return bad(401, "Invalid API key")
        return good(gateways=[])

    return answer


def test_a_key_is_fetched_once_kept_and_offered():
    client = voicetel(signing([KEY], KEY), username=USER, password=PASSWORD)
    client.probe()
    client.probe()
    assert [request.call for request in client.requests] == ["accountApiKey", "gatewaysList", "gatewaysList"]
    assert client.requests[0].headers == {} and client.requests[0].bucket == "apikey"
    assert sent(client)[0][1] == {"username": 5185550142, "password": PASSWORD}
    assert client.learned == {"apikey": KEY}


def test_a_key_that_was_changed_is_fetched_anew_but_not_again_and_again():
    client = voicetel(signing(["a" * 32], "a" * 32), username=USER, password=PASSWORD, apikey=KEY)
    client.probe()
    assert [request.call for request in client.requests] == ["gatewaysList", "accountApiKey", "gatewaysList"]
    stuck = voicetel(signing([KEY, KEY], "never"), username=USER, password=PASSWORD, apikey=KEY)
    for _ in range(3):
        with pytest.raises(Exception, match="key is refused"):
            stuck.probe()
    assert [request.call for request in stuck.requests].count("accountApiKey") == 1


def test_a_key_that_another_process_has_learned_costs_no_sign_in():
    client = voicetel(signing([], "b" * 32), username=USER, password=PASSWORD, apikey=KEY)
    client.latest = lambda: {"apikey": "b" * 32}
    client.probe()
    assert [request.call for request in client.requests] == ["gatewaysList", "gatewaysList"]


def test_a_401_that_may_be_about_a_number_is_put_to_the_test():
    def answer(request):
        if request.url.endswith("/apikey/"):
            return good(apikey="a" * 32)
        return bad(401, "Unauthorized") if KEY in request.headers["Authorization"] else SENT

    client = voicetel(answer, username=USER, password=PASSWORD, apikey=KEY)
    assert client.send_sms(OURS, THEIRS, "x").external_id
    assert [request.call for request in client.requests] == ["sms", "gatewaysList", "accountApiKey", "sms"]
    other = voicetel(
        by_path(sms=bad(401, "Unauthorized"), list=good(gateways=[])), username=USER, password=PASSWORD, apikey=KEY
    )
    with pytest.raises(Rejected):
        other.send_sms(OURS, THEIRS, "x")
    assert [request.call for request in other.requests] == ["sms", "gatewaysList"]


def test_when_no_key_may_be_fetched_the_refusal_stays():
    class Holding:
        def before(self, call, bucket):
            if bucket == "apikey":
                raise Held("the hour is used up", retry_at=UNTIL)

        def after(self, exchange): ...

        def limited(self, bucket, *, hard, until=None): ...

    client = voicetel(bad(401, "Invalid API key"), observer=Holding(), username=USER, password=PASSWORD, apikey=KEY)
    with pytest.raises(Exception, match="key is refused"):
        client.probe()


def test_an_odd_key_is_no_key():
    for key in ("", None, 7, "a b", "x\r\nEvil: 1", "é" * 10):
        with pytest.raises(Unreadable):
            voicetel(good(apikey=key), username=USER, password=PASSWORD).api_key()


def test_no_secret_leaves_the_client(notebook):
    said = f"key {KEY} of {PASSWORD}"
    client = voicetel(
        by_path(apikey=good(apikey=KEY, note=said), list=bad(400, said)),
        observer=notebook,
        username=USER,
        password=PASSWORD,
    )
    with pytest.raises(Rejected) as refusal:
        client.probe()
    seen = f"{refusal.value!r} {refusal.value.words} {refusal.value.problems} {notebook.exchanges}"
    assert KEY not in seen and PASSWORD not in seen
