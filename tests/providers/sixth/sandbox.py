"""TinyTel's sandbox, written from its document (see client.py) and not from the client. It is a package of the kernel:
SLUG, SERVED, build and Upstream are all that it asks for.
"""

import datetime
import json

from providers.sandbox.network import Text
from providers.sandbox.request import Response
from providers.sandbox.upstream import Upstream as Base

SLUG = "tinytel"
READS = ("getBalance", "listNumbers", "listTexts")
SERVED = (*READS, "sendText", "setHook")
WORDS = {1: "token?", 2: "too fast", 3: "no money left", 4: "not your number", 5: "no such phone", 6: "what?"}
FAULTS = {"hard_limit": 2, "authentication_failed": 1, "error_code": None}


class Refused(Exception):
    """An answer with ok=false; its argument is the document's code."""


def build(seed, now):
    """Two companies; numbers of an area code that no other sandbox has."""

    def company(key, name, digit):
        numbers = {f"+1417555010{digit + n}": {"city": "Springfield", "hook": ""} for n in range(2)}
        first = next(iter(numbers))
        texts = [row(f"{key}-old", "in", "+14185550123", first, "Do you open on Sunday?", "there", now - 86_400)]
        return {
            "key": key,
            "company": name,
            "token": f"tiny-{seed}-{key}",
            "balance": "25.00",
            "numbers": numbers,
            "texts": texts,
        }

    return {
        "accounts": {
            "lachance": company("lachance", "Plomberie Lachance", 1),
            "ozark": company("ozark", "Ozark Bikes", 5),
        }
    }


def row(name, way, source, destination, text, state, at):
    moment = datetime.datetime.fromtimestamp(at, datetime.UTC).isoformat()
    return {"id": name, "way": way, "from": source, "to": destination, "text": text, "state": state, "at": moment}


class Upstream(Base):
    slug = SLUG

    # -- requests

    def describe(self, request):
        call = request.path.removeprefix(f"/{SLUG}/")
        if call not in SERVED:
            return None, None
        account = self.account_of(request)
        return call, account["key"] if account else None

    def account_of(self, request):
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        return next((one for one in self.state["accounts"].values() if one["token"] == token), None)

    def shown(self, request):
        return json.loads(request.body or b"{}")

    def is_read(self, name):
        return name in READS

    def handle(self, call):
        try:
            with self.sandbox.world.lock:
                told = self.serve(call)
        except Refused as refused:
            return reply({"ok": False, "code": refused.args[0], "text": WORDS.get(refused.args[0], "?")})
        return reply({"ok": True, **told})

    def serve(self, call):
        account = self.account_of(call.request)
        self.refuse_by_rule(call, "before")
        if account is None:
            raise Refused(1)
        told = getattr(self, call.name)(account, json.loads(call.request.body or b"{}"), call)
        self.sandbox.world.touch()
        self.refuse_by_rule(call, "after")
        return told

    def refuse_by_rule(self, call, phase):
        for fault, code in FAULTS.items():
            if call.fault(fault) is not None and call.rule.phase == phase:
                raise Refused(code or int(call.rule.args.get("code", 99)))

    # -- the calls

    def getBalance(self, account, given, call):
        return {"account": account["key"], "company": account["company"], "balance": account["balance"]}

    def listNumbers(self, account, given, call):
        rows = [{"number": number, "texts": True, **kept} for number, kept in account["numbers"].items()]
        return {"numbers": rows}

    def listTexts(self, account, given, call):
        return {"texts": [one for one in account["texts"] if given["since"] <= one["at"][:10] <= given["until"]]}

    def sendText(self, account, given, call):
        if given["from"] not in account["numbers"]:
            raise Refused(4)
        if self.sandbox.network.refuses(given["to"]):
            raise Refused(5)
        if float(account["balance"]) < 0.01:
            raise Refused(3)
        account["balance"] = f"{float(account['balance']) - 0.01:.2f}"
        name, now = f"t{len(account['texts']) + 1}", self.sandbox.clock.now()
        account["texts"].append(row(name, "out", given["from"], given["to"], given["text"], "out", now))
        effect = {"from": given["from"], "to": given["to"], "message": given["text"]}
        self.sandbox.journal.effect(now, SLUG, "sms_sent", account["key"], effect, call.entry)
        self.sandbox.network.send(Text(given["from"], given["to"], given["text"], origin=SLUG))
        return {"id": name}

    def setHook(self, account, given, call):
        if given["number"] not in account["numbers"]:
            raise Refused(4)
        account["numbers"][given["number"]]["hook"] = given["url"]
        return {}

    # -- the network

    def owner(self, number):
        return next((one for one in self.state["accounts"].values() if number in one["numbers"]), None)

    def owns(self, number):
        return self.owner(number) is not None

    def arrive(self, text, due):
        account = self.owner(text.destination)
        name = f"t{len(account['texts']) + 1}"
        came = row(name, "in", text.source, text.destination, text.message, "there", due)
        account["texts"].append(came)
        effect = {"from": text.source, "to": text.destination, "message": text.message}
        self.sandbox.journal.effect(due, SLUG, "sms_received", account["key"], effect)
        hook = account["numbers"][text.destination]["hook"]
        if hook:
            job = {"slug": SLUG, "event": "text", "url": hook, "payload": came}
            self.sandbox.schedule(due, SLUG, "_webhook", job)

    # -- control doors

    def accounts(self):
        return [
            {"key": one["key"], "organization": one["company"], "token": one["token"]}
            for one in self.state["accounts"].values()
        ]

    def set_account(self, body):
        self.state["accounts"][body["key"]].update(body["set"])
        return body["set"]

    def inbound_sms(self, body):
        self.arrive(Text(body["from"], body["to"], body.get("message", "")), self.sandbox.clock.now())
        return {}


def reply(tree):
    return Response(200, json.dumps(tree).encode())
