"""A small caller of the Jo Mobile side of the sandbox, and a receiver of its delivery reports."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from tests.providers.sandbox.caller import Caller

OUTSIDE = "14685550101"


class JoMobile(Caller):
    """Asks with the account's permanent token unless another one is given."""

    def __init__(self, sandbox, key="lachance", token=None):
        self.sandbox, self.host, self.key = sandbox, urlsplit(sandbox.base_url).netloc, key
        self.own_token = token

    @property
    def account(self):
        """Looked up anew each time: a reset makes new ones."""
        return self.sandbox.world.slugs["jomobile"]["accounts"][self.key]

    def other(self, key):
        return JoMobile(self.sandbox, key)

    def with_token(self, token):
        return JoMobile(self.sandbox, self.key, token)

    @property
    def token(self):
        return self.account["permanent_token"] if self.own_token is None else self.own_token

    @property
    def sender(self):
        return self.account["originators"][0]

    def wire(self, name, body=None, method="", path="/jomobile/v1/"):
        method = method or ("GET" if name in ("me", "logout") else "POST")
        headers = {"Content-Type": "application/json", "x-access-token": self.token}
        data = None if method == "GET" else json.dumps({} if body is None else body).encode()
        return self.http(method, path + name, data, headers)

    def ask(self, name, body=None, **more):
        """(HTTP status, answer)."""
        status, _, answer = self.wire(name, body, **more)
        return status, json.loads(answer)

    def get(self, name, body=None, **more):
        """The data of a success."""
        status, answer = self.ask(name, body, **more)
        assert (status, answer["status"]) == (200, True), answer
        return answer["data"]

    def refused(self, name, body=None, **more):
        """(HTTP status, errors) of a refusal; the envelope repeats the status."""
        status, answer = self.ask(name, body, **more)
        assert answer["status"] is False and answer["error_code"] == status, answer
        return status, answer["errors"]

    def login(self):
        """A token from both steps of signing in."""
        account = self.account
        code = self.get("authorize", {"username": account["login"], "password": account["password"]})
        return self.get("accesstoken", {"authorization_code": code["authorization_code"]})["access_token"]

    def item(self, *numbers, **more):
        return {"number": list(numbers or (OUTSIDE,)), "senderID": self.sender, "text": "hello", **more}

    def send(self, *numbers, **more):
        """The rows by number."""
        return self.get("send", [self.item(*numbers, **more)])

    def log(self, **search):
        return self.get("sms-full-data", search)

    def states(self, number=OUTSIDE):
        return [row["state"] for row in self.log(phone=[number])]

    def effects(self, kind):
        return [row["data"] for row in self.see("ledger?slug=jomobile") if row["kind"] == kind]

    def later(self, seconds=30, times=2):
        """What happens in turn needs a look of the clock each."""
        for _ in range(times):
            self.do("clock", advance=seconds)

    def quirky(self):
        self.do("settings", quirks=["jomobile"])

    def good(self, name):
        """A body with which the call succeeds."""
        group = int(next(iter(self.account["groups"]), 0))
        numbers = {"numbers": [OUTSIDE]}
        table = {
            "authorize": {"username": self.account["login"], "password": self.account["password"]},
            "register": {
                "login": "newshop",
                "password": "secret-enough",
                "name": "Nora Roy",
                "phone": "14685550102",
                "email": "nora@newshop.example",
            },
            "send": [self.item()],
            "group-create": {"name_group": "Promo"},
            "group-delete": {"id_group": [group]},
            "group-number-add": {"id_group": group, "numbers": [{"number": OUTSIDE, "name": "Ana"}]},
            "group-number-search": {"id_group": group, **numbers},
            "group-number-delete": {"id_group": group, **numbers},
            "send-bulk": {"senderID": self.sender, "text": "Hello #first_name#", "id_group": [group]},
            "black-list-add": numbers,
            "black-list-search": numbers,
            "black-list-delete": numbers,
            "replacement": [{"number": [OUTSIDE], "senderID": self.sender, "text": "x"}],
        }
        return table.get(name, {})


class Receiver:
    """Takes reports; `answer` makes the body of its answer from the rows, `status` is its status."""

    def __init__(self):
        self.posts, self.gets, self.status = [], [], 200
        self.answer = lambda rows: [str(row["id_state"]) for row in rows]
        self.get_answer = lambda path: ""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                rows = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                receiver.posts.append((self.path, rows))
                self.say(json.dumps(receiver.answer(rows)))

            def do_GET(self):
                receiver.gets.append(self.path)
                self.say(receiver.get_answer(self.path))

            def say(self, text):
                self.send_response(receiver.status)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/dlr/kept-secret"

    @property
    def rows(self):
        return [row for _, rows in self.posts for row in rows]

    def close(self):
        self.server.shutdown()
        self.server.server_close()
