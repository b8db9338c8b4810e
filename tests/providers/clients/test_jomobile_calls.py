"""What the Jo Mobile client sends and what it makes of the answers, without a network (FEATURES C4, I4, I5)."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from providers.clients.capability import Capability
from providers.clients.errors import (
    Cause,
    CredentialsRefused,
    NotFound,
    RateLimited,
    Rejected,
    Unclear,
    Unreadable,
    Unsupported,
)
from providers.clients.jomobile import mapping
from providers.clients.jomobile.client import JoMobile
from providers.clients.jomobile.envelope import REFUSALS
from providers.clients.jomobile.sending import OutgoingText
from providers.clients.records import Attachment, ContactRecord, Transmission
from tests.providers.clients.scripting import script

TOKEN, PASSWORD = "Qm3xT7pLr9-vKc2WnYd5Hs8_Zf1Jb0", "n0rthw1nd-pass"
THEIRS, OTHER = "+40755501234", "+15185550177"
DAY = date(2026, 7, 15)


def jomobile(*answers, observer=None, **options):
    credentials = {"username": "northwind", "access_token": TOKEN, **options}
    return script(JoMobile("http://sandbox.invalid", credentials, observer=observer), *answers)


def good(data):
    return {"status": True, "data": data}


def bad(errors, code=400):
    return (code, {"status": False, "error_code": code, "errors": errors})


def asked(client):
    """(call, body) of each request, the token left out after a look."""
    assert all(request.headers == {"X-Access-Token": TOKEN} for request in client.requests)
    assert all(request.url == f"http://sandbox.invalid/v1/{request.call}" for request in client.requests)
    return [(request.call, request.json) for request in client.requests]


def row(number, *, state="DELIVRD", at="2026-07-15 09:15:24", part=1, parts=1, told="Code 4821", **changes):
    found = {"id_state": number, "originator": "NORTHWIND", "phone": "40755501234", "type_sms": "sms", "text_sms": told}
    return found | {"num_parts": parts, "part_no": part, "state": state, "time": at} | changes


PROFILE = {
    "login": "northwind",
    "company_name": "Northwind SRL",
    "currency": "EUR",
    "balance_units": 182.45,
    "balance_limit": 0,
}


def test_every_call_of_the_document_has_a_method():
    assert {spoken.call for spoken in JoMobile.spoken()} == {*JoMobile.document, *JoMobile.siblings}
    assert len(JoMobile.document) == 22 and len(JoMobile.siblings) == 2


# --- the account


def test_account_and_balance_are_read_from_the_profile():
    client = jomobile(good(PROFILE))
    assert client.account().organization == "Northwind SRL"
    found = client.balance()
    assert (found.balance, found.currency) == (Decimal("182.45"), "EUR")
    assert asked(client) == [("me", None), ("me", None)]
    assert {request.method for request in client.requests} == {"GET"}
    assert client.me()["balance_limit"] == 0


@pytest.mark.parametrize(
    "profile", [{"balance_units": 1}, {"currency": "EUR"}, {"balance_units": True, "currency": "EUR"}]
)
def test_a_balance_that_cannot_be_read_is_never_zero(profile):
    with pytest.raises(Unreadable):
        jomobile(good(profile)).balance()


def test_registering_needs_no_token_and_tells_the_password_to_nobody():
    client = jomobile(good({"login": "newshop", "password": "s3cret-word"}))
    made = client.register("newshop", "s3cret-word", "Ana Pop", THEIRS, "ana@shop.example", organization="Shop SRL")
    assert made.external_id == "newshop" and made.password == "s3cret-word"
    assert "s3cret-word" not in repr(made) and made.raw["password"] == "***"
    (request,) = client.requests
    assert request.headers == {} and request.json["phone"] == "40755501234" and "skype" not in request.json
    with pytest.raises(Rejected) as refused:
        client.register("", "x", "y", THEIRS, "z")
    assert refused.value.problems[0].field == "login" and len(client.requests) == 1


# --- texts out


def test_one_text_is_a_package_of_one():
    client = jomobile(good({"40755501234": [{"id_state": "5c1d8f02-7a41"}]}), callback_url="https://portal.example/w/x")
    assert client.send_message("NORTHWIND", THEIRS, "See you at 3").external_id == "5c1d8f02-7a41"
    ((call, body),) = asked(client)
    assert call == "send" and body == [
        {
            "number": ["40755501234"],
            "senderID": "NORTHWIND",
            "text": "See you at 3",
            "type": "sms",
            "delivery": True,
            "callback_url": "https://portal.example/w/x",
        }
    ]
    assert client.requests[0].write


def test_both_shapes_of_the_answer_are_read():
    items = [
        OutgoingText(numbers=(THEIRS, OTHER), sender="+15185550100", body="A"),
        OutgoingText(numbers=("+33755501234",), sender="N", body="B", kind="flashsms", lifetime=60, delivery=False,
                     begin=datetime(2026, 7, 15, 12, 30, tzinfo=UTC)),
    ]  # fmt: skip
    first = jomobile(good({"40755501234": [{"id_state": 1}, {"id_state": 2}], "+15185550177": [{"id_state": 3}],
                           "33755501234": {"error": "no_client_price"}}))  # fmt: skip
    results = first.send_package(items)
    assert [(one.number, one.external_id, one.part_ids) for one in results] == [
        (THEIRS, "1", ("1", "2")),
        (OTHER, "3", ("3",)),
        ("+33755501234", "", ()),
    ]
    assert results[2].problem.cause is Cause.DESTINATION and not results[2].unclear
    body = asked(first)[0][1][1]
    assert (body["beginDate"], body["beginTime"], body["lifetime"], body["delivery"]) == (
        "2026-07-15",
        "12:30",
        60,
        False,
    )
    second = jomobile(good({"sending": {"details": {"number": ["40755501234", 15185550177], "sentID": 88120}}}))
    results = second.send_package(items)
    assert [one.external_id for one in results] == ["88120", "88120", ""] and results[2].unclear


def test_a_sending_whose_text_the_log_does_not_show_keeps_the_id_of_the_sending():
    sending = good({"sending": {"details": {"number": ["40755501234"], "sentID": 88120}}})
    assert jomobile(sending, good([])).send_message("N", THEIRS, "x").external_id == "88120"
    assert jomobile(sending, (500, b"")).send_message("N", THEIRS, "x").external_id == "88120"
    logged = good([row(8, told="y"), row(7, told="x", part=2), row(6, told="x", part=1)])
    client = jomobile(sending, logged)
    assert client.send_message("N", THEIRS, "x").external_id == "6"
    assert asked(client)[1][1]["phone"] == ["40755501234"]


def test_an_answer_that_names_no_text_is_unclear():
    for data in ({}, [], {"1": []}, {"40755501234": []}, {"sending": {}}):
        with pytest.raises(Unclear):
            jomobile(good(data)).send_message("N", THEIRS, "x")


def test_a_lone_text_may_be_refused_beside_a_success():
    with pytest.raises(Rejected) as refused:
        jomobile(good({"40755501234": [{"errors": "not_registr_originator"}]})).send_message("N", THEIRS, "x")
    assert refused.value.cause is Cause.SOURCE and refused.value.problems[0].field == "source"


@pytest.mark.parametrize(
    ("source", "destination", "body", "field"),
    [
        ("", THEIRS, "x", "source"),
        ("NAME TOO LONG", THEIRS, "x", "source"),
        ("Né", THEIRS, "x", "source"),
        ("+1234567890123456", THEIRS, "x", "source"),
        ("12", THEIRS, "x", "source"),
        ("N", "40755501234", "x", "destination"),
        ("N", "+", "x", "destination"),
        ("N", "+0755501234", "x", "destination"),
        ("N", THEIRS, " ", "body"),
    ],
)
def test_what_cannot_be_sent_is_refused_before(source, destination, body, field):
    client = jomobile(good({}))
    with pytest.raises(Rejected) as refused:
        client.send_message(source, destination, body)
    assert refused.value.problems[0].field == field and "-" in refused.value.code and client.requests == []


def test_a_package_has_1_to_100_numbers_each_once():
    client = jomobile(good({}))
    many = tuple(f"+1518555{line:04d}" for line in range(101))
    for numbers in ((), many, (THEIRS, THEIRS)):
        with pytest.raises(Rejected):
            client.send_package([OutgoingText(numbers=numbers, sender="N", body="x")])
    with pytest.raises(Rejected):
        client.send_package([])
    with pytest.raises(Rejected):
        client.send_package([OutgoingText(numbers=(THEIRS,), sender="N", body="x", begin=datetime(2026, 1, 1))])
    assert client.requests == []


def test_pictures_are_not_supported():
    with pytest.raises(Unsupported):
        jomobile(good({})).send_message("N", THEIRS, "x", Attachment(name="a.png", content=b"x", mime_type="image/png"))


def test_a_text_for_groups():
    client = jomobile(good({"details": {"sentID": 90211, "senderID": "NORTHWIND", "id_group": [41]}}))
    begin = datetime(2026, 7, 15, 8, 0, tzinfo=UTC)
    sent = client.send_bulk("NORTHWIND", "Hi #first_name#", ["41"], excluded_group_ids=["7"], numbers=[THEIRS],
                            begin=begin, until=time(17, 0))  # fmt: skip
    assert sent.external_id == "90211"
    assert asked(client)[0][1] == {
        "senderID": "NORTHWIND",
        "text": "Hi #first_name#",
        "id_group": [41],
        "id_group_excluded": [7],
        "phone": ["40755501234"],
        "dateStart": "2026-07-15",
        "timeStart": "08:00",
        "timeStop": "17:00",
    }
    for groups in ([], ["x"]):
        with pytest.raises(Rejected):
            client.send_bulk("N", "x", groups)


def test_a_preview_sends_nothing():
    client = jomobile(good([{"number": "40755501234", "senderID": "NORTHWIND", "text": "Hello"}]))
    (found,) = client.preview([OutgoingText(numbers=(THEIRS,), sender="N", body="x")])
    assert found.fields["text"] == "Hello" and not client.requests[0].write


# --- the log


def test_the_log_is_read_day_by_day_and_page_by_page():
    pages = [[row(1), row(2, at="2026-07-15 08:00:00")], [row(3)], [], [row(4, at="2026-07-16 10:00:00")]]
    client = jomobile(*[good(page) for page in pages])
    client.today = lambda: date(2026, 7, 17)
    records = list(client.messages(DAY, date(2026, 7, 17), source="NORTHWIND", destination=THEIRS, limit=2))
    assert [record.external_id for record in records] == ["2", "1", "3", "4"]
    bodies = [body for _, body in asked(client)]
    assert [(body["offset"], body["limit"]) for body in bodies] == [(0, 2), (1, 2), (0, 2), (0, 2)]
    assert bodies[0]["time_period"] == "2026-07-15 00:00:00 - 2026-07-15 23:59:59"
    assert bodies[0]["phone"] == ["40755501234"] and bodies[0]["sender"] == "NORTHWIND"
    one = records[1]
    assert (one.destination, one.transmission, one.sent_at.tzinfo) == (THEIRS, Transmission.DELIVERED, UTC)


def test_days_are_those_of_the_accounts_zone():
    client = jomobile(good([]), time_zone="America/Toronto")
    client.today = lambda: DAY
    assert list(client.messages(DAY)) == []
    assert asked(client)[0][1]["time_period"] == "2026-07-15 04:00:00 - 2026-07-16 03:59:59"


def test_what_is_older_than_the_log_is_asked_for_at_once():
    client = jomobile(good([]))
    client.today = lambda: DAY
    list(client.messages(date(2020, 1, 1)))
    assert len(client.requests) == 32


def test_a_server_that_knows_no_pages_does_not_keep_us_for_ever():
    client = jomobile(good([row(1), row(2)]))
    client.today = lambda: DAY
    assert len(list(client.messages(DAY, limit=2))) == 2 and len(client.requests) == 2


def test_nothing_comes_in():
    client = jomobile(good([]))
    assert list(client.messages(DAY, direction="inbound")) == [] and client.requests == []


def test_parts_of_a_text_are_one_record():
    rows = [
        row("a2", part=2, parts=2, told="long"),
        row("a1", part=1, parts=2, told="long"),
        row("b1", part=1, parts=2, told="half"),
        row("c", part=1, parts=2, told="same id"),
        row("c", part=2, parts=2, told="same id", state="UNDELIV"),
        row("d1", part=1, parts=2, told="twice"),
        row("d2", part=2, parts=2, told="twice"),
        row("e1", part=1, parts=2, told="twice"),
        row("e2", part=2, parts=2, told="twice", state="ENROUTE"),
    ]
    client = jomobile(good(rows))
    client.today = lambda: DAY
    found = {record.external_id: record for record in client.messages(DAY)}
    assert {key: record.transmission.value for key, record in found.items()} == {
        "a1": "delivered",
        "b1": "sent",
        "c": "failed",
        "d1": "delivered",
        "e1": "sent",
    }
    assert found["c"].failure == "UNDELIV" and found["a1"].raw["parts"][0]["id_state"] == "a2"


def test_rows_that_cannot_be_read_do_not_sink_the_others():
    rows = [row(1), row(2, state="TELEPORTED"), row(3, at="yesterday"), row(4, phone="x"), "nonsense", row(None)]
    rows += [row(5, type_sms="hlr"), row(6, state=None), row(7, unknown="kept")]
    client = jomobile(good(rows))
    client.today = lambda: DAY
    found = {record.external_id: record for record in client.messages(DAY)}
    assert set(found) == {"1", "6", "7"} and found["7"].raw["unknown"] == "kept"
    assert found["6"].transmission is Transmission.PENDING
    assert len(client.unread) == 5 and "state is not a word that we know" in client.unread[0][0]


@pytest.mark.parametrize(("word", "meaning"), mapping.STATES.items())
def test_every_known_state(word, meaning):
    client = jomobile(good([row(1, state=word.lower())]))
    client.today = lambda: DAY
    (record,) = client.messages(DAY)
    assert record.transmission is meaning and bool(record.failure) == (meaning.value in ("failed", "cancelled"))


# --- who is left alone


def test_the_black_list():
    client = jomobile(good({"blacklistDetails": {"countBefore": 3, "countAfter": 5}}))
    client.add_opt_out(THEIRS)
    client.remove_opt_out(OTHER)
    assert client.change_black_list("black-list-add", [THEIRS, OTHER]) == 5
    assert asked(client)[:2] == [
        ("black-list-add", {"numbers": ["40755501234"]}),
        ("black-list-delete", {"numbers": ["15185550177"]}),
    ]


@pytest.mark.parametrize(
    "rows", [["40755501299"], [40755501299], [{"phone": "40755501299"}], [{"number": 40755501299}]]
)
def test_the_black_list_is_searched_by_numbers(rows):
    client = jomobile(good({"blacklistDetails": {"foundPhone": 1}, "list": rows}))
    assert [one.number for one in client.black_listed(["+40755501299", THEIRS])] == ["+40755501299"]


def test_opt_outs_are_those_of_who_was_texted():
    client = jomobile(good([row(1), row(2)]), good({"list": ["40755501234"]}))
    client.today = lambda: DAY
    assert [one.number for one in client.opt_outs(DAY)] == [THEIRS]
    assert asked(client)[1] == ("black-list-search", {"numbers": ["40755501234"]})


# --- groups


def test_groups_page_by_page():
    first = [{"id_group": number, "name_group": "G", "numbers_count": 7, "on_birth": False} for number in (1, 2)]
    client = jomobile(good({"groupDetails": {}, "list": first}), good({"list": [{"id_group": 3, "name_group": "H"}]}))
    assert [(one.external_id, one.size) for one in client.groups(limit=2)] == [("1", 7), ("2", 7), ("3", None)]
    assert [body["offset"] for _, body in asked(client)] == [0, 1]
    assert jomobile(good({"list": first})).group("2").name == "G"
    with pytest.raises(NotFound):
        jomobile(good({"list": []})).group("9")


def test_a_group_is_made_filled_searched_emptied_and_deleted():
    client = jomobile(
        good(
            {
                "groupDetails": {"command": "create"},
                "list": [{"id_group": 42, "name_group": "Promo", "numbers_count": 0}],
            }
        ),
        good({"groupDetails": {"id_group": 42, "name_group": "Promo", "countPhoneBefore": 0, "countPhoneAfter": 1}}),
        good({"list": [{"phone": "40755501234", "name": "Ana", "surname": "Pop", "date_birth": "1990-05-17"}]}),
        good({"list": [{"phone": "40755501234", "name": "Ana"}]}),
        good({"list": [42]}),
    )
    assert client.create_group("Promo", birthday_sender="N", birthday_text="Hi", birthday_time=time(9, 30)).size == 0
    contact = ContactRecord(external_id="", number=THEIRS, name="Ana", birthday=date(1990, 5, 17))
    assert client.add_contacts("42", [contact]).size == 1
    (found,) = client.find_contacts("42", [THEIRS])
    assert (found.number, found.name, found.birthday, found.group_id) == (THEIRS, "Ana Pop", date(1990, 5, 17), "42")
    assert [one.number for one in client.remove_contacts("42", [THEIRS])] == [THEIRS]
    assert client.delete_groups(["42"]) == ["42"]
    assert [call for call, _ in asked(client)] == [
        "group-create",
        "group-number-add",
        "group-number-search",
        "group-number-delete",
        "group-delete",
    ]
    assert client.requests[0].json["time_birth"] == "09:30" and client.requests[0].json["on_birth"] is True
    assert client.requests[1].json["numbers"] == [{"number": "40755501234", "name": "Ana", "date_birth": "1990-05-17"}]


def test_contacts_are_asked_for_in_every_group():
    client = jomobile(good({"list": [{"id_group": 1, "name_group": "G"}]}), good({"list": [{"phone": "40755501234"}]}))
    assert [one.external_id for one in client.contacts([THEIRS])] == [f"1/{THEIRS}"]


# --- prices


def test_prices():
    rows = [
        {"ISO": "RO", "country": "Romania", "MCC": 226, "MNC": 10, "price": 0.029, "currency": "EUR"},
        {"price": "x"},
    ]
    client = jomobile(good(rows))
    (found,) = client.prices()
    assert (found.destination, found.amount, found.currency) == ("RO-226-10", Decimal("0.029"), "EUR")
    assert len(client.unread) == 1
    assert [one.amount for one in client.product_prices("ro", mcc=226, mnc=10)] == [Decimal("0.029")]
    list(client.country_prices("RO"))
    assert asked(client) == [
        ("account-price", {"ISO": "full"}),
        ("product-price", {"ISO": "RO", "MCC": 226, "MNC": 10}),
        ("country-price", {"ISO": "RO"}),
    ]
    assert len(list(jomobile(good({"Standard": rows[:1]})).product_prices())) == 1


def test_countries_by_continent():
    client = jomobile(good({"Europe": [{"ISO": "RO", "country": "Romania", "MCC": 226}]}))
    (found,) = client.countries()
    assert (found.code, found.name, found.raw["continent"]) == ("RO", "Romania", "Europe")


# --- the old API


def test_the_old_api_has_its_token_in_the_address():
    client = script(
        JoMobile("https://restapi.tenant.example", {"access_token": TOKEN}), good({"40755501234": [{"id_state": 9}]})
    )
    assert client.legacy_send(OutgoingText(numbers=(THEIRS,), sender="N", body="x")).external_id == "9"
    client.legacy_preview(THEIRS, "N", "x")
    first, second = client.requests
    assert first.url == "https://api.tenant.example/send" and second.url == "https://api.tenant.example/replacement"
    assert first.query[0] == ("token", TOKEN) and dict(first.query)["delivery"] == "TRUE" and first.write
    other = JoMobile("http://x.example", {"access_token": TOKEN, "legacy_base_url": "http://old.example/"})
    assert other.legacy_base_url == "http://old.example"


# --- refusals


@pytest.mark.parametrize("word", REFUSALS)
@pytest.mark.parametrize("form", [lambda w: w, lambda w: [w], lambda w: {"number": [w]}, lambda w: {"password": w}])
def test_every_documented_word_of_theirs(word, form):
    known = REFUSALS[word]
    wanted = CredentialsRefused if known.cause is Cause.CREDENTIALS else known.error
    with pytest.raises(wanted) as refused:
        jomobile(bad(form(word))).send_message("N", THEIRS, "x")
    assert refused.value.cause is known.cause and refused.value.words == (word,)


def test_the_older_key_for_errors_is_read_too():
    with pytest.raises(Rejected) as refused:
        jomobile((200, {"status": False, "error": "no_client_price"})).send_message("N", THEIRS, "x")
    assert refused.value.code == "no_client_price"


def test_texts_about_fields_are_refusals():
    with pytest.raises(Rejected) as refused:
        jomobile(bad({"senderID": ["Sender is required.", "Bad"], "text": "Too long"})).send_message("N", THEIRS, "x")
    assert [(one.field, one.cause) for one in refused.value.problems] == [
        ("source", Cause.MISSING),
        ("source", Cause.INVALID),
        ("body", Cause.INVALID),
    ]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (bad("something_new"), Unclear),
        (bad({}), Unclear),
        (bad("down", 500), Unclear),
        ((200, {"status": False, "error_code": 503, "errors": {"x": "y"}}), Unclear),
        (bad("gone", 404), NotFound),
        (bad("pay", 402), Rejected),
        ((200, {"status": False, "error_code": 429, "errors": "slow down"}), RateLimited),
        ((429, {}), RateLimited),
        ((400, {"status": True, "data": {}}), Unclear),
        ((200, {"status": "true", "data": {}}), Unreadable),
        ((200, []), Unreadable),
        ((200, b"<html>"), Unreadable),
        ((503, b"<html>"), Unclear),
    ],
)
def test_what_else_an_answer_may_mean(answer, error):
    with pytest.raises(error) as raised:
        jomobile(answer).send_message("N", THEIRS, "x")
    assert type(raised.value) is error


def test_what_it_cannot_do():
    client = jomobile(good({}))
    assert Capability.INBOUND_SMS not in JoMobile.capabilities
    for verb in (client.ledger, client.numbers, client.ports, client.charges):
        with pytest.raises(Unsupported):
            verb()
    assert client.requests == []
