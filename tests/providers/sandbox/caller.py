"""A small caller of the sandbox, and a receiver of its webhooks."""

import contextlib
import http.client
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode, urlsplit

from providers.sandbox.sandbox import Sandbox
from providers.sandbox.server import serve


class Caller:
    """One connection per call, so that a spoilt one never disturbs the next."""

    def __init__(self, sandbox, key="lachance"):
        self.sandbox, self.host = sandbox, urlsplit(sandbox.base_url).netloc
        self.account = sandbox.world.slugs["voicemeup"]["accounts"][key]

    def other(self, key):
        return Caller(self.sandbox, key)

    @property
    def auth(self):
        return {"client_user_id": self.account["client_user_id"], "auth_token": self.account["auth_token"]}

    def http(self, method, path, body=None, headers=None, timeout=10):
        connection = http.client.HTTPConnection(self.host, timeout=timeout)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def raw(self, name, output="json", method="POST", **params):
        query = urlencode({**self.auth, **params})
        path = f"/voicemeup/api/v1.1/{output}/{name}"
        if method == "GET":
            return self.http("GET", f"{path}?{query}")
        return self.http("POST", path, query, {"Content-Type": "application/x-www-form-urlencoded"})

    def call(self, name, **params):
        status, _, body = self.raw(name, **params)
        assert status == 200
        return json.loads(body)

    def upload(self, name, files, **params):
        body = b""
        for key, value in {**self.auth, **params}.items():
            body += f'--XX\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, filename, mime, data in files:
            body += (
                (
                    f'--XX\r\nContent-Disposition: form-data; name="{key}"; filename="{filename}"\r\n'
                    f"Content-Type: {mime}\r\n\r\n"
                ).encode()
                + data
                + b"\r\n"
            )
        kind = {"Content-Type": "multipart/form-data; boundary=XX"}
        return json.loads(self.http("POST", f"/voicemeup/api/v1.1/json/{name}", body + b"--XX--\r\n", kind)[2])

    def control(self, method, door, body=None):
        data = None if body is None else json.dumps(body).encode()
        status, _, answer = self.http(method, f"/_control/{door}", data, {"Content-Type": "application/json"})
        return status, json.loads(answer)

    def do(self, door, **body):
        status, answer = self.control("POST", door, body)
        assert status == 200, answer
        return answer

    def see(self, door):
        status, answer = self.control("GET", door)
        assert status == 200, answer
        return answer

    # -- small helps

    def dids(self, **params):
        return many(self.call("get_dids", **params)["dids"], "did_details")

    def sms(self, **params):
        return many(self.call("get_sms", **params)["sms"], "sms_details")

    def texting_did(self):
        return next(
            d for d in self.dids(options="enable_sms", status="enabled") if "enable_sms_autoreply" not in d["options"]
        )


def many(wrapper, name):
    if not wrapper:
        return []
    found = wrapper[name]
    return found if isinstance(found, list) else [found]


def codes(answer):
    messages = answer["response_details"]["response_messages"]
    messages = messages["message"] if messages else []
    return [one["code"] for one in (messages if isinstance(messages, list) else [messages])]


def status_of(answer):
    return answer["response_details"]["response_status"]


def wait_for(look, seconds=20):
    """The first true value of look(), within so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("nothing came")


def start(path=None, **options):
    sandbox = Sandbox(path, **options)
    server = serve(sandbox)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return sandbox, server


@contextlib.contextmanager
def in_background(server):
    """Serve in a thread until the block is left."""
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


class Listener:
    """Receives webhooks; `answers` are the statuses to give, the last one for ever."""

    def __init__(self):
        self.bodies, self.answers, self.paths = [], [200], []
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                listener.paths.append(self.path)
                listener.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(listener.answers.pop(0) if len(listener.answers) > 1 else listener.answers[0])
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook/?key=secret"
