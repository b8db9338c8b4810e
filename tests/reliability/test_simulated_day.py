"""Done when 6 (R10, R12, H2): 400 customers of VoiceTel behind one address, 400 more on one VoiceMeUp account, for a day.

The first hours run every feed; then, to be done in minutes, the day goes on with those that live by limits, and for two
more days with VoiceTel's balances alone, until each has been read. VoiceTel states no limit for most calls, so we keep one of
our own (`courtesy`): here a twentieth of it is shared by a twentieth of them. SIMULATED_FULL=24 runs all feeds all day.
"""

import os
import random
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.db.models import Sum
from django.db.models.functions import Length
from django.utils import timezone

from accounts.actor import Actor
from accounts.connecting import connect
from accounts.models import Account, RemoteAccount
from accounts.presenting import ago
from messaging import services
from messaging.models import Message
from numbering.models import Number
from providers import forgetting, quota, sync
from providers.clients.voicemeup.client import VoiceMeUp
from providers.clients.voicetel.client import VoiceTel
from providers.models import Connection, ExchangeLog, Incident, QuotaPool, SyncRun
from tests.factories import AccountFactory, MembershipFactory
from tests.reliability.day import BEAT, BUSY_WAIT, HOUR, Day, longest_gap, most_in, times_of
from tests.sandboxes import Sandbox

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.django_db]
START = "2026-11-19T12:00:00Z"
CUSTOMERS = 400
WITH_EVERYTHING = 20  # VoiceTel customers of whom more than the balance is read
WITHOUT_KEY = 8  # ... whose key has still to be had for their password, which is limited too
FULL_HOURS = int(os.environ.get("SIMULATED_FULL", "2"))
MAILING = 530  # texts at once: more than VoiceMeUp takes in an hour
LIMITED = {"accountInfo": 6, "accountMrc": 6, "accountCdr": 6, "accountApiKey": 6}
LIVED_BY = {"balance", "ledger"}  # feeds that go on after the first hours


@pytest.fixture
def sandbox(tmp_path):
    running = Sandbox(tmp_path).start()
    running.control("settings", {"auto_answer": False, "call_traffic": False})
    yield running
    running.stop()


@pytest.fixture
def world(db, sandbox, settings, monkeypatch, wakes):
    settings.PORTAL_URL = "http://127.0.0.1:9"  # webhooks are armed and never arrive: all texts are polled
    monkeypatch.setattr(VoiceTel, "courtesy", VoiceTel.courtesy * WITH_EVERYTHING // CUSTOMERS)
    with time_machine.travel(START, tick=False) as clock:
        yield World(Day(sandbox, clock, wakes))


class World:
    def __init__(self, day: Day):
        self.day, self.sandbox = day, day.sandbox
        self._reseller()
        self.day.clock.shift(2 * HOUR)  # what making it took is out of every window
        self.begin = timezone.now()
        self.day._tell()
        self._customers()
        self.seen = self.sandbox.now()

    def _reseller(self) -> None:
        """One VoiceMeUp account with a sub-account for each customer; the first few have a number."""
        row = self.sandbox.accounts()["velo"]
        credentials = {name: row[name] for name in ("client_user_id", "username", "auth_token")}
        url = self.sandbox.voicemeup
        with_client = VoiceMeUp(url, credentials)
        made = [with_client.create_subaccount(f"Customer {n}", reference=f"c{n}") for n in range(CUSTOMERS)]
        numbers = [record.external_id for record in with_client.numbers()]
        for subaccount, number in zip(made, numbers, strict=False):
            with_client.set_subaccount_numbers(subaccount, [number])
        with_client.close()
        self.reseller = AccountFactory(kind=Account.Kind.RESELLER)
        self.voicemeup = connect(
            self.reseller, slug="voicemeup", name="VoiceMeUp", base_url=url, credentials=credentials
        )
        for subaccount in made:
            account = AccountFactory(parent=self.reseller)
            RemoteAccount.objects.create(connection=self.voicemeup, external_id=subaccount, account=account)

    def _customers(self) -> None:
        """VoiceTel customers, each with an account and a connection of its own; all leave by one address."""
        self.sandbox.control("crowd", {"slug": "voicetel", "count": CUSTOMERS - 2})
        self.voicetel = {}
        rows = sorted(self.sandbox.accounts("voicetel").values(), key=lambda row: not row["key"].startswith("crowd"))
        for place, row in enumerate(rows):
            names = ("username", "password") if place < WITHOUT_KEY else VoiceTel.credential_fields
            member = MembershipFactory()
            connection = connect(
                member.account, slug="voicetel", name=row["key"], base_url=self.sandbox.url("voicetel"),
                credentials={name: row[name] for name in names},
            )  # fmt: skip
            self.voicetel[row["key"]] = (connection, member.user)
            if place >= WITH_EVERYTHING:
                connection.feeds.exclude(name="balance").delete()
        assert len(self.voicetel) == CUSTOMERS

    # --- what people do

    def mail(self, count: int) -> None:
        """Customers of the reseller write to as many people."""
        numbers = list(Number.objects.can_text().filter(connection=self.voicemeup).select_related("account"))
        assert len({number.account_id for number in numbers}) > 2
        for n in range(count):
            number = numbers[n % len(numbers)]
            actor = Actor(account=number.account, name="test")
            first = Message.objects.count()
            services.queue_message(
                actor, number.account, number.number, f"+1579{2_000_200 + first}", f"Rappel {first}", key=f"{first}"
            )

    def look(self, client, key: str) -> None:
        """A customer opens the page of balances: nothing is asked upstream, and the age that it shows is true."""
        connection, user = self.voicetel[key]
        client.force_login(user)
        before = self._journal()
        page = client.get("/billing/").content.decode()
        assert self.sandbox.control(f"journal?since={before}") == []
        asked = self.sandbox.control(f"journal?slug=voicetel&call=accountInfo&account={key}")
        good = [row["at"] for row in asked if row["status"] == 200]
        if good:
            told = timezone.datetime.fromtimestamp(good[-1], timezone.get_current_timezone())
            assert f"from VoiceTel, {ago(told)}" in page
            assert "stale" not in page.partition("from VoiceTel")[0][-30:]
        self.seen = before

    def _journal(self) -> int:
        rows = self.sandbox.control(f"journal?since={self.seen}")
        return max((row["id"] for row in rows), default=self.seen)

    def requests(self) -> list[dict]:
        rows = self.sandbox.control("journal")
        return [row for row in rows if row["at"] >= self.begin.timestamp()]


def only(monkeypatch, names) -> None:
    monkeypatch.setattr(sync, "FEEDS", {name: kind for name, kind in sync.FEEDS.items() if name in names})


def test_a_day_of_eight_hundred_customers_stays_inside_every_quota(world, client, monkeypatch):
    day, start, dice = world.day, world.begin, random.Random(7)  # noqa: S311
    keys = list(world.voicetel)
    for minutes in range(10, 24 * 60, 20):
        day.at(start + timedelta(minutes=minutes), partial(world.look, client, dice.choice(keys)))
    day.at(start + 1.2 * HOUR, lambda: world.mail(MAILING))
    for hours in range(4, 24, 2):
        day.at(start + hours * HOUR, lambda: world.mail(5))

    day.until(start + FULL_HOURS * HOUR)
    courteous(world)
    only(monkeypatch, LIVED_BY)
    day.until(start + 24 * HOUR)
    bounded(world)
    Connection.objects.filter(pk=world.voicemeup.pk).update(is_active=False)  # has shown all that it has to show
    every = sync.pace_of(next(iter(world.voicetel.values()))[0], "balance")
    day.until(start + every + BEAT)

    rows = world.requests()
    no_limit_was_met(rows)
    balances_are_as_fresh_as_they_can_be(world, rows, every)
    texts_went_out_once(rows)
    print(f"{day.runs} runs, {len(rows)} requests; a VoiceTel balance every {every / HOUR:.1f} h")


def no_limit_was_met(rows) -> None:
    """Of any sliding hour, by what the sandbox received; and it never had to say so."""
    voicetel = [row for row in rows if row["slug"] == "voicetel"]
    by_address = times_of(voicetel, lambda row: (row["call"], row["params"]["ip"]) if row["call"] in LIMITED else None)
    assert {call for call, _address in by_address} == {"accountInfo", "accountApiKey"}
    for (call, _address), times in by_address.items():
        assert most_in(times) == LIMITED[call], call
    voicemeup = [row for row in rows if row["slug"] == "voicemeup"]
    by_bucket = times_of(voicemeup, lambda row: "queue_sms" if row["call"] == "queue_sms" else "shared_pool")
    most = {bucket: most_in(times) for bucket, times in by_bucket.items()}
    print("most in an hour", most)
    assert most["queue_sms"] < 600 and most["shared_pool"] < 1200
    assert {row["status"] for row in rows} <= {200, 404}  # 404 is VoiceTel's word for an empty list
    assert not Connection.objects.exclude(slowed_until=None, blocked_until=None).exists()
    assert not QuotaPool.objects.exclude(blocked_until=None).exists()
    assert not Incident.objects.exists()
    assert not ExchangeLog.objects.exclude(outcome="ok").exclude(http_status=404).exists()
    assert not SyncRun.objects.exclude(state=SyncRun.State.DONE).exclude(error_code="numbers-first").exists()


def balances_are_as_fresh_as_they_can_be(world, rows, every) -> None:
    begin, end = world.begin.timestamp(), timezone.now().timestamp()
    asked = times_of(rows, lambda row: row["account"] if row["call"] == "accountInfo" else None)
    assert set(asked) == set(world.voicetel)
    oldest = max(longest_gap(times, begin, end) for times in asked.values())
    assert oldest <= (every + BEAT).total_seconds()
    mine = times_of(rows, lambda row: row["slug"] if row["call"] == "get_funding_details" else None)["voicemeup"]
    gap = longest_gap(mine, begin, begin + 24 * 3600)
    assert gap <= (timedelta(minutes=5) + BUSY_WAIT + 2 * BEAT).total_seconds()
    print(f"oldest balance: VoiceTel {oldest / 3600:.1f} h, VoiceMeUp {gap:.0f} s")


def texts_went_out_once(rows) -> None:
    sent = [row["params"]["message"] for row in rows if row["call"] == "queue_sms"]
    assert len(sent) == len(set(sent)) == MAILING + 50
    assert set(
        Message.objects.filter(direction="outbound", body__startswith="Rappel").values_list("state", flat=True)
    ) == {"sent" if FULL_HOURS < 24 else "delivered"}


def courteous(world) -> None:
    """Calls without a stated limit are kept to what we allow ourselves, and nobody's feeds are left behind."""
    rows = [row for row in world.requests() if row["slug"] == "voicetel" and row["call"] not in LIMITED]
    times = sorted(row["at"] for row in rows)
    overshoot = quota.STRETCH / HOUR * VoiceTel.courtesy + 40  # a stretch's share at its end, and the last run whole
    print(f"courtesy {VoiceTel.courtesy}: most in an hour {most_in(times)}, in all {len(times)}")
    assert most_in(times) <= VoiceTel.courtesy + overshoot
    waiting = [connection for connection, _user in world.voicetel.values() if connection.feeds.count() > 1]
    assert len(waiting) == WITH_EVERYTHING
    for connection in waiting:
        behind = connection.feeds.exclude(name="balance").filter(last_ok_at=None)
        assert not behind.exists(), (connection, list(behind))


def bounded(world) -> None:
    """What the logs keep of a day does not grow with what was asked."""
    rows = ExchangeLog.objects.all()
    size = rows.aggregate(size=Sum(Length("request") + Length("response") + Length("url")))["size"]
    asked = len(world.requests())
    print(f"{asked} requests; kept {rows.count()} exchanges, {size / 1e6:.1f} MB, and {SyncRun.objects.count()} runs")
    forgetting.forget()
    kinds = rows.exclude(call="queue_sms").values("connection", "call").distinct().count()
    assert rows.exclude(call="queue_sms").count() <= kinds * (forgetting.NEWEST + 12)
