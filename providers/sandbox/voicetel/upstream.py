"""The VoiceTel side of the sandbox: from a request to its answer, and what its control doors do."""

import decimal
import json
import mimetypes
import os
import pickle

from ..demo import pictures
from ..hostile_texts import spoiled
from ..network import Text
from ..request import Response
from ..upstream import Upstream as Base
from . import access, checks, clockwork, crowd, messages, porting, refusals
from .assumptions import ASSUMPTIONS
from .desk import Desk, Refusal, not_yours
from .gateways import SYSTEM
from .requests import BY_PATH, CALLS, PATHS

SLUG = "voicetel"
ROOT = f"/{SLUG}"
FILES = f"{ROOT}/file/"
SECRET = {"apikey", "password", "portOutPin", "accountPin"}
FREE = {"name", "message", "callername", "cn", "notPortableReason", "agent", "cnam", "serviceProviderName", "city"}
SETTABLE = {"cash", "enabled", "password", "apikey", "messaging", "cnam", "lrn", "admin", "port_trouble"}


class Upstream(Base):
    slug = SLUG

    def __init__(self, sandbox, state):
        self.by_number, self.by_username, self.by_key = {}, {}, {}
        super().__init__(sandbox, state)

    # -- looking things up

    def index(self):
        """Numbers, usernames and keys of all accounts; rebuilt when one comes or goes."""
        accounts = list(self.state["accounts"].values())
        self.by_key = {account["apikey"]: account for account in accounts}
        self.by_username = {account["username"]: account for account in accounts}
        self.by_number = {n: (account, row) for account in accounts for n, row in account["numbers"].items()}

    def routes(self, account):
        """Every route id that numbers of an account may have."""
        return {*SYSTEM, *map(int, account["gateways"])}

    def may_bill(self, account, master):
        """Whether a sub-account may be put on that bill."""
        other = self.by_username.get(master)
        return other is not None and account["username"] in (other["username"], other["master"])

    def free_username(self):
        self.state["ids"]["username"] = self.state["ids"].get("username", 8_000_000_000) + 1
        return str(self.state["ids"]["username"])

    def file_url(self, name):
        return name if "://" in name else f"{self.sandbox.base_url}{FILES}{name}"

    # -- requests

    def spec_of(self, request):
        """The call of a path. Without its trailing slash a path is another one, save in quirks mode."""
        path = request.path.removeprefix(ROOT).replace("//", "/")
        if self.quirks and not path.endswith("/"):
            path += "/"
        return BY_PATH.get((request.method, path))

    def describe(self, request):
        spec = self.spec_of(request)
        if spec is None:
            return None, None
        account = self.by_key.get(access.key_of(request, body_of(request)))
        return spec.name, account["key"] if account else None

    def plain(self, request):
        """Media files, and the refusal of paths and methods that are no call."""
        if request.path.startswith(FILES):
            name = os.path.basename(request.path)
            data = self.sandbox.read_media(name) or pictures.make(name)
            if data is not None:
                return Response(200, data, mimetypes.guess_type(name)[0] or "application/octet-stream")
        known = request.path.removeprefix(ROOT) in PATHS
        return reply(405 if known else 404, {"message": "Method Not Allowed" if known else "Not Found"})

    def shown(self, request):
        body = body_of(request)
        found = {"ip": access.address_of(request), **(masked(body) if isinstance(body, dict) else {})}
        rows = body.get("numbers") if isinstance(body, dict) else None
        if isinstance(rows, list) and len(rows) == 1 and isinstance(rows[0], dict) and "number" in rows[0]:
            found.setdefault("number", rows[0]["number"])  # so that a fault rule can match it
        if "authorization" in request.headers:
            found["authorization"] = "***"
        return found

    def is_read(self, name):
        return CALLS[name].read

    def handle(self, call, dry=False):
        try:
            with self.sandbox.world.lock:
                body = self.serve(call, dry)
        except Refusal as refusal:
            return reply(refusal.status, refusal.body)
        if call.fault("hostile_text") is not None:
            body = spoiled(body, FREE, call.fault("hostile_text"))
        return reply(200, body)

    def placeholder(self, call):
        """What would have been answered: the request is served and everything it did undone, but no id is told twice."""
        with self.sandbox.world.lock:
            kept = pickle.dumps(self.state)
            try:
                return self.handle(call, dry=True)
            finally:
                told = self.state["ids"]
                self.state.clear()
                self.state.update(pickle.loads(kept), ids=told)
                self.index()

    def serve(self, call, dry):
        """Address limit, body, key, permission, members, in this order."""
        request, spec, now = call.request, self.spec_of(call.request), self.sandbox.clock.now()
        refusals.by_rule(call, "before", "hard_limit")
        if not access.may(self.state["limits"], spec.name, access.address_of(request), now):
            raise Refusal(429, refusals.WORDS["hard_limit"])
        body = body_of(request)
        if not isinstance(body, dict):
            raise Refusal(400, "Invalid JSON")
        account = None if spec.open else self.account_of(call, spec, body)
        refusals.by_rule(call, "before", *refusals.EARLY)
        desk = Desk(self, account, call, self.values(spec, body), dry)
        answer = spec.serve(desk)
        self.sandbox.world.touch()
        refusals.by_rule(call, "after", *refusals.WORDS)
        return answer

    def account_of(self, call, spec, body):
        key = access.key_of(call.request, body)
        if not key:
            raise Refusal(400, "Field Required: apikey")
        account = self.by_key.get(key)
        if account is None or not account["enabled"]:
            raise not_yours()
        if spec.admin and not account["admin"]:
            raise (
                Refusal(403, "Administrators only") if spec.name == "portInOrder" else not_yours("Administrators only")
            )
        return account

    def values(self, spec, body):
        try:
            return checks.read(spec.table, body, loose=self.quirks)
        except checks.Wrong as wrong:
            problem = wrong
        if problem.missing:
            raise Refusal(spec.missing, f"Field Required: {problem.name}")
        raise Refusal(400, f"Field: {problem.name}", requirement="Must be valid")

    # -- the network

    def owns(self, number):
        return number.startswith("+1") and number[2:] in self.by_number

    def takes_texts(self, number):
        account, row = self.by_number[number[2:]]
        return account["messaging"] and row["messaging"]

    def arrive(self, text, due):
        account, own = self.by_number[text.destination[2:]]
        messages.arrive(Desk(self, account), own, text, due)

    # -- what happens by itself

    def happen(self, kind, data, due):
        desk = Desk(self, self.state["accounts"][data["key"]])
        {"delivered": messages.delivered, "port_step": porting.step}[kind](desk, data, due)

    def tick(self, now):
        clockwork.hours_pass(self, now)

    # -- control doors

    def accounts(self):
        return [row_of(account) for account in self.state["accounts"].values()]

    def crowd(self, count):
        return [row_of(account) for account in crowd.make(self, count)]

    def counts(self):
        accounts = self.state["accounts"].values()
        kinds = ("numbers", "mdr", "cdr", "ports", "e911")
        return {"accounts": len(accounts)} | {kind: sum(len(one[kind]) for one in accounts) for kind in kinds}

    def assumptions(self):
        return ASSUMPTIONS

    def owner(self, number):
        bare = messages.ten_digits(number)
        if bare not in self.by_number:
            raise KeyError(f"{number} is nobody's number here")
        return self.by_number[bare]

    def did(self, number):
        account, row = self.owner(number)
        return {**row, "account": account["key"]}

    def set_did(self, number, changes):
        account, row = self.owner(number)
        unknown = set(changes) - set(row)
        if unknown:
            raise KeyError(f"no such fields: {', '.join(sorted(unknown))}")
        row.update(changes)
        self.sandbox.world.touch()
        return {**row, "account": account["key"]}

    def set_account(self, body):
        """Change an account: money, services, or a new key (the old one stops working)."""
        account, changes = self.state["accounts"][body["key"]], dict(body["set"])
        if "balance" in changes:
            changes["cash"] = changes.pop("balance")
        unknown = set(changes) - SETTABLE
        if unknown:
            raise KeyError(f"not settable: {', '.join(sorted(unknown))}")
        account.update({name: str(value) if name == "cash" else value for name, value in changes.items()})
        self.index()
        self.sandbox.world.touch()
        return {name: account[name] for name in ("key", "cash", "enabled", "apikey")}

    def inbound_sms(self, body):
        account, own = self.owner(body["to"])
        source = messages.ten_digits(body["from"])
        media = body.get("media_url") or body.get("media") or ""
        if media in (True, "true"):
            media = f"{len(account['mdr']) + 1:032x}.mms.png"
        text = Text(f"+1{source}", f"+1{own['number']}", body.get("message", ""), media, automatic=True)
        row = messages.arrive(Desk(self, account), own, text, self.sandbox.clock.now())
        return {"account": account["key"], "sms": [messages.payload(Desk(self, account), row)] if row else []}

    def move_port(self, body):
        return porting.move_by_hand(self, lambda account: Desk(self, account), body)

    def limits(self, body):
        limits = self.state["limits"]
        limits["per_hour"].update(body.get("per_hour") or {})
        limits["window_s"] = body.get("window_s", limits["window_s"])
        if body.get("clear"):
            limits["used"] = {}
        self.sandbox.world.touch()
        used = {name: {ip: len(times) for ip, times in by.items()} for name, by in limits["used"].items()}
        return {**limits, "used": used}


def body_of(request):
    """The JSON of a request, {} for none, None for what is no JSON."""
    if not request.body:
        return {}
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        return None


def masked(value):
    if isinstance(value, dict):
        return {name: "***" if name in SECRET and not isinstance(v, dict) else masked(v) for name, v in value.items()}
    return [masked(one) for one in value] if isinstance(value, list) else value


def row_of(account):
    names = ("key", "username", "password", "apikey", "admin")
    return {"organization": account["name"], **{name: account[name] for name in names}}


def reply(status, body):
    """The flat envelope; its code is a string that repeats the status."""
    whole = {"statusCode": str(status), "status": "Success" if status < 300 else "Error", **body}
    return Response(status, json.dumps(whole, ensure_ascii=False, default=plain_number).encode())


def plain_number(value):
    if isinstance(value, decimal.Decimal):
        return float(value)
    raise TypeError(type(value).__name__)
