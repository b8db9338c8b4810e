"""Campaigns as people meet them (C11): writing one, the review, starting it, progress, the result; nothing typed is lost."""

import re
import uuid
from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import AuditEntry
from messaging.campaigns import checking, foretelling, handing, running
from messaging.models import Campaign, ContactGroup, Message, OptOut, Template
from messaging.upstream import prices
from messaging.upstream.prices import PriceList
from providers import quota
from providers.clients.errors import Rejected
from providers.clients.records import PriceRecord
from providers.quota import Priority
from tests.factories import BalanceFactory
from tests.messaging.campaigning import NIGHT, NOON, OURS, Desk, an_open_hour, drain, number, texts, upstream


@pytest.fixture
def desk(db, client, settings, tmp_path) -> Desk:
    settings.MEDIA_ROOT = tmp_path
    desk = Desk()
    client.force_login(desk.user)
    return desk


def form(**values) -> dict:
    return {"name": "Friday", "sender": OURS, "body_en": "Sale on Friday", "intent": str(uuid.uuid4()), **values}


def page(client, campaign: Campaign, **headers) -> str:
    return client.get(reverse("messages:campaign", args=[campaign.public_id]), **headers).content.decode()


def press(client, name: str, campaign: Campaign, **values):
    return client.post(reverse(f"messages:campaign_{name}", args=[campaign.public_id]), values, follow=True)


def start_values(client, campaign: Campaign) -> dict:
    """What the form on the page would send."""
    return dict(re.findall(r'name="(intent|seen)" value="([^"]+)"', page(client, campaign)))


def csv(text: str, name: str = "people.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


# --- writing --------------------------------------------------------------------------------------------------------------


def test_from_a_group_to_the_review(desk, client, django_capture_on_commit_callbacks, wakes):
    group = desk.group(3)
    assert "Clients (3)" in client.get(reverse("messages:campaign_new")).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("messages:campaign_new"), form(groups=[group.pk]), follow=True)
    campaign = Campaign.objects.get()
    assert "Every row is being checked" in answer.content.decode()
    assert [(wake.task, wake.args) for wake in wakes] == [("messaging.tasks.check_campaign", (campaign.pk,))]
    checking.check(campaign.pk)
    shown = page(client, campaign)
    assert "Ready to start" in shown and "3 texts" in shown and "Start: 3 texts" in shown and "Sale on Friday" in shown
    assert not Message.objects.exists()
    assert AuditEntry.objects.filter(action="campaign.created").exists()


def test_from_a_file_with_a_template_in_two_languages(desk, client):
    template = Template.objects.create(
        account=desk.account, name="Sale", body_en="Hi {{first_name}}", body_fr="Salut {{first_name}}"
    )
    file = csv("phone,first name,language\n514 200-0001,Anne,en\n514 200-0002,Zoé,fr\n")
    client.post(reverse("messages:campaign_new"), form(body_en="", template=template.pk, file=file))
    campaign = Campaign.objects.get()
    checking.check(campaign.pk)
    shown = page(client, campaign)
    assert "Hi Anne" in shown and "Salut Zoé" in shown and "people.csv" in shown


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": ""}, "Give the campaign a name."),
        ({"body_en": "", "body_fr": ""}, "Write a text, or choose a template."),
        ({"body_en": "Hi {{{name}}}"}, "braces"),
        ({"body_en": "x" * 1001}, "too long"),
        ({"sender": "+15145550111"}, "can no longer send texts"),
        ({"send_on": "2020-01-01", "send_time": "10:00"}, "This time has passed."),
        ({"file": csv("PK\x03\x04")}, "Excel or ZIP"),
        ({"file": csv("\x00\x01\x02")}, "not a text file"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_lost(desk, client, values, words):
    group = desk.group(1)
    written = form(groups=[group.pk], body_fr="Rabais vendredi") | values
    answer = client.post(reverse("messages:campaign_new"), written)
    shown = answer.content.decode()
    assert answer.status_code == 422 and words in shown
    assert written["body_fr"] in shown and written["name"] in shown and "checked" in shown


def test_nobody_to_send_to_is_said(desk, client):
    answer = client.post(reverse("messages:campaign_new"), form())
    assert answer.status_code == 422 and "Choose a group, or a file with numbers." in answer.content.decode()


def test_a_strangers_group_and_template_cannot_be_chosen(desk, client):
    other = Desk(ours="+15145550199")
    group = other.group(2)
    template = Template.objects.create(account=other.account, name="Theirs", body_en="x")
    answer = client.post(reverse("messages:campaign_new"), form(groups=[group.pk], template=template.pk))
    assert answer.status_code == 422 and not Campaign.objects.exists()


def test_the_same_form_twice_is_one_campaign_and_with_other_words_a_conflict(desk, client):
    """C23, R8."""
    values = form(groups=[desk.group(1).pk])
    first = client.post(reverse("messages:campaign_new"), values)
    assert client.post(reverse("messages:campaign_new"), values)["Location"] == first["Location"]
    answer = client.post(reverse("messages:campaign_new"), values | {"body_en": "Other words"})
    assert answer.status_code == 409 and "Other words" in answer.content.decode() and Campaign.objects.count() == 1


def test_changed_it_is_checked_again_and_keeps_its_file(desk, client):
    client.post(reverse("messages:campaign_new"), form(file=csv(f"phone\n{number(1)}\n")))
    campaign = Campaign.objects.get()
    checking.check(campaign.pk)
    url = reverse("messages:campaign_edit", args=[campaign.public_id])
    assert "people.csv" in client.get(url).content.decode()
    client.post(url, form(body_en="Better words"))
    checking.check(campaign.pk)
    campaign.refresh_from_db()
    assert (campaign.state, campaign.body_en, campaign.counts["fit"]) == ("ready", "Better words", 1)
    answer = client.post(url, form(drop_file="on"))
    assert answer.status_code == 422 and "Choose a group" in answer.content.decode()
    client.post(url, form(drop_file="on", groups=[desk.group(2).pk]))
    checking.check(campaign.pk)
    campaign.refresh_from_db()
    assert not campaign.file and campaign.counts["fit"] == 2


def test_a_file_that_has_no_numbers_is_explained(desk, client):
    campaign = desk.checked(csv=b"city\nLaval\n")
    shown = page(client, campaign)
    assert "There is something to mend" in shown and "No column of the file has phone numbers" in shown


# --- the review -----------------------------------------------------------------------------------------------------------


def test_the_review_tells_who_is_left_out_and_why(desk, client):
    OptOut.objects.create(account=desk.account, number=number(1), source="person")
    campaign = desk.checked(
        csv=f"phone,name\n{number(0)},Anne\n{number(1)},Bob\n{number(0)},Anne again\n911,Cid\n".encode()
    )
    shown = page(client, campaign)
    assert "asked to get no more texts" in shown and "row 2" in shown and "Bob" in shown
    assert "stands further up already" in shown and "Texts cannot go to short numbers" in shown


def test_the_review_tells_the_cost_of_each_currency_and_what_is_not_known(desk, client):
    known = PriceList(
        [
            PriceRecord(service="sms", destination="CA", amount=Decimal("0.01"), currency="CAD"),
            PriceRecord(service="sms", destination="US", amount=Decimal("0.02"), currency="USD"),
        ]
    )
    BalanceFactory(account=desk.account, connection=desk.connection, amount=Decimal("0.001"), available=None)
    with patch.object(prices, "read", return_value=known):
        campaign = desk.checked(csv=f"phone\n{number(1)}\n+12125550134\n+18765550100\n".encode())
    shown = page(client, campaign)
    assert "$0.01\u00a0CAD" in shown and "$0.02\u00a0USD" in shown and "whose price is not known" in shown
    assert "less than this costs" in shown


def test_a_price_that_nobody_tells_is_said_to_be_unknown(desk, client):
    assert "The upstream tells no price for texts." in page(client, desk.checked(desk.group(1)))


def test_the_law_is_called_to_mind_until_the_text_obeys_it(desk, client):
    """CASL: who sends, how to stop, consent on record."""
    shown = page(client, desk.checked(desk.group(2)))
    assert (
        "Say who you are" in shown
        and "Say how to get no more" in shown
        and "For 2 people no consent is on record" in shown
    )
    shown = page(
        client, desk.checked(csv=f"phone\n{number(5)}\n".encode(), body=f"{desk.account.name}: sale. STOP to end")
    )
    assert "Say who you are" not in shown and "Say how to get no more" not in shown


def test_the_review_costs_the_same_for_any_number_of_rows(desk, client):
    def count(campaign) -> int:
        with CaptureQueriesContext(connection) as queries:
            page(client, campaign)
        return len(queries)

    small, large = desk.checked(desk.group(2, "Few")), desk.checked(desk.group(60, "Many"))
    count(small)
    assert count(small) == count(large) <= 45


# --- foretelling ----------------------------------------------------------------------------------------------------------


def forecast(desk, campaign, now=NOON):
    sender = foretelling.Sender(desk.number.number, "", desk.connection, line=desk.number)
    with time_machine.travel(now, tick=False):
        return foretelling.forecast(campaign, sender, now)


def test_a_small_campaign_is_done_in_minutes_and_a_large_one_when_the_hours_allow(desk):
    """5,000 texts at VoiceMeUp's limit of 600 an hour take the better part of a day."""
    small = desk.checked(desk.group(30))
    assert forecast(desk, small).done_at < NOON + timedelta(minutes=5)
    lines = "\n".join(["phone", *(number(n) for n in range(5000))])
    found = forecast(desk, desk.checked(csv=lines.encode()))
    assert 430 <= found.an_hour <= 450 and found.is_held
    # Nine and a half hours are open that day; the rest goes the next morning from nine on.
    assert NOON + timedelta(hours=21) < found.done_at < NOON + timedelta(hours=24)


def test_what_others_send_is_counted_in(desk):
    other = Desk(ours="+15145550199", connection=desk.connection)
    other.started(other.group(900))
    campaign = desk.checked(desk.group(100))
    alone = forecast(desk, campaign)
    assert alone.ahead == 900 and alone.done_at > NOON + timedelta(hours=2)


def test_at_night_the_first_text_waits_and_so_is_said(desk, client):
    campaign = desk.checked(desk.group(3))
    found = forecast(desk, campaign, NIGHT)
    assert found.opens_at == NIGHT.replace(hour=14) and found.done_at > found.opens_at
    with time_machine.travel(NIGHT, tick=False):
        client.force_login(desk.user)
        assert "quiet hours last until" in page(client, campaign)


def test_a_campaign_leaves_room_in_the_hour_for_people(desk):
    """600 an hour must not starve an interactive text behind a campaign."""
    taken = 0
    while True:
        try:
            quota.take(desk.connection, "queue_sms", Priority.BULK)
            taken += 1
        except quota.Exhausted:
            break
    assert taken == 450
    quota.take(desk.connection, "queue_sms", Priority.INTERACTIVE)


# --- starting -------------------------------------------------------------------------------------------------------------


def test_started_it_runs_and_the_page_follows(desk, client):
    campaign = desk.checked(desk.group(4))
    values = start_values(client, campaign)
    assert values["seen"] == "4"
    shown = press(client, "start", campaign, **values).content.decode()
    assert "It is going out" in shown and "0 of 4" in shown and 'hx-trigger="every 2s"' in shown
    again = press(client, "start", campaign, **values).content.decode()
    assert "Somebody was faster" not in again
    with an_open_hour(), upstream():
        drain(desk)
    fragment = page(client, campaign, headers={"HX-Request": "true", "HX-Target": "campaign"})
    assert "It is done" in fragment and "4 of 4" in fragment and "<html" not in fragment and "every 2s" not in fragment


def test_started_by_two_people_it_starts_once_and_the_second_is_told(desk, client):
    campaign = desk.checked(desk.group(2))
    values = start_values(client, campaign)
    press(client, "start", campaign, **values)
    shown = press(client, "start", campaign, **values | {"intent": str(uuid.uuid4())}).content.decode()
    assert "Somebody was faster" in shown
    assert AuditEntry.objects.filter(action="campaign.started").count() == 1


def test_what_changed_since_it_was_seen_is_shown_before_it_starts(desk, client):
    group = desk.group(3)
    campaign = desk.checked(group)
    values = start_values(client, campaign)
    group.contacts.remove(group.contacts.first())
    running.check_again(desk.actor, campaign)
    checking.check(campaign.pk)
    answer = press(client, "start", campaign, **values)
    assert answer.status_code == 409 and "The check has found other people since" in answer.content.decode()
    campaign.refresh_from_db()
    assert campaign.state == "ready"


def test_a_large_one_asks_once_more_who_it_is(desk, client, settings):
    settings.FRESH_SIGN_IN = True
    campaign = desk.checked(desk.group(3))
    Campaign.objects.update(counts={**campaign.counts, "fit": 900})
    answer = client.post(
        reverse("messages:campaign_start", args=[campaign.public_id]), {"intent": str(uuid.uuid4()), "seen": 900}
    )
    assert answer.status_code == 302 and "reauthenticate" in answer["Location"]
    campaign.refresh_from_db()
    assert campaign.state == "ready"


def test_a_start_without_its_keys_does_nothing(desk, client):
    campaign = desk.checked(desk.group(2))
    for values in ({}, {"intent": "x", "seen": 2}, {"intent": str(uuid.uuid4()), "seen": "-1"}):
        press(client, "start", campaign, **values)
    campaign.refresh_from_db()
    assert campaign.state == "ready"


def test_a_later_start_is_told_and_waits(desk, client):
    campaign = desk.checked(desk.group(2), starts_at=timezone.now() + timedelta(days=1))
    assert "Schedule 2 texts" in page(client, campaign)
    shown = press(client, "start", campaign, **start_values(client, campaign)).content.decode()
    assert "It begins: " in shown and "Scheduled</span>" in shown and "Running" not in shown
    assert handing.tick(lambda pk: None) == 0


# --- while and after ------------------------------------------------------------------------------------------------------


def test_pause_resume_and_stop_by_their_buttons(desk, client):
    campaign = desk.started(desk.group(3))
    assert "It is paused" in press(client, "pause", campaign).content.decode()
    assert "It is going out" in press(client, "resume", campaign).content.decode()
    stop = reverse("messages:campaign_stop", args=[campaign.public_id])
    assert "Stop it for good?" in client.get(stop).content.decode()
    shown = press(client, "stop", campaign).content.decode()
    assert "It was stopped" in shown and "Not sent: stopped" in shown
    assert "Somebody was faster" in press(client, "resume", campaign).content.decode()
    assert client.get(stop).status_code == 302


def test_the_figures_of_the_end_are_those_of_the_rows(desk, client, settings):
    """C13, C15: sent, delivered, failed, blocked and left out add up to every row."""
    settings.CAMPAIGN_OPEN = 50
    OptOut.objects.create(account=desk.account, number=number(0), source="person")
    campaign = desk.checked(desk.group(10), csv=f"phone\n911\n{number(1)}\n".encode())
    campaign = running.start(desk.actor, campaign, intent=uuid.uuid4(), seen=campaign.counts["fit"])

    def refuse(row):
        if row.contact_number == number(2):
            raise Rejected("no", code="destination_number_invalid")

    with an_open_hour(), upstream(refuse):
        drain(desk)
    texts(campaign).filter(contact_number=number(3)).update(state="delivered")
    texts(campaign).filter(contact_number=number(4)).update(state="blocked", error_code="opted-out")
    client.get(reverse("messages:campaign", args=[campaign.public_id]))
    figures = client.get(reverse("messages:campaign", args=[campaign.public_id])).context["progress"].figures
    found = {figure.key: int(figure.value) for figure in figures}
    assert found == {"sent": 6, "delivered": 1, "failed": 1, "blocked": 2, "left_out": 2}
    assert sum(found.values()) == campaign.rows.count() == 12


def test_the_result_as_a_table_has_every_row_and_no_formula(desk, client):
    file = csv(f"phone,name\n{number(0)},=HYPERLINK(1)\n{number(0)},Bob\n'+1438,Cid\n")
    client.post(reverse("messages:campaign_new"), form(file=file))
    campaign = Campaign.objects.get()
    url = reverse("messages:campaign_rows", args=[campaign.public_id])
    assert client.get(url).status_code == 404
    checking.check(campaign.pk)
    answer = client.get(url)
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert "attachment" in answer["Content-Disposition"] and len(lines) == 4
    assert lines[0].startswith("\ufeffRow,Number") and "'=HYPERLINK" in lines[1] and "stands further up" in lines[2]


def test_the_list_has_states_and_counts_and_costs_the_same_for_any_number(desk, client):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("messages:campaigns"))
        return len(queries)

    assert "No campaign yet" in client.get(reverse("messages:campaigns")).content.decode()
    desk.started(desk.group(2))
    count()
    few = count()
    for n in range(40):
        Campaign.objects.create(account=desk.account, name=f"Number {n}", sender=OURS, state="draft")
    assert count() == few <= 16
    first = client.get(reverse("messages:campaigns"))
    older = client.get(reverse("messages:campaigns") + first.context["more"]).content.decode()
    assert "Number 39" in first.content.decode() and "Running" in older


def test_a_new_one_begins_like_an_old_one(desk, client):
    campaign = desk.checked(desk.group(2), body="Once more")
    shown = client.get(reverse("messages:campaign_new"), {"like": campaign.public_id}).content.decode()
    assert "Once more" in shown and "checked" in shown
    assert client.get(reverse("messages:campaign_new"), {"like": uuid.uuid4()}).status_code == 404
    assert client.get(reverse("messages:campaign_new"), {"like": "x"}).status_code == 200


def test_who_may_only_read_sees_everything_and_can_press_nothing(desk, client):
    campaign = desk.checked(desk.group(2))
    desk.user.memberships.update(role="reader")
    shown = page(client, campaign)
    assert "Ready to start" in shown and "Start: " not in shown
    assert client.get(reverse("messages:campaign_new")).status_code == 403
    for name in ("start", "pause", "resume", "stop", "check", "edit"):
        assert client.post(reverse(f"messages:campaign_{name}", args=[campaign.public_id])).status_code == 403


def test_without_a_number_or_groups_the_page_says_what_to_do(desk, client):
    assert "To groups" not in client.get(reverse("messages:campaign_new")).content.decode()
    desk.number.delete()
    assert "No number can send texts" in client.get(reverse("messages:campaign_new")).content.decode()


def test_a_campaign_cannot_be_edited_once_it_runs(desk, client):
    campaign = desk.started(desk.group(1))
    url = reverse("messages:campaign_edit", args=[campaign.public_id])
    assert client.get(url).status_code == 302 and client.post(url, form()).status_code == 302
    campaign.refresh_from_db()
    assert campaign.state == "running"


def test_every_state_of_the_page_speaks_french(desk, client):
    desk.user.language = "fr"
    desk.user.save()
    campaign = desk.checked(desk.group(2))
    with translation.override("fr"):
        assert client.get(reverse("messages:campaign", args=[campaign.public_id])).status_code == 200
    assert ContactGroup.objects.count() == 1
