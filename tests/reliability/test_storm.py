"""R1 in small: nothing lost and nothing sent twice, whatever happens to answers and workers. And R30: the test can fail."""

import os
import time

import pytest

from tests.reliability import storm
from tests.stack import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.timeout(600)]
SEED = int(os.environ.get("STORM_SEED", "1"))
TEXTS = int(os.environ.get("STORM_TEXTS", "150"))
KILLS = int(os.environ.get("STORM_KILLS", "6"))


def hooked(folder) -> dict[str, str]:
    return {"DJANGO_SETTINGS_MODULE": "tests.hooks.settings", "STACK_HOOKS": str(folder)}


def test_every_text_goes_out_exactly_once_while_answers_are_lost_and_workers_killed(make_stack, tmp_path):
    """R1, the small one: 150 texts, a quarter of the answers spoilt, six SIGKILLs under a real supervisor, wake-ups twice."""
    (tmp_path / "wake-twice").touch()
    stack = make_stack(deadline=2.0, log_lag=1.0, pace=1.0, **hooked(tmp_path))
    stack.start("sandbox").supervise("web", "worker", "beat")
    storm.spoil_answers(stack)
    started = time.monotonic()
    killer = storm.Killer(stack, KILLS, SEED)
    killer.start()
    wanted = storm.write_texts(stack, TEXTS, SEED, over=0.17 * TEXTS)
    killer.join(90)
    assert wanted.refused == []
    storm.settle(stack, TEXTS, 110)
    took = time.monotonic() - started

    faults = [row for row in stack.sandbox.journal("queue_sms") if row["fault"] not in (None, "delay")]
    unclear = stack.value("SELECT count(*) FROM messaging_message WHERE was_unknown")
    print(
        f"seed {SEED}: {TEXTS} texts in {took:.0f} s; {len(faults)} answers spoilt; {unclear} texts once unclear; "
        f"{len(killer.killed)} workers killed with {killer.open_when_killed} texts on their way"
    )
    assert len(killer.killed) == KILLS
    assert sum(killer.open_when_killed) > 0, "they were killed in the middle of calls"
    assert unclear >= TEXTS // 10
    assert storm.sent(stack) == wanted.texts
    ids = "SELECT count(DISTINCT external_id) FROM messaging_message WHERE idempotency_key IS NOT NULL"
    assert stack.value(ids) == TEXTS, "each text is bound to one of the upstream's own"
    strangers = "SELECT count(*) FROM messaging_message WHERE idempotency_key IS NULL AND direction = 'outbound' AND body LIKE 'Text % of %'"
    assert stack.value(strangers) == 0, "no text of ours came home as somebody else's"


@pytest.mark.parametrize("mutation", ["careless-claim", "blind-repeat"])
def test_without_the_engine_s_care_texts_go_out_twice(make_stack, tmp_path, mutation):
    """R30: the same storm, with the claim's look or the third outcome taken out, is not survived."""
    for name in ("wake-twice", mutation):
        (tmp_path / name).touch()
    stack = make_stack(deadline=2.0, **hooked(tmp_path))
    stack.start("sandbox", "web")
    storm.spoil_answers(stack)
    wanted = storm.write_texts(stack, 30, SEED, over=0)
    stack.start("worker", "beat")
    assert wanted.refused == []
    wait_until(lambda: (storm.sent(stack) - wanted.texts).total() > 0, 45, "a text that went out twice")
