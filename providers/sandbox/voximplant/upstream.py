"""The Voximplant side of the sandbox: from a request to its answer, and what its control doors do."""

import json

from ..hostile_texts import spoiled
from ..network import Text, e164
from ..upstream import Upstream as Base
from . import access, audit, callbacks, clockwork, ledger, making, roles, seeding, sms_life, wire
from . import values as reading
from .assumptions import ASSUMPTIONS
from .desk import Desk, exact
from .refusals import Refusal
from .requests import CALLS

SLUG = "voximplant"
HOUR = 3600
FREE_TEXT = {
    *("text", "account_first_name", "account_last_name", "billing_address_name", "account_custom_data", "rule_name"),
    *("application_name", "transaction_description", "description", "custom_data", "phone_region_name", "company"),
    *("user_display_name", "key_name", "record_name", "street", "city", "error_message", "cmd_args"),
}
# fault: the code it answers with; any code may be asked for with error_code
REFUSALS = {
    "hard_limit": 340,
    "authentication_failed": 100,
    "token_expired": 456,
    "account_disabled": 131,
    "insufficient_funds": 127,
    "not_found": None,
    "error_code": None,
}
SETTABLE = {"credit_limit", "active", "account_password", "api_key", "sms_dates", "autopay", "senders"}


class Upstream(Base):
    slug = SLUG
    also_at = ("platform_api",)

    # -- looking things up

    def index(self):
        accounts = self.accounts_all()
        self.by_number = {row["phone_number"]: (a, row) for a in accounts for row in a["numbers"]}
        self.by_key = {row["key_id"]: (row, account) for account in accounts for row in account["keys"]}

    def accounts_all(self):
        return list(self.state["accounts"].values())

    def account(self, number):
        """By its id, a number or its digits; None when there is none."""
        return self.state["accounts"].get(str(number))

    def key(self, key_id):
        return self.by_key.get(key_id, (None, None)) if isinstance(key_id, str) else (None, None)

    def new_id(self, kind):
        return making.new_id(self.state, kind)

    # -- requests

    def describe(self, request):
        name = wire.method_of(request)
        if name is None:
            return None, None
        account = access.whose(self, request)
        return name or "(none)", account["key"] if account else None

    def shown(self, request):
        header = {"authorization": "***"} if "authorization" in request.headers else {}
        return {**wire.masked(wire.params_of(request)), **header}

    def is_read(self, name):
        return name not in CALLS or CALLS[name].read

    def placeholder(self, call):
        return wire.answer({"result": 1})

    def handle(self, call):
        try:
            with self.sandbox.world.lock:
                answer = self.serve(call)
        except Refusal as refusal:
            return wire.answer(refusal.body())
        if call.fault("hostile_text") is not None and isinstance(answer, dict):
            answer = spoiled(answer, FREE_TEXT, call.fault("hostile_text"))
        return wire.answer(answer)

    def serve(self, call):
        """Checks method, credentials, account, role, rate and parameters, in this order."""
        if call.name not in CALLS:
            raise Refusal(102 if call.name == "(none)" else 103)
        spec, now = CALLS[call.name], self.sandbox.clock.now()
        caller = access.identify(self, call.request, call.name, now)
        self.refuse_by_rule(call, spec, "before")
        if not caller.account["active"]:
            raise Refusal(131)
        if not caller.may(spec.roles, roles.names_of):
            raise Refusal(104)
        self.count(caller.account, now)
        values = reading.read(spec, wire.params_of(call.request))
        desk = Desk(self, caller.account, call, values, caller)
        answer = spec.function(desk)
        if not spec.read:
            audit.note(desk, answer.get("result") if isinstance(answer, dict) else "")
            self.sandbox.world.touch()
        self.refuse_by_rule(call, spec, "after")
        return self.differs(call, answer)

    def refuse_by_rule(self, call, spec, phase):
        """Refuse as a fault rule says, before the effect or although it happened."""
        if call.rule is None or call.rule.phase != phase or call.rule.fault not in REFUSALS:
            return
        code = REFUSALS[call.rule.fault]
        if call.rule.fault == "error_code":
            code = int(call.rule.args.get("code", 2))
        if code is None:  # not found: by the first parameter that selects something
            names = [name for group in spec.groups for name in group.names if name in reading.INVALID]
            raise reading.invalid(names[0] if names else "id")
        raise Refusal(code, call.rule.args.get("subject", "N"))

    def differs(self, call, answer):
        """Rows that say something else than what was written."""
        if call.fault("read_back_differs") is None or not isinstance(answer, dict):
            return answer
        texts = json.loads(json.dumps(answer, default=wire.number))
        rows = texts.get("result")
        for row in [rows] if isinstance(rows, dict) else rows if isinstance(rows, list) else []:
            for name in row if isinstance(row, dict) else ():
                if name.endswith(("_url", "_name", "_enabled")) and name not in ("account_name",):
                    row[name] = not row[name] if isinstance(row[name], bool) else f"{row[name]}-other"
        return texts

    def count(self, account, now):
        """Calls in the last hour, where a limit was set."""
        limit = self.state["per_hour"]
        if not limit:
            return
        times = [at for at in account["used"].get("calls", []) if at > now - HOUR]
        if len(times) >= limit:
            raise Refusal(340)
        account["used"]["calls"] = [*times, now]
        self.sandbox.world.touch()

    # -- the network

    def owns(self, number):
        return number.lstrip("+") in self.by_number

    def takes_texts(self, number):
        found = self.by_number.get(number.lstrip("+"))
        return found is not None and found[1]["sms_enabled"] and not found[1]["deactivated"]

    def arrive(self, text, due):
        sms_life.arrive(self, text, due)

    # -- what happens by itself

    def happen(self, kind, data, due):
        clockwork.HAPPENINGS[kind](self, data, due)

    def tick(self, now):
        clockwork.day_begins(self, now)

    # -- control doors

    def accounts(self):
        """Those without a parent, with both kinds of credentials."""
        return [self.credentials(account) for account in self.accounts_all() if account["parent"] is None]

    def credentials(self, account):
        names = ("key", "organization", "account_name", "account_email", "api_key")
        row = {name: account[name] for name in names} | {"account_id": str(account["account_id"])}
        signer = roles.credentials(account, account["keys"][0])
        return {**row, **{name: signer[name] for name in ("key_id", "private_key")}}

    def counts(self):
        kinds = ("numbers", "sms", "sessions", "transactions")
        return {kind: sum(len(account[kind]) for account in self.accounts_all()) for kind in kinds}

    def assumptions(self):
        return ASSUMPTIONS

    def limits(self, body):
        """`per_hour`: calls of an account, 0 for none; `clear` forgets those made."""
        if "per_hour" in body:
            per_hour = body["per_hour"]
            self.state["per_hour"] = int(per_hour.get("all", 0) if isinstance(per_hour, dict) else per_hour)
        if body.get("clear"):
            for account in self.accounts_all():
                account["used"] = {}
        self.sandbox.world.touch()
        used = {account["key"]: len(account["used"].get("calls", [])) for account in self.accounts_all()}
        return {"per_hour": self.state["per_hour"], "used": used}

    def find(self, key):
        found = [account for account in self.accounts_all() if account["key"] == key]
        return found[0] if found else self.state["accounts"][str(key)]

    def set_account(self, body):
        """`set` changes it, `payment` puts money in, `callback` {type, payload} sends any callback at once."""
        account, changes = self.find(body["key"]), dict(body.get("set") or {})
        profile = {name: changes.pop(name) for name in list(changes) if name in account["profile"]}
        if set(changes) - SETTABLE - {"balance", "frozen"}:
            raise KeyError(f"not settable: {', '.join(sorted(set(changes) - SETTABLE))}")
        account["profile"].update(profile)
        account.update({name: changes[name] for name in SETTABLE & set(changes)})
        if "balance" in changes:
            account["balance"] = str(exact(changes["balance"]))
            ledger.watch(self, account, self.sandbox.clock.now())
        if "frozen" in changes:
            ledger.freeze(self, account, bool(changes["frozen"]))
        if body.get("payment"):
            ledger.pay(self, account, body["payment"], body.get("kind", "card_payment"))
        self.sandbox.world.touch()
        return {**self.told(account), "sent": self.called(account, body.get("callback"))}

    def told(self, account):
        return {name: account[name] for name in ("key", "account_id", "balance", "active", "frozen")}

    def called(self, account, wanted):
        if not wanted:
            return None
        return callbacks.by_hand(self, account, wanted["type"], wanted.get("payload"))

    def owner(self, number):
        digits = e164(number).lstrip("+")
        if digits not in self.by_number:
            raise KeyError(f"{number} is nobody's number here")
        return self.by_number[digits]

    def did(self, number):
        account, row = self.owner(number)
        return {**row, "account": account["key"]}

    def set_did(self, number, changes):
        account, row = self.owner(number)
        unknown = set(changes) - set(row)
        if unknown:
            raise KeyError(f"no such fields: {', '.join(sorted(unknown))}")
        row.update(changes)
        self.index()
        self.sandbox.world.touch()
        return {**row, "account": account["key"]}

    def inbound_sms(self, body):
        account, _ = self.owner(body["to"])
        text = Text(e164(body["from"]), e164(body["to"]), body.get("message", ""))
        sms = sms_life.arrive(self, text, self.sandbox.clock.now())
        return {"account": account["key"], "sms": [sms] if sms else []}

    def crowd(self, count):
        made = [seeding.plain_account(self.state, number, self.sandbox.clock.now()) for number in range(count)]
        self.index()
        self.sandbox.world.touch()
        return [self.credentials(account) for account in made]
