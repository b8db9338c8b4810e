"""The Jo Mobile side of the sandbox: from a request to its answer, and what its control doors do."""

import copy
import re

from .. import upstream
from ..hostile_texts import spoiled
from . import access, birthdays, checks, life, seeding, wire
from .assumptions import ASSUMPTIONS
from .desk import UNIT, Desk, amount
from .placeholders import PLACEHOLDERS
from .refusals import FAULTS, Refusal
from .requests import CALLS, LEGACY

SLUG = "jomobile"
PATH = re.compile(r"/+jomobile/+(?P<version>v1/+)?(?P<name>[A-Za-z0-9-]+)/?")
HEADER = "X-Access-Token"
FREE_TEXT = {"text_sms", "name", "surname", "name_group", "company_name", "network", "country", "text"}
SETTABLE = {
    "balance",
    "balance_limit",
    "block",
    "can_send",
    "confirmed",
    "dlr_style",
    "dlr_url",
    "originators",
    "password",
    "permanent_token",
}


class Upstream(upstream.Upstream):
    slug = SLUG

    def index(self):
        """Accounts by login, rows by their message."""
        self.by_login = {account["login"]: account for account in self.state["accounts"].values()}
        self.messages = {}
        for account in self.state["accounts"].values():
            for row in account["log"]:
                self.messages.setdefault(row["message"], []).append(row)

    def new_id(self, kind):
        self.state["ids"][kind] = self.state["ids"].get(kind, 1000) + 1
        return self.state["ids"][kind]

    def opened(self, values):
        """A new account's state, from what was registered."""
        key = f"registered{self.new_id('account')}"
        return seeding.opened(key, values, self.new_id("parent"))

    # -- requests

    def describe(self, request):
        found = PATH.fullmatch(request.path)
        if not found:
            return None, None
        name = found["name"] if found["version"] else LEGACY.get(found["name"])
        return (name, self.asking(request)) if name else (None, None)

    def token_of(self, request):
        return request.headers.get(HEADER.lower()) or request.query.get("token", "")

    def asking(self, request):
        """The key of the account behind a token, a login or a code, for the journal; nothing is judged here."""
        account = access.account_of(self.state["accounts"], self.token_of(request), 0)
        if account is None:
            body = self.shown(request)
            code = self.state["codes"].get(str(body.get("authorization_code")))
            account = self.by_login.get(str(body.get("username"))) if code is None else code
        return account["key"] if account else None

    def shown(self, request):
        """The fields of an object; the `items` of a package, and of a lone item its fields too, for fault rules."""
        try:
            body = wire.content(request)
        except ValueError:
            body = {"unreadable": request.body[:2000].decode("utf-8", "replace")}
        if isinstance(body, list):
            alone = body[0] if len(body) == 1 and isinstance(body[0], dict) else {}
            body = {**alone, "items": body}
        token = {HEADER: "***"} if request.headers.get(HEADER.lower()) else {}
        return {**request.query, **(body if isinstance(body, dict) else {}), **token}

    def is_read(self, name):
        return name not in CALLS or CALLS[name].read

    def placeholder(self, call):
        return wire.success(PLACEHOLDERS.get(call.name, []))

    def handle(self, call):
        try:
            data = self.serve(call)
        except Refusal as refusal:
            return wire.failure(refusal)
        if call.fault("hostile_text") is not None:
            data = spoiled(data, FREE_TEXT, call.fault("hostile_text"))
        return wire.success(data)

    def serve(self, call):
        """Checks path, method, pace, token and body, in this order."""
        spec = CALLS.get(call.name)
        if spec is None:
            raise Refusal("not_found", 404)
        if call.request.method not in spec.methods:
            raise Refusal("method_not_allowed", 405)
        self.refuse_by_rule(call, "before")
        with self.sandbox.world.lock:
            self.sandbox.world.touch()
            account = None if spec.open else self.entered(call.request)
            desk = self.desk_for(call, spec, account)
            kept = copy.deepcopy(account) if self.forgets(call) else None
            data = spec.function(desk)
            if kept is not None:
                account.clear()
                account.update(kept)
                self.index()
        self.refuse_by_rule(call, "after")
        return data

    def entered(self, request):
        return access.entered(self.state["accounts"], self.token_of(request), self.sandbox.clock.now())

    def forgets(self, call):
        """The fault by which a change is confirmed, and what is read afterwards is as before."""
        return call.fault("read_back_differs") is not None and call.name.startswith(("group-", "black-list-"))

    def desk_for(self, call, spec, account):
        request = call.request
        if spec.legacy:
            return Desk(self, account, call, items=[checks.read(spec.table, wire.queried(request.query))])
        if not spec.items:
            return Desk(self, account, call, checks.read(spec.table, wire.object_of(request)))
        bodies = wire.items_of(request)
        if len(bodies) == 1:
            return Desk(self, account, call, items=[checks.read(spec.table, bodies[0])])
        items = [checks.read(spec.table, body, f"Message {place}: ") for place, body in enumerate(bodies, start=1)]
        return Desk(self, account, call, items=items)

    def refuse_by_rule(self, call, phase):
        """Refuse as a fault rule says, before the effect or although it happened."""
        for fault, (errors, status) in FAULTS.items():
            args = call.fault(fault)
            if args is None or call.rule.phase != phase:
                continue
            if fault == "authentication_failed" and call.name == "authorize":
                raise access.bad_login(self.quirks)
            raise Refusal(args.get("code", errors), int(args.get("status", status)))

    # -- the clock

    def happen(self, kind, data, due):
        life.happen_state(self, data, due)

    def tick(self, now):
        birthdays.greet(self, now)
        if self.state["reports"]:
            life.post_reports(self, now)
            self.sandbox.world.touch()

    # -- control doors

    def accounts(self):
        return [
            {
                "key": account["key"],
                "organization": account["organization"],
                "username": account["login"],
                "password": account["password"],
                "access_token": account["permanent_token"],
                "credentials": {"username": account["login"], "password": account["password"]},
                "originators": account["originators"],
            }
            for account in self.state["accounts"].values()
        ]

    def counts(self):
        accounts = self.state["accounts"].values()
        return {kind: sum(len(account[kind]) for account in accounts) for kind in ("log", "groups", "black_list")}

    def assumptions(self):
        return ASSUMPTIONS

    def set_account(self, body):
        """What a person would change in the web cabinet: money, senders, the address for reports, a permanent token."""
        account, changes = self.state["accounts"][body["key"]], dict(body["set"])
        unknown = set(changes) - SETTABLE
        if unknown:
            raise KeyError(f"not settable: {', '.join(sorted(unknown))}")
        for name in ("balance", "balance_limit"):
            if name in changes:
                changes[name] = round(float(changes[name]) * UNIT)
        if "password" in changes:
            account["session"] = None
        account.update(changes)
        self.sandbox.world.touch()
        return {"key": account["key"], "balance": amount(account["balance"]), "block": account["block"]}

    def crowd(self, count):
        made = [seeding.plain_account(self.state, self.sandbox.world.seed) for _ in range(count)]
        self.index()
        self.sandbox.world.touch()
        keys = {account["key"] for account in made}
        return [row for row in self.accounts() if row["key"] in keys]

    def limits(self, body):
        limits = self.state["limits"]
        limits.update({name: body[name] for name in limits if name in body})
        self.sandbox.world.touch()
        return dict(limits)
