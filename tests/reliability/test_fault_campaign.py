"""Done when 4 of the five upstreams: every client call through every fault.

No exception but the clients' own, no error that denies what was done, nothing done twice, no record of another shape than
promised, no credential in any log, error, exchange or raw row. `make test` fires a sample in which each call meets at least
six faults and each upstream all of them; `make faults` fires everything (FAULTS=all), which takes about an hour. Another
FAULTS_TURN makes the sample another one; FAULTS_ONLY names upstreams.
"""

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from providers.clients.registry import CLIENTS
from tests.reliability.campaign import leaks, plan, trust, verdicts
from tests.reliability.campaign.lane import Lane, Outcome
from tests.reliability.campaign.report import table

ALL = os.environ.get("FAULTS") == "all"
TURN = int(os.environ.get("FAULTS_TURN", "0"))
ONLY = os.environ.get("FAULTS_ONLY", "").split() or list(CLIENTS)
LANES = int(os.environ.get("FAULTS_LANES", "3"))
SHOWN = 200
pytestmark = [pytest.mark.timeout(20_000)] if ALL else [pytest.mark.slow, pytest.mark.timeout(900)]


def shots(known: dict) -> list[plan.Shot]:
    if ALL:
        return [shot for slug in ONLY for shot in plan.everything(known, slug)]
    return [shot for slug in ONLY for shot in plan.sample(known, slug, TURN)]


def fired(some: list[plan.Shot]) -> list[Outcome]:
    """All of them in a world of their own; only what a verdict needs is kept."""
    with Lane() as lane:
        return [_judged(lane.fire(shot)) for shot in some]


def _judged(outcome: Outcome) -> Outcome:
    outcome.faults = list(verdicts.faults_of(outcome))
    outcome.value = None
    if outcome.error is not None:
        outcome.error = outcome.error.with_traceback(None)  # its frames hold whole answers
    return outcome


@pytest.fixture(scope="module")
def known():
    with Lane() as lane:
        return lane.known()


def test_the_sample_leaves_no_call_and_no_fault_out(known):
    for slug in CLIENTS:
        every, chosen = plan.everything(known, slug), plan.sample(known, slug)
        calls = Counter(str(shot.case) for shot in chosen)
        assert set(calls) == {str(shot.case) for shot in every}
        assert min(calls.values()) >= plan.LEAST
        assert {str(shot.blow) for shot in chosen} == set(map(str, plan.blows(known, slug)))


def test_every_call_survives_every_fault_with_the_truth_about_what_was_done(known, monkeypatch):
    trust.install(monkeypatch)
    aimed = shots(known)
    with leaks.Ear(), ThreadPoolExecutor(LANES) as pool:
        parts = list(pool.map(fired, [aimed[nth::LANES] for nth in range(LANES)]))
    outcomes = [outcome for part in parts for outcome in part]
    print(table(outcomes))
    missed = [str(outcome.shot) for outcome in outcomes if not outcome.struck]
    wrong = [f"{outcome.shot}: {words}" for outcome in outcomes for words in outcome.faults]
    assert missed == []
    assert wrong == [], f"{len(wrong)} wrong:\n" + "\n".join(wrong[:SHOWN])
