"""One sandbox process that takes shots one after the other, and what came of each."""

import dataclasses
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path

import requests

from providers.clients.errors import UpstreamError
from providers.clients.wired import Wired
from tests.providers.contract.connecting import Notebook, World
from tests.providers.contract.every_example import STAGES
from tests.providers.contract.example import Given
from tests.reliability.campaign import leaks, trust
from tests.reliability.campaign.plan import PATIENT, SHORT, Blow, Shot
from tests.sandboxes import Sandbox

FRESH_AFTER = 30  # shots before the world begins anew, or its stock of numbers and money runs out
SETTINGS = {"duplicate_window_s": 0, "call_traffic": False, "auto_answer": False}
PLENTY = 1_000_000
LIMITS = {
    "voicemeup": ("shared_pool", "queue_sms", "queue_fax", "dispatch_call", "voicemail_broadcast"),
    "voicetel": ("apiKey", "cdrs", "accountInfo", "mrc"),
}


@dataclasses.dataclass
class Outcome:
    """What a shot led to. `effects` were done in the world by the very requests that were sent."""

    shot: Shot
    value: object = None
    error: BaseException | None = None
    struck: bool = False
    effects: int = 0
    usual: int = 0
    leaks: list[str] = dataclasses.field(default_factory=list)
    afterwards: BaseException | None = None
    received: list = dataclasses.field(default_factory=list)
    faults: list[str] = dataclasses.field(default_factory=list)


class Quick(Sandbox):
    """A sandbox whose control doors are asked over one kept connection."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self._http = requests.Session()
        self._http.trust_env = False

    def control(self, door: str, body=None, method: str = ""):
        method = method or ("GET" if body is None else "POST")
        answer = self._http.request(method, f"{self.base_url}/_control/{door}", json=body, timeout=60)
        answer.raise_for_status()
        return answer.json()


class Lane:
    """Use as a context. `fire` never raises for what the client did wrong: that is what the outcome says."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="campaign-")
        self.sandbox = Quick(Path(self._folder.name), tls=True)
        self._used = FRESH_AFTER
        self._usual: dict[str, int] = {}

    def __enter__(self) -> "Lane":
        self.sandbox.start()
        self.world = World(self.sandbox)
        self._begin()
        return self

    def __exit__(self, *_) -> None:
        self.sandbox.stop()
        self._folder.cleanup()

    def known(self) -> dict:
        return self.sandbox.faults()

    def fire(self, shot: Shot) -> Outcome:
        """Make ready without any fault, then call once with it."""
        usual = self._usual_effects(shot)
        if self._used >= FRESH_AFTER:
            self._begin()
        self._used += 1
        client, notebook, bearers, given = self._ready(shot)
        outcome = Outcome(shot, usual=usual)
        with closing(client):
            with self._over_tls(client) if shot.blow.alone else nullcontext():
                self._strike(outcome, client, given)
            self._look(outcome, client, notebook, bearers)
        return outcome

    def _begin(self) -> None:
        """The world as it was made, with room for many calls, and nothing in it that happens by itself."""
        self.world.begin()
        self.sandbox.control("settings", SETTINGS)
        for slug, buckets in LIMITS.items():
            self.sandbox.control("limits", {"slug": slug, "per_hour": dict.fromkeys(buckets, PLENTY), "clear": True})
        self._used = 0

    def _ready(self, shot: Shot) -> tuple[Wired, Notebook, set[str], Given]:
        """A client that is signed in, and the arguments of the call, made by calls of their own."""
        try:
            return self._prepared(shot)
        except UpstreamError:  # names are taken, money is spent: the world is worn out
            self._begin()
            return self._prepared(shot)

    def _prepared(self, shot: Shot) -> tuple[Wired, Notebook, set[str], Given]:
        notebook, bearers = Notebook(), set()
        client = self.world.client(shot.case.slug, observer=notebook)
        client.http.send = _paced(client.http.send, PATIENT, bearers)
        client.probe()
        stage = STAGES[shot.case.slug](client, self.sandbox.control)
        return client, notebook, bearers, shot.case.example.arguments(stage)

    def _usual_effects(self, shot: Shot) -> int:
        """How many effects the call has when nothing disturbs it; asked once for each."""
        name = str(shot.case)
        if name not in self._usual:
            quiet = self._undisturbed(shot)
            if quiet.error is not None:
                self._begin()
                quiet = self._undisturbed(shot)
            if quiet.error is not None:
                raise AssertionError(f"{name} fails without any fault") from quiet.error
            self._usual[name] = quiet.effects
            self._used = FRESH_AFTER if quiet.effects else self._used  # what can be done once was done
        return self._usual[name]

    def _undisturbed(self, shot: Shot) -> Outcome:
        quiet = Outcome(Shot(shot.case, Blow("", "", "")))
        client, _notebook, _bearers, given = self._ready(shot)
        with closing(client):
            self.world.forget()
            self._ask(quiet, client, given)
            self._count(quiet)
        return quiet

    def _strike(self, outcome: Outcome, client: Wired, given) -> None:
        shot = outcome.shot
        self.world.forget()
        if shot.blow.slow:
            client.http.send = _paced(client.http.send, SHORT, set())
        rule = self.sandbox.control("faults", shot.blow.rule(shot.case.slug, shot.case.example.call))
        try:
            self._ask(outcome, client, given)
        finally:
            (seen,) = (row for row in self.sandbox.control("faults") if row["id"] == rule["id"])
            outcome.struck = seen["served"] > 0
            self.sandbox.control("faults", method="DELETE")
        self._count(outcome)

    @contextmanager
    def _over_tls(self, client: Wired) -> Iterator[None]:
        """The client speaks TLS meanwhile, and trusts the sandbox's authority."""
        plain, client.base_url = client.base_url, self.sandbox.url(client.slug, tls=True)
        with trust.in_file(str(self.sandbox.ca_file)):
            yield
        client.base_url = plain

    def _ask(self, outcome: Outcome, client: Wired, given) -> None:
        try:
            outcome.value = outcome.shot.case.example.ask(client, given)
        except Exception as error:
            outcome.error = error

    def _count(self, outcome: Outcome) -> None:
        received = self.world.received(outcome.shot.case.slug)
        calls = outcome.shot.case.example.calls
        mine = {row["id"] for row in received if row["call"] in calls}  # a sign-in on the way is none of the call's
        outcome.received = [(row["call"], row["status"]) for row in received]
        outcome.effects = sum(row["journal_id"] in mine for row in self.world.effects(outcome.shot.case.slug))

    def _look(self, outcome: Outcome, client: Wired, notebook: Notebook, bearers: set[str]) -> None:
        """Whether the client is whole, and silent about its secrets."""
        try:
            client.probe()
        except Exception as error:
            outcome.afterwards = error
        wanted = leaks.needles(client, bearers)
        places = [
            *leaks.heard(),
            *map(repr, notebook.exchanges),
            repr(client),
            repr(client.unread),
            repr(client.notices),
        ]
        places += [*leaks.of_error(outcome.error), *leaks.of_error(outcome.afterwards), *_raws(outcome.value)]
        outcome.leaks = leaks.found_in(places, wanted)


def _raws(value) -> list[str]:
    rows = value if isinstance(value, (list, tuple)) else [value]
    return [repr(row.raw) for row in rows if hasattr(row, "raw")]


def _paced(send, seconds: float, bearers: set[str]):
    """The client's own sending with another deadline; notes the tokens that it signs in with."""

    def paced(request):
        for value in request.headers.values():
            kind, _, token = value.partition(" ")
            if kind in ("Bearer", "Basic") and token:
                bearers.add(token)
        return send(dataclasses.replace(request, deadline=seconds))

    return paced
