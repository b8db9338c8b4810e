"""What upstreams send by themselves: in every wrong form, again, forged, late, and acknowledged or not."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from providers.sandbox import posting
from providers.sandbox.webhooks import acknowledges, fields_of
from tests.providers.sandbox.caller import in_background, wait_for


class Desk:
    """Keeps whatever comes: method, path, headers, body. `answer` is what it says to it."""

    def __init__(self):
        self.seen, self.answer = [], b""
        desk = self

        class Handler(BaseHTTPRequestHandler):
            def take(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                with desk.lock:
                    desk.seen.append((self.command, self.path, dict(self.headers), body))
                self.send_response(200)
                self.send_header("Content-Length", str(len(desk.answer)))
                self.end_headers()
                self.wfile.write(desk.answer)

            do_GET = do_POST = take

            def log_message(self, *args):
                pass

        self.lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook/5f2c/?key=secret"

    def messages(self):
        return [json.loads(body)["message"] for _, _, _, body in self.seen]


@pytest.fixture
def desk():
    made = Desk()
    with in_background(made.server):
        yield made


@pytest.fixture
def number(api, desk):
    """A number whose texts are announced at the desk at once."""
    found = api.texting_did()["phone_number"]
    api.do(
        "did", phone_number=found, set={"options": ["enable_sms", "enable_sms_callback"], "sms_callback_url": desk.url}
    )
    api.do("settings", webhook_delay_s=0)
    return found


def comes(api, number, *texts):
    for text in texts:
        api.do("inbound-sms", **{"from": "5145550156", "to": number, "message": text})
        api.do("clock", advance=1)


def arrived(desk, count=1):
    return wait_for(lambda: len(desk.seen) >= count and desk.seen)


@pytest.mark.parametrize(
    ("fault", "looks"),
    [
        ("webhook_corrupt", lambda method, path, headers, body: not body.endswith(b"}")),
        ("webhook_wrong_secret", lambda method, path, headers, body: "secret" not in path and "key=000" in path),
        ("webhook_no_secret", lambda method, path, headers, body: path.endswith("/hook/5f2c/")),
        ("webhook_altered", lambda method, path, headers, body: b"elsewhere.invalid" in body),
        ("webhook_get", lambda method, path, headers, body: method == "GET" and body == b""),
        ("webhook_form", lambda method, path, headers, body: b"message=Bonjour" in body),
        ("webhook_content_type", lambda method, path, headers, body: headers["Content-Type"] == "text/plain"),
        ("webhook_big", lambda method, path, headers, body: len(body) > 1024 * 1024),
        ("webhook_slow", lambda method, path, headers, body: json.loads(body)["message"] == "Bonjour"),
    ],
)
def test_wrong_forms(api, desk, number, fault, looks):
    api.do("faults", fault=fault, count=1, args={"interval": 0.0001})
    comes(api, number, "Bonjour")
    assert looks(*arrived(desk)[0])
    assert wait_for(lambda: api.see(f"deliveries?fault={fault}"))
    comes(api, number, "Encore")
    assert json.loads(arrived(desk, 2)[1][3])["message"] == "Encore"


def test_one_overtakes_the_other(api, desk, number):
    api.do("webhook", action="reorder", slug="voicemeup")
    comes(api, number, "premier")
    comes(api, number, "second")
    arrived(desk, 2)
    assert desk.messages() == ["second", "premier"]


def test_what_nothing_overtakes_comes_a_little_later(api, desk, number):
    api.do("webhook", action="reorder", seconds=5)
    comes(api, number, "seul")
    assert desk.seen == []
    api.do("clock", advance=5)
    arrived(desk)
    assert desk.messages() == ["seul"]


def test_days_late_or_never(api, desk, number):
    assert api.do("webhook", action="delay", seconds=3 * 86400)["args"] == {"seconds": 259200}
    comes(api, number, "en retard")
    api.do("webhook", action="drop", event="inbound_sms")
    comes(api, number, "perdu")
    wait_for(lambda: [row for row in api.see("deliveries") if row["error"] == "dropped"])
    assert desk.seen == []
    api.do("clock", advance=3 * 86400)
    arrived(desk)
    assert desk.messages() == ["en retard"]


def test_again_twice_or_with_other_words(api, desk, number):
    comes(api, number, "un", "deux")
    arrived(desk, 2)
    first = api.see("deliveries?slug=voicemeup")[-2]
    assert first["payload"]["message"] in ("un", "deux")
    api.do("webhook", action="send", delivery=first["id"])
    arrived(desk, 3)
    assert api.do("webhook", action="dup", delivery=first["id"])["sent"] == 2
    arrived(desk, 5)
    assert desk.messages()[2:] == [first["payload"]["message"]] * 3


def test_forgeries(api, desk, number):
    comes(api, number, "vrai")
    arrived(desk)
    api.do("webhook", action="forge", set={"message": "faux", "sms_log_id": "1"})
    forged = json.loads(arrived(desk, 2)[1][3])
    assert (forged["message"], forged["sms_log_id"], forged["direction"]) == ("faux", "1", "inbound")
    api.do("webhook", action="forge", fault="webhook_wrong_secret")
    assert "secret" not in arrived(desk, 3)[2][1]
    api.do("webhook", action="send", url=desk.url, event="unheard_of", payload={"message": "inconnu"})
    assert json.loads(arrived(desk, 4)[3][3]) == {"message": "inconnu"}
    assert wait_for(lambda: [row for row in api.see("deliveries") if row["kind"] == "unheard_of"])


def test_a_storm(api, desk, number):
    api.do("scenario", name="webhook-storm", seed=5)
    comes(api, number, *(f"texte {turn}" for turn in range(20)))
    api.do("clock", advance=60)
    arrived(desk, 21)
    words = [body for _, _, _, body in desk.seen]
    assert len(words) > len(set(words)), "some came more than once"


def test_what_is_refused(api):
    api.sandbox.journal.deliveries.clear()
    assert "sent again" in api.control("POST", "webhook", {"action": "dup"})[1]["error"]
    assert api.control("POST", "webhook", {"action": "sing"})[0] == 400


def test_an_acknowledgement_that_is_wrong_means_another_try(api, desk):
    job = {
        "slug": "voicemeup",
        "event": "dlr",
        "url": desk.url,
        "payload": [{"id": "7"}],
        "acknowledged": ["7"],
        "pause": 5,
    }
    desk.answer = b'["8"]'
    api.sandbox.webhooks.send(dict(job))
    arrived(desk)
    wait_for(lambda: [row for row in api.see("deliveries?kind=dlr") if row["error"] == "not acknowledged"])
    desk.answer = b'["7"]'
    wait_for(lambda: api.sandbox.world.events)
    api.do("clock", advance=6)
    arrived(desk, 2)
    assert wait_for(lambda: api.see("deliveries?kind=dlr")[1:])[-1]["error"] is None


def test_how_a_job_says_what_it_is(desk):
    job = {
        "url": desk.url,
        "payload": {},
        "raw": "a=b",
        "method": "GET",
        "content_type": "x/y",
        "headers": {"X-Sign": "s"},
    }
    status, _, error = posting.exchange(posting.Parcel.of(job))
    method, _, headers, body = desk.seen[0]
    assert (status, error, method, body) == (200, None, "GET", b"a=b")
    assert headers["Content-Type"] == "x/y" and headers["X-Sign"] == "s"
    parcel = posting.Parcel.of({**job, "url": "http://127.0.0.1:9/in/0123456789abcdef/"})
    posting.wrong_secret(parcel, {})
    assert "0123456789abcdef" not in parcel.url and parcel.headers == {"X-Sign": posting.WRONG}


def test_what_rules_can_match_in_a_payload():
    assert fields_of({"callbacks": [{"type": "sms", "sms": {"to": "1"}}]})["to"] == "1"
    assert fields_of([{"id_state": "5"}]) == {"id_state": "5"} and fields_of([]) == {} and fields_of("x") == {}
    assert acknowledges({}, b"anything") and not acknowledges({"acknowledged": []}, b"<html>")
