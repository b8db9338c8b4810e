"""The network between the upstreams: a text from any of them arrives at any other, and people outside answer."""

import dataclasses
import json
import types
from urllib.parse import urlencode

import pytest

from providers.sandbox import voicemeup
from providers.sandbox.network import Network, Text, e164
from providers.sandbox.request import Response
from providers.sandbox.sandbox import Sandbox
from providers.sandbox.server import serve
from providers.sandbox.upstream import NoDoor, Upstream
from tests.providers.sandbox.caller import Caller, in_background, wait_for

THEIRS = "+12635550107"  # a number of the little upstream
DEAF = "+12635550108"  # one of its numbers that takes no texts
OUTSIDE = "+15145550155"


class Little(Upstream):
    """As small as an upstream can be: numbers that keep what they get."""

    slug = "little"
    own_faults = {"out_of_paper": "Refused because the printer has none."}

    def describe(self, request):
        return ("send", "only") if request.path.startswith("/little/send") else (None, None)

    def is_read(self, name):
        return False

    def handle(self, call):
        if call.fault("out_of_paper") is not None:
            return Response(200, b'{"refused": "paper"}')
        given = call.request.params
        self.sandbox.journal.effect(self.sandbox.clock.now(), self.slug, "sms_sent", "only", given, call.entry)
        self.sandbox.network.send(Text(given["from"], given["to"], given["text"], origin=self.slug))
        return Response(200, json.dumps({"at": self.sandbox.clock.now(), "rows": [{"id": 1}, {"id": 2}]}).encode())

    def owns(self, number):
        return number in self.state["numbers"]

    def takes_texts(self, number):
        return number != DEAF

    def arrive(self, text, due):
        self.state["log"].append(dataclasses.asdict(text))

    def accounts(self):
        return [{"key": "only", "organization": "Little", "token": "t"}]

    def inbound_sms(self, body):
        self.state["log"].append(body)
        return body


def build(seed, now):
    return {"numbers": [THEIRS, DEAF], "log": []}


LITTLE = types.SimpleNamespace(SLUG="little", build=build, Upstream=Little)
PACKAGES = {"voicemeup": voicemeup, "little": LITTLE}


@pytest.fixture(scope="module")
def running():
    sandbox = Sandbox(packages=PACKAGES)
    with in_background(serve(sandbox)):
        yield sandbox
    sandbox.stop()


def log(api):
    return api.sandbox.world.slugs["little"]["log"]


def send(api, source, destination, text="Bonjour"):
    path = "/little/send?" + urlencode({"from": source, "to": destination, "text": text})
    return json.loads(api.http("POST", path)[2])


def test_a_text_goes_from_voicemeup_to_another_upstream(api):
    did = api.texting_did()
    answer = api.call(
        "queue_sms", client_did_id=did["client_did_id"], destination_number=THEIRS[2:], message="Allô là-bas"
    )
    api.do("clock", advance=5)
    row = wait_for(lambda: log(api))[0]
    assert row["source"] == "+1" + did["phone_number"] and row["destination"] == THEIRS
    assert (row["message"], row["origin"], row["automatic"]) == ("Allô là-bas", "voicemeup", False)
    assert api.sms(sms_log_id=answer["sms_log_id"])[0]["transmission_status"] == "completed"


def test_a_text_from_another_upstream_arrives_at_voicemeup_with_log_and_webhook(api, listener):
    did = api.texting_did()
    chosen = {"options": ["enable_sms", "enable_sms_callback"], "sms_callback_url": listener.url}
    api.do("did", phone_number=did["phone_number"], set=chosen)
    send(api, THEIRS, "+1" + did["phone_number"], "Merci")
    api.do("clock", advance=2)
    row = wait_for(lambda: api.sms(source_number=THEIRS[2:], direction="inbound"))[0]
    assert row["message"] == "Merci" and row["source_number"] == THEIRS[1:]
    assert wait_for(lambda: listener.bodies)[0]["sms_log_id"] == row["sms_log_id"]
    assert api.see("ledger?slug=voicemeup&kind=sms_received")[-1]["data"]["message"] == "Merci"


def test_a_number_that_takes_no_texts_is_a_failure_for_the_sender(api):
    did = api.texting_did()
    api.call("queue_sms", client_did_id=did["client_did_id"], destination_number=DEAF[2:], message="Allô")
    api.do("clock", advance=5)
    api.do("clock", advance=5)
    assert api.sms(destination_number=DEAF[2:])[0]["transmission_status"] == "failed"
    assert log(api) == []


def test_people_outside_answer_whoever_wrote(api):
    send(api, THEIRS, OUTSIDE, "Bonjour, le plombier arrive")
    api.do("clock", advance=2)
    answer = wait_for(lambda: log(api))[0]
    assert (answer["source"], answer["destination"], answer["automatic"]) == (OUTSIDE, THEIRS, True)
    assert "«" in answer["message"]


def test_a_machine_is_not_answered_and_nobody_answers_a_name(api):
    network = api.sandbox.network
    network.send(Text(THEIRS, OUTSIDE, "Ceci est automatique", automatic=True))
    network.send(Text("Boutique", OUTSIDE, "Soldes"))
    for _ in range(3):
        api.do("clock", advance=5)
    assert log(api) == []


def test_the_setting_that_lets_nobody_answer(api):
    api.do("settings", auto_answer=False)
    send(api, THEIRS, OUTSIDE)
    api.do("clock", advance=5)
    assert log(api) == []


def test_a_sender_name_is_shown_as_it_is(api):
    did = api.texting_did()
    api.sandbox.network.send(Text("Boutique", "+1" + did["phone_number"], "Soldes"))
    api.do("clock", advance=1)
    assert wait_for(lambda: [row for row in api.sms() if row["source_number"] == "Boutique"])[0]["message"] == "Soldes"


def test_a_text_from_outside_finds_the_upstream_of_its_number(api):
    api.do("inbound-sms", **{"from": OUTSIDE, "to": THEIRS[2:], "message": "Allô?"})
    assert log(api)[0]["message"] == "Allô?"
    did = api.texting_did()
    assert api.do("inbound-sms", **{"from": OUTSIDE, "to": did["phone_number"], "message": "Allô!"})["account"]
    assert api.control("POST", "inbound-sms", {"from": OUTSIDE, "to": "+12025550100", "message": "x"})[0] == 400


def test_doors_of_all_upstreams_or_of_one(api):
    assert {row["slug"] for row in api.see("accounts?slug=all")} == {"voicemeup", "little"}
    assert "slug" not in api.see("accounts")[0] and api.see("accounts?slug=little")[0]["token"] == "t"
    send(api, THEIRS, OUTSIDE)
    assert {row["slug"] for row in api.see("journal?slug=little")} == {"little"}
    assert {row["slug"] for row in api.see("ledger?slug=little")} == {"little"}
    assert api.control("POST", "crowd", {"slug": "little", "count": 3})[0] == 404
    assert api.control("GET", "limits?slug=little")[0] == 404
    with pytest.raises(NoDoor):
        Little(api.sandbox, build(1, 0)).crowd(3)


def test_an_upstreams_own_faults_are_known_to_its_rules(api):
    assert api.see("faults?known=1")["business of little"][0]["name"] == "out_of_paper"
    api.do("faults", slug="little", fault="out_of_paper", account="only", count=1)
    assert send(api, THEIRS, OUTSIDE) == {"refused": "paper"}
    assert "rows" in send(api, THEIRS, OUTSIDE)


def test_a_rule_may_concern_one_account(api):
    api.do("faults", fault="http_500", account="someone")
    assert "rows" in send(api, THEIRS, OUTSIDE)


def test_a_wrong_clock_shifts_stamps_but_not_when_things_happen(api):
    api.do("clock", rate=0)
    now = api.see("clock")["now"]
    api.do("faults", slug="little", fault="clock_skew", args={"seconds": 7200}, count=1)
    assert send(api, THEIRS, "+1" + api.texting_did()["phone_number"], "Bientôt")["at"] == now + 7200
    api.do("clock", advance=1)
    assert wait_for(lambda: api.sms(source_number=THEIRS[2:]))[0]["message"] == "Bientôt"


def test_a_state_of_an_older_sandbox_gets_what_it_lacks(tmp_path):
    path = str(tmp_path / "world.json")
    old = Sandbox(path, packages={"voicemeup": voicemeup})
    token = old.upstreams["voicemeup"].accounts()[0]["auth_token"]
    del old.settings["quirks"]
    old.stop()
    newer = Sandbox(path, packages=PACKAGES)
    assert newer.upstreams["voicemeup"].accounts()[0]["auth_token"] == token
    assert newer.network.owner(THEIRS).slug == "little" and newer.settings["quirks"] == []
    newer.stop()
    fewer = Sandbox(path, packages={"voicemeup": voicemeup})
    fewer.schedule(0, "little", "anything", {})
    fewer.tick()  # an event of an upstream that is gone is nobody's
    fewer.stop()
    with open(path, encoding="utf-8") as source:
        assert "little" in json.load(source)["slugs"]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("5145550100", "+15145550100"),
        ("1 (514) 555-0100", "+15145550100"),
        ("+15145550100", "+15145550100"),
        ("+33 1 99 00 00 00", "+33199000000"),
        ("Boutique", "Boutique"),
        ("", ""),
    ],
)
def test_how_the_network_calls_a_number(given, wanted):
    assert e164(given) == wanted


def test_a_caller_of_the_module_has_a_network(running):
    assert isinstance(running.network, Network) and Caller(running).see("health")["slugs"] == ["little", "voicemeup"]
