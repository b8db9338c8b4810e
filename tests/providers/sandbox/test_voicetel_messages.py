"""VoiceTel: texts out and in, their records, ports by the clock, and emergency addresses."""

import datetime

import pytest

from tests.providers.sandbox.caller import wait_for
from tests.providers.sandbox.voicetel_caller import PACKAGES, VoiceTel  # noqa: F401 - PACKAGES is for the fixture `running`

CONTACT = 2075550150


@pytest.fixture
def api(running):
    caller = VoiceTel(running)
    caller.do("reset", seed=1)
    return caller


def send(api, text="On our way, 20 minutes.", to=CONTACT, source=None, call="sms", **more):
    source = int(source or api.texting())
    return api.call(call, source=source, destination=to, messageText=text, **more)


def test_a_text_leaves_is_recorded_and_reported(api):
    status, answer = send(api)
    transaction = answer["message"]["transaction"]
    assert status == 200 and len(transaction["transactionGUID"]) == 36 and transaction["destination"] == f"1{CONTACT}"
    row = api.good("mdr-sms", number=int(api.texting()))["mdr"][0]
    assert row["value"] == {
        "direction": "out",
        "message": "On our way, 20 minutes.",
        "number": CONTACT,
        "rate": "0.0035",
    }
    assert row["key"] == [str(CONTACT), int(api.see("clock")["now"])] or row["key"][0] == str(CONTACT)
    reports = len(api.good("dlr", number=int(api.texting()))["dlr"])
    api.do("clock", advance=2)
    report = api.good("dlr", number=int(api.texting()))["dlr"]
    assert len(report) == reports + 1
    assert report[0]["value"] == {"sourceNumber": api.texting(), "destinationNumber": str(CONTACT)}
    (effect,) = api.effects("sms_sent")
    assert effect["data"]["id"] == transaction["transactionGUID"] and effect["account"] == "lachance"


def test_people_outside_answer(api):
    send(api)
    api.do("clock", advance=2)
    api.do("clock", advance=2)
    row = wait_for(lambda: api.effects("sms_received"))[0]
    assert row["data"]["source"] == f"+1{CONTACT}"
    newest = api.good("mdr-sms", number=int(api.texting()))["mdr"][0]
    assert newest["value"]["direction"] == "in" and newest["key"][0] == api.texting()


def test_what_is_refused(api):
    assert send(api, source=api.other("saranac").texting())[0] == 401
    assert send(api, source=api.silent())[0] == 405
    assert send(api, to=2075550199)[0] == 422
    assert send(api, text="x" * 161)[0] == 400
    assert api.call("sms", source=int(api.texting()), destination=str(CONTACT), messageText="x")[0] == 400
    assert api.bad("sms", 400, source=int(api.texting()))["message"] in (
        "Field Required: destination",
        "Field Required: messageText",
    )
    status, answer = send(api, call="mms", mmsURL="ftp://x")
    assert status == 400 and answer["message"]["reason"] == "Invalid media"
    api.do("account", slug="voicetel", key="lachance", set={"cash": "0"})
    assert send(api)[0] == 402
    assert api.effects("sms_sent") == []


def test_stop_and_start(api):
    def come(text):
        api.do("inbound-sms", slug="voicetel", **{"from": str(CONTACT), "to": api.texting(), "message": text})

    come("Stop.")
    assert send(api)[0] == 406 and len(api.effects("opted_out")) == 1
    come("start")
    assert send(api)[0] == 200


def test_a_text_between_two_accounts_arrives(api):
    other = api.other("saranac")
    send(api, "Boat ready?", to=int(other.texting()))
    api.do("clock", advance=2)
    row = wait_for(lambda: other.good("mdr-sms", number=int(other.texting()))["mdr"])[0]
    assert row["value"]["message"] == "Boat ready?" and row["value"]["number"] == int(api.texting())


def test_a_text_to_a_number_that_takes_none_is_never_reported(api):
    other = api.other("saranac")
    reports = len(api.good("dlr", number=int(api.texting()))["dlr"])
    assert send(api, to=int(other.silent()))[0] == 200
    api.do("clock", advance=2)
    assert len(api.good("dlr", number=int(api.texting()))["dlr"]) == reports
    other.bad("mdr-sms", 404, number=int(other.silent()))


def test_a_picture_out_and_in(api, listener):
    assert send(api, call="mms", mmsURL="https://media.example/a.png", mmsSubject="Pipe")[0] == 200
    number = api.texting()
    assert api.good("mdr-mms", number=int(number))["mdr"][0]["value"]["rate"] == "0.0150"
    api.good("routein", numbers=[{"number": number, "route": listener.url}])
    api.do("inbound-sms", slug="voicetel", **{"from": str(CONTACT), "to": number, "message": "Look", "media": True})
    api.do("clock", advance=1)
    body = wait_for(lambda: listener.bodies)[0]
    status, headers, data = api.http("GET", body["media"][0].split(api.host)[1])
    assert status == 200 and headers["Content-Type"] == "image/png" and data.startswith(b"\x89PNG")


def test_where_incoming_texts_go(api, listener):
    number = api.texting()
    answer = api.bad("routein", 409, numbers=[{"number": number, "route": "77"}])
    assert answer["numbers_failed"][0]["message"] == "Invalid Route"
    assert api.good("routein", numbers=[{"number": number, "route": "1001"}])["numbers"][0]["route"] == 1001
    assert api.good("routeout", numbers=[{"number": number, "route": "1"}])["numbers"][0]["route"] == 1
    api.good("routein", numbers=[{"number": number, "route": listener.url}])
    api.do("inbound-sms", slug="voicetel", **{"from": str(CONTACT), "to": number, "message": "Hello?"})
    api.do("clock", advance=1)
    body = wait_for(lambda: listener.bodies)[0]
    assert (body["from"], body["to"], body["message"]) == (str(CONTACT), number, "Hello?")
    api.good("routein", numbers=[{"number": number, "route": "boss@lachance.example"}])
    api.do("inbound-sms", slug="voicetel", **{"from": str(CONTACT), "to": number, "message": "Hello again"})
    assert api.effects("sms_mailed")[0]["data"]["to"] == "boss@lachance.example"


def test_switching_texts_on_and_off(api):
    number = api.silent()
    assert api.good("status", numbers=[{"number": number}])["numbers"][0]["status"] == "Not Enabled"
    answer = api.good("enable", numbers=[{"number": number, "campaignID": "CLACH01"}])
    assert answer["numbers_enabled"] == {"1" + number: [int("1" + number)]}
    assert api.good("disable", numbers=[{"number": number}])["numbers_enabled"] == {"1" + number: [int("1" + number)]}
    foreign = api.other("saranac").texting()
    answer = api.bad("enable", 409, numbers=[{"number": number}, {"number": foreign}])
    assert list(answer["numbers_enabled"]) == ["1" + number] and list(answer["numbers_failed"]) == ["1" + foreign]
    assert api.bad("status", 409, numbers=[{"number": foreign}])["numbers_fail"][0]["number"] == foreign


def test_records_may_lag_and_be_none(api):
    send(api, "Lagging")
    api.do("faults", slug="voicetel", call="mdr-sms", fault="log_lag", args={"seconds": 30}, count=1)
    number = int(api.texting())
    assert api.good("mdr-sms", number=number, end=0)["mdr"][0]["value"]["message"] != "Lagging"
    assert api.good("mdr-sms", number=number)["mdr"][0]["value"]["message"] == "Lagging"
    api.bad("mdr-mms", 404, number=number)
    api.bad("mdr-sms", 401, number=int(api.other("saranac").texting()))
    api.bad("dlr", 401, number=int(api.other("saranac").texting()))


# --- ports


def order(number, name="Plomberie Lachance", **more):
    user = {"name": name, "streetNum": "100", "streetName": "MAIN", "streetType": "ST", "city": "CHAMPLAIN",
            "state": "NY", "postalCode": "12919", "typeOfService": "B"}  # fmt: skip
    item = {"tn": number, "atn": number, "authName": "Marc Lachance", "accountNum": "A-1001", "endUser": user}
    due = datetime.date.today() + datetime.timedelta(days=9)
    return {"desiredDueDate": due.isoformat(), "tnList": {"tnItem": [{**item, **more}]}}


def checked(api, number):
    return api.good("portInAvailability", tnList={"tnItem": [{"tn": int(number)}]})["serviceAvailable"][0]


def test_a_port_from_check_to_number(api):
    number, cash = "6035550001", float(api.account["cash"])
    api.bad("portInOrder", 412, portInOrder=order(number))
    assert checked(api, number)["isPortable"] == "true"
    assert isinstance(api.good("portInOrder", portInOrder=order(number))["orderId"], int)
    assert float(api.account["cash"]) == pytest.approx(cash - 7)
    seen = []
    for _ in range(4):
        row = api.good("portStatus")["portStatusSummary"][0]
        seen.append((row["value"]["status"], row["value"]["foc"] == "19750715"))
        api.do("clock", advance=46)
    assert seen == [("submitted", True), ("Validating", True), ("Pending", False), ("Complete", False)]
    assert row["key"][0] == number and number in api.account["numbers"]


def test_the_check_counts_for_an_hour(api):
    checked(api, "6035550001")
    api.do("clock", advance=3601)
    api.bad("portInOrder", 412, portInOrder=order("6035550001"))


def test_what_cannot_be_ported(api):
    assert checked(api, "6035550099")["notPortableReason"] == "Rate center not covered"
    assert checked(api, "8005550142")["isPortable"] == "false"
    assert "already" in checked(api, api.texting())["notPortableReason"]
    api.bad("portInAvailability", 430, tnList={"tnItem": [{"tn": 6039110000}]})
    api.bad("portInAvailability", 414)
    checked(api, "6035550001")
    api.bad("portInOrder", 414, portInOrder=order("6035550001", accountNum=""))
    api.bad("portInOrder", 400, portInOrder={**order("6035550001"), "desiredDueDate": "2020-01-01"})
    api.other("saranac").bad("portInOrder", 403, portInOrder=order("6035550001"))


def test_a_port_that_the_losing_carrier_refuses_stays_with_the_reason(api):
    checked(api, "6035550002")
    api.good("portInOrder", portInOrder=order("6035550002", name="Lachance REJECT PIN"))
    for _ in range(4):
        api.do("clock", advance=46)
    value = api.good("portStatus")["portStatusSummary"][0]["value"]
    assert value["status"] == "Validating" and "PIN" in value["message"] and "6035550002" not in api.account["numbers"]
    moved = api.do("port-request", slug="voicetel", pid=value["pid"], status="Pending", foc="2027-01-15")
    assert moved["foc"] == "20270115"
    api.sandbox.world.slugs["voicetel"]["accounts"]["lachance"]["port_trouble"] = "upstream is down"
    assert api.bad("portStatus", 409)["exception"] == "upstream is down"


def test_quirks_write_complete_in_three_ways(api):
    api.do("settings", quirks=["voicetel"])
    words = {row["value"]["status"].lower() for row in api.good("portStatus")["portStatusSummary"]}
    assert {"submitted", "validating", "pending"} < words and words & {"complete", "completed"}
    api.do("settings", quirks=[])


def test_port_out_pins(api):
    mine = int(api.texting())
    rows = {"tnList": {"tnItem": [{"tn": mine, "portOutPin": "4821"}, {"tn": int(api.silent())}]}}
    found = api.good("portOutPinUpdate", portOutPin=rows)["portOutPin"]["tnList"]["tnItem"]
    assert found[0] == {"portOutPin": "4821", "tn": mine} and 1000 <= int(found[1]["portOutPin"]) <= 9999
    foreign = {"tnList": {"tnItem": [{"tn": int(api.other("saranac").texting())}]}}
    api.bad("portOutPinUpdate", 409, portOutPin=foreign)


# --- 911

GOOD = {"address1": "100 Main Street", "address2": "Suite 5", "city": "Champlain", "state": "NY", "zip": "12919"}


def test_an_address_is_validated_then_bound(api):
    found = api.good("e911ValidateAddress", **GOOD)["entry_valid"]
    assert found["address1"] == "100 MAIN ST" and found["address2"] == "STE 5" and found["city"] == "CHAMPLAIN"
    dn = api.silent()
    added = api.good("e911ProvisionAddress", addressid=found["addressid"], dn=dn, callername="LACHANCE")["entry_added"]
    assert added["dn"] == "1" + dn
    assert api.good("e911QueryRecord", dn=dn)["entry_query"] == added
    assert added in api.good("e911QueryAll")["entry_all"]
    assert api.good("e911RemoveRecord", dn=dn)["entry_removed"] == added
    api.bad("e911QueryRecord", 409, dn=dn)
    api.bad("e911ProvisionAddress", 409, addressid=1, dn=dn, callername="X")


def test_addresses_that_are_not_found(api):
    answer = api.bad("e911ValidateAddress", 409, **GOOD | {"zip": "12901"})
    assert answer["alternates"][0]["zip"] == "12919" and answer["alternates"][0]["address1"] == "100 MAIN ST"
    assert api.bad("e911ValidateAddress", 409, **GOOD | {"address1": "100 Maine St"})["alternates"]
    assert api.bad("e911ValidateAddress", 409, **GOOD | {"address1": "1 Nowhere Lane"})["alternates"] == []
    assert api.bad("e911ValidateAddress", 409, **GOOD | {"address1": "9999 Main St"})["alternates"] == []
    foreign = api.other("saranac").texting()
    api.bad("e911ValidateAndProvision", 401, **GOOD, dn=foreign, callername="X")
    assert api.effects("e911_provisioned") == []


def test_what_is_read_back_may_differ(api):
    api.do("faults", slug="voicetel", call="e911ValidateAndProvision", fault="read_back_differs", count=1)
    dn = api.silent()
    added = api.good("e911ValidateAndProvision", **GOOD, dn=dn, callername="LACHANCE")["entry_added"]
    assert added["address1"] == "100 MAIN ST"
    assert api.good("e911QueryRecord", dn=dn)["entry_query"]["address1"] == "102 MAIN ST"
