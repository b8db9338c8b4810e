"""Done when 4, R25: whatever goes wrong on the way, the 911 state that is shown equals what the sandbox really has.

A random walk over a few numbers: addresses are saved, chosen among alternates and removed while answers are lost, spoilt, late
or wrong, also a refusal of something that was carried out. `E911_RUNS=1000` for the whole of it, `E911_SEED` for another.
"""

import os
import random
import re
import uuid
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from numbering.emergencies import alerting
from numbering.models import EmergencyChange, Number
from numbering.presenters.emergency import emergency_state
from numbering.services.emergency import endpoint_of, latest_change, version_of
from numbering.upstream.places import address_of, agree
from providers.models import Connection, Operation, QuotaMinute
from providers.operations import VERBS
from providers.outbox import dict_of
from tests.factories import UserFactory
from tests.numbering.upstreams import House, make_house
from tests.sandboxes import Near

RUNS = int(os.environ.get("E911_RUNS", "60"))
SEED = int(os.environ.get("E911_SEED", "911"))
CALM = {"failures": 0, "retry_at": None, "blocked_until": None, "slowed_until": None, "health": "ok"}
GOOD = {
    "name": "Plomberie Lachance", "civic_number": "1250", "street": "Rue Sherbrooke Ouest", "unit_type": "suite", "unit": "200",
    "city": "Montréal", "region": "QC", "postal_code": "H3G 1H6", "language": "fr", "terms": "on",
}  # fmt: skip
READS = ("no_answer", "close", "http_503", "invalid_json", "truncated")
WRITES = (
    *((fault, phase, {}) for fault in ("no_answer", "close", "http_503", "invalid_json") for phase in ("before", "after")),
    ("read_back_differs", "before", {}),
    ("read_back_differs", "before", {}),
    *(("error_code", phase, {"code": code}) for phase in ("before", "after")
      for code in ("internal_error-database_error", "street_not_found", "alternate_address_provided")),
)  # fmt: skip


@dataclass
class Walk:
    """One customer, one person at the pages, and what was seen."""

    house: House
    client: object
    dice: random.Random
    numbers: list[Number]
    seen: Counter = field(default_factory=Counter)

    def step(self, turn: int) -> None:
        number = self.dice.choice(self.numbers)
        faults = self.disturb()
        act = self.act(number, turn)
        self.rest()
        where = f"seed {SEED}, run {turn}: {act} of {number} with {faults}"
        self.judge(number, where)  # what a person sees the moment the work is done
        self.calm()
        self.house.work()
        self.house.bring_home("e911")
        self.judge(number, f"{where}, after the next listing", listed=True)

    # -- what is done

    def disturb(self) -> list:
        rules = []
        if self.dice.random() < 0.75:
            fault, phase, args = self.dice.choice(WRITES)
            rules.append(("delete_e911" if self.dice.random() < 0.3 else "update_e911", fault, phase, args))
        if self.dice.random() < 0.3:
            rules.append(("get_e911", self.dice.choice(READS), "before", {}))
        if self.dice.random() < 0.15:
            rules.append(("check_e911", self.dice.choice(READS), "before", {}))
        for call, fault, phase, args in rules:
            self.house.disturb(call, fault, phase=phase, args=args)
        return rules

    def act(self, number: Number, turn: int) -> str:
        change = latest_change(number)
        if change and change.state == "alternates" and self.dice.random() < 0.7:
            body = {"change": str(change.public_id), "choice": "0", "intent": str(uuid.uuid4())}
            return self.send("accept", reverse("numbers:e911_accept", args=[number.pk]), body)
        endpoint = endpoint_of(number)
        if endpoint and not endpoint.is_default and self.dice.random() < 0.25:
            body = {"confirm": number.number, "intent": str(uuid.uuid4()), "consent": "without 911"}
            return self.send("remove", reverse("numbers:e911_remove", args=[number.pk]), body)
        typed = (
            GOOD
            | {"unit": str(turn)}
            | self.dice.choice(({}, {}, {}, {"street": "Sherbrooke Ouest"}, {"street": "Rue de Nulle Part"}))
        )
        body = typed | {"intent": str(uuid.uuid4()), "version": version_of(number)}
        return self.send("save", reverse("numbers:e911_number", args=[number.pk]), body)

    def send(self, act: str, url: str, body: dict) -> str:
        response = self.client.post(url, body)
        assert response.status_code == 302, f"{act}: {response.status_code}"
        self.seen[act] += 1
        return act

    def rest(self) -> None:
        """Workers and sweeps until nothing is open; the faults strike once each and are then spent."""
        for _round in range(6):
            Connection.objects.filter(pk=self.house.connection.pk).update(**CALM)
            QuotaMinute.objects.all().delete()
            self.house.work()
            if not Operation.objects.filter(state__in=["queued", "sending", "unknown"]).exists():
                return
        raise AssertionError("it never came to rest")

    def calm(self) -> None:
        self.house.sandbox.control("faults", method="DELETE")
        self.house.sandbox.control("limits", {"clear": True})  # a long walk asks more than an hour's requests
        Connection.objects.filter(pk=self.house.connection.pk).update(**CALM)
        QuotaMinute.objects.all().delete()

    # -- what is true, and what is shown

    def truth(self, number: Number) -> dict | None:
        """The address that the sandbox has; asked without faults, past the portal."""
        self.house.sandbox.control("faults", method="DELETE")
        connection = self.house.connection
        client = connection.client_class(connection.base_url, connection.credentials)
        found = [row for row in client.emergency_addresses(number=number.number) if row.number == number.number]
        return dict_of(found[0].address) | {} if found else None

    def judge(self, number: Number, where: str, *, listed: bool = False) -> None:
        has = self.truth(number)
        has = {name: value for name, value in has.items() if isinstance(value, str)} if has else None
        endpoint, change = endpoint_of(number), latest_change(number)
        state = emergency_state(number, endpoint, change)
        text = self.client.get(reverse("numbers:e911_number", args=[number.pk])).content.decode()
        pill = re.search(r'id="in_force_title".*?<span class="state state-(\w+)', text, re.S)[1]
        assert pill == str(state.tone), f"{where}: the page shows {pill} for {state.word}"
        about = f"{where}: shown {state.word!r} {endpoint and endpoint.address}, true {has}, last {change.state} {change.wanted}"
        as_asked = has is not None and bool(change.wanted) and agree(change.wanted, has)
        if state.tone == "fine":
            assert has is not None and agree(endpoint.address, has), f"green, but not so: {about}"
        if change.state == "provisioned":
            assert as_asked, f"called active, but not so: {about}"
        if change.state == "removed":
            assert has is None, f"called removed, but still there: {about}"
        if state.tone == "failed" and not change.removal:
            assert not as_asked, f"red, but it worked: {about}"
        if change.state == "differs" and not change.removal:
            assert has is None or agree(change.read_back, has), f"read back something else: {about}"
        if change.state == "unknown":
            assert change in alerting.waiting() or change.alerted_at, f"nobody is told: {about}"
        if listed:
            stored = endpoint.address if endpoint else None
            assert (stored is None) == (has is None) and (has is None or agree(stored, has)), (
                f"our copy differs: {about}"
            )
            if as_asked and not change.removal:
                assert state.tone == "fine", f"it worked and is not green: {about}"
            self.seen[change.state] += 1


@pytest.fixture
def walk(db, settings, client):
    settings.UPSTREAM_DEADLINE, settings.UPSTREAM_LOG_LAG = 0.6, 0.0
    settings.FRESH_SIGN_IN = False
    near = Near()
    house = make_house(near)
    UserFactory(is_staff=True)
    house.bring_home("numbers", "e911")
    client.force_login(house.owner)
    numbers = list(Number.objects.present().filter(kind="local", voice=True, connection=house.connection)[:6])
    yield Walk(house, client, random.Random(SEED), numbers)  # noqa: S311 - a walk that can be walked again
    near.stop()


@pytest.mark.timeout(60 + RUNS * 3)
def test_what_is_shown_of_911_equals_the_truth_with_faults_on(walk):
    """Done when 4, R25: never green when it is not so, never red when it worked, and staff know of every doubt."""
    for turn in range(1, RUNS + 1):
        walk.step(turn)
    print(f"\n{RUNS} runs: {dict(walk.seen)}")
    assert walk.seen["save"] and walk.seen["provisioned"] and walk.seen["failed"] and walk.seen["unknown"]


def careless(client, operation) -> dict:
    """What many do: it was accepted, so it is active."""
    wanted = address_of(operation.arguments["address"])
    client.save_emergency_address(operation.arguments["number"], wanted)
    told = {
        "external_id": f"new-{operation.pk}",
        "address": dict_of(wanted),
        "is_default": False,
        "provisioned": True,
        "raw": {},
    }
    return {"endpoints": [told]}


def test_the_walk_would_notice_a_save_that_nobody_reads_back(walk, monkeypatch):
    monkeypatch.setitem(VERBS, "e911.save", replace(VERBS["e911.save"], execute=careless))
    with pytest.raises(AssertionError, match="green, but not so|called active, but not so|red, but it worked"):
        for turn in range(1, 61):
            walk.step(turn)


# --- staff are told


def change_in(state: str, house: House, number: Number, operation: str, *, minutes: int = 0) -> EmergencyChange:
    row = Operation.objects.create(
        connection=house.connection, verb="e911.save", idempotency_key=str(uuid.uuid4()), state=operation
    )
    change = EmergencyChange.objects.create(
        account=house.account, number=number, operation=row, state=state, wanted=GOOD
    )
    moment = timezone.now() - timedelta(minutes=minutes)
    EmergencyChange.objects.filter(pk=change.pk).update(created_at=moment)
    return change


def test_staff_are_told_of_a_doubt_within_five_minutes_and_once(walk, mailoutbox):
    """R25."""
    house, number = walk.house, walk.numbers[0]
    fresh = change_in("unknown", house, number, "unknown", minutes=1)
    change_in("provisioned", house, number, "done", minutes=9)
    assert alerting.tell_staff() == 0, "most lost answers are found again within moments"
    old = change_in("unknown", house, number, "unknown", minutes=4)
    parked = change_in("unknown", house, number, "parked")
    differs = change_in("differs", house, number, "done")
    assert alerting.tell_staff() == 3 and alerting.tell_staff() == 0
    assert len(mailoutbox) == 1 and "3 addresses are in doubt" in mailoutbox[0].subject
    assert house.account.name in mailoutbox[0].body and "/admin/" in mailoutbox[0].body
    told = set(EmergencyChange.objects.exclude(alerted_at=None))
    assert told == {old, parked, differs} and fresh not in told


def test_a_mail_that_was_refused_is_tried_again(walk, mailoutbox, monkeypatch):
    change_in("unknown", walk.house, walk.numbers[0], "parked")
    monkeypatch.setattr("django.core.mail.EmailMessage.send", lambda self: (_ for _ in ()).throw(OSError("no mail")))
    with pytest.raises(OSError, match="no mail"):
        alerting.tell_staff()
    monkeypatch.undo()
    assert alerting.waiting().count() == 1 and alerting.tell_staff() == 1 and len(mailoutbox) == 1
