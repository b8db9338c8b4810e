"""Ties the parts together: which upstream answers a request, what disturbs it, and what happens by itself."""

import dataclasses
import email.utils
import os
import threading
import time

from . import control, jafone, jomobile, voicemeup, voicetel, voximplant
from .catalogue import REPEATING, WIRE
from .clock import Clock
from .faults import Faults
from .journal import Journal
from .network import SLUG as NETWORK
from .network import Network
from .request import Response
from .trouble import Memory, Trouble
from .webhooks import Webhooks
from .world import World

UPSTREAMS = {
    voicemeup.SLUG: voicemeup,
    jafone.SLUG: jafone,
    jomobile.SLUG: jomobile,
    voicetel.SLUG: voicetel,
    voximplant.SLUG: voximplant,
}
TICK_S = 0.1
REMEMBERED = 500  # answers of an upstream, each of another call or account
SAME_TICK = 5  # rounds of the network within one tick: a text, its answer, the answer's arrival


@dataclasses.dataclass
class Call:
    """One request on its way through an upstream."""

    request: object
    name: str
    entry: dict
    rule: object = None

    def fault(self, name):
        """The arguments of the rule in force when it is this fault, else None."""
        return self.rule.args if self.rule is not None and self.rule.fault == name else None


class Sandbox:
    def __init__(self, state_path=None, seed=1, webhook_delay=None, now=None, packages=None):
        self.packages = UPSTREAMS if packages is None else packages
        self.clock = Clock(now)
        self.journal = Journal(f"{state_path}.journal" if state_path else None)
        self.faults = Faults(seed, (name for m in self.packages.values() for name in m.Upstream.own_faults))
        self.world = World(state_path, seed, {s: m.build for s, m in self.packages.items()}, self.clock.now())
        if self.world.saved_clock and now is None:
            self.clock = Clock.load(self.world.saved_clock)
        self.settings = self.world.settings
        if webhook_delay is not None:
            self.settings["webhook_delay_s"] = webhook_delay
        self.webhooks = Webhooks(self.clock, self.journal, self.faults, self.settings)
        self.webhooks.later = lambda due, job: self.schedule(due, job["slug"], "_webhook", job)
        self.media_dir = f"{state_path}.media" if state_path else None
        self.base_url = "http://127.0.0.1"
        self.tls_url = self.ca_pem = None
        self.media = {}
        self.running = True
        self._answers = {}
        self.upstreams = {}
        self.network = Network(self)
        self.attach()

    def attach(self):
        """Put live objects around the (new or loaded) state of each upstream."""
        self.upstreams = {s: m.Upstream(self, self.world.slugs[s]) for s, m in self.packages.items()}
        self.at = {place: one for slug, one in self.upstreams.items() for place in (slug, *one.also_at)}

    def reset(self, seed=None):
        with self.world.lock:
            self.world.rebuild(self.world.seed if seed is None else int(seed), self.clock.now())
            self.faults.clear()
            self._answers.clear()
            self.attach()

    # -- requests

    def answer(self, request):
        """Returns (response, trouble or None); the trouble says how the response is to be spoilt on the wire."""
        if request.path.startswith("/_control/"):
            return control.answer(self, request), None
        upstream = self.at.get(request.path.strip("/").split("/")[0])
        name, account = upstream.describe(request) if upstream else (None, None)
        if name is None:
            answer = upstream.plain(request) if upstream else None
            return answer or Response(404, b"not found", "text/plain"), None
        shown = upstream.shown(request)
        entry = self.journal.received(
            self.clock.now(), upstream.slug, name, request.method, shown, request.client, account
        )
        rule = self.faults.pick(upstream.slug, name, shown, self.clock.now(), account=account)
        trouble = Trouble(rule, request, now=self.clock.now(), strike=rule.served) if rule else None
        response = self._handle(upstream, Call(request, name, entry, rule), trouble)
        memory = self._remember(upstream.slug, account, name, response, rule)
        slept = rule is not None and rule.fault == "delay" and rule.phase == "before"
        self.journal.answered(
            entry, fault=rule.fault if rule else None, effect_id=entry["effect_id"], status=response.status
        )
        if rule is None or slept or rule.fault not in WIRE:
            return response, None
        return response, dataclasses.replace(trouble, memory=memory)

    def _handle(self, upstream, call, trouble):
        rule = call.rule
        if rule is not None and rule.fault == "delay" and rule.phase == "before":
            self.pause(trouble.seconds)
        elif rule is not None and rule.fault in WIRE and rule.phase == "before" and not upstream.is_read(call.name):
            return upstream.placeholder(call)
        skew = call.fault("clock_skew")
        with self.clock.shifted(0 if skew is None else float(skew.get("seconds", 3600))):
            response = upstream.handle(call)
            response.headers.setdefault("Date", email.utils.formatdate(self.clock.now(), usegmt=True))
        return response

    def pause(self, seconds):
        end = time.monotonic() + seconds
        while self.running and time.monotonic() < end:
            time.sleep(min(0.05, max(0.0, end - time.monotonic())))

    def _remember(self, slug, account, name, response, rule):
        """Keep the answer; returns the earlier ones when the rule is one that repeats them."""
        kept = dataclasses.replace(response, headers=dict(response.headers))
        with self.world.lock:
            answers = self._answers.setdefault(slug, {})
            memory = Memory()
            if rule is not None and rule.fault in REPEATING:
                memory = Memory.of(answers, account, name, rule.args.get("call"))
            answers.pop((account, name), None)
            answers[account, name] = kept
            if len(answers) > REMEMBERED:
                answers.pop(next(iter(answers)))
        return memory

    # -- what happens by itself

    def schedule(self, due, slug, kind, data):
        due -= self.clock.shift  # things happen by the proper clock
        with self.world.lock:
            self.world.events.append({"due": due, "slug": slug, "kind": kind, "data": data})
            self.world.touch()

    def start(self):
        threading.Thread(target=self._tick_for_ever, daemon=True).start()

    def _tick_for_ever(self):
        while self.running:
            try:
                self.tick()
            except Exception as error:  # the clock must not stop because one event is wrong
                print(f"sandbox: {error!r}", flush=True)
            time.sleep(TICK_S)

    def tick(self):
        now = self.clock.now()
        with self.world.lock:
            for event in self._take_due(now):
                self._happen(event)
            for _ in range(SAME_TICK):  # a text arrives in the tick that it was let go in
                for event in self._take_due(now, NETWORK):
                    self._happen(event)
            for upstream in self.upstreams.values():
                upstream.tick(now)
        self.world.save_if_due(self.clock)

    def _take_due(self, now, slug=None):
        """The events that are due (of one slug), in order of time; they are events no more."""
        due = [e for e in self.world.events if e["due"] <= now and slug in (None, e["slug"])]
        if due:
            taken = {id(event) for event in due}
            self.world.events[:] = [e for e in self.world.events if id(e) not in taken]
            self.world.touch()
        return sorted(due, key=lambda e: e["due"])

    def _happen(self, event):
        if event["kind"] == "_webhook":
            self.webhooks.send(event["data"])
        elif event["slug"] == NETWORK:
            self.network.happen(event["kind"], event["data"], event["due"])
        elif event["slug"] in self.upstreams:  # else of an upstream that this sandbox has no more
            self.upstreams[event["slug"]].happen(event["kind"], event["data"], event["due"])

    def stop(self):
        self.running = False
        self.world.save(self.clock)
        self.journal.close()

    # -- files that were uploaded or made

    def keep_media(self, name, data):
        self.media[name] = data
        if self.media_dir:
            os.makedirs(self.media_dir, exist_ok=True)
            with open(os.path.join(self.media_dir, os.path.basename(name)), "wb") as target:
                target.write(data)

    def read_media(self, name):
        if name in self.media:
            return self.media[name]
        path = os.path.join(self.media_dir, os.path.basename(name)) if self.media_dir else None
        if path and os.path.exists(path):
            with open(path, "rb") as source:
                return source.read()
        return None
