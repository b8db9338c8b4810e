"""What the Voximplant client sends for each call, and what it makes of the answers, without a network."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from providers.clients.errors import Cause, NotFound, Rejected, Unreadable, Unsupported
from providers.clients.http import Answer
from providers.clients.records import Attachment, Direction, NumberStatus, ResourceRecord, Transmission
from providers.clients.speaking import Repeat
from providers.clients.voximplant.calls import writes
from providers.clients.voximplant.client import Voximplant
from tests.providers.clients.voximplant_asked import (
    A2P,
    CALLS,
    CHILD,
    INVOICE,
    OURS,
    PASSWORD,
    PLACE,
    PLAN,
    PRICES,
    REGION,
    REGISTRATION,
    SESSION,
    SMS,
    SUBSCRIPTION,
    THEIRS,
    TRANSACTION,
)
from tests.providers.clients.voximplant_made import (
    ACCOUNT,
    API_KEY,
    OLD,
    PHONE,
    SIGNED,
    client,
    error,
    fields,
    listing,
    name,
)

DAY = date(2026, 7, 2)
FILE = Answer(200, "application/octet-stream", b"\x1f\x8bfile")


def ask(call, asked):
    """What the client makes of it, listings read to their end."""
    found = CALLS[call][0](asked)
    return list(found) if isinstance(found, Iterator) else found


def test_every_call_of_the_document_and_its_siblings_has_a_method_and_a_test():
    spoken = {spoken.call for spoken in Voximplant.spoken()}
    assert spoken == {*Voximplant.document, *Voximplant.siblings} == set(CALLS)
    assert len(Voximplant.document) == 15 and len(Voximplant.siblings) == 92


def test_what_writes_is_marked_so():
    assert all(spoken.writes == writes(spoken.call) for spoken in Voximplant.spoken())
    never = {spoken.call for spoken in Voximplant.spoken() if spoken.repeat is Repeat.NEVER}
    costly = {
        "SendSmsMessage",
        "A2PSendSms",
        "AttachPhoneNumber",
        "ChargeAccount",
        "AddAccount",
        "CreateSipRegistration",
    }
    assert costly <= never


@pytest.mark.parametrize("call", CALLS)
def test_each_call_goes_to_its_address_with_its_fields(call):
    _, wanted, answer = CALLS[call]
    asked = client(FILE if answer is None else answer, credentials=OLD | {"currency": "USD"})
    found = ask(call, asked)
    request = asked.requests[0]
    assert (name(request), request.call, request.method) == (call, call, "POST")
    assert fields(request) == {key: value for key, value in wanted.items() if (key, value) not in OLD.items()}
    assert request.write == writes(call)
    assert not asked.unread
    if isinstance(found, list) and "Get" in call:
        assert len(found) == 1 or call == "GetAccountPhoneNumberCountries"
    assert PASSWORD not in repr(found)


@pytest.mark.parametrize("call", CALLS)
def test_each_call_of_a_service_account_has_its_fields_and_no_more(call):
    _, wanted, answer = CALLS[call]
    asked = client(FILE if answer is None else answer, credentials=SIGNED | {"api_key": API_KEY, "currency": "USD"})
    ask(call, asked)
    assert dict(asked.requests[0].fields) == wanted


def test_an_account_that_is_asked_about_is_not_taken_for_the_one_that_asks():
    """The older way names the asking account by the same parameter."""
    answer = {"result": [{"verification_id": 55}]}
    with pytest.raises(Rejected):
        list(client(answer).verifications("4400987"))
    asked = client(answer, credentials=OLD | {"account_name": "lachance"})
    list(asked.verifications("4400987"))
    sent = {"account_id": "4400987", "account_name": "lachance", "api_key": API_KEY}
    assert dict(asked.requests[0].fields) == sent
    asked = client(*[CALLS["CloneAccount"][2]] * 2)
    asked.clone_subaccount("4400987", CHILD)
    asked.clone_subaccount("4400987", CHILD)
    assert dict(asked.requests[1].fields)["account_id"] == "4400987"
    assert "api_key" not in dict(asked.requests[1].fields)


def test_configuration_objects_keep_what_is_not_known_of_them():
    asked = client({"result": [PLAN | {"next_charge": "2026-08-01", "brand_new": {"x": 1.5}}]})
    (plan,) = asked.plans()
    assert plan.fields["periodic_charge"] == Decimal("20.5")
    assert plan.fields["next_charge"] == date(2026, 8, 1)
    assert plan.raw["brand_new"] == {"x": "1.5"}
    assert (plan.kind, plan.external_id, plan.name) == ("plan", "2101", "IM basic")


def test_an_object_that_cannot_be_read_does_not_sink_the_others():
    asked = client({"result": [PLAN, PLAN | {"periodic_charge": "cheap"}, 7]})
    assert len(list(asked.plans())) == 1
    assert [reason for reason, _ in asked.unread] == ["periodic_charge is not an amount", "a row is not a structure"]


# --- the account and its money


def test_the_account_and_its_balance():
    account = client({"result": ACCOUNT}).account()
    assert (account.external_id, account.organization) == ("4400901", "Plomberie Lachance")
    assert (account.currency, account.language, account.time_zone) == ("USD", "fr", "America/Toronto")
    balance = client({"result": ACCOUNT}).balance()
    assert (balance.balance, balance.currency) == (Decimal("41.2075"), "USD")
    assert (balance.credit_limit, balance.available) == (Decimal(10), Decimal("50.0075"))


@pytest.mark.parametrize("balance", (None, "", "lots", "1,5", True, {}, "NaN"))
def test_a_balance_in_no_known_form_is_never_zero(balance):
    with pytest.raises(Unreadable):
        client({"result": ACCOUNT | {"balance": balance}}).balance()


def test_settings_that_cannot_be_sent_are_refused_before_sending():
    for changes in ({"nickname": "x"}, {"webhook_salt": "x" * 41}, {"organization": "x" * 200}, {"phone": None}):
        asked = client({"result": 1})
        with pytest.raises(Rejected) as caught:
            asked.update_account(changes)
        assert not asked.requests
        assert caught.value.problems[0].field == next(iter(changes))


def test_the_low_balance_alert_is_read_and_set():
    asked = client({"result": ACCOUNT}, {"result": 1})
    assert asked.low_balance_alert().fields == {"Enabled": True, "Amount": "15"}
    asked.set_low_balance_alert(False, Decimal("15"))
    assert fields(asked.requests[1]) == {"min_balance_to_notify": "0"}


def test_the_ledger_tells_kinds_and_signs_in_the_account_s_days():
    payment = TRANSACTION | {"transaction_id": 67, "amount": 50, "transaction_type": "card_payment"}
    late = TRANSACTION | {"performed_at": "2026-07-03 03:30:00"}
    asked = client(listing(late, payment, timezone="Etc/GMT"), time_zone="America/Toronto")
    charge, paid = asked.ledger(DAY, DAY)
    assert (charge.kind, charge.amount, charge.occurred_on) == ("charge", Decimal("-0.0231"), DAY)
    assert (paid.kind, paid.amount, paid.currency, paid.external_id) == ("payment", Decimal(50), "USD", "67")


def test_a_ledger_without_a_range_begins_with_the_account():
    asked = client({"result": ACCOUNT}, listing(TRANSACTION, timezone="UTC"))
    assert len(list(asked.ledger(until=DAY))) == 1
    assert fields(asked.requests[1])["from_date"] == "2025-11-03 00:00:00"


def test_invoices_are_those_of_the_days_asked_for():
    later = INVOICE | {"invoice_id": 9, "invoice_date": "2026-08-01", "status": "IN DISPUTE"}
    first, second = client(listing(INVOICE, later)).invoices()
    assert (first.external_id, first.issued_on, first.total) == ("8812", date(2026, 7, 1), Decimal("26.4"))
    assert (first.paid, second.paid) == (True, None)
    assert [one.external_id for one in client(listing(INVOICE, later)).invoices(since=date(2026, 7, 15))] == ["9"]


def test_files_are_bytes_and_their_errors_are_errors():
    assert client(FILE).invoice_file("8812") == FILE.body
    with pytest.raises(Rejected) as caught:
        client(error(356, "The call history report is not ready yet")).report_file("1")
    assert caught.value.cause is Cause.NOT_NOW
    for answer in ({"result": 1}, Answer(200, "text/html", b"<html>"), Answer(404, "application/octet-stream", b"x")):
        with pytest.raises(Exception) as caught:
            client(answer).report_file("1")
        assert caught.value.effect == "unknown"


def test_prices_are_by_the_minute_and_by_the_month():
    asked = client({"result": ACCOUNT}, {"result": [PRICES]}, listing(SUBSCRIPTION))
    calls, number = asked.prices()
    assert (calls.service, calls.destination, calls.unit) == ("voice", "Canada", "minute")
    assert (calls.amount, calls.currency) == (Decimal("0.024"), "USD")
    assert (number.service, number.unit, number.amount) == ("number", "month", Decimal("1.25"))


def test_charges_are_numbers_registrations_and_plans():
    given_up = PHONE | {"phone_id": 7302, "canceled": True}
    asked = client(
        lambda request: {
            "GetPhoneNumbers": listing(PHONE, given_up),
            "GetSipRegistrations": {"result": [REGISTRATION], "count": 1},
            "GetAccountPlans": {"result": [PLAN]},
            "GetAccountInfo": {"result": ACCOUNT},
        }[request.call]
    )
    charges = {charge.external_id: charge for charge in asked.charges()}
    assert set(charges) == {"phone-7301", "sip-1407", "plan-2101"}
    assert charges["phone-7301"].number == OURS and charges["phone-7301"].next_on == date(2026, 12, 3)
    assert charges["sip-1407"].amount == Decimal("1.0")


# --- sub-accounts


def test_children_are_subaccounts():
    frozen = ACCOUNT | {"account_id": 4400988, "frozen": True, "account_custom_data": "portal-7"}
    first, second = client(listing(ACCOUNT, frozen)).subaccounts()
    assert (first.external_id, first.name, first.status) == ("4400901", "lachance", "enabled")
    assert (second.status, second.reference, second.number_ids) == ("disabled", "portal-7", None)


def test_numbers_of_children_are_asked_child_by_child():
    asked = client(
        lambda request: (
            listing(PHONE) if request.call == "GetPhoneNumbers" else listing({"account_id": 4400901} | ACCOUNT)
        )
    )
    (child,) = asked.subaccounts(with_numbers=True)
    assert child.number_ids == ("7301",)
    assert fields(asked.requests[1])["child_account_id"] == "4400901"


def test_a_child_is_made_of_what_people_call_it():
    asked = client({"result": ACCOUNT}, {"result": 1, "account_id": 4400999, "api_key": "k", "active": True})
    assert asked.create_subaccount("Lachance, succursale Est!", "Plomberie Lachance", "fr", "portal-9") == "4400999"
    sent = fields(asked.requests[1])
    assert sent["account_name"] == "lachance-succursale"
    assert sent["account_email"] == "bureau+lachance-succursale@lachance.example"
    assert (sent["account_custom_data"], sent["account_first_name"]) == ("portal-9", "Plomberie Lachance")
    password = sent["account_password"]
    kinds = (str.islower, str.isupper, str.isdigit, lambda char: not char.isalnum())
    assert len(password) >= 20 and all(any(map(kind, password)) for kind in kinds)


@pytest.mark.parametrize("words", ("", "é", "123 456", "!!!!"))
def test_a_name_that_cannot_be_written_is_refused_before_sending(words):
    asked = client({"result": ACCOUNT})
    with pytest.raises(Rejected):
        asked.create_subaccount(words, "", "en", "r")
    assert not asked.requests


def test_the_key_of_a_child_is_told_once_and_shown_nowhere(notebook):
    answer = {"result": 1, "account_id": 4400987, "api_key": "canary-c1d7e0aa", "active": True}
    asked = client(answer, observer=notebook)
    made = asked.add_subaccount(CHILD)
    assert made.api_key == "canary-c1d7e0aa"
    assert "canary-c1d7e0aa" not in repr(made) + repr(notebook.exchanges)
    assert PASSWORD not in repr(notebook.exchanges) + repr(CHILD)


def test_a_clone_shows_nothing_secret():
    row = {
        "account_id": 1,
        "api_key": "canary-1",
        "admin_users": [{"admin_user_id": 4, "admin_user_api_key": "canary-2"}],
    }
    assert "canary" not in repr(client({"result": row}).clone_subaccount("4400987", CHILD))


def test_a_child_is_switched_off_and_never_deleted():
    with pytest.raises(Rejected):
        client({"result": 1}).update_subaccount("1", {"status": "deleted"})
    with pytest.raises(NotFound):
        client(error(194, "The 'child_account_id' parameter is invalid")).update_subaccount("1", {"status": "enabled"})
    with pytest.raises(Unsupported):
        client({"result": 1}).add_subaccount_numbers("1", ["7301"])


# --- numbers


def test_a_number_with_its_settings():
    (number,) = client(listing(PHONE)).numbers()
    assert (number.external_id, number.number, number.kind) == ("7301", OURS, "local")
    assert (number.status, number.sms, number.country) == (NumberStatus.ACTIVE, True, "US")
    assert number.settings == {"sms": True, "sms_webhook": ""}
    assert number.activated_on == date(2026, 1, 3)
    assert number.raw["never_documented"] == "kept"


@pytest.mark.parametrize(
    "changes",
    (
        {"deactivated": True},
        {"canceled": True},
        {"activation_status": "ACTIVATING"},
        {"activation_status": "DEACTIVATED"},
    ),
)
def test_a_number_that_does_not_work_is_disabled(changes):
    (number,) = client(listing(PHONE | changes)).numbers()
    assert number.status is NumberStatus.DISABLED


def test_a_number_in_a_state_that_nobody_documented_is_left_unread():
    asked = client(listing(PHONE, PHONE | {"activation_status": "TELEPORTED"}))
    assert len(list(asked.numbers())) == 1 and len(asked.unread) == 1


def test_one_number_is_found_by_its_id_or_digits():
    asked = client(listing(PHONE | {"phone_id": 1, "phone_number": "16285550135"}, PHONE))
    assert asked.number(external_id="7301").number == OURS
    assert asked.number(number=OURS).external_id == "7301"
    with pytest.raises(NotFound):
        client(listing(PHONE)).number(external_id="5")
    with pytest.raises(NotFound):
        client(error(181, "The 'phone_id' parameter is invalid")).number(external_id="5")


def test_changing_a_number_sends_what_changes_and_nothing_else():
    asked = client({"result": 1}, listing(PHONE), {"result": 1})
    asked.update_number("7301", {"sms_webhook": "", "sms": False})
    assert [request.call for request in asked.requests] == ["SetPhoneNumberInfo", "GetPhoneNumbers", "ControlSms"]
    assert fields(asked.requests[0]) == {"phone_id": "7301", "incoming_sms_callback_url": ""}
    assert fields(asked.requests[2]) == {"phone_number": "16285550134", "command": "disable"}
    with pytest.raises(Rejected):
        client({"result": 1}).update_number("7301", {"voicemail": True})


def test_numbers_to_rent_are_looked_for_in_regions_with_stock():
    stock = {"phone_id": 0, "phone_number": "16285550199", "phone_price": 1.25, "phone_installation_price": 2}
    asked = client(
        lambda request: {
            "GetPhoneNumberRegions": {"result": [REGION, REGION | {"phone_region_id": 3613, "is_sms_supported": True}]},
            "GetNewPhoneNumbers": listing(stock),
            "GetAccountInfo": {"result": ACCOUNT},
        }[request.call]
    )
    (number,) = asked.available_numbers(area_code="628", sms=True)
    assert fields(asked.requests[1])["phone_region_id"] == "3613"
    assert (number.number, number.setup_fee, number.currency) == ("+16285550199", Decimal(2), "USD")
    assert (number.monthly_fee, number.sms) == (Decimal("1.25"), True)
    assert len(asked.numbers_in(PLACE, "US", "GEOGRAPHIC", limit=1)) == 1


def test_a_rented_number_whose_id_the_answer_does_not_tell_is_looked_up():
    asked = client({"result": 1}, listing(PHONE))
    assert asked.activate_number(OURS) == "7301"


# --- texts


def test_texts_of_both_logs():
    came = SMS | {"message_id": 900, "direction": "in", "source_number": 19295550177, "destination_number": 16285550134}
    asked = client(
        lambda request: {
            "GetSmsHistory": {"result": [came, SMS], "total_count": 2},
            "A2PGetSmsHistory": {"result": [A2P], "total_count": 1},
            "GetAccountInfo": {"result": ACCOUNT | {"a2p_sms_enabled": True}},
        }[request.call]
    )
    first, second, third = asked.messages(DAY, DAY)
    assert (first.direction, first.transmission, first.source) == (Direction.INBOUND, Transmission.DELIVERED, THEIRS)
    assert (second.transmission, second.sent_at) == (Transmission.SENT, datetime(2026, 7, 2, 11, 40, 7, tzinfo=UTC))
    assert (second.price, second.body) == (Decimal("0.0079"), "Hello")
    assert (third.external_id, third.source, third.transmission) == ("a2p-902", "LACHANCE", Transmission.DELIVERED)
    assert third.sent_at == datetime(2026, 7, 2, tzinfo=UTC)


def test_one_way_texts_are_asked_for_where_there_can_be_any():
    asked = client(lambda r: {"result": ACCOUNT} if r.call == "GetAccountInfo" else {"result": [], "total_count": 0})
    assert list(asked.messages(DAY, DAY)) == []
    assert [request.call for request in asked.requests] == ["GetSmsHistory", "GetAccountInfo"]
    asked.requests.clear()
    assert list(asked.messages(DAY, DAY, Direction.INBOUND)) == []
    assert [request.call for request in asked.requests] == ["GetSmsHistory"]


def test_days_of_the_log_are_the_account_s():
    asked = client({"result": [], "total_count": 0}, time_zone="America/Toronto")
    list(asked.messages(DAY, DAY, "inbound"))
    sent = fields(asked.requests[0])
    assert (sent["from_date"], sent["to_date"]) == ("2026-07-02 04:00:00", "2026-07-03 03:59:59")


@pytest.mark.parametrize(
    ("word", "state"),
    (
        ("QUEUED", "pending"),
        ("dispatched", "sent"),
        ("5", "delivered"),
        (6, "failed"),
        ("EXPIRED", "failed"),
        (8, "sent"),
    ),
)
def test_how_far_a_one_way_text_was_brought(word, state):
    asked = client({"result": [A2P | {"delivery_status": word}], "total_count": 1})
    (text,) = asked.one_way_messages(datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 7, 3, tzinfo=UTC))
    assert text.transmission == state


def test_one_text_is_found_by_its_id():
    assert client({"result": [SMS], "total_count": 1}).message("901").body == "Hello"
    assert client({"result": [A2P], "total_count": 1}).message("a2p-902").source == "LACHANCE"
    with pytest.raises(NotFound):
        client({"result": [], "total_count": 0}).message("5")
    with pytest.raises(NotFound):
        client(error(509, "A2P SMS disabled")).message("a2p-5")


def test_sending_names_the_text_that_was_taken():
    assert (
        client({"result": 1, "message_id": 901, "fragments_count": 1}).send_message(OURS, THEIRS, "x").external_id
        == "901"
    )
    with pytest.raises(Unreadable):
        client({"result": 1}).send_message(OURS, THEIRS, "x")


@pytest.mark.parametrize(
    ("source", "destination", "body", "field"),
    (
        (OURS, THEIRS, "", "body"),
        (OURS, THEIRS, "x" * 766, "body"),
        ("LACHANCE", THEIRS, "x" * 1601, "body"),
        (OURS, "9295550177", "x", "destination"),
        ("+1", THEIRS, "x", "source"),
    ),
)
def test_texts_that_cannot_be_sent_are_refused_before_sending(source, destination, body, field):
    asked = client({"result": 1, "message_id": 1})
    with pytest.raises(Rejected) as caught:
        asked.send_message(source, destination, body)
    assert not asked.requests
    assert caught.value.problems[0].field == field


def test_pictures_are_refused_before_sending():
    asked = client({"result": 1, "message_id": 1})
    with pytest.raises(Unsupported):
        asked.send_message(OURS, THEIRS, "x", Attachment(name="a.png", content=b"x", mime_type="image/png"))
    assert not asked.requests


def test_a_one_way_text_may_reach_some_and_not_others():
    answer = {
        "result": [{"message_id": 902, "destination_number": "19295550177"}],
        "failed": [{"destination_number": "999", "error_description": "No routes for number", "error_code": 506}],
    }
    batch = client(answer).send_one_way("LACHANCE", [THEIRS, "+4915155501423"], "x")
    assert {number: sent.external_id for number, sent in batch.sent.items()} == {THEIRS: "a2p-902"}
    assert (batch.failed[0].number, batch.failed[0].code) == ("999", "506")
    with pytest.raises(Rejected) as caught:
        client({"result": [], "failed": answer["failed"]}).send_message("LACHANCE", THEIRS, "x")
    assert caught.value.cause is Cause.DESTINATION
    with pytest.raises(Rejected):
        client(answer).send_one_way("LACHANCE", [f"+1929555{n:04d}" for n in range(101)], "x")


# --- calls


def test_calls_of_sessions_with_their_recordings():
    foreign = SESSION | {"account_id": 4400987}
    asked = client(
        lambda r: {"result": ACCOUNT} if r.call == "GetAccountInfo" else listing(SESSION, foreign, timezone="UTC")
    )
    first, second = asked.calls(datetime(2026, 7, 2, tzinfo=UTC), datetime(2026, 7, 3, tzinfo=UTC))
    assert (first.external_id, first.direction, first.source, first.destination) == ("440", "inbound", THEIRS, OURS)
    assert (first.seconds, first.answered, first.cost, first.currency) == (74, True, Decimal("0.0079"), "USD")
    assert (first.recording_id, first.outcome, first.subaccount_id) == ("9", "200 OK", "")
    assert second.subaccount_id == "4400987"
    recording, _ = asked.recordings(datetime(2026, 7, 2, tzinfo=UTC), datetime(2026, 7, 3, tzinfo=UTC))
    assert (recording.url, recording.seconds, recording.source) == ("https://storage.example/9.mp3", 70, THEIRS)


def test_a_caller_that_is_no_number_stays_as_it_is_shown():
    call = SESSION["calls"][0] | {"remote_number": "sip:anonymous@x.example"}
    asked = client(
        listing(SESSION | {"calls": [call]}, timezone="UTC"),
        credentials={"account_id": "1", "api_key": "k", "currency": "EUR"},
    )
    (found,) = asked.calls(datetime(2026, 7, 2, tzinfo=UTC), datetime(2026, 7, 3, tzinfo=UTC))
    assert (found.source, found.currency) == ("sip:anonymous@x.example", "EUR")


def test_registrations_say_whether_they_stand():
    failed = REGISTRATION | {
        "sip_registration_id": 1408,
        "successful": False,
        "status_code": 403,
        "error_message": "Forbidden",
    }
    frozen = REGISTRATION | {"sip_registration_id": 1409, "deactivated": True}
    asked = client({"result": [REGISTRATION, failed, frozen], "count": 3})
    states = [(one.user, one.registered, one.error) for one in asked.registrations()]
    assert states == [("trunk1", True, ""), ("trunk1", False, "Forbidden"), ("trunk1", False, "deactivated")]


def test_a_list_item_cannot_smuggle_in_another():
    asked = client({"result": 1})
    with pytest.raises(Rejected):
        asked.set_key_roles("k", ["Payer;Owner"])
    assert not asked.requests


def test_a_call_with_its_own_kind_of_record():
    (key,) = client(CALLS["GetKeys"][2]).keys()
    assert isinstance(key, ResourceRecord) and key.fields["roles"][0]["role_id"] == 5
