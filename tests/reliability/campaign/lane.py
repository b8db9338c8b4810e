"""One sandbox process that takes shots one after the other, and what came of each."""

import dataclasses
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
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
LETTERS = {
    "low_balance_alert"
}  # the world writes them by itself, when a price happens to take a balance below its mark
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


class Speaker:
    """A signed-in client with what it was heard saying. Good for many shots, unless one of them breaks it."""

    def __init__(self, client: Wired, notebook: Notebook):
        self.client, self.notebook = client, notebook
        self.bearers: set[str] = set()
        self.deadline = PATIENT
        self._send, client.http.send = client.http.send, self._paced
        client.probe()

    def _paced(self, request):
        """The client's own sending, with our deadline; the tokens that it signs in with are noted."""
        for value in request.headers.values():
            kind, _, token = value.partition(" ")
            if kind in ("Bearer", "Basic") and token:
                self.bearers.add(token)
        return self._send(dataclasses.replace(request, deadline=self.deadline))

    def forget(self) -> None:
        self.notebook.exchanges.clear()
        self.client.unread.clear()
        leaks.heard()

    def leaks(self, outcome: Outcome) -> list[str]:
        """Where one of the client's secrets stands that staff, logs or files would see."""
        client = self.client
        places = [
            *leaks.heard(),
            *map(repr, self.notebook.exchanges),
            *map(repr, (client, client.unread, client.notices)),
        ]
        places += [*leaks.of_error(outcome.error), *leaks.of_error(outcome.afterwards), *_raws(outcome.value)]
        return leaks.found_in(places, leaks.needles(client, self.bearers))


class Lane:
    """Use as a context. `fire` never raises for what the client did wrong: that is what the outcome says."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="campaign-")
        self.sandbox = Quick(Path(self._folder.name), tls=True)
        self._speakers: dict[str, Speaker] = {}
        self._used = 0
        self._usual: dict[str, int] = {}

    def __enter__(self) -> "Lane":
        self.sandbox.start()
        self.world = World(self.sandbox)
        self._begin()
        return self

    def __exit__(self, *_) -> None:
        self._dismiss()
        self.sandbox.stop()
        self._folder.cleanup()

    def known(self) -> dict:
        return self.sandbox.faults()

    def fire(self, shot: Shot) -> Outcome:
        """Make ready without any fault, then call once with it."""
        outcome = Outcome(shot, usual=self._usual_effects(shot))
        if self._used >= FRESH_AFTER:
            self._begin()
        self._used += 1
        speaker, given = self._ready(shot)
        speaker.forget()
        with self._over_tls(speaker.client) if shot.blow.alone else nullcontext():
            self._strike(outcome, speaker, given)
        self._look(outcome, speaker)
        return outcome

    def _begin(self) -> None:
        """The world as it was made, with room for many calls, and nothing in it that happens by itself."""
        self._dismiss()
        self.world.begin()
        self.sandbox.control("settings", SETTINGS)
        for slug, buckets in LIMITS.items():
            self.sandbox.control("limits", {"slug": slug, "per_hour": dict.fromkeys(buckets, PLENTY), "clear": True})
        self._used = 0

    def _dismiss(self) -> None:
        while self._speakers:
            _slug, speaker = self._speakers.popitem()
            speaker.client.close()

    def _ready(self, shot: Shot) -> tuple[Speaker, Given]:
        """A client that is signed in, and the arguments of the call, made by calls of their own."""
        try:
            return self._prepared(shot)
        except (UpstreamError, LookupError, StopIteration):  # names are taken, money is spent: the world is worn out
            self._begin()
            return self._prepared(shot)

    def _prepared(self, shot: Shot) -> tuple[Speaker, Given]:
        slug = shot.case.slug
        if slug not in self._speakers:
            notebook = Notebook()
            self._speakers[slug] = Speaker(self.world.client(slug, observer=notebook), notebook)
        speaker = self._speakers[slug]
        return speaker, shot.case.example.arguments(STAGES[slug](speaker.client, self.sandbox.control))

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
        speaker, given = self._ready(shot)
        self.world.forget()
        self._ask(quiet, speaker.client, given)
        self._count(quiet)
        return quiet

    def _strike(self, outcome: Outcome, speaker: Speaker, given: Given) -> None:
        shot = outcome.shot
        self.world.forget()
        rule = self.sandbox.control("faults", shot.blow.rule(shot.case.slug, shot.case.example.call))
        speaker.deadline = SHORT if shot.blow.slow else PATIENT
        self._ask(outcome, speaker.client, given)
        speaker.deadline = PATIENT
        (seen,) = (row for row in self.sandbox.control("faults") if row["id"] == rule["id"])
        outcome.struck = seen["served"] > 0
        self.sandbox.control("faults", method="DELETE")
        self._count(outcome)

    @contextmanager
    def _over_tls(self, client: Wired) -> Iterator[None]:
        """The client speaks TLS meanwhile, and trusts the sandbox's authority."""
        plain, client.base_url = client.base_url, self.sandbox.url(client.slug, tls=True)
        client.close()  # a connection that is kept open knows nothing of the new trust
        client.http._session = trust.session(str(self.sandbox.ca_file))
        with trust.in_file(str(self.sandbox.ca_file)):
            yield
        client.base_url = plain

    def _ask(self, outcome: Outcome, client: Wired, given: Given) -> None:
        try:
            outcome.value = outcome.shot.case.example.ask(client, given)
        except Exception as error:
            outcome.error = error

    def _count(self, outcome: Outcome) -> None:
        received = self.world.received(outcome.shot.case.slug)
        calls = outcome.shot.case.example.calls
        mine = {row["id"] for row in received if row["call"] in calls}  # a sign-in on the way is none of the call's
        outcome.received = [(row["call"], row["status"]) for row in received]
        rows = self.world.effects(outcome.shot.case.slug)
        outcome.effects = sum(row["journal_id"] in mine and row["kind"] not in LETTERS for row in rows)

    def _look(self, outcome: Outcome, speaker: Speaker) -> None:
        """Whether the client is whole, and silent about its secrets."""
        try:
            speaker.client.probe()
        except Exception as error:
            outcome.afterwards = error
            del self._speakers[outcome.shot.case.slug]
        outcome.leaks = speaker.leaks(outcome)


def _raws(value) -> list[str]:
    rows = value if isinstance(value, (list, tuple)) else [value]
    return [repr(row.raw) for row in rows if hasattr(row, "raw")]
