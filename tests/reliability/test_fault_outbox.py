"""The fault campaign one floor up (Done when 4, R1): a text that meets a fault goes out once, or its row says why not.

Each upstream's send call meets its share of all faults, so that every fault meets one of the five; FAULTS=all has every
fault meet all of them.
"""

import os
from collections import Counter

import pytest

from messaging.models import Message
from providers.clients.registry import CLIENTS
from tests.providers.contract.connecting import World
from tests.reliability.campaign import plan, verdicts
from tests.reliability.campaign.lane import LIMITS, PLENTY, Quick
from tests.reliability.campaign.sending import RESTING, Sender, Sent

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.timeout(3600)]
ALL = os.environ.get("FAULTS") == "all"
GONE = frozenset((Message.State.SENT, Message.State.DELIVERED))
OUT_OF_PLACE = frozenset(("tls", "log"))  # need TLS; and a log that lags is the lag's test


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    running = Quick(tmp_path_factory.mktemp("outbox")).start()
    yield World(running)
    running.stop()


@pytest.fixture
def world(shared):
    shared.begin()
    quick = {"auto_answer": False, "duplicate_window_s": 0, "sms_processing_s": 0.05, "sms_completed_s": 0.1}
    shared.sandbox.control("settings", quick)
    for slug, buckets in LIMITS.items():
        shared.sandbox.control("limits", {"slug": slug, "per_hour": dict.fromkeys(buckets, PLENTY), "clear": True})
    return shared


@pytest.fixture
def plenty(monkeypatch):
    """Our own limits are another test's."""
    for client in CLIENTS.values():
        monkeypatch.setattr(client, "buckets", dict.fromkeys(client.buckets, 0))


def share(known: dict, slug: str) -> list[plan.Blow]:
    every = [blow for blow in plan.blows(known, slug) if blow.group not in OUT_OF_PLACE]
    mine = list(CLIENTS).index(slug)
    return every if ALL else every[mine :: len(CLIENTS)]


def wrong(sent: Sent) -> list[str]:
    """What must not have become of a text."""
    row, blow = sent.message, sent.blow
    lied = blow.phase == "after" and (blow.group.startswith("business") or blow.fault == "http_429")
    believable = blow.phase == "before" and verdicts.believable(blow)
    found = []
    if row.state not in RESTING:
        found.append("never rests")
    if sent.effects > 1 and not lied:
        found.append("twice")
    if row.state in GONE and sent.effects != 1 and not (believable or lied):
        found.append("not sent")
    if row.state not in GONE and not row.error_code:
        found.append("no reason")
    if row.state == Message.State.FAILED and sent.effects and not lied:
        found.append("said to have failed")
    return [f"{words}: {sent}" for words in found]


@pytest.mark.parametrize("slug", CLIENTS)
def test_every_text_goes_out_once_or_its_row_says_why_not(slug, world, plenty, settings):
    sender = Sender(world, slug, settings)
    results = [sender.send(blow) for blow in share(world.sandbox.faults(), slug)]
    states = Counter((sent.message.state, sent.effects) for sent in results)
    print(slug, len(results), "texts;", dict(states), "asked", sum(sent.asked for sent in results), "times")
    for sent in results:
        if (sent.message.state, sent.effects) != (Message.State.SENT, 1):
            print("  ", sent)
    assert Message.objects.filter(connection=sender.connection).count() == len(results), "no row was lost"
    assert [str(sent) for sent in results if not sent.struck] == []
    assert [words for sent in results for words in wrong(sent)] == []
