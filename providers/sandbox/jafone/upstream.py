"""The JaFone side of the sandbox: from a request to its answer, and what its control doors do."""

import copy
import random
import re

from .. import upstream
from ..hostile_texts import spoiled
from ..network import e164
from ..request import Response
from . import checks, clockwork, seeding, texts, wire
from .assumptions import ASSUMPTIONS
from .desk import UNIT, Desk, Refusal, dollars
from .placeholders import PLACEHOLDERS
from .requests import ACTIONS, canonical

SLUG = "jafone"
PATH = re.compile(r"/+jafone/+v3/+rest\.php/?")
CREDENTIALS = ("userId", "key")
FREE_TEXT = {"Message", "Description", "Name", "Firstname", "Lastname", "Location", "Carrier", "PreparedMessage"}
LIMITED = "Too many requests"
# fault: the words it refuses with; error_code brings its own
REFUSALS = {
    "hard_limit": LIMITED,
    "authentication_failed": "Invalid credentials",
    "account_disabled": "Invalid credentials",
    "insufficient_funds": "Insufficient balance",
    "not_found": None,
    "error_code": None,
}


class Upstream(upstream.Upstream):
    slug = SLUG

    def index(self):
        """Every number of all accounts by its E.164 form."""
        self.by_number = {
            f"+1{number}": (account, number)
            for account in self.state["accounts"].values()
            for number in account["dids"]
        }
        self.by_user = {account["user_id"]: account for account in self.state["accounts"].values()}

    def new_id(self, kind):
        self.state["ids"][kind] = self.state["ids"].get(kind, 1000) + 1
        return self.state["ids"][kind]

    def pins(self, number):
        """Three numbers of six digits, which may begin with 0; the same ones for the same conference."""
        dice = random.Random(f"jafone/{self.sandbox.world.seed}/{number}")
        return [f"{dice.randrange(10_000, 999_999):06d}" for _ in range(3)]

    # -- requests

    def parameters(self, request):
        return wire.parameters(request, self.quirks)

    def describe(self, request):
        if not PATH.fullmatch(request.path) or request.method not in ("GET", "POST"):
            return None, None
        params = self.parameters(request)
        account = self.by_user.get(params.get("userId", ""))
        return canonical(params.get("action", "")) or "(none)", account["key"] if account else None

    def shown(self, request):
        return {name: "***" if name in CREDENTIALS else value for name, value in self.parameters(request).items()}

    def is_read(self, name):
        return name not in ACTIONS or ACTIONS[name].read

    def reply(self, call, answer):
        body, content_type = wire.write(answer, call.name, self.quirks)
        return Response(200, body, content_type)

    def placeholder(self, call):
        return self.reply(call, {"Status": "Success", **PLACEHOLDERS.get(call.name, {})})

    def handle(self, call):
        try:
            answer = {"Status": "Success", **self.serve(call)}
        except Refusal as refusal:
            return self.reply(call, {"Status": "Error", "Message": str(refusal)})
        if call.fault("hostile_text") is not None:
            answer = spoiled(answer, FREE_TEXT, call.fault("hostile_text"))
        return self.reply(call, answer)

    def serve(self, call):
        """Checks credentials, pace, action and parameters, in this order."""
        params = self.parameters(call.request)
        account = self.by_user.get(params.get("userId", ""))
        self.refuse_by_rule(call, "before")
        if account is None or params.get("key") != account["api_key"] or account["status"] != "enabled":
            raise Refusal("Invalid credentials")
        with self.sandbox.world.lock:
            self.pace(account)
            forgets = call.fault("read_back_differs") is not None and call.name.startswith("set")
            kept = copy.deepcopy(account) if forgets else None
            answer = self.run(call, account, params)
            if forgets:  # the change is confirmed, and what is read afterwards is as before
                account.clear()
                account.update(kept)
        self.refuse_by_rule(call, "after")
        return answer

    def run(self, call, account, params):
        if call.name == "(none)":
            raise Refusal("Missing action")
        if call.name not in ACTIONS:
            raise Refusal("Unknown action")
        action = ACTIONS[call.name]
        try:
            values = checks.read(action.table, params)
        except checks.Bad as bad:
            raise Refusal(f"Invalid parameter: {bad}") from None
        return action.function(Desk(self, account, call, values, params))

    def refuse_by_rule(self, call, phase):
        """Refuse as a fault rule says, before the effect or although it happened."""
        for fault, words in REFUSALS.items():
            if call.fault(fault) is not None and call.rule.phase == phase:
                raise Refusal(words or call.rule.args.get("code") or self.words_of(fault, call.name))

    def words_of(self, fault, name):
        """What is not there shows as the parameter that named it."""
        first = next((spec.name for spec in ACTIONS[name].table), None) if name in ACTIONS else None
        return f"Invalid parameter: {first}" if fault == "not_found" and first else "Internal error"

    def pace(self, account):
        """At most so many requests a second and account, when a limit was set; none is documented."""
        allowed, now = self.state["limits"]["per_second"], self.sandbox.clock.now()
        account["recent"] = [at for at in account["recent"] if now - at < 1]
        if allowed and len(account["recent"]) >= allowed:
            raise Refusal(LIMITED)
        if allowed:
            account["recent"].append(now)

    # -- the network and the clock

    def owns(self, number):
        return number in self.by_number

    def arrive(self, text, due):
        account, did = self.by_number[text.destination]
        source = text.source[1:] if text.source.startswith("+") else text.source
        texts.receive(Desk(self, account), did, source, text.message, due)

    def happen(self, kind, data, due):
        clockwork.HAPPENINGS[kind](self, data, due)

    def tick(self, now):
        clockwork.days_end(self, now)

    # -- control doors

    def accounts(self):
        """`key` is the demo's name of the account here, so the upstream's own `key` stands among the credentials."""
        return [
            {
                "key": account["key"],
                "organization": account["organization"],
                "user_id": account["user_id"],
                "credentials": {"user_id": account["user_id"], "key": account["api_key"]},
            }
            for account in self.state["accounts"].values()
        ]

    def counts(self):
        accounts = self.state["accounts"].values()
        kinds = ("dids", "sms", "transactions", "stops", "conferences")
        return {kind: sum(len(account[kind]) for account in accounts) for kind in kinds}

    def assumptions(self):
        return ASSUMPTIONS

    def did(self, number):
        account, did = self.owner(number)
        return {**account["dids"][did], "account": account["key"]}

    def owner(self, number):
        if e164(number) not in self.by_number:
            raise KeyError(f"{number} is nobody's number here")
        return self.by_number[e164(number)]

    def set_account(self, body):
        """Change an account: its balance in dollars, its status, or its key (the old one stops working)."""
        account, changes = self.state["accounts"][body["key"]], dict(body["set"])
        unknown = set(changes) - {"balance", "status", "key", "refill"}
        if unknown:
            raise KeyError(f"not settable: {', '.join(sorted(unknown))}")
        for name in ("balance", "refill"):
            if name in changes:
                account[name] = round(float(changes[name]) * UNIT)
        account["status"] = changes.get("status", account["status"])
        account["api_key"] = changes.get("key", account["api_key"])
        self.sandbox.world.touch()
        return {"key": account["key"], "balance": dollars(account["balance"]), "status": account["status"]}

    def inbound_sms(self, body):
        account, did = self.owner(body["to"])
        source, now = e164(body["from"]).lstrip("+"), self.sandbox.clock.now()
        row = texts.receive(Desk(self, account), did, source, body.get("message", ""), now)
        return {"account": account["key"], "sms": [row]}

    def crowd(self, count):
        made = [seeding.plain_account(self.state, number) for number in range(count)]
        self.index()
        self.sandbox.world.touch()
        keys = {account["key"] for account in made}
        return [row for row in self.accounts() if row["key"] in keys]

    def limits(self, body):
        self.state["limits"].update({name: body[name] for name in ("per_second",) if name in body})
        self.sandbox.world.touch()
        return dict(self.state["limits"])
