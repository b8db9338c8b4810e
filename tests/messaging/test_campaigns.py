"""Campaigns (C11, C12, C15, C22): every row checked before anything goes, handed over once, stopped when told."""

import threading
import uuid
from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts import csv_reading as reading
from billing.models import Balance
from messaging import again, consent
from messaging.campaigns import checking, handing, making, running
from messaging.models import Campaign, CampaignRow, Consent, Contact, ContactGroup, Message, OptOut, Thread
from messaging.services import CannotSend
from messaging.upstream import prices
from messaging.upstream.prices import PriceList
from numbering.services.intents import IntentUsed
from providers import outbox
from providers.clients.errors import Rejected, Unclear, Unreachable
from providers.clients.records import PriceRecord
from providers.models import Connection
from providers.outbox import Settlement, Sight
from providers.quota import Priority
from tests.factories import BalanceFactory, ConnectionFactory
from tests.messaging.campaigning import (
    NIGHT,
    NOON,
    OURS,
    Desk,
    an_open_hour,
    drain,
    number,
    rows,
    states,
    texts,
    upstream,
)


@pytest.fixture
def desk(db, settings, tmp_path) -> Desk:
    settings.MEDIA_ROOT = tmp_path
    return Desk()


@pytest.fixture
def awake():
    with an_open_hour():
        yield


# --- the check ----------------------------------------------------------------------------------------------------------


def test_every_row_gets_its_verdict_before_anything_goes(desk):
    """C11: number, sender, opt-out, blocked, excluded, variables, doubles, length."""
    OptOut.objects.create(account=desk.account, number=number(2), source="person")
    desk.contacts(number(3), blocked_at=timezone.now())
    (excluded,) = desk.contacts(number(4))
    without = ContactGroup.objects.create(account=desk.account, name="Staff")
    without.contacts.add(excluded)
    lines = [
        "phone,first name,until", f"{number(1)},Anne,Friday", f"{number(2)},Bob,Friday", f"{number(3)},Cid,Friday",
        f"{number(4)},Dan,Friday", f"{number(5)},Eve,", f"{number(1)},Anne,Friday", "514 555 01,Fay,Friday",
        "911,Gus,Friday", "+442079460018,Hal,Friday", "9005550134,Ida,Friday", f"{OURS},Joe,Friday",
        f"{number(6)},Kim,{'x' * 190}", ",Lea,Friday", f"{number(7)} x5,Max,Friday", "+18765550100,Nat,Friday",
    ]  # fmt: skip
    campaign = desk.checked(
        body="{{first_name}}, until {{until}}" + " {{until}}" * 5, csv="\n".join(lines).encode(), without=[without]
    )
    found = [reason for _, _, reason in rows(campaign)]
    assert found == [
        "", "opted-out", "blocked", "excluded", "variable-missing", "duplicate", "invalid", "service", "abroad", "premium",
        "same-number", "too-long", "empty", "extension", "",
    ]  # fmt: skip
    assert campaign.state == "ready" and campaign.counts["fit"] == 2 and campaign.counts["rows"] == 15
    assert sum(campaign.counts["left_out"].values()) == 13
    assert not Message.objects.exists()


def test_groups_come_first_and_a_number_in_the_file_again_is_a_double(desk):
    """First wins."""
    group = desk.group(2)
    campaign = desk.checked(group, csv=f"phone\n{number(1)}\n{number(9)}\n".encode())
    assert rows(campaign) == [
        (number(0), "fit", ""), (number(1), "fit", ""), (number(1), "left_out", "duplicate"), (number(9), "fit", ""),
    ]  # fmt: skip


def test_who_is_in_two_groups_is_one_row(desk):
    first = desk.group(3, "First")
    second = desk.group(3, "Second")
    assert desk.checked(first, second).counts["rows"] == 3


def test_the_contacts_language_chooses_the_text_and_parts_are_counted_for_each(desk):
    """C10, C6."""
    group = ContactGroup.objects.create(account=desk.account, name="All")
    desk.contacts(number(1), language="fr")
    desk.contacts(number(2), language="en")
    desk.contacts(number(3))
    group.contacts.set(Contact.objects.all())
    campaign = desk.checked(group, body="Sale", body_fr="Rabais à la fête" + "ê" * 60)
    bodies = [checking.text_of(campaign, row)[:6] for row in campaign.rows.order_by("position")]
    assert bodies == ["Rabais", "Sale", "Sale"]
    assert campaign.counts["parts"] == 4 and campaign.counts["parts_of"] == {"1": 2, "2": 1}


def test_the_file_speaks_french_with_semicolons_in_latin_1(desk):
    lines = "Prénom;Numéro de téléphone;Langue;Ville\nZoé;514 200-0001;français;Trois-Rivières\n"
    taken = reading.take_in(SimpleUploadedFile("gens.csv", lines.encode("cp1252")))
    campaign = desk.checked(body="{{first_name}} {{ville}}", csv=taken.read())
    row = campaign.rows.get()
    assert row.language == "fr" and checking.text_of(campaign, row) == "Zoé Trois-Rivières"


@pytest.mark.parametrize(
    ("content", "error"),
    [(b"city,colour\nLaval,red\n", "no-numbers"), (b"\n\n", "empty")],
)
def test_a_file_without_numbers_goes_back_to_the_person(desk, content, error):
    campaign = desk.checked(csv=content)
    assert (campaign.state, campaign.error, campaign.lease_until) == ("draft", error, None)


def test_a_sender_that_is_gone_goes_back_to_the_person(desk):
    campaign = desk.draft(desk.group(1))
    desk.number.delete()
    checking.check(campaign.pk)
    campaign.refresh_from_db()
    assert (campaign.state, campaign.error) == ("draft", "number-gone")


def test_a_stranger_s_contacts_and_opt_outs_are_not_asked(desk):
    other = Desk(ours="+15145550199", connection=ConnectionFactory())
    OptOut.objects.create(account=other.account, number=number(0), source="person")
    other.contacts(number(0), name="CANARY", blocked_at=timezone.now())
    campaign = desk.checked(csv=f"phone\n{number(0)}\n".encode(), body="Hi")
    assert rows(campaign) == [(number(0), "fit", "")] and "CANARY" not in str(campaign.rows.get().values)


def test_consent_on_record_is_counted(desk):
    group = desk.group(3)
    first, second, _ = group.contacts.order_by("pk")
    Consent.objects.create(contact=first, kind="express", source="form", given_on="2026-01-01")
    Consent.objects.create(
        contact=second, kind="implied", source="sale", given_on="2020-01-01", expires_on="2022-01-01"
    )
    assert desk.checked(group).counts["no_consent"] == 2


def test_a_price_is_foretold_where_it_is_known_and_currencies_are_never_added(desk):
    def record(destination, amount, currency):
        return PriceRecord(service="sms", destination=destination, amount=Decimal(amount), currency=currency)

    known = PriceList([record("CA", "0.01", "CAD"), record("CA-302", "0.012", "CAD"), record("US", "0.02", "USD")])
    lines = f"phone\n{number(1)}\n+12125550134\n+18765550100\n"
    with patch.object(prices, "read", return_value=known):
        campaign = desk.checked(csv=lines.encode(), body="x" * 200)
    assert campaign.counts["cost"] == {"CAD": "0.024", "USD": "0.04"} and campaign.counts["unpriced"] == 1


def test_an_upstream_that_tells_no_prices_or_does_not_answer_fails_no_check(desk):
    assert desk.checked(desk.group(2)).counts["unpriced"] == 2


def test_five_thousand_rows_are_checked_in_seconds(desk, django_assert_max_num_queries):
    lines = ["phone,first name"] + [f"{number(n)},Client {n}" for n in range(5000)]
    campaign = desk.draft(body="Hi {{first_name}}", csv="\n".join(lines).encode())
    began = timezone.now()
    with django_assert_max_num_queries(150):
        assert checking.check(campaign.pk)
    assert timezone.now() - began < timedelta(seconds=15)
    campaign.refresh_from_db()
    assert campaign.counts["fit"] == 5000


def test_a_check_that_a_dead_worker_left_begins_anew(desk):
    campaign = desk.draft(desk.group(3))
    Campaign.objects.filter(pk=campaign.pk).update(lease_until=timezone.now() + timedelta(seconds=60))
    CampaignRow.objects.create(campaign=campaign, position=1, number=number(0))
    assert checking.waiting() == [] and not checking.check(campaign.pk)
    Campaign.objects.filter(pk=campaign.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert checking.waiting() == [campaign.pk] and checking.check(campaign.pk)
    campaign.refresh_from_db()
    assert campaign.counts["fit"] == campaign.rows.count() == 3


def test_a_worker_that_lost_its_lease_changes_nothing_more(desk):
    campaign = desk.draft(desk.group(3))
    taken = checking._claim(campaign.pk)
    Campaign.objects.filter(pk=campaign.pk).update(lease_until=timezone.now() + timedelta(seconds=500))
    assert not checking._give_back(taken, "file-lost")
    campaign.refresh_from_db()
    assert campaign.state == "checking"


# --- making and starting ------------------------------------------------------------------------------------------------


def test_the_same_form_makes_one_campaign(desk):
    """C23."""
    values = {
        "name": "A",
        "sender": OURS,
        "body_en": "x",
        "body_fr": "",
        "starts_at": None,
        "groups": [],
        "without": [],
    }
    intent = uuid.uuid4()
    first = running.make(desk.actor, desk.account, values, intent=intent)
    assert running.make(desk.actor, desk.account, values, intent=intent) == first
    with pytest.raises(IntentUsed):
        running.make(desk.actor, desk.account, values | {"body_en": "y"}, intent=intent)
    assert Campaign.objects.count() == 1


def test_started_twice_it_starts_once(desk):
    campaign = desk.checked(desk.group(3))
    intent = uuid.uuid4()
    running.start(desk.actor, campaign, intent=intent, seen=3)
    again = running.start(desk.actor, campaign, intent=intent, seen=3)
    assert again.state == "running"
    with pytest.raises(running.NotNow):
        running.start(desk.actor, campaign, intent=uuid.uuid4(), seen=3)


def test_what_was_seen_must_still_be_so(desk):
    campaign = desk.checked(desk.group(3))
    with pytest.raises(running.Changed):
        running.start(desk.actor, campaign, intent=uuid.uuid4(), seen=2)


def test_nothing_starts_with_nobody_to_send_to(desk):
    campaign = desk.checked(csv=b"phone\n911\n")
    with pytest.raises(running.Changed):
        running.start(desk.actor, campaign, intent=uuid.uuid4(), seen=0)


def test_a_suspended_account_starts_nothing(desk):
    campaign = desk.checked(desk.group(1))
    type(desk.account).objects.update(status="suspended")
    with pytest.raises(CannotSend):
        running.start(desk.actor, campaign, intent=uuid.uuid4(), seen=1)


# --- handing over and sending -------------------------------------------------------------------------------------------


def test_each_row_becomes_one_text_and_goes_out_once(desk, awake):
    campaign = desk.started(desk.group(12))
    with upstream() as taken:
        drain(desk)
    campaign.refresh_from_db()
    assert sorted(taken.numbers) == sorted(number(n) for n in range(12))
    assert campaign.state == "done" and campaign.finished_at and set(states(campaign)) == {"queued"}
    assert set(texts(campaign).values_list("state", "kind")) == {("sent", "campaign")}


def test_only_so_many_wait_at_a_time(desk, awake, settings):
    settings.CAMPAIGN_OPEN = 7
    campaign = desk.started(desk.group(30))
    for _ in range(3):
        handing.tick(lambda pk: None)
    assert texts(campaign).count() == 7 and states(campaign).count("fit") == 23


def test_a_sweep_wakes_the_texts_of_people_and_leaves_campaigns_to_their_lanes(desk, awake, wakes):
    desk.started(desk.group(5))
    handing.tick(lambda pk: None)
    assert outbox.sweep(Message) == 0 and not wakes
    pk = Message.objects.first().pk
    assert handing.waits_for_lane(pk)


def test_a_campaign_has_a_smaller_share_of_the_hour_than_people(desk):
    handler = outbox.HANDLERS[Message]
    assert handler.priority(Message(kind="campaign")) is Priority.BULK
    assert handler.priority(Message()) is Priority.INTERACTIVE


def test_behind_a_shut_upstream_texts_wait_where_they_are_and_say_why(desk, awake, settings):
    """C20: nothing is tried and nothing more is written out; all goes on by itself once it is open."""
    settings.CAMPAIGN_OPEN = 5
    campaign = desk.started(desk.group(12))
    handing.tick(lambda pk: None)
    Connection.objects.update(health="failing", retry_at=timezone.now() + timedelta(seconds=20))
    woken = []
    with upstream() as taken:
        assert handing.tick(woken.append) == 0 and not woken
        assert handing.run_lane(desk.connection.pk) == 0
    assert not taken.numbers
    assert set(texts(campaign).values_list("state", "error_code", "attempts")) == {("queued", "breaker_open", 0)}
    assert texts(campaign).count() == 5 and states(campaign).count("fit") == 7
    Connection.objects.update(health="ok", retry_at=None)
    handing.tick(woken.append)
    assert woken and set(texts(campaign).values_list("error_code", flat=True)) == {""}
    with upstream() as taken:
        drain(desk)
    assert sorted(taken.numbers) == sorted(number(n) for n in range(12))


def test_accounts_take_turns(desk, awake, settings):
    """C22: the second account's three texts do not wait for the first one's hundred."""
    settings.CAMPAIGN_OPEN = 20
    other = Desk(ours="+15145550199", connection=desk.connection)
    large, small = desk.started(desk.group(100)), other.started(other.group(3))
    handing.tick(lambda pk: None)
    assert texts(small).count() == 3 and texts(large).count() == 17
    assert max(texts(small).values_list("pk", flat=True)) < max(texts(large).values_list("pk", flat=True))


def test_lanes_are_few_and_shared_out_over_connections(desk, awake, settings):
    settings.CAMPAIGN_LANES = 3
    other = Desk(ours="+15145550199")
    desk.started(desk.group(5)), other.started(other.group(5))
    woken = []
    handing.tick(woken.append)
    assert len(woken) == 3 and set(woken) == {desk.connection.pk, other.connection.pk}
    under_way = Message.objects.filter(pk__in=list(Message.objects.values_list("pk", flat=True)[:3]))
    under_way.update(state="sending", claimed_at=timezone.now())
    woken.clear()
    handing.tick(woken.append)
    assert not woken


def test_calls_of_workers_that_are_gone_stand_in_no_lanes_way(desk, awake, settings):
    """A call ends by its deadline; who has not said so by then never will, long before the row counts as abandoned."""
    settings.CAMPAIGN_LANES, settings.UPSTREAM_DEADLINE = 3, 20
    desk.started(desk.group(5))
    handing.tick(lambda pk: None)
    lost = Message.objects.filter(pk__in=list(Message.objects.values_list("pk", flat=True)[:2]))
    lost.update(state="sending", claimed_at=timezone.now() - timedelta(seconds=20))
    woken = []
    handing.tick(woken.append)
    assert len(woken) == 1
    lost.update(claimed_at=timezone.now() - timedelta(seconds=22))
    woken.clear()
    handing.tick(woken.append)
    assert len(woken) == 3


def test_behind_a_paused_campaign_the_next_one_is_found(desk, awake, settings):
    settings.CAMPAIGN_LANES = 1
    paused, other = desk.started(desk.group(12)), desk.started(desk.group(2, name="Others"))
    handing.tick(lambda pk: None)
    running.pause(desk.actor, paused)
    taken = {handing._first(desk.connection.pk, set()) for _ in range(20)}
    assert taken <= set(texts(other).values_list("pk", flat=True)) and taken
    running.pause(desk.actor, other)
    assert handing._first(desk.connection.pk, set()) is None


def test_what_is_unclear_does_not_wait_for_all_that_is_still_to_be_sent(desk, awake):
    """Of thirty that are due, the one that is unclear and due last is taken in its turn."""
    desk.started(desk.group(30))
    handing.tick(lambda pk: None)
    unclear = Message.objects.latest("pk")
    Message.objects.filter(pk=unclear.pk).update(state="unknown", due_at=timezone.now())
    taken = {handing._first(desk.connection.pk, set()) for _ in range(60)}
    assert unclear.pk in taken and len(taken) > 1


def test_a_worker_that_dies_between_batches_loses_and_doubles_nothing(desk, awake):
    """The transaction of a batch is the whole truth of it."""
    campaign = desk.started(desk.group(12))
    real, calls = making.write, []

    def dying(*args, **options):
        calls.append(1)
        made = real(*args, **options)
        if len(calls) == 2:
            raise KeyboardInterrupt  # the texts were written; the rows do not say so yet
        return made

    few = patch.object(handing, "ALONE", 5)
    with few, patch.object(making, "write", dying), pytest.raises(KeyboardInterrupt):
        handing.tick(lambda pk: None)
    assert texts(campaign).count() == Message.objects.count() == states(campaign).count("queued") == 5
    with upstream() as taken:
        drain(desk)
    assert len(taken.numbers) == len(set(taken.numbers)) == 12


def test_a_row_whose_text_is_there_already_is_only_marked(desk, awake):
    campaign = desk.started(desk.group(2))
    handing.tick(lambda pk: None)
    campaign.rows.update(state="fit", message=None)
    handing.tick(lambda pk: None)
    assert Message.objects.count() == 2 and set(states(campaign)) == {"queued"}


def test_a_text_that_is_unclear_keeps_the_campaign_open_and_is_not_sent_twice(desk, awake, settings):
    settings.UPSTREAM_LOG_LAG = 60
    campaign = desk.started(desk.group(3))

    def first_is_unclear(row):
        if row.attempts == 1 and row.contact_number == number(0):
            raise Unclear("the answer was cut", code="cut")

    with upstream(first_is_unclear):
        handing.tick(lambda pk: None)
        handing.run_lane(desk.connection.pk, seconds=5)
        handing.tick(lambda pk: None)
        campaign.refresh_from_db()
        assert campaign.state == "running" and texts(campaign).filter(state="unknown").count() == 1


def test_a_refused_text_is_counted_and_the_others_go(desk, awake):
    campaign = desk.started(desk.group(3))

    def refuse(row):
        if row.contact_number == number(1):
            raise Rejected("no", code="destination_number_invalid")

    with upstream(refuse):
        drain(desk)
    campaign.refresh_from_db()
    assert campaign.state == "done"
    assert sorted(texts(campaign).values_list("state", flat=True)) == ["failed", "sent", "sent"]


def test_a_conversation_that_begins_with_a_campaign_stays_out_of_the_inbox(desk, awake):
    known = Thread.objects.create(
        account=desk.account, our_number=OURS, contact_number=number(0), last_direction="inbound", last_text="Hi"
    )
    desk.started(desk.group(2))
    handing.tick(lambda pk: None)
    new = Thread.objects.exclude(pk=known.pk).get()
    known.refresh_from_db()
    assert new.archived_at and not known.archived_at
    assert known.last_text == new.last_text == "Sale on Friday" and not new.unread


# --- quiet hours --------------------------------------------------------------------------------------------------------


def test_at_night_rows_are_held_not_lost_and_go_when_the_window_opens(desk):
    with time_machine.travel(NIGHT, tick=False):
        campaign = desk.started(desk.group(4))
        assert handing.tick(lambda pk: None) == 0
        assert set(campaign.rows.values_list("state", flat=True)) == {"fit"}
        opens = campaign.rows.first().due_at
        assert timezone.localtime(opens, timezone.get_fixed_timezone(-300)).hour == 9
    with time_machine.travel(NOON, tick=False):
        assert handing.tick(lambda pk: None) == 4


def test_those_who_are_awake_do_not_wait_for_those_who_sleep(desk):
    with time_machine.travel(NOON.replace(hour=15), tick=False):  # ten in Montréal, seven in Vancouver
        lines = [f"+1604{2_000_000 + n}" for n in range(30)] + [number(1), number(2)]
        campaign = desk.started(csv="\n".join(["phone", *lines]).encode())
        assert handing.tick(lambda pk: None) == 2
        assert set(texts(campaign).values_list("contact_number", flat=True)) == {number(1), number(2)}


def test_an_opt_out_while_held_is_seen_at_release(desk):
    with time_machine.travel(NIGHT, tick=False):
        campaign = desk.started(desk.group(2))
        handing.tick(lambda pk: None)
        consent.record(desk.actor, desk.account, number(0))
    with time_machine.travel(NOON, tick=False):
        assert handing.tick(lambda pk: None) == 1
    assert ("left_out", "opted-out") in campaign.rows.values_list("state", "reason")


def test_a_campaigns_text_sent_again_at_night_waits_for_their_morning(desk, client):
    """C12, C14: "all failed of some days" is no way around quiet hours, nor into the lane of what people write."""
    with time_machine.travel(NOON, tick=False):
        desk.started(desk.group(1))

        def refuse(row):
            raise Rejected("no", code="destination_number_invalid")

        with upstream(refuse):
            drain(desk)
    with time_machine.travel(NIGHT + timedelta(days=1), tick=False):
        days = again.Days(NOON.date(), NOON.date())
        assert again.retry(desk.actor, desk.account, days).sent == 1
        tried = Message.objects.exclude(retry_of=None).get()
        with upstream() as taking:
            drain(desk)
            outbox.sweep(Message)
        assert not taking.taken and tried.kind == Message.Kind.CAMPAIGN
        client.force_login(desk.user)
        page = client.get(reverse("messages:thread", args=[tried.thread_id])).content.decode()
        assert "These are quiet hours where they are. It goes out: " in page
    with time_machine.travel(NOON + timedelta(days=1), tick=False), upstream() as taking:
        drain(desk)
        assert [row.pk for row in taking.taken] == [tried.pk]


def test_a_campaign_waits_for_its_day(desk, awake):
    campaign = desk.started(desk.group(2), starts_at=timezone.now() + timedelta(hours=5))
    assert handing.tick(lambda pk: None) == 0
    with time_machine.travel(timezone.now() + timedelta(hours=6), tick=False):
        assert handing.tick(lambda pk: None) == 2
    assert campaign.pk


# --- pause, stop, trouble -----------------------------------------------------------------------------------------------


def test_paused_nothing_goes_and_resumed_the_rest_does(desk, awake, settings):
    settings.CAMPAIGN_OPEN = 5
    campaign = desk.started(desk.group(10))
    handing.tick(lambda pk: None)
    running.pause(desk.actor, campaign)
    with upstream() as taken:
        drain(desk)
        assert not taken.numbers
        running.resume(desk.actor, campaign)
        drain(desk)
    assert len(taken.numbers) == len(set(taken.numbers)) == 10


def test_what_is_unclear_is_settled_by_a_lane_even_while_paused(desk, awake, settings, wakes):
    """C13: pausing holds back what was not sent; whether one was sent must still be found out. No sweep wakes it one by one."""
    settings.UPSTREAM_LOG_LAG = 0
    campaign = desk.started(desk.group(2))

    def cut(row):
        raise Unclear("the answer was cut", code="cut")

    with upstream(cut) as taken:
        handing.tick(lambda pk: None)
        with patch.object(taken, "settle", side_effect=Unreachable("away"), create=True):
            handing.run_lane(desk.connection.pk)
        assert set(texts(campaign).values_list("state", flat=True)) == {"unknown"}
        running.pause(desk.actor, campaign)
        texts(campaign).update(due_at=timezone.now())
        assert outbox.sweep(Message) == 0 and not wakes
        settled = Settlement(Sight.FOUND, {})
        with patch.object(taken, "settle", return_value=settled):
            assert handing.run_lane(desk.connection.pk) == 2
    assert set(texts(campaign).values_list("state", flat=True)) == {"sent"} and len(taken.numbers) == 2


def test_stopped_in_the_middle_what_was_not_sent_never_is(desk, awake, settings):
    settings.CAMPAIGN_OPEN = 5
    campaign = desk.started(desk.group(20))

    def stop_after_three(row):
        if len(taken.taken) == 3:
            running.stop(desk.actor, campaign)

    with upstream(stop_after_three) as taken:
        drain(desk)
    campaign.refresh_from_db()
    assert len(taken.numbers) == 3 and campaign.state == "stopped"
    assert texts(campaign).filter(state="sent").count() == 3 and texts(campaign).filter(state="cancelled").count() == 2
    assert campaign.rows.filter(state="left_out", reason="stopped").count() == 15
    for act in (running.stop, running.pause, running.resume):
        with pytest.raises(running.NotNow):
            act(desk.actor, campaign)


def test_stop_from_a_recipient_in_the_middle_is_obeyed_at_once(desk, awake, settings):
    """R27: no text to whoever said STOP is claimed after it was committed, handed over already or not."""
    settings.CAMPAIGN_OPEN = 10
    campaign = desk.started(desk.group(30))
    handing.tick(lambda pk: None)
    for n in (0, 5, 9, 12, 25):
        consent.record(desk.actor, desk.account, number(n))
    sent = []
    with patch.object(outbox.gateway, "client_for", lambda *_: _Upstream(sent)):
        drain(desk)
    assert not {number(n) for n in (0, 5, 9, 12, 25)} & set(sent)
    assert len(sent) == len(set(sent)) == 25
    assert texts(campaign).filter(state="blocked").count() == 3
    assert campaign.rows.filter(reason="opted-out").count() == 2
    campaign.refresh_from_db()
    assert campaign.state == "done"


class _Upstream:
    """A client that takes every text."""

    def __init__(self, sent: list):
        self.sent = sent

    def send_message(self, source, destination, body, attachment=None):
        self.sent.append(destination)
        return type("Sent", (), {"external_id": f"{destination}-{len(self.sent)}"})


@pytest.mark.parametrize("trouble", ["number-gone", "account-suspended", "balance"])
def test_what_stands_in_the_way_pauses_it_and_is_said(desk, awake, trouble):
    campaign = desk.started(desk.group(3))
    if trouble == "number-gone":
        desk.number.delete()
    elif trouble == "balance":
        BalanceFactory(account=desk.account, connection=desk.connection, amount=0, available=0)
    else:
        type(desk.account).objects.filter(pk=desk.account.pk).update(status="suspended")
    assert handing.tick(lambda pk: None) == 0
    campaign.refresh_from_db()
    assert (campaign.state, campaign.error) == ("paused", trouble)
    if trouble == "balance":
        Balance.objects.update(amount=10, available=10)
        running.resume(desk.actor, campaign)
        assert handing.tick(lambda pk: None) == 3


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_hand_over_at_once_make_each_text_once(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    desk = Desk()
    campaign = desk.started(desk.group(40))
    ready = threading.Barrier(2)

    def work():
        ready.wait()
        try:
            for _ in range(3):
                handing.tick(lambda pk: None)
        finally:
            connection.close()

    with an_open_hour():
        workers = [threading.Thread(target=work) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    numbers = list(texts(campaign).values_list("contact_number", flat=True))
    assert len(numbers) == len(set(numbers)) == 40 == Message.objects.count()
