"""A campaign against the sandbox (C11, C22, C23): its journal has each text once, faults and a dying worker or not."""

import time
import uuid

import pytest
from django.core.files.base import ContentFile

from messaging.campaigns import checking, handing, running
from messaging.models import Message
from providers import outbox
from tests.messaging.campaigning import an_open_hour, texts

PEOPLE = 30
FAULTS = ("close", "http_500")


@pytest.fixture
def campaign(line):
    """Thirty people whom nobody else in this world texts."""
    area = line.contact[:-3]
    numbers = [f"{area}{n:03d}" for n in range(PEOPLE)]
    values = {
        "name": "Friday", "sender": line.number.number, "body_en": f"Sale {uuid.uuid4().hex[:8]}", "body_fr": "", "starts_at": None,
        "groups": [], "without": [],
    }  # fmt: skip
    made = running.make(line.actor, line.account, values, intent=uuid.uuid4())
    made.file.save("people.csv", ContentFile("\n".join(["phone", *numbers]).encode()), save=True)
    checking.check(made.pk)
    made.refresh_from_db()
    assert made.counts["fit"] == PEOPLE, made.counts
    return running.start(line.actor, made, intent=uuid.uuid4(), seen=PEOPLE)


def work(line, campaign, seconds: float = 60) -> None:
    """What beat and workers would do until it is over; longer than the breaker's pauses after six failures."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        handing.tick(lambda pk: None)
        handing.run_lane(line.connection.pk, seconds=2)
        for pk in Message.objects.due().filter(state="unknown").values_list("pk", flat=True):
            outbox.run(Message, pk)
        outbox.abandon(Message)
        campaign.refresh_from_db()
        if campaign.is_over:
            return
        time.sleep(0.02)


def test_each_of_them_gets_the_text_once(line, campaign):
    with an_open_hour():
        work(line, campaign)
    assert campaign.state == "done"
    assert len(line.effects(campaign.body_en)) == PEOPLE
    assert set(texts(campaign).values_list("state", flat=True)) <= {"sent", "delivered"}


def test_with_faults_and_dying_workers_too(line, campaign):
    """Unclear answers are settled from the log; what dies in the middle is looked up, never sent blindly again."""
    for fault in FAULTS:
        line.sandbox.fault("queue_sms", fault, count=3, phase="after")
    real, calls = outbox._succeed, []

    def dying(*args):
        calls.append(1)
        if len(calls) in (4, 9):
            raise KeyboardInterrupt
        return real(*args)

    with an_open_hour(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(outbox, "_succeed", dying)
        patch.setattr(outbox, "GRACE", outbox.timedelta(seconds=-3))
        for _ in range(3):
            try:
                work(line, campaign)
            except KeyboardInterrupt:
                continue
    assert campaign.state == "done", sorted(texts(campaign).values_list("state", flat=True))
    sent = [effect["data"] for effect in line.effects(campaign.body_en)]
    assert len(sent) == PEOPLE
    assert texts(campaign).filter(was_unknown=True).count() >= 6
