"""The two documents against their sandboxes: every parameter is taken, every field answered, every error to be had."""

import pytest

from providers.sandbox import jafone, jomobile
from tests.providers.sandbox.jafone_caller import OUTSIDE as MOBILE
from tests.providers.sandbox.jafone_caller import PACKAGES, JaFone  # noqa: F401
from tests.providers.sandbox.jomobile_caller import OUTSIDE, JoMobile

PAGE = {"ISO": "full", "MCC": 302, "MNC": 220}
# action: (payload, its fields, parameters in the table's order with a value that is refused; None where anything goes)
JAFONE = {
    "getApiVersion": ("getApiVersion", "Major Minor Release Build Version", {}),
    "getAccountInfo": ("AccountInfo", "AccountType Balance Firstname Lastname Quality", {}),
    "sendSMS": (
        "SMS",
        "Id",
        {
            "journalId": "x" * 65,
            "dnclId": "10",
            "didNumber": "5145550199",
            "receiver": "911",
            "message": "x" * 2000,
            "dnclOverride": "maybe",
        },
    ),
    "getSMS": (
        "SMSes",
        "Id Date Number Message Direction",
        {"didNumber": "5145550199", "from": "20200101", "to": "now", "limit": "0", "direction": "2"},
    ),
    "getPhoneNumberInfo": (
        "PhoneNumberInfo",
        "Valid Number Location Country Country_code Carrier Linetype",
        {"number": "911"},
    ),
    "setDoNotContact": ("DoNotContact", "PhoneNumber OptIn", {"dnclId": "-1", "number": "911", "optIn": "1"}),
    "getStops": ("Stops", "Received PhoneNumber", {"from": "2019-09-01", "to": "yesterday"}),
    "createCallback": (None, "", {"caller": "2635550188", "receiver": "911"}),
    "getCallBackNumbers": ("CallbackNumbers", "Id PhoneNumber", {}),
    "setCallBacknumber": ("CallbackNumbers", "Id PhoneNumber", {"id": "4", "number": "911"}),
    "getCallForwardingInfo": ("CallForwardingInfo", "Enabled PhoneNumber", {}),
    "setCallForwarding": ("CallForwardingInfo", "Enabled PhoneNumber", {"isEnabled": "1", "number": "911"}),
    "getTransactions": (
        "Transactions",
        "Date Description Value Subaccount Type PaymemtId",
        {"from": "2019-10-02", "to": "20191332"},
    ),
    "getCallRoutingType": ("CallRoutingType", "RoutingType", {}),
    "setCallRoutingType": ("CallRoutingType", "RoutingType", {"type": "2"}),
    "getBalance": ("Balance", "Amount", {}),
    "getLowBalanceAlertInfo": ("LowBalanceAlertInfo", "Enabled Amount", {}),
    "setLowBalanceAlert": ("LowBalanceAlertInfo", "Enabled Amount", {"isEnabled": "true", "amount": "five"}),
    "getVoicemailEmails": ("VoicemailEmails", "Emails", {}),
    "setVoicemailEmails": ("VoicemailEmails", "Emails", {"emails": "no address"}),
    "getConferencesInfo": (
        "ConferencesInfo",
        "ConferenceNumber PublicPin AdminPin Date Duration WebCollaborationEnabled",
        {},
    ),
    "scheduleConference": (
        "ConferencesInfo",
        "ConferenceNumber PublicPin AdminPin Date Duration WebCollaborationEnabled",
        {"date": "2020-10-08", "duration": "0", "isWebCollabEnabled": "perhaps"},
    ),
    "getContacts": ("Contacts", "SpeedDial Prefix PhoneNumber Name", {}),
    "createTtsCallSvt": (
        "TtsCall",
        "PreparedMessage PhoneNumber CallbackRetries RetriesInterval CallbackRetriesWhenBusy RetriesWhenBusyInterval",
        {
            "msgId": "abc",
            "number": "911",
            "lang": "de",
            "cbRetries": "11",
            "cbInterval": "1441",
            "cbBusyRetries": "-1",
            "cbBusyInterval": "0",
        },
    ),
}
# good values of the optional parameters, beside what a good call needs
JAFONE_MORE = {
    "sendSMS": {"dnclOverride": "yes"},
    "getSMS": {"from": "20200101T000000", "to": "20991231T235959", "limit": "50", "direction": "0"},
    "setDoNotContact": {"optIn": "no"},
    "getStops": {"from": "20190901", "to": "20991231"},
    "getTransactions": {"from": "20191002", "to": "20991231"},
    "setLowBalanceAlert": {"isEnabled": "yes"},
    "scheduleConference": {"isWebCollabEnabled": "yes"},
    "createTtsCallSvt": {
        "lang": "fr",
        "cbRetries": "2",
        "cbInterval": "15",
        "cbBusyRetries": "2",
        "cbBusyInterval": "15",
    },
}

ITEM = {
    "number": ["+1 468"],
    "senderID": "FAR TOO LONG NAME",
    "text": 7,
    "type": "fax",
    "beginDate": "15.01.2027",
    "beginTime": "noon",
    "lifetime": 0,
    "delivery": "yes",
    "callback_url": "ftp://x",
}
NUMBERS = {"numbers": ["call me"]}
PERSON = {"number": "x", "name": 1, "surname": 1, "patronymic": 1, "date_birth": "May", "male": "x"} | {
    f"note_{number}": 1 for number in range(1, 11)
}
# call: fields with a value that is refused
JOMOBILE = {
    "authorize": {"username": 1, "password": 1},
    "accesstoken": {"authorization_code": "nonsense"},
    "me": {},
    "register": {"login": "x", "password": "x", "name": 1, "phone": "x", "email": "x", "company_name": 1, "skype": 1},
    "send": ITEM,
    "sms-full-data": {
        "MCC": "many",
        "MNC": -1,
        "sender": 7,
        "phone": ["x"],
        "id_base": ["x"],
        "time_period": "today",
        "type_sms": "fax",
        "limit": 0,
        "state": ["teleported"],
        "offset": -1,
    },
    "group": {"id_group": "x", "limit": 0, "offset": -1},
    "group-create": {
        "name_group": 7,
        "time_birth": "noon",
        "originator_birth": "FAR TOO LONG NAME",
        "text_birth": 7,
        "on_birth": "yes",
    },
    "group-delete": {"id_group": ["x"]},
    "group-number-add": {"id_group": "x", "numbers": ["x"]},
    "group-number-search": {"id_group": "x", **NUMBERS},
    "group-number-delete": {"id_group": "x", **NUMBERS},
    "send-bulk": {
        "senderID": "FAR TOO LONG NAME",
        "text": 7,
        "id_group": ["x"],
        "id_group_excluded": ["x"],
        "phone": ["x"],
        "dateStart": "today",
        "timeStart": "noon",
        "timeStop": "noon",
    },
    "black-list-add": NUMBERS,
    "black-list-search": NUMBERS,
    "black-list-delete": NUMBERS,
    "replacement": {"number": ["x"], "senderID": 7, "text": 7},
    "logout": {},
    "product-price": {"ISO": "x", "MCC": "x", "MNC": "x"},
    "account-price": {"ISO": "x", "MCC": "x", "MNC": "x"},
    "country-price": {"ISO": "x", "MCC": "x"},
    "country-by-continent": {},
}
JOMOBILE_MORE = {
    "register": {"company_name": "New Shop", "skype": "newshop"},
    "send": {
        "type": "flashsms",
        "beginDate": "2099-01-15",
        "beginTime": "10:30",
        "lifetime": 3600,
        "delivery": True,
        "callback_url": "http://127.0.0.1:9/dlr",
    },
    "sms-full-data": {
        "MCC": 302,
        "MNC": 220,
        "sender": "LACHANCE",
        "phone": [OUTSIDE],
        "id_base": [24, 26],
        "time_period": "2023-02-12 00:00:00 - 2023-02-12 23:59:59",
        "type_sms": "sms",
        "limit": None,
        "state": ["DELIVRD"],
        "offset": 0,
    },
    "group": {"id_group": 0, "limit": 10, "offset": 0},
    "group-create": {"time_birth": "23:22", "originator_birth": "LACHANCE", "text_birth": "Hi", "on_birth": False},
    "send-bulk": {
        "id_group_excluded": [],
        "phone": OUTSIDE,
        "dateStart": "2099-12-14",
        "timeStart": "22:30",
        "timeStop": "22:30",
    },
    "product-price": PAGE,
    "account-price": PAGE,
    "country-price": {"ISO": "full", "MCC": 302},
}


@pytest.fixture(scope="module")
def voice(running):
    caller = JaFone(running)
    caller.do("reset", seed=1)
    return caller


@pytest.fixture(scope="module")
def mobile(running):
    caller = JoMobile(running)
    caller.do("reset", seed=1)
    return caller


def rows_of(payload):
    return payload if isinstance(payload, list) else [payload]


# -- JaFone


def test_the_tables_name_every_call_of_both_documents():
    assert tuple(JAFONE) == jafone.SERVED
    assert (*JOMOBILE, "legacy-get-send", "legacy-get-replacement") == jomobile.SERVED


@pytest.mark.parametrize("action", JAFONE)
def test_jafone_takes_every_parameter_and_answers_exactly_the_fields_of_the_document(voice, action):
    payload, fields, parameters = JAFONE[action]
    given = {**voice.good(action), **JAFONE_MORE.get(action, {})}
    assert set(given) == set(parameters)
    answer = voice.ask(action, **given)
    assert set(answer) == {"Status", payload} - {None} and answer["Status"] == "Success"
    rows = rows_of(answer[payload]) if payload else []
    assert all(set(row) == set(fields.split()) for row in rows) and (rows or not payload)


@pytest.mark.parametrize(("action", "name"), [(action, name) for action in JAFONE for name in JAFONE[action][2]])
def test_jafone_names_the_parameter_that_it_cannot_use(voice, action, name):
    given = {**voice.good(action), **JAFONE_MORE.get(action, {}), name: JAFONE[action][2][name]}
    assert voice.refused(action, **given) == f"Invalid parameter: {name}"


@pytest.mark.parametrize("action", [action for action in JAFONE if JAFONE[action][2]])
def test_jafone_names_a_required_parameter_that_is_missing(voice, action):
    good = voice.good(action)
    for name in good:
        given = {key: value for key, value in good.items() if key != name}
        assert voice.refused(action, **given) == f"Invalid parameter: {name}"


def test_jafone_refuses_in_each_of_its_ways(voice):
    assert voice.refused("getBalance", key="x") == "Invalid credentials"
    assert voice.refused("") == "Missing action"
    assert voice.refused("getAll") == "Unknown action"
    voice.get("setDoNotContact", dnclId="5", number=MOBILE)
    assert voice.refused("sendSMS", **voice.good("sendSMS")) == "Number is on the do not contact list"
    voice.get("setDoNotContact", dnclId="0", number=MOBILE, optIn="yes")
    voice.do("account", slug="jafone", key="lachance", set={"balance": "0"})
    for action in ("sendSMS", "getPhoneNumberInfo", "createCallback", "createTtsCallSvt"):
        assert voice.refused(action, **voice.good(action)) == "Insufficient balance"
    voice.do("account", slug="jafone", key="lachance", set={"balance": "50"})


# -- Jo Mobile


def body_of(mobile, name, more):
    """A good body with these fields in it; packages have theirs in their one item."""
    good = mobile.good(name)
    return [{**good[0], **more}] if isinstance(good, list) else {**good, **more}


@pytest.mark.parametrize("name", [name for name in JOMOBILE if name not in ("accesstoken", "group-delete", "logout")])
def test_jomobile_takes_every_field_of_the_document(mobile, name):
    body = body_of(mobile, name, JOMOBILE_MORE.get(name, {}))
    given = body[0] if isinstance(body, list) else body
    assert set(given) == set(JOMOBILE[name])
    assert mobile.ask(name, body)[0] == 200


def test_jomobile_takes_every_particular_of_a_person(mobile):
    person = {name: "1990-05-17" if name == "date_birth" else "f" if name == "male" else "x" for name in PERSON}
    body = mobile.good("group-number-add") | {"numbers": [{**person, "number": OUTSIDE}]}
    assert mobile.get("group-number-add", body)
    for name, wrong in PERSON.items():
        bad = {**body, "numbers": [{**person, "number": OUTSIDE, name: wrong}]}
        assert list(mobile.refused("group-number-add", bad)[1]) == ["numbers"], name


@pytest.mark.parametrize(
    ("name", "field"),
    [
        (name, field)
        for name in JOMOBILE
        for field in JOMOBILE[name]
        if (name, field) != ("group-create", "originator_birth")
    ],
)
def test_jomobile_names_the_field_that_it_cannot_use(mobile, name, field):
    status, errors = mobile.refused(name, body_of(mobile, name, {field: JOMOBILE[name][field]}))
    assert (status, list(errors)) == (400, [field])


@pytest.mark.parametrize("name", ["authorize", "register", "send", "group-delete", "group-number-add", "send-bulk"])
def test_jomobile_names_every_required_field_that_is_missing(mobile, name):
    good = mobile.good(name)
    errors = mobile.refused(name, [{}] if isinstance(good, list) else {})[1]
    assert set(errors) == set(good[0] if isinstance(good, list) else good)


@pytest.mark.parametrize(
    ("more", "errors"),
    [
        ({"number": ["5355501234"]}, "no_client_price"),
        ({"number": ["3545550123"]}, "no_active_aggregator"),
        ({"senderID": "SOMEBODY"}, "not_registr_originator"),
    ],
)
def test_jomobile_s_known_words_of_refusal(mobile, more, errors):
    assert mobile.refused("send", body_of(mobile, "send", more)) == (400, errors)


def test_jomobile_s_refusals_at_the_door(mobile):
    wrong = {"username": "lachance", "password": "x"}
    assert mobile.refused("authorize", wrong) == (400, {"password": ["Incorrect username or password."]})
    assert JoMobile(mobile.sandbox, token="expired").refused("me") == (401, "unauthorized")
    assert list(mobile.refused("send", [mobile.item()] * 101)[1]) == ["number"]
    mobile.quirky()
    assert mobile.refused("authorize", wrong) == (401, "invalid_credentials")
    mobile.do("settings", quirks=[])


# -- both


@pytest.mark.parametrize("slug", ["jafone", "jomobile"])
def test_what_was_assumed_is_listed(running, slug):
    marks = JaFone(running).see("assumptions")[slug]
    assert len(marks) > 25 and all(marks.values())
