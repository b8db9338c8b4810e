"""`make chaos` in short (tests/chaos), so that every run of the suite tries it: a campaign in a storm, STOP in its midst, the guards."""

import pytest

from tests.chaos import checks, duels
from tests.chaos.checks import Options

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.timeout(900)]
SHORT = Options(texts=80, kills=3)


def passes(check) -> None:
    report = check(SHORT)
    print(report.figures)
    assert report.faults == []


def test_a_campaign_goes_out_exactly_once_while_answers_are_lost_workers_killed_and_the_broker_lost():
    """R1; done when 1: the ledger has each text once, every unclear one is settled, the counts on the page match."""
    passes(checks.r1)


def test_nothing_is_claimed_after_a_stop_is_on_record():
    """R27."""
    passes(checks.r27)


@pytest.mark.parametrize("guard", ["shared-ids"])
def test_without_one_of_the_guards_texts_are_lost_or_doubled(guard):
    """R30; `test_storm` takes two others away, `make chaos` each of them."""
    duel, meaning = duels.GUARDS[guard]
    assert duels.fought(duel, guard), f"R1 holds although {meaning} no longer"
