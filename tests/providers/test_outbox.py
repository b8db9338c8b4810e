"""The engine of everything that must happen upstream exactly once (RELIABILITY A.4), without an upstream."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.db import connection as database
from django.utils import timezone

from providers import operations, outbox
from providers.clients.errors import Held, Problem, RateLimited, Rejected, Unclear, Unreachable
from providers.models import Connection, Operation
from providers.operations import Verb
from providers.outbox import Settlement, Sight
from tests.factories import ConnectionFactory

State = Operation.State


class Upstream:
    """A verb whose outcomes are scripted; counts what it was asked."""

    def __init__(self):
        self.outcomes, self.sights, self.states = [], [], []
        self.sent = self.looked = 0

    def execute(self, client, operation):
        self.sent += 1
        outcome = self.outcomes.pop(0) if self.outcomes else {"ok": True}
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def settle(self, client, operation):
        self.looked += 1
        sight = self.sights.pop(0)
        if isinstance(sight, Exception):
            raise sight
        return Settlement(sight, {"found": True})

    def changed(self, operation):
        self.states.append(operation.state)


@pytest.fixture
def upstream(monkeypatch, settings):
    settings.UPSTREAM_LOG_LAG = 0
    scripted = Upstream()
    for name, repeat in (("test.once", False), ("test.repeat", True)):
        verb = Verb(scripted.execute, scripted.settle, scripted.changed, repeat_when_absent=repeat)
        monkeypatch.setitem(operations.VERBS, name, verb)
    return scripted


@pytest.fixture
def ask(db, upstream):
    connection = ConnectionFactory()
    made = []

    def asked(verb="test.once", subject="thing:1", key=None) -> Operation:
        operation, _ = operations.ask(connection, verb, {}, key=key or f"key-{len(made)}", subject=subject)
        made.append(operation)
        return operation

    return asked


def step(operation: Operation, *, now: bool = True) -> str:
    """Let the row be due, take one step, and tell its state."""
    if now:
        Operation.objects.filter(pk=operation.pk).exclude(due_at=None).update(due_at=timezone.now())
    outbox.run(Operation, operation.pk)
    operation.refresh_from_db()
    return operation.state


def test_a_change_is_made_once_and_its_owner_is_told(ask, upstream):
    operation = ask()
    assert step(operation) == State.DONE
    assert step(operation) == State.DONE
    assert (upstream.sent, operation.result, upstream.states) == (1, {"ok": True}, ["done"])


def test_the_same_intent_is_one_operation(ask, upstream):
    first, again = ask(key="intent"), ask(key="intent")
    assert first.pk == again.pk
    step(first)
    assert upstream.sent == 1


def test_a_wake_up_is_published_on_commit(ask, wakes, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        operation = ask()
        assert not wakes
    assert [(wake.task, wake.args) for wake in wakes] == [("providers.tasks.run_operation", (operation.pk,))]


def test_a_lost_wake_up_is_found_by_the_sweep(ask, wakes):
    operation = ask()
    assert outbox.sweep(Operation) == 1
    assert wakes[-1].args == (operation.pk,)


@pytest.mark.parametrize(
    "error",
    [Unreachable("no route"), RateLimited("slow"), Held("wait", retry_at=timezone.now() + timedelta(minutes=5))],
)
def test_what_was_surely_not_sent_is_tried_again_later(ask, upstream, error):
    upstream.outcomes = [error]
    operation = ask()
    assert step(operation) == State.QUEUED
    assert operation.due_at > timezone.now()
    assert step(operation, now=False) == State.QUEUED and upstream.sent == 1
    assert step(operation) == State.DONE


def test_a_hold_is_kept_until_its_time(ask, upstream):
    until = timezone.now() + timedelta(minutes=60)
    upstream.outcomes = [Held("over their limit", retry_at=until)]
    operation = ask()
    step(operation)
    assert operation.due_at >= until - timedelta(seconds=5)


def test_what_the_breaker_held_goes_out_as_soon_as_the_upstream_answers(ask, upstream):
    upstream.outcomes = [Held("not answering", code="breaker_open", retry_at=timezone.now() + timedelta(minutes=5))]
    operation = ask()
    step(operation)
    connections = Connection.objects.filter(pk=operation.connection_id)
    connections.update(health=Connection.Health.FAILING)
    assert outbox.sweep(Operation) == 0
    connections.update(health=Connection.Health.OK)
    assert outbox.sweep(Operation) == 1
    assert step(operation, now=False) == State.DONE


def test_an_outage_never_uses_up_the_tries(ask, upstream):
    upstream.outcomes = [Unreachable("no route") for _ in range(12)]
    operation = ask()
    for _ in range(12):
        assert step(operation) == State.QUEUED
    assert operation.due_at < timezone.now() + timedelta(seconds=40), "soon after the upstream is back"
    assert step(operation) == State.DONE


def test_a_refusal_is_final_and_names_its_fields(ask, upstream):
    upstream.outcomes = [
        Rejected(
            "no",
            code="friendly_name_invalid",
            words=("bad name",),
            problems=(Problem("friendly_name_invalid", "label"),),
        )
    ]
    operation = ask()
    assert step(operation) == State.FAILED
    assert operation.problems == [{"code": "friendly_name_invalid", "field": "label", "words": "", "cause": "unknown"}]
    assert step(operation) == State.FAILED and upstream.sent == 1


def test_an_unclear_outcome_is_settled_by_looking_never_by_sending(ask, upstream):
    upstream.outcomes, upstream.sights = [Unclear("timeout")], [Sight.FOUND]
    operation = ask()
    assert step(operation) == State.UNKNOWN
    assert step(operation) == State.DONE
    assert (upstream.sent, upstream.looked, operation.was_unknown, operation.result) == (1, 1, True, {"found": True})


def test_a_bug_after_sending_is_unclear_too(ask, upstream):
    upstream.outcomes = [ZeroDivisionError()]
    assert step(ask()) == State.UNKNOWN


def test_absent_in_two_looks_is_sent_again_only_where_that_is_harmless(ask, upstream):
    upstream.outcomes, upstream.sights = [Unclear("timeout")], [Sight.ABSENT, Sight.ABSENT]
    operation = ask("test.repeat")
    step(operation)
    assert step(operation) == State.UNKNOWN
    assert step(operation) == State.QUEUED
    assert step(operation) == State.DONE
    assert (upstream.sent, upstream.looked) == (2, 2)


@pytest.mark.parametrize(("code", "longer"), [("deadline", True), ("connection-lost", False)])
def test_what_was_given_up_at_the_deadline_has_as_long_again_before_it_counts_as_absent(
    ask, upstream, settings, code, longer
):
    settings.UPSTREAM_DEADLINE = 20
    upstream.outcomes, upstream.sights = [Unclear("timeout", code=code)], [Sight.ABSENT]
    operation = ask("test.repeat")
    step(operation)
    assert step(operation) == State.UNKNOWN and operation.looks == 1
    waits = operation.due_at - operation.claimed_at
    assert (waits >= timedelta(seconds=40 + settings.UPSTREAM_LOG_LAG)) is longer


def test_absent_and_not_repeatable_waits_for_a_person(ask, upstream):
    upstream.outcomes, upstream.sights = [Unclear("timeout")], [Sight.ABSENT, Sight.ABSENT]
    operation = ask("test.once")
    assert [step(operation) for _ in range(3)] == [State.UNKNOWN, State.UNKNOWN, State.PARKED]
    assert upstream.sent == 1


def test_records_that_cannot_be_read_settle_nothing(ask, upstream):
    upstream.outcomes = [Unclear("timeout")]
    upstream.sights = [Unreachable("down")] * 20 + [Sight.FOUND]
    operation = ask("test.repeat")
    step(operation)
    for _ in range(20):
        assert step(operation) == State.UNKNOWN
    assert step(operation) == State.DONE and upstream.sent == 1


def test_a_dead_worker_leaves_the_row_unknown_never_queued(ask, upstream):
    operation = ask()
    Operation.objects.filter(pk=operation.pk).update(
        state=State.SENDING, claimed_at=timezone.now() - timedelta(minutes=10), attempts=1
    )
    outbox.abandon(Operation)
    operation.refresh_from_db()
    assert (operation.state, upstream.sent) == (State.UNKNOWN, 0)


def test_a_row_that_kills_its_workers_is_put_aside(ask, upstream):
    operation = ask("test.repeat")
    Operation.objects.filter(pk=operation.pk).update(attempts=outbox.MOST_DEATHS)
    assert step(operation) == State.PARKED
    assert upstream.sent == 0


def test_changes_of_one_thing_go_one_at_a_time_oldest_first(ask, upstream):
    upstream.outcomes = [Unclear("timeout")]
    first, second, other = ask(), ask(), ask(subject="thing:2")
    assert step(second) == State.QUEUED  # the older one goes first
    assert step(first) == State.UNKNOWN
    assert step(second) == State.QUEUED  # nothing is sent over an unclear change
    assert step(other) == State.DONE
    upstream.sights = [Sight.FOUND]
    assert step(first) == State.DONE
    assert step(second) == State.DONE


def test_a_late_answer_of_an_abandoned_worker_changes_nothing(ask, upstream):
    operation = ask()
    stale = Operation.objects.get(pk=operation.pk)
    assert outbox.claim(stale)
    Operation.objects.filter(pk=operation.pk).update(claimed_at=timezone.now() - timedelta(minutes=10))
    outbox.abandon(Operation)
    outbox._succeed(stale, outbox.HANDLERS[Operation], {"late": True})
    operation.refresh_from_db()
    assert operation.state == State.UNKNOWN


def test_an_answer_that_is_bound_to_another_row_waits_for_a_person_and_is_not_sent_again(ask, upstream, monkeypatch):
    def refuse(operation):
        if operation.state == State.DONE:
            raise IntegrityError("one_message_per_id")

    verb = operations.VERBS["test.repeat"]
    monkeypatch.setitem(operations.VERBS, "test.repeat", replace(verb, changed=refuse))
    operation = ask("test.repeat")
    assert step(operation) == State.PARKED
    assert step(operation) == State.PARKED and upstream.sent == 1


def test_a_person_may_retry_what_was_refused(ask, upstream):
    upstream.outcomes = [Rejected("no", code="x")]
    operation = ask()
    step(operation)
    assert operations.retry(operation, "Sam") is True
    assert step(operation) == State.DONE
    assert operations.retry(operation, "Sam") is False


@pytest.mark.django_db(transaction=True)
def test_of_eight_workers_one_gets_the_row(upstream):
    operation, _ = operations.ask(ConnectionFactory(), "test.once", {}, key="race", subject="thing")
    gate = threading.Barrier(8)

    def work():
        gate.wait()
        outbox.run(Operation, operation.pk)
        database.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    operation.refresh_from_db()
    assert (upstream.sent, operation.state, operation.attempts) == (1, State.DONE, 1)


@pytest.mark.django_db(transaction=True)
def test_two_twins_are_never_on_their_way_together(upstream):
    """Two rows of one subject, claimed by two workers at once: one is taken, the other waits."""
    connection = ConnectionFactory()
    rows = [operations.ask(connection, "test.once", {}, key=f"twin-{n}", subject="same")[0] for n in range(2)]
    gate, taken = threading.Barrier(2), []

    def take(row):
        gate.wait()
        taken.append(outbox.claim(Operation.objects.select_related("connection").get(pk=row.pk)))
        database.close()

    threads = [threading.Thread(target=take, args=(row,)) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [False, True]
