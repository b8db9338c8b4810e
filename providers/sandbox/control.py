"""The control doors under /_control: look into the world, move it, disturb it."""

import json
import time

from . import catalogue, scenarios, webhook_acts
from .journal import since
from .network import e164
from .request import Response
from .upstream import NoDoor


class Refused(Exception):
    """A control request that cannot be served; the text says why."""

    def __init__(self, text, status=400):
        super().__init__(text)
        self.status = status


def answer(sandbox, request):
    door = request.path[len("/_control/") :].strip("/")
    function = DOORS.get((request.method, door.split("/")[0]))
    try:
        if function is None:
            raise Refused(f"no such door: {request.method} {request.path}", 404)
        found = function(sandbox, request)
        return found if isinstance(found, Response) else reply(found)
    except Refused as refusal:
        return reply({"error": str(refusal)}, refusal.status)
    except NoDoor as missing:
        return reply({"error": str(missing)}, 404)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return reply({"error": f"{type(error).__name__}: {error}"}, 400)


def reply(value, status=200):
    return Response(status, json.dumps(value, ensure_ascii=False).encode())


def body_of(request):
    return json.loads(request.body or b"{}")


def upstream_of(sandbox, body):
    slug = body.get("slug") or "voicemeup"
    if slug not in sandbox.upstreams:
        raise Refused(f"unknown slug {slug!r}", 404)
    return sandbox.upstreams[slug]


def health(sandbox, request):
    return {
        "status": "ok",
        "seed": sandbox.world.seed,
        "now": sandbox.clock.now(),
        "slugs": sorted(sandbox.upstreams),
        "url": sandbox.base_url,
        "tls_url": sandbox.tls_url,
        "counts": {s: u.counts() for s, u in sandbox.upstreams.items()},
    }


def accounts(sandbox, request):
    """Of one upstream (VoiceMeUp when none is named), or of all of them, each row with its slug."""
    if request.query.get("slug") == "all":
        return [{"slug": slug, **row} for slug, upstream in sandbox.upstreams.items() for row in upstream.accounts()]
    return upstream_of(sandbox, request.query).accounts()


def ca(sandbox, request):
    """The certificate that clients of the TLS port must trust."""
    if sandbox.ca_pem is None:
        raise Refused("there is no TLS port; start with --tls-port", 404)
    return Response(200, sandbox.ca_pem, "application/x-pem-file")


def faults_list(sandbox, request):
    """The rules in force; with `known` all faults there are, by group."""
    if request.query.get("known"):
        own = [(slug, upstream.own_faults) for slug, upstream in sandbox.upstreams.items()]
        return catalogue.by_group(own)
    return [rule.as_dict() for rule in sandbox.faults.rules]


def faults_add(sandbox, request):
    body = body_of(request)
    specs = body if isinstance(body, list) else body.get("rules") or [body]
    made = [rule.as_dict() for rule in sandbox.faults.add(specs, sandbox.clock.now())]
    return made if isinstance(body, list) or "rules" in body else made[0]


def faults_clear(sandbox, request):
    parts = request.path.rstrip("/").split("/")
    if parts[-1].isdigit():
        return {"removed": sandbox.faults.remove(int(parts[-1]))}
    sandbox.faults.clear()
    return {"removed": "all"}


def scenarios_list(sandbox, request):
    return scenarios.listed()


def scenario_set(sandbox, request):
    return scenarios.load(sandbox, body_of(request))


def webhook(sandbox, request):
    return webhook_acts.act(sandbox, body_of(request))


def clock_show(sandbox, request):
    return {"now": sandbox.clock.now(), "rate": sandbox.clock.rate}


def clock_move(sandbox, request):
    body = body_of(request)
    if body.get("rate") is not None:
        sandbox.clock.set_rate(body["rate"])
    if body.get("set") is not None:
        sandbox.clock.set(body["set"])
    if body.get("advance") is not None:
        sandbox.clock.advance(body["advance"])
    sandbox.world.touch()
    sandbox.tick()  # what has become due happens now, so that the caller can look at once
    return clock_show(sandbox, request)


def inbound_sms(sandbox, request):
    """Somebody outside texts a number; whose it is, is known to the network."""
    body = body_of(request)
    with sandbox.world.lock:
        owner = None if body.get("slug") else sandbox.network.owner(e164(body["to"]))
        return (owner or upstream_of(sandbox, body)).inbound_sms(body)


def outbound_call(sandbox, request):
    """A telephone of a customer rings somebody outside."""
    body = body_of(request)
    with sandbox.world.lock:
        return upstream_of(sandbox, body).outbound_call(body)


def port_request(sandbox, request):
    body = body_of(request)
    with sandbox.world.lock:
        return upstream_of(sandbox, body).move_port(body)


def limits_show(sandbox, request):
    return upstream_of(sandbox, request.query).limits({})


def limits_set(sandbox, request):
    body = body_of(request)
    with sandbox.world.lock:
        return upstream_of(sandbox, body).limits(body)


def settings_show(sandbox, request):
    return sandbox.settings


def settings_set(sandbox, request):
    body = body_of(request)
    unknown = set(body) - set(sandbox.settings)
    if unknown:
        raise Refused(f"unknown settings: {', '.join(sorted(unknown))}")
    sandbox.settings.update(body)
    sandbox.world.touch()
    return sandbox.settings


def did_show(sandbox, request):
    return upstream_of(sandbox, request.query).did(request.query["phone_number"])


def did_set(sandbox, request):
    body = body_of(request)
    with sandbox.world.lock:
        return upstream_of(sandbox, body).set_did(body["phone_number"], body["set"])


def account_set(sandbox, request):
    body = body_of(request)
    with sandbox.world.lock:
        return upstream_of(sandbox, body).set_account(body)


def crowd(sandbox, request):
    body = body_of(request)
    with sandbox.world.lock:
        return upstream_of(sandbox, body).crowd(int(body["count"]))


def journal(sandbox, request):
    return since(sandbox.journal.requests, request.query)


def ledger(sandbox, request):
    return since(sandbox.journal.effects, request.query)


def deliveries(sandbox, request):
    return since(sandbox.journal.deliveries, request.query)


def assumptions(sandbox, request):
    return {slug: upstream.assumptions() for slug, upstream in sandbox.upstreams.items()}


def reset(sandbox, request):
    body = body_of(request)
    if not body.get("keep_clock"):
        sandbox.clock.set_rate(1)
        sandbox.clock.set(time.time())
    sandbox.reset(body.get("seed"))
    return health(sandbox, request)


DOORS = {
    ("GET", "health"): health,
    ("GET", "accounts"): accounts,
    ("POST", "account"): account_set,
    ("GET", "faults"): faults_list,
    ("POST", "faults"): faults_add,
    ("DELETE", "faults"): faults_clear,
    ("GET", "scenario"): scenarios_list,
    ("POST", "scenario"): scenario_set,
    ("POST", "webhook"): webhook,
    ("GET", "ca"): ca,
    ("GET", "clock"): clock_show,
    ("POST", "clock"): clock_move,
    ("POST", "inbound-sms"): inbound_sms,
    ("POST", "outbound-call"): outbound_call,
    ("POST", "port-request"): port_request,
    ("POST", "crowd"): crowd,
    ("GET", "limits"): limits_show,
    ("POST", "limits"): limits_set,
    ("GET", "settings"): settings_show,
    ("POST", "settings"): settings_set,
    ("GET", "did"): did_show,
    ("POST", "did"): did_set,
    ("GET", "journal"): journal,
    ("GET", "ledger"): ledger,
    ("GET", "deliveries"): deliveries,
    ("GET", "assumptions"): assumptions,
    ("POST", "reset"): reset,
}
