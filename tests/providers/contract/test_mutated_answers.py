"""Spoilt answers to every call of every upstream: records or our errors come of them, never anything else, and no secret.

The answers are those of the sandbox, as the examples got them. SPOILT=500 in the environment tries as many of each.
"""

import os
import traceback
from itertools import cycle

import pytest

from providers.clients.errors import UpstreamError
from providers.clients.http import Answer, Request
from providers.clients.registry import CLIENTS
from tests.providers.contract import soundness
from tests.providers.contract.connecting import Notebook
from tests.providers.contract.every_example import CASES, Case
from tests.providers.contract.performing import Performance, needles
from tests.providers.contract.spoiling import Spoiler

SPOILT = int(os.environ.get("SPOILT", "20"))
ENOUGH = 150  # requests of one call; more and it never ends
ASKED = [pytest.param(case, {}, id=str(case)) for case in CASES]
ASKED += [pytest.param(case, {"format": "xml"}, id=f"{case}-xml") for case in CASES if case.slug == "voicemeup"]


class Endless(BaseException):
    """A client that asks for ever; not an Exception, so that nothing takes it for a failure of the network."""


class Teller:
    """A transport that tells the answers of a performance again, those of its own calls spoilt."""

    def __init__(self, made: Performance, spoiler: Spoiler):
        self.made, self.spoiler = made, spoiler
        self.left = {call: cycle(answers) for call, answers in made.told.items()}
        self.sent = 0

    def __call__(self, request: Request) -> Answer:
        self.sent += 1
        if self.sent > ENOUGH:
            raise Endless(request.call)
        call = request.call if request.call in self.left else self.made.asked[0]
        answer = next(self.left[call])
        return self.spoiler.spoil(answer) if request.call in self.made.asked else answer


def quick(credentials: dict) -> dict:
    """Without the key of a service account, where an older key does as well: reading and signing take long."""
    return {name: value for name, value in credentials.items() if name not in ("key_id", "private_key")}


def shown_by(case: Case, made: Performance, spoiler: Spoiler) -> str:
    """Ask, with spoilt answers. Returns all that may be kept, logged or shown of it; what it gives is sound."""
    notes = Notebook()
    client = CLIENTS[case.slug]("http://upstream.invalid", quick(made.credentials), observer=notes)
    client.http.send = Teller(made, spoiler)
    try:
        found = case.example.ask(client, made.given)
    except UpstreamError as error:
        shown = "".join(traceback.format_exception(error)) + repr(vars(error)) + error.cause.value
    else:
        assert soundness.faults(found) == []
        shown = repr(list(soundness.raw_of(found)))
    return shown + repr(notes.exchanges) + repr(client.unread)


@pytest.mark.parametrize(("case", "options"), ASKED)
def test_spoilt_answers_give_records_or_our_errors_and_no_secret(case, options, performances):
    made = performances.of(case, **options)
    secrets = tuple(secret for secret in made.secrets if secret in quick(made.credentials).values())
    for number in range(SPOILT):
        shown = shown_by(case, made, Spoiler(f"{case}/{options}/{number}", secrets))
        assert not [secret for secret in needles(secrets) if secret in shown], number
