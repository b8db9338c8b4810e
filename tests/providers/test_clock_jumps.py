"""R18: a clock that is set forward or back by two hours skips and doubles nothing, and ends no call early or late."""

import time
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from providers import operations, outbox
from providers.clients.errors import Unclear
from providers.clients.http import Http, Request
from providers.clients.redaction import Redactor
from providers.models import Operation
from providers.operations import Verb
from providers.outbox import Settlement, Sight
from tests.factories import ConnectionFactory
from tests.providers.clients.conftest import Peer, read_request

HOUR = timedelta(hours=1)
JUMPS = (2 * HOUR, -2 * HOUR)
State = Operation.State


class Upstream:
    """Carries out what it is asked, and answers unclearly the first time."""

    def __init__(self):
        self.done: list[int] = []

    def execute(self, client, operation):
        self.done.append(operation.pk)
        if len(self.done) == 1:
            raise Unclear("no whole answer", code="deadline")
        return {}

    def settle(self, client, operation):
        return Settlement(Sight.FOUND if operation.pk in self.done else Sight.ABSENT)


@pytest.fixture
def upstream(monkeypatch, settings):
    settings.UPSTREAM_LOG_LAG = 1
    made = Upstream()
    verb = Verb(made.execute, made.settle, lambda operation: None, repeat_when_absent=True)
    monkeypatch.setitem(operations.VERBS, "test.jump", verb)
    return made


def work(clock, *, hours: float = 3) -> None:
    """What beat and workers do for so long."""
    end = timezone.now() + hours * HOUR
    while timezone.now() < end:
        outbox.abandon(Operation)
        for pk in Operation.objects.due().values_list("pk", flat=True):
            outbox.run(Operation, pk)
        clock.shift(timedelta(seconds=30))


@pytest.mark.django_db
@pytest.mark.parametrize("jump", JUMPS, ids=("forward", "back"))
@pytest.mark.parametrize("state", [State.QUEUED, State.SENDING, State.UNKNOWN])
def test_a_clock_that_jumps_skips_and_doubles_nothing(upstream, jump, state):
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False) as clock:
        operation, _new = operations.ask(ConnectionFactory(), "test.jump", {}, key="jump", subject="thing")
        if state == State.SENDING:
            assert outbox.claim(operation)
            upstream.done.append(operation.pk)  # carried out, and its worker died with the answer
        elif state == State.UNKNOWN:
            outbox.run(Operation, operation.pk)
        operation.refresh_from_db()
        assert operation.state == state
        clock.shift(jump)
        work(clock)
        operation.refresh_from_db()
        assert operation.state == State.DONE
        assert len(upstream.done) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("jump", JUMPS, ids=("forward", "back"))
def test_a_claim_is_not_taken_for_abandoned_while_its_call_is_on_the_way(upstream, jump, monkeypatch):
    """Forward it looks as if its worker had died long ago: then it is unclear, and looked up, never sent again."""
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False) as clock:
        operation, _new = operations.ask(ConnectionFactory(), "test.jump", {}, key="jump", subject="thing")
        upstream.done.append(0)  # so that this one's answer is clear

        def execute(client, row):
            upstream.done.append(row.pk)
            clock.shift(jump)
            outbox.abandon(Operation)
            return {}

        monkeypatch.setitem(
            operations.VERBS, "test.jump", Verb(execute, upstream.settle, lambda row: None, repeat_when_absent=True)
        )
        outbox.run(Operation, operation.pk)
        work(clock)
        operation.refresh_from_db()
        assert operation.state == State.DONE
        assert upstream.done == [0, operation.pk]


@pytest.mark.parametrize("jump", JUMPS, ids=("forward", "back"))
def test_a_call_ends_at_its_deadline_whatever_the_clock_on_the_wall_does(jump):
    with time_machine.travel("2026-11-20T12:00:00Z", tick=True) as clock:

        def script(connection):
            read_request(connection)
            clock.shift(jump)
            time.sleep(3)

        peer = Peer(script)
        http = Http(Redactor(), deadline=1.0)
        started = time.monotonic()
        with pytest.raises(Unclear) as unclear:
            http.call(Request(call="x", bucket="x", url=peer.url), lambda answer: answer)
        assert unclear.value.code == "deadline"
        assert 0.5 <= time.monotonic() - started <= 1.5
        peer.close()
