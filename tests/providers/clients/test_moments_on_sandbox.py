"""R18: what each upstream's stamps mean on the odd days of the calendar, read from a sandbox whose clock stands there."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from providers.clients.capability import Capability
from providers.clients.records import Direction
from providers.clients.registry import CLIENTS
from tests.providers.contract.connecting import World
from tests.sandboxes import Sandbox

pytestmark = pytest.mark.slow
# In Toronto, whose wall clock two of them write down without saying so.
MOMENTS = {
    "a minute before the hour that is left out": "2027-03-14T06:59:00Z",
    "a minute after it": "2027-03-14T07:01:00Z",
    "before midnight in Toronto": "2027-03-14T04:59:30Z",
    "the hour that comes twice, the first time": "2027-11-07T05:30:00Z",
    "the same hour again": "2027-11-07T06:30:00Z",
    "the 29th of February": "2028-02-29T17:00:00Z",
    "late on the 29th": "2028-03-01T04:30:00Z",
    "New Year in Greenwich": "2028-12-31T23:59:58Z",
    "New Year in Toronto": "2029-01-01T04:59:58Z",
    "after it": "2029-01-01T05:00:02Z",
}
TWICE = "the same hour again"
SPOKEN_IN_ZONES = {"voicemeup", "jafone"}
NAME = "LACHANCE"


@pytest.fixture(scope="module")
def odd_days(tmp_path_factory):
    """A sandbox that nobody else moves through time; time only goes on in it."""
    running = Sandbox(tmp_path_factory.mktemp("moments")).start()
    running.control("settings", {"auto_answer": False, "call_traffic": False, "duplicate_window_s": 0})
    yield World(running)
    running.stop()


def sender_of(client) -> str:
    if client.slug == "jomobile":
        return NAME
    if Capability.NUMBERS in client.capabilities:
        return next(row.number for row in client.numbers() if row.sms and row.settings.get("sms") is not False)
    return client.own_numbers()[0]


@pytest.mark.parametrize("moment", sorted(MOMENTS, key=MOMENTS.get))
def test_a_text_is_read_at_the_moment_that_it_was_sent(odd_days, moment):
    """The hour that comes twice is read as its first coming: nothing in the stamp tells which it was."""
    then = datetime.fromisoformat(MOMENTS[moment])
    odd_days.sandbox.control("clock", {"set": then.timestamp(), "rate": 0})
    odd_days.sandbox.control("limits", {"slug": "voicetel", "clear": True})
    with time_machine.travel(then, tick=True):
        for turn, slug in enumerate(CLIENTS):
            with_zone = {"time_zone": CLIENTS[slug].time_zone}
            client = odd_days.client(slug, **with_zone)
            to = f"+157920{list(MOMENTS).index(moment):02d}0{turn}1"
            client.send_message(sender_of(client), to, f"Sent {moment}")
            odd_days.sandbox.control("clock", {"advance": 0})
            found = list(client.messages(client.today() - timedelta(days=1), client.today(), destination=to))
            assert [row.direction for row in found] == [Direction.OUTBOUND], (slug, found)
            late = timedelta(hours=1) if moment == TWICE and slug in SPOKEN_IN_ZONES else timedelta()
            off = then - late - found[0].sent_at.astimezone(UTC)
            assert abs(off) <= timedelta(seconds=3), (slug, moment, off)
            assert client.unread == []
            client.close()
