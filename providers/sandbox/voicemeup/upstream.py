"""The VoiceMeUp side of the sandbox: from a request to its answer, and what its control doors do."""

import decimal
import mimetypes
import os
import re

from ..demo import pictures
from ..request import Response
from ..upstream import Upstream as Base
from . import access, call_life, checks, clockwork, phones, port_life, sms_life, texts, wire
from .assumptions import ASSUMPTIONS
from .desk import CURRENCIES, Answer, Desk, Refusal
from .hostile import hostile
from .requests import DOCUMENTED, REQUESTS

SLUG = "voicemeup"
PATHS = re.compile(
    r"/voicemeup/(?:api/v1\.1/(?P<output>json|xml)(?:/(?P<name>[^/]*))?/?|(?P<old>xml_engine/xml_engine\.php))"
)
FILES = "/voicemeup/file/"
# fault: the code it answers with; any code may be asked for with error_code
REFUSALS = {
    "hard_limit": "requests_hard_limit_exceeded",
    "authentication_failed": "authentication_failed",
    "error_code": None,
}


class Upstream(Base):
    slug = SLUG

    def __init__(self, sandbox, state):
        self.sandbox, self.state = sandbox, state
        self.by_number = {}
        self.index()

    # -- looking things up

    def index(self):
        """Active numbers of all accounts; rebuilt when a number comes or goes."""
        self.by_number = {
            did["phone_number"]: (account, did)
            for account in self.state["accounts"].values()
            for did in account["dids"].values()
            if did["status"] != "deleted"
        }

    def new_id(self, kind):
        self.state["ids"][kind] = self.state["ids"].get(kind, 1000) + 1
        return self.state["ids"][kind]

    def file_url(self, name):
        return name if "://" in name else f"{self.sandbox.base_url}{FILES}{name}"

    # -- requests

    def describe(self, request):
        """(name of the call for journal and faults, key of the account) or (None, None) for other paths."""
        found = PATHS.fullmatch(request.path)
        if not found or request.method not in ("GET", "POST"):
            return None, None
        name = request.params.get("request_type", "") if found["old"] else found["name"]
        account, _ = access.identify(self.state["accounts"], request.params, bool(found["old"]))
        return name or "(none)", account["key"] if account else None

    def plain(self, request):
        """Media files, which need no sign-in."""
        if not request.path.startswith(FILES):
            return None
        name = os.path.basename(request.path)
        data = self.sandbox.read_media(name) or pictures.make(name)
        if data is None:
            return None
        return Response(200, data, mimetypes.guess_type(name)[0] or "application/octet-stream")

    def is_read(self, name):
        return name not in REQUESTS or REQUESTS[name].read

    def output_of(self, request):
        found = PATHS.fullmatch(request.path)
        if not found["old"]:
            return found["output"]
        return "json" if request.params.get("output_format", "").lower() == "json" else "xml"

    def response(self, request, status, messages, body=()):
        output = self.output_of(request)
        root = wire.envelope(status, messages, body)
        data = wire.render(root, output, self.sandbox.settings["single_message"])
        return Response(200, data, wire.CONTENT_TYPES[output])

    def placeholder(self, call):
        """An answer of the right shape for a request that was not carried out."""
        return self.response(call.request, "success", [])

    def handle(self, call):
        language = "fr" if call.request.params.get("language") == "fr" else "en"
        try:
            answer, notices = self.serve(call, language)
        except Refusal as refusal:
            messages = [(code, texts.text(code, language)) for code in refusal.codes]
            return self.response(call.request, "error", messages, refusal.body)
        messages = [(code, texts.text(code, language) if own is None else own) for code, own in answer.messages]
        messages += [(code, texts.text(code, language)) for code in notices]
        if call.fault("hostile_text") is not None:
            hostile(answer.body, call.fault("hostile_text"))
        return self.response(call.request, "success", messages, answer.body)

    def serve(self, call, language):
        """Checks ban, request type, identity, token, parameters, in this order. Returns (Answer, notices)."""
        request, params = call.request, call.request.params
        deprecated = PATHS.fullmatch(request.path)["old"] is not None
        account, problem = access.identify(self.state["accounts"], params, deprecated)
        now = self.sandbox.clock.now()
        self.refuse_by_rule(call, "before", "hard_limit")
        if account and access.banned(account, now):
            raise Refusal("requests_hard_limit_exceeded")
        spec = self.spec_of(call.name)
        problem = problem or access.token_problem(account, params)
        if problem:
            raise Refusal(problem)
        self.refuse_by_rule(call, "before", "authentication_failed")
        with self.sandbox.world.lock:
            level = access.count(account, call.name, now, self.state["limits"])
            self.sandbox.world.touch()
        if level == "hard":
            raise Refusal("requests_hard_limit_exceeded")
        self.refuse_by_rule(call, "before", "error_code")
        answer = self.run(spec, self.desk_for(call, spec, account, language))
        self.refuse_by_rule(call, "after", *REFUSALS)
        soft = level == "soft" or call.fault("soft_limit") is not None
        return answer, ["requests_soft_limit_reached"] if soft else []

    def refuse_by_rule(self, call, phase, *faults):
        """Refuse as a fault rule says, before the effect or although it happened."""
        for fault in faults:
            if call.fault(fault) is not None and call.rule.phase == phase:
                raise Refusal(REFUSALS[fault] or call.rule.args.get("code", "internal_error-database_error"))

    def spec_of(self, name):
        if name == "(none)":
            raise Refusal("request_type_required")
        if name in REQUESTS:
            return REQUESTS[name]
        raise Refusal("request_type_not_implemented" if name in DOCUMENTED else "request_type_invalid")

    def desk_for(self, call, spec, account, language):
        params = call.request.params
        problems = []
        if params.get("language") not in (None, "", "en", "fr"):
            problems.append("language_invalid")
        currency = params.get("currency") or "CAD"
        if currency not in CURRENCIES:
            problems.append("currency_invalid")
        values, codes = checks.validate(spec.table, params, call.request.files)
        desk = Desk(self, account, call, values, language, currency if currency in CURRENCIES else "CAD")
        if problems or codes:
            raise Refusal(*problems, *codes)
        return desk

    def run(self, spec, desk):
        if spec.before:  # may talk to the outside, so without the lock
            spec.before(desk)
        with self.sandbox.world.lock:
            answer = spec.function(desk)
            return answer if isinstance(answer, Answer) else Answer(*answer)

    # -- money in the background

    def book(self, account, kind, what, amount, moment, settled=False):
        """A line in the ledger; `settled` when the balance has it already."""
        balance = decimal.Decimal(account["balance"])
        if not settled:
            balance += decimal.Decimal(amount)
            account["balance"] = str(balance)
        number = self.new_id("invoice") if kind == "invoice" else ""
        account["transactions"].append(
            {
                "transaction_id": self.new_id("transaction"),
                "type": kind,
                "at": moment,
                "description": what,
                "amount": str(amount),
                "balance": str(balance),
                "invoice_number": f"INV-{number}" if number else "",
            }
        )
        self.sandbox.world.touch()

    # -- what happens by itself

    def happen(self, kind, data, due):
        clockwork.HAPPENINGS[kind](self, data, due)

    def tick(self, now):
        clockwork.days_end(self, now)

    # -- the network

    def owns(self, number):
        return phones.bare(number) in self.by_number

    def takes_texts(self, number):
        _, did = self.by_number[phones.bare(number)]
        return did["sms_support"] == "1" and "enable_sms" in did["options"]

    def arrive(self, text, due):
        sms_life.arrive(self, text, due)

    # -- control doors

    def accounts(self):
        names = ("key", "organization", "client_account_id", "client_user_id", "username", "auth_token")
        return [{name: account[name] for name in names} for account in self.state["accounts"].values()]

    def counts(self):
        accounts = self.state["accounts"].values()
        kinds = ("dids", "sms", "ports", "e911", "subaccounts")
        return {kind: sum(len(account[kind]) for account in accounts) for kind in kinds}

    def assumptions(self):
        return ASSUMPTIONS

    def owner(self, number):
        bare = "".join(c for c in str(number) if c.isdigit())[-10:]
        if bare not in self.by_number:
            raise KeyError(f"{number} is nobody's number here")
        return self.by_number[bare]

    def did(self, number):
        account, did = self.owner(number)
        return {**did, "account": account["key"]}

    def set_did(self, number, changes):
        account, did = self.owner(number)
        unknown = set(changes) - set(did)
        if unknown:
            raise KeyError(f"no such fields: {', '.join(sorted(unknown))}")
        did.update(changes)
        self.index()
        self.sandbox.world.touch()
        return {**did, "account": account["key"]}

    def set_account(self, body):
        """Change an account: balance, status, or a new token (the old one stops working)."""
        account = self.state["accounts"][body["key"]]
        changes = body["set"]
        unknown = set(changes) - {"balance", "credit_limit", "status", "auth_token", "language", "time_zone"}
        if unknown:
            raise KeyError(f"not settable: {', '.join(sorted(unknown))}")
        account.update({name: str(value) for name, value in changes.items()})
        self.sandbox.world.touch()
        return {name: account[name] for name in ("key", "balance", "status", "auth_token")}

    def inbound_sms(self, body):
        return sms_life.from_outside(self, body)

    def outbound_call(self, body):
        return call_life.to_outside(self, body)

    def move_port(self, body):
        return port_life.move_by_hand(self, body)

    def limits(self, body):
        limits = self.state["limits"]
        limits["per_hour"].update(body.get("per_hour") or {})
        for name in ("hard_factor", "ban_s", "window_s"):
            if name in body:
                limits[name] = body[name]
        if body.get("clear"):
            for account in self.state["accounts"].values():
                account["limits"] = {"buckets": {}, "banned_until": None}
        self.sandbox.world.touch()
        use = {
            account["key"]: {
                "used": {bucket: len(times) for bucket, times in account["limits"]["buckets"].items()},
                "banned_until": account["limits"]["banned_until"],
            }
            for account in self.state["accounts"].values()
        }
        return {**limits, "accounts": use}
