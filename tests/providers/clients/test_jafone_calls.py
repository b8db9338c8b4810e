"""What the JaFone client sends and what it makes of the answers, without a network."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

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
from providers.clients.jafone.client import JaFone
from providers.clients.jafone.refusals import REFUSALS
from providers.clients.jafone.wire import PATH
from providers.clients.records import Attachment, Direction, Transmission
from tests.providers.clients.scripting import script

KEY, USER = "k3yk3yk3yk3y", "482915"
OURS, THEIRS = "+12635550134", "+13545550177"
DAY = date(2026, 7, 15)


def jafone(*answers, observer=None, **options):
    credentials = {"user_id": USER, "key": KEY, **options}
    return script(JaFone("http://sandbox.invalid", credentials, observer=observer), *answers)


def good(**payload):
    return {"Status": "Success", **payload}


def bad(message):
    return {"Status": "Error", "Message": message}


def sent(client):
    """The query of each request, credentials left out after a look."""
    queries = [dict(request.query) for request in client.requests]
    assert all((query.pop("userId"), query.pop("key")) == (USER, KEY) for query in queries)
    return queries


def text_row(number, *, at="2026-07-15 09:15:20", direction="1", told="Hello", far="13545550177"):
    return {"Id": str(number), "Date": at, "Number": far, "Message": told, "Direction": direction}


def fee(number, at="2026-07-01 23:30:02", **changes):
    row = {"Date": at, "Description": f"Frais mensuel: DID ({number})", "Value": "-149500"}
    return row | {"Subaccount": "333333", "Type": "6", "PaymemtId": None} | changes


def test_every_action_of_the_document_has_a_method():
    assert {spoken.call for spoken in JaFone.spoken()} == set(JaFone.document)
    assert len(JaFone.document) == 24


def test_sending_is_never_repeated_and_is_settled_by_the_log():
    (spoken,) = [spoken for spoken in JaFone.spoken() if spoken.call == "sendSMS"]
    assert spoken.repeat == "never" and "getSMS" in spoken.settle


# --- the account


def test_all_travels_in_the_query_of_a_get():
    client = jafone(good(Balance={"Amount": "81.07"}))
    assert client.balance().balance == Decimal("81.07")
    (request,) = client.requests
    assert (request.method, request.url, request.fields, request.json) == (
        "GET",
        "http://sandbox.invalid" + PATH,
        (),
        None,
    )
    assert sent(client) == [{"action": "getBalance"}]


def test_the_currency_is_the_connections():
    assert jafone(good(Balance={"Amount": "-3.20"})).balance().currency == "CAD"
    assert jafone(good(Balance={"Amount": "-3.20"}), currency="USD").balance().currency == "USD"


@pytest.mark.parametrize("amount", ["", "12.34 CR", "1,234.56", None, "NaN", "1e3", [], {}, "$5"])
def test_a_balance_in_no_known_form_is_unreadable_and_never_zero(amount):
    with pytest.raises(Unreadable):
        jafone(good(Balance={"Amount": amount})).balance()


def test_the_account_never_names_its_user_id():
    info = {"AccountType": "JaFone", "Balance": "1.00", "Firstname": "Lea", "Lastname": "Gagnon", "Quality": "1"}
    account = jafone(good(AccountInfo=info)).account()
    assert (account.organization, account.currency) == ("Lea Gagnon", "CAD")
    assert account.raw["Quality"] == "1" and USER not in repr(account)


def test_the_version_is_told():
    row = {"Major": "3", "Version": "3.0.4 Build 20191006"}
    assert jafone(good(getApiVersion=row)).api_version().name == "3.0.4 Build 20191006"


def test_the_ledger_counts_in_units_of_the_divisor():
    client = jafone(good(Transactions=[fee("2635550134")]))
    (record,) = client.ledger(date(2026, 7, 1), DAY)
    assert (record.amount, record.kind, record.occurred_on) == (Decimal("-1.49500"), "charge", date(2026, 7, 1))
    assert record.raw["Value"] == "-149500"
    assert sent(client) == [{"action": "getTransactions", "from": "20260701", "to": "20260715"}]
    tenth = jafone(good(Transactions=[fee("2635550134")]), ledger_divisor="10000")
    assert [record.amount for record in tenth.ledger(date(2026, 7, 1))] == [Decimal("-14.9500")]


@pytest.mark.parametrize("divisor", ["3", "-100", "0.1", "x", 150000, 10**12])
def test_a_divisor_that_could_round_is_refused(divisor):
    with pytest.raises(ValueError):
        jafone({}, ledger_divisor=divisor)


def test_equal_lines_of_the_ledger_have_ids_of_their_own_that_stay():
    rows = [fee("2635550134"), fee("2635550134"), fee("2635550135"), fee("2635550134", PaymemtId="7", Value="500000")]
    first = [record.external_id for record in jafone(good(Transactions=rows)).ledger(date(2026, 7, 1), DAY)]
    again = [record.external_id for record in jafone(good(Transactions=rows)).ledger(date(2026, 6, 1), DAY)]
    assert first == again and len(set(first)) == 4


def test_a_payment_has_a_payment_id_in_either_spelling():
    rows = [fee("2635550134", Value="2000000", PaymemtId="88"), fee("2635550134", Value="10000", PaymentId="9")]
    rows[1].pop("PaymemtId")
    kinds = [
        record.kind for record in jafone(good(Transactions=[*rows, fee("1", Value="5")])).ledger(date(2026, 7, 1), DAY)
    ]
    assert kinds == ["payment", "payment", "credit"]


def test_lines_beside_the_asked_days_are_left_out_and_bad_ones_put_aside():
    rows = [fee("2635550134", at="2026-06-30 23:30:02"), fee("2635550134", Value="1.5"), fee("2635550134")]
    client = jafone(good(Transactions=rows))
    assert len(list(client.ledger(date(2026, 7, 1), DAY))) == 1
    assert [reason for reason, _ in client.unread] == ["Value is not a whole number"]


def test_forwarding_is_read_in_its_broken_form():
    client = jafone(
        b'{\n"Status": "Success",\n"CallForwardingInfo": {\n"Enabled": yes,\n"PhoneNumber": "2635550134"\n}\n}'
    )
    assert client.forwarding().fields == {"Enabled": True, "PhoneNumber": OURS}


def test_forwarding_is_set_by_the_spelling_of_the_usage_line():
    client = jafone(good(CallForwardingInfo={"Enabled": "yes", "PhoneNumber": "3545550177"}))
    assert client.set_forwarding(True, THEIRS).fields["PhoneNumber"] == THEIRS
    assert sent(client) == [{"action": "setCallForwarding", "isEnabled": "yes", "number": "3545550177"}]


def test_to_stop_forwarding_the_present_number_is_sent_along():
    client = jafone(good(CallForwardingInfo={"Enabled": "no", "PhoneNumber": "3545550177"}))
    client.set_forwarding(False)
    assert [query["action"] for query in sent(client)] == ["getCallForwardingInfo", "setCallForwarding"]
    assert sent(client)[1] | {"action": ""} == {"action": "", "isEnabled": "no", "number": "3545550177"}


def test_the_low_balance_alert_always_says_whether_it_is_on():
    client = jafone(good(LowBalanceAlertInfo={"Enabled": "true", "Amount": "5.00"}))
    assert client.set_low_balance_alert(True, Decimal("5")).fields == {"Enabled": True, "Amount": "5.00"}
    assert sent(client) == [{"action": "setLowBalanceAlert", "isEnabled": "yes", "amount": "5.00"}]
    assert client.low_balance_alert().fields["Enabled"] is True
    for amount in (Decimal("-1"), Decimal("1.234"), Decimal("NaN"), Decimal("Infinity")):
        with pytest.raises(Rejected):
            client.set_low_balance_alert(True, amount)


def test_voicemail_addresses_are_replaced_as_a_whole():
    client = jafone(good(VoicemailEmails={"Emails": ["a@x.example", "b@x.example"]}))
    assert client.set_voicemail_emails(["a@x.example", " b@x.example"]).fields["Emails"] == [
        "a@x.example",
        "b@x.example",
    ]
    assert sent(client) == [{"action": "setVoicemailEmails", "emails": "a@x.example,b@x.example"}]
    assert client.voicemail_emails().fields["Emails"]
    for wrong in ([], ["a,b@x.example"], ["nobody"]):
        with pytest.raises(Rejected):
            client.set_voicemail_emails(wrong)


def test_routing_is_read_with_its_comment_and_set():
    broken = b'{\n"Status": "Success",\n"CallRoutingType": [\n{\n"RoutingType": "1" # 0 = standard, 1= premium\n}\n]\n}'
    assert jafone(broken).routing().fields == {"RoutingType": "1"}
    client = jafone(good(CallRoutingType=[{"RoutingType": "0"}]))
    assert client.set_routing(premium=False).fields == {"RoutingType": "0"}
    assert sent(client) == [{"action": "setCallRoutingType", "type": "0"}]


# --- numbers


def test_the_numbers_of_the_connection_come_first():
    client = jafone(good(), numbers="2635550134, 1-263-555-0135".replace("-", ""))
    records = list(client.numbers())
    assert [record.number for record in records] == [OURS, "+12635550135"]
    assert [record.external_id for record in records] == ["2635550134", "2635550135"] and client.requests == []
    with pytest.raises(ValueError):
        jafone(good(), numbers="nothing")


def test_without_them_the_monthly_fees_tell_the_numbers():
    rows = [
        fee("2635550134"),
        fee("12635550135"),
        fee("2635550134", at="2026-06-01 23:30:02"),
        fee("2635550199", Type="1"),
    ]
    rows.append(fee("0635550134"))
    client = jafone(good(Transactions=rows))
    client.today = lambda: DAY
    assert [record.number for record in client.numbers()] == [OURS, "+12635550135"]
    assert sent(client) == [{"action": "getTransactions", "from": "20260514", "to": "20260715"}]
    assert client.number(number=OURS).sms and client.number(external_id="2635550135")
    with pytest.raises(NotFound):
        client.number(number="+12635550199")


def test_a_look_up_asks_eleven_digits_and_is_answered_ten():
    row = {"Valid": "true", "Number": "3545550177", "Location": "Laval", "Country": "Canada", "Country_code": "CA"}
    client = jafone(good(PhoneNumberInfo=[row | {"Carrier": "Example Mobility", "Linetype": "wireless"}]))
    found = client.lookup(THEIRS)
    assert (found.number, found.valid, found.carrier, found.line_type) == (THEIRS, True, "Example Mobility", "wireless")
    assert sent(client) == [{"action": "getPhoneNumberInfo", "number": "13545550177"}]


# --- texts


def test_a_text_goes_out_with_ten_digits_from_and_eleven_to():
    client = jafone(good(SMS={"Id": "930411"}))
    assert client.send_message(OURS, THEIRS, "Bonjour à tous & bienvenue", journal="136").external_id == "930411"
    (query,) = sent(client)
    assert query == {
        "action": "sendSMS",
        "journalId": "136",
        "dnclId": "0",
        "didNumber": "2635550134",
        "receiver": "13545550177",
        "message": "Bonjour à tous & bienvenue",
        "dnclOverride": "no",
    }
    assert client.requests[0].write


def test_each_text_has_a_reference_of_its_own():
    client = jafone(good(SMS={"Id": "1"}))
    client.send_message(OURS, THEIRS, "a")
    client.send_message(OURS, THEIRS, "a")
    assert len({query["journalId"] for query in sent(client)}) == 2


@pytest.mark.parametrize(
    ("source", "destination", "body"),
    [
        (OURS, "+442079460018", "x"),
        ("Shop", THEIRS, "x"),
        (OURS, THEIRS, ""),
        (OURS, THEIRS, "  \n"),
        (OURS, THEIRS, "a\x00b"),
        (OURS, THEIRS, "\ud800"),
        (OURS, THEIRS, "x" * 5001),
        (OURS, "911", "x"),
    ],
)
def test_what_cannot_be_sent_is_refused_before_sending(source, destination, body):
    client = jafone(good(SMS={"Id": "1"}))
    with pytest.raises(Rejected) as refusal:
        client.send_message(source, destination, body)
    assert client.requests == [] and "-" in refusal.value.code


def test_pictures_are_not_offered():
    with pytest.raises(Unsupported):
        jafone(good()).send_message(OURS, THEIRS, "x", Attachment(name="a.png", content=b"x", mime_type="image/png"))


def test_a_success_without_an_id_is_unclear():
    with pytest.raises(Unclear):
        jafone(good(SMS={})).send_message(OURS, THEIRS, "x")


def test_the_log_is_read_number_by_number_oldest_first():
    def answer(request):
        query = dict(request.query)
        rows = [text_row(2, at="2026-07-15 10:00:00", direction="0"), text_row(1)]
        return good(SMSes=rows if query["didNumber"] == "2635550134" else [])

    client = jafone(answer, numbers="2635550134,2635550135")
    incoming, outgoing = client.messages(DAY, DAY)
    assert (incoming.direction, incoming.source, incoming.destination) == (Direction.INBOUND, THEIRS, OURS)
    assert (outgoing.direction, outgoing.source, outgoing.destination) == (Direction.OUTBOUND, OURS, THEIRS)
    assert (incoming.transmission, outgoing.transmission) == (Transmission.DELIVERED, Transmission.SENT)
    assert incoming.sent_at == datetime(2026, 7, 15, 13, 15, 20, tzinfo=UTC)
    assert sent(client)[0] == {
        "action": "getSMS",
        "didNumber": "2635550134",
        "from": "20260715T000000",
        "to": "20260715T235959",
        "limit": "100",
    }


def test_settling_asks_only_the_senders_log():
    client = jafone(good(SMSes=[text_row(1, direction="0"), text_row(2, direction="0", far="13545550178")]))
    found = list(client.messages(DAY, DAY, direction="outbound", source=OURS, destination=THEIRS))
    assert [record.external_id for record in found] == ["1"]
    assert [(query["didNumber"], query["direction"]) for query in sent(client)] == [("2635550134", "0")]


class Log:
    """An upstream that keeps to `from`, `to`, `direction` and `limit`, newest cut off without a sign."""

    def __init__(self, rows):
        self.rows = rows

    def __call__(self, request):
        query = dict(request.query)
        low, high = (datetime.strptime(query[name], "%Y%m%dT%H%M%S") for name in ("from", "to"))
        fits = [row for row in self.rows if low <= datetime.strptime(row["Date"], "%Y-%m-%d %H:%M:%S") <= high]
        fits = [row for row in fits if query.get("direction") in (None, row["Direction"])]
        return good(SMSes=fits[: int(query["limit"])])


def test_a_log_longer_than_an_answer_is_read_in_stretches():
    rows = [text_row(n, at=f"2026-07-{1 + n // 40:02d} {n % 24:02d}:{n % 60:02d}:{n % 50:02d}") for n in range(400)]
    client = jafone(Log(rows), numbers="2635550134")
    found = [record.external_id for record in client.messages(date(2026, 7, 1), DAY, limit=25)]
    assert sorted(found, key=int) == [str(n) for n in range(400)]


def test_one_full_second_is_split_by_direction_and_then_said_to_be_cut():
    rows = [text_row(n, direction=str(n % 2)) for n in range(8)]
    assert len(list(jafone(Log(rows), numbers="2635550134").messages(DAY, DAY, limit=5))) == 8
    found = []
    with pytest.raises(Unclear) as cut:
        for record in jafone(Log(rows), numbers="2635550134").messages(DAY, DAY, limit=3):
            found.append(record)
    assert cut.value.code == "truncated" and len(found) == 6


def test_an_upstream_that_heeds_no_stretch_is_not_asked_for_ever():
    rows = [text_row(n, at="2020-01-01 00:00:00") for n in range(10)]
    client = jafone(good(SMSes=rows), numbers="2635550134")
    with pytest.raises(Unclear):
        list(client.messages(DAY, DAY, limit=10))
    assert len(client.requests) == 1


def test_a_number_that_left_does_not_cost_the_others_their_texts():
    def answer(request):
        gone = dict(request.query)["didNumber"] == "2635550135"
        return bad("Invalid parameter: didNumber") if gone else good(SMSes=[text_row(1)])

    client = jafone(answer, numbers="2635550135,2635550134")
    assert len(list(client.messages(DAY, DAY))) == 1 and len(client.unread) == 1
    with pytest.raises(Rejected):
        list(client.messages(DAY, DAY, direction="outbound", source="+12635550135"))


def test_bad_rows_of_the_log_do_not_sink_the_others():
    rows = [
        text_row(1),
        text_row(2, direction="7"),
        text_row(3, at="yesterday"),
        {"Id": "4"},
        "row",
        text_row(5, told=None),
    ]
    client = jafone(good(SMSes=rows), numbers="2635550134")
    assert len(list(client.messages(DAY, DAY))) == 1 and len(client.unread) == 5


def test_a_listing_that_is_not_there_is_never_an_empty_one():
    for payload in ({}, {"SMSes": None}, {"SMSes": ""}):
        with pytest.raises(Unreadable):
            list(jafone(good(**payload), numbers="2635550134").messages(DAY, DAY))


# --- opt-outs


def test_stops_are_kept_whatever_the_range():
    rows = [{"Received": "2019-02-18 14:57:12", "PhoneNumber": "13545550177"}, {"Received": "x", "PhoneNumber": "1"}]
    client = jafone(good(Stops=rows))
    (stop,) = client.opt_outs(DAY, DAY)
    assert (stop.number, stop.at) == (THEIRS, datetime(2019, 2, 18, 19, 57, 12, tzinfo=UTC))
    assert sent(client) == [{"action": "getStops", "from": "20260715", "to": "20260715"}] and len(client.unread) == 1


def test_an_opt_out_goes_to_all_lists_and_comes_off_them():
    broken = b'{\n"Status": "Success",\n"DoNotContact": {\n"PhoneNumber": "3545550100"\n"OptIn": "no"\n}\n}'
    client = jafone(broken)
    client.add_opt_out(THEIRS)
    client.remove_opt_out(THEIRS)
    client.set_do_not_contact(THEIRS, blocked=True, list_id=2)
    common = {"action": "setDoNotContact", "number": "13545550177"}
    expected = [{"dnclId": "0", "optIn": "no"}, {"dnclId": "0", "optIn": "yes"}, {"dnclId": "2", "optIn": "no"}]
    assert sent(client) == [common | row for row in expected]
    with pytest.raises(Rejected):
        client.set_do_not_contact(THEIRS, blocked=True, list_id=10)


# --- calls


def test_a_call_back_needs_no_payload():
    client = jafone(good())
    assert client.call_back(OURS, THEIRS) is None
    assert sent(client) == [{"action": "createCallback", "caller": "12635550134", "receiver": "13545550177"}]


def test_callback_numbers_are_read_and_set_by_the_usage_spelling():
    rows = [{"Id": "1", "PhoneNumber": "2635550134"}, {"Id": "2", "PhoneNumber": ""}]
    client = jafone(good(CallbackNumbers=rows))
    assert [row.fields["PhoneNumber"] for row in client.callback_numbers()] == [OURS, ""]
    assert len(client.set_callback_number(2, THEIRS)) == 2
    assert sent(client)[1] == {"action": "setCallbackNumber", "id": "2", "number": "3545550177"}
    with pytest.raises(Rejected):
        client.set_callback_number(4, THEIRS)


def tts(**placeholders):
    return lambda client: client.call_with_message("123456", THEIRS, "fr", placeholders, retries=2, busy_retries=1)


def test_a_spoken_message_is_filled_in_and_read_in_its_broken_form():
    client = jafone(
        b'{"Status": "Success",\n"TtsCall": [{"PreparedMessage": "Bonjour Lea",\n"PhoneNumber": "13545550177",\n'
        b'"RetriesInterval": "15"\n"CallbackRetriesWhenBusy": "1"}]}'
    )
    assert tts(FN="Lea")(client).fields == {"PreparedMessage": "Bonjour Lea", "PhoneNumber": THEIRS}
    (query,) = sent(client)
    assert (query["cbInterval"], query["cbRetries"], query["FN"], query["lang"]) == ("15", "2", "Lea", "fr")
    assert "cdInterval" not in query


@pytest.mark.parametrize("name", ["key", "userId", "ACTION", "cbinterval", "cdInterval", "msgId", "", "a b", "é", "1a"])
def test_a_placeholder_never_takes_a_name_of_the_request(name):
    client = jafone(good())
    with pytest.raises(Rejected):
        tts(**{name: "x"})(client)
    assert client.requests == []


def bridge(number="041877", day="2026-09-12", minutes="60 minutes"):
    row = {"ConferenceNumber": number, "PublicPin": "660214", "AdminPin": "118930", "Date": day, "Duration": minutes}
    return row | {"WebCollaborationEnabled": "no"}


def test_conferences_keep_their_leading_zeros_and_mask_the_pin():
    (record,) = jafone(good(ConferencesInfo=[bridge()])).conferences()
    assert (record.external_id, record.fields["Duration"], record.raw["AdminPin"]) == ("041877", 60, "***")


def test_a_new_conference_is_found_by_day_and_length_among_others():
    rows = [bridge("1", "2026-09-12", "60 minutes"), bridge("2", "2026-09-13", "120 minutes")]
    client = jafone(good(ConferencesInfo=rows))
    assert client.schedule_conference(date(2026, 9, 13), 120, web=True).external_id == "2"
    assert sent(client) == [
        {"action": "scheduleConference", "date": "20260913", "duration": "120", "isWebCollabEnabled": "yes"}
    ]
    with pytest.raises(Unclear):
        client.schedule_conference(date(2026, 9, 14), 30)
    assert jafone(good(ConferencesInfo=rows[:1])).schedule_conference(date(2026, 9, 14), 30).external_id == "1"


def test_contacts_join_prefix_and_number():
    row = {"SpeedDial": "7", "Prefix": "1", "PhoneNumber": "3545550177", "Name": "Marc Roy"}
    client = jafone(good(Contacts=[row, row | {"PhoneNumber": "x"}]))
    assert [(one.external_id, one.number, one.name) for one in client.contacts()] == [("7", THEIRS, "Marc Roy")]
    assert len(client.unread) == 1


# --- refusals


@pytest.mark.parametrize(
    ("message", "error", "cause"),
    [
        ("Invalid credentials", CredentialsRefused, Cause.CREDENTIALS),
        ("Invalid key", CredentialsRefused, Cause.CREDENTIALS),
        ("Invalid parameter: userId", CredentialsRefused, Cause.CREDENTIALS),
        ("Missing action", Unsupported, Cause.UNSUPPORTED),
        ("Unknown action", Unsupported, Cause.UNSUPPORTED),
        ("Invalid parameter: receiver", Rejected, Cause.INVALID),
        ("Missing parameter: message", Rejected, Cause.MISSING),
        ("Number is on the do not contact list", Rejected, Cause.OPTED_OUT),
        ("Insufficient balance", Rejected, Cause.FUNDS),
        ("Too many requests", RateLimited, Cause.LIMIT),
        ("Something else", Unclear, Cause.UNKNOWN),
    ],
)
def test_each_text_of_an_error_has_a_meaning(message, error, cause):
    for status in (200, 400):
        with pytest.raises(error) as raised:
            jafone((status, bad(message))).send_message(OURS, THEIRS, "x")
        assert type(raised.value) is error and raised.value.cause is cause and raised.value.words == (message,)


def test_a_refused_parameter_is_named_by_our_field():
    with pytest.raises(Rejected) as raised:
        jafone(bad("Invalid parameter: receiver")).send_message(OURS, THEIRS, "x")
    assert [problem.field for problem in raised.value.problems] == ["destination"]


def test_our_codes_have_dashes_so_that_nobody_takes_them_for_theirs():
    assert all("-" in row.code for row in REFUSALS)


@pytest.mark.parametrize(
    "answer", [b"<html>down</html>", b"", {}, {"Status": None}, [], "x", {"Status": ""}, (500, good())]
)
def test_an_answer_without_a_status_is_unclear(answer):
    with pytest.raises(Unclear):
        jafone(answer).send_message(OURS, THEIRS, "x")


def test_status_is_compared_without_case_and_a_success_needs_status_200():
    assert jafone({"Status": "SUCCESS", "Balance": {"Amount": "1"}}).balance().balance == 1
    with pytest.raises(Unclear):
        jafone((404, good(Balance={"Amount": "1"}))).balance()


def test_neither_user_id_nor_key_leave_the_client(notebook):
    told = bad(f"Invalid credentials for {USER} with key={KEY} at rest.php?userId={USER}&key={KEY}")
    client = jafone(told, observer=notebook)
    with pytest.raises(CredentialsRefused) as raised:
        client.send_message(OURS, THEIRS, f"my key {KEY}")
    seen = f"{raised.value!r} {raised.value.words} {notebook.exchanges}"
    assert KEY not in seen and USER not in seen
    assert notebook.befores == [("sendSMS", "general")]


def test_they_are_masked_in_rows_too():
    client = jafone(good(SMSes=[text_row(1, told=f"{KEY} {USER}"), text_row(2, direction=KEY)]), numbers="2635550134")
    (record,) = client.messages(DAY, DAY)
    assert KEY not in str(record.raw) + str(client.unread) and USER not in str(record.raw)
