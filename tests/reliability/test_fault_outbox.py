"""The fault campaign one floor up (Done when 4, R1): what meets a fault is done once, or its row says why not.

Each upstream's send call meets its share of all faults, so that every fault meets one of the five; changes of other kinds
meet those that lose an answer. FAULTS=all has every fault meet every one of them.
"""

import os
from collections import Counter

import pytest

from messaging.models import Message
from providers.clients.registry import CLIENTS
from providers.models import Operation
from tests.numbering.upstreams import make_house
from tests.providers.contract.connecting import World
from tests.reliability.campaign import changing, plan, verdicts
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


LOST = (
    "refuse",
    "close",
    "no_answer",
    "truncated",
    "http_500",
    "http_429",
    "html_page",
    "invalid_json",
    "null_body",
    "empty",
)


def lost_answers(known: dict, slug: str) -> list[plan.Blow]:
    every = [blow for blow in plan.blows(known, slug) if blow.group not in OUT_OF_PLACE]
    return every if ALL else [blow for blow in every if blow.fault in LOST and not blow.args]


def wrong(sent: Sent) -> list[str]:
    """What must not have become of a text."""
    row, blow = sent.message, sent.blow
    lied, believable = verdicts.lies(blow), blow.phase == "before" and verdicts.believable(blow)
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


def not_right(changed: changing.Changed) -> list[str]:
    """What must not have become of a change."""
    row, blow = changed.operation, changed.blow
    lied, believable = verdicts.lies(blow), verdicts.believable(blow)
    found = []
    if row.state not in changing.RESTING:
        found.append("never rests")
    if changed.made > 1 and not lied:
        found.append("twice")
    if row.state == Operation.State.DONE and not changed.made and not believable:
        found.append("not done")
    if row.state != Operation.State.DONE and not row.error_code:
        found.append("no reason")
    if row.state == Operation.State.FAILED and changed.made and not lied:
        found.append("said to have failed")
    return [f"{words}: {changed}" for words in found]


@pytest.mark.parametrize(("act", "slug"), [(act, slug) for act in changing.ACTS for slug in act.slugs], ids=str)
def test_every_change_is_made_once_or_its_row_says_why_not(act, slug, world, plenty, settings):
    settings.UPSTREAM_LOG_LAG = 0.0
    house = make_house(world.sandbox, "lachance", slug)
    if slug not in ("jafone", "jomobile"):
        house.bring_home("numbers")
    changer = changing.Changer(house, act, settings)
    results = [changer.make(blow) for blow in lost_answers(world.sandbox.faults(), slug)]
    states = Counter((changed.operation.state, changed.made) for changed in results)
    print(act.name, slug, changer.call, len(results), "changes;", dict(states))
    assert [words for changed in results for words in not_right(changed)] == []
