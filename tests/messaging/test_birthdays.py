"""Birthday greetings of groups: once a year, on the day, in the contact's language, by the contact's own clock."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from messaging.campaigns import birthdays, handing
from messaging.models import ContactGroup, Message, OptOut
from tests.messaging.campaigning import NIGHT, NOON, OURS, Desk, number, upstream


@pytest.fixture
def desk(db) -> Desk:
    return Desk()


def greeting(desk, name="Clients", **values) -> ContactGroup:
    texts = {
        "greeting_en": "Happy birthday, {{first_name}}!",
        "greeting_fr": "Bonne fête, {{first_name}}!",
        "greeting_from": OURS,
    }
    return ContactGroup.objects.create(account=desk.account, name=name, **{**texts, **values})


def born(desk, group, n: int, day: date = date(1980, 11, 18), **values) -> None:
    (contact,) = desk.contacts(number(n), birthday=day, **{"name": "Anne Roy", **values})
    group.contacts.add(contact)


def test_on_the_day_each_is_greeted_once_in_their_language(desk):
    group = greeting(desk)
    born(desk, group, 1)
    born(desk, group, 2, language="fr", name="Zoé")
    born(desk, group, 3, date(1980, 11, 19))
    assert birthdays.greet(NOON) == 2
    assert birthdays.greet(NOON) == 0
    found = dict(Message.objects.values_list("contact_number", "body"))
    assert found == {number(1): "Happy birthday, Anne!", number(2): "Bonne fête, Zoé!"}


def test_next_year_again(desk):
    born(desk, group := greeting(desk), 1)
    assert birthdays.greet(NOON) == 1 and birthdays.greet(NOON.replace(year=2027)) == 1 and group


def test_in_the_night_nobody_is_greeted_and_a_later_run_of_the_day_does(desk):
    born(desk, greeting(desk), 1)
    assert birthdays.greet(NIGHT) == 0 and birthdays.greet(NOON) == 1


def test_the_day_is_that_of_the_account(desk):
    """Half past nine in the evening of the 17th in Montréal is the 18th in UTC."""
    born(desk, greeting(desk), 1)
    assert birthdays.greet(datetime(2026, 11, 18, 1, 0, tzinfo=UTC)) == 0


@pytest.mark.parametrize(("year", "day", "expected"), [(2026, 28, 1), (2028, 28, 0), (2028, 29, 1)])
def test_who_was_born_on_the_29th_of_february(desk, year, day, expected):
    born(desk, greeting(desk), 1, date(1988, 2, 29))
    assert birthdays.greet(datetime(year, 2, day, 17, 0, tzinfo=UTC)) == expected


def test_who_is_in_two_groups_is_greeted_once(desk):
    first, second = greeting(desk, "A"), greeting(desk, "B")
    born(desk, first, 1)
    second.contacts.set(first.contacts.all())
    assert birthdays.greet(NOON) == 1


def test_who_must_be_left_alone_is(desk):
    group = greeting(desk)
    born(desk, group, 1)
    born(desk, group, 2, blocked_at=NOON)
    born(desk, group, 3, name="")
    OptOut.objects.create(account=desk.account, number=number(1), source="person")
    assert birthdays.greet(NOON) == 0


@pytest.mark.parametrize("values", [{"greeting_from": ""}, {"greeting_en": "", "greeting_fr": ""}])
def test_a_group_without_greeting_or_sender_greets_nobody(desk, values):
    born(desk, greeting(desk, **values), 1)
    assert birthdays.greet(NOON) == 0


def test_a_sender_or_account_that_may_not_send_greets_nobody(desk):
    born(desk, greeting(desk), 1)
    type(desk.account).objects.update(status="suspended")
    assert birthdays.greet(NOON) == 0
    type(desk.account).objects.update(status="active")
    desk.number.delete()
    assert birthdays.greet(NOON) == 0


def test_greetings_go_out_by_the_lanes(desk):
    born(desk, greeting(desk), 1)
    birthdays.greet(NOON)
    Message.objects.update(due_at=NOON)
    with upstream() as taken:
        handing.run_lane(desk.connection.pk)
    assert taken.numbers == [number(1)]


# --- its page -----------------------------------------------------------------------------------------------------------


def greet_page(group: ContactGroup) -> str:
    return reverse("messages:greeting", args=[group.pk])


def test_a_greeting_is_written_on_its_page(desk, client):
    client.force_login(desk.user)
    group = ContactGroup.objects.create(account=desk.account, name="Clients")
    assert "Greet on birthdays" in client.get(reverse("messages:group", args=[group.pk])).content.decode()
    assert client.get(greet_page(group)).status_code == 200
    values = {"greeting_from": OURS, "greeting_en": "Happy birthday!", "greeting_fr": "Bonne fête!"}
    page = client.post(greet_page(group), values, follow=True).content.decode()
    group.refresh_from_db()
    assert group.greeting_fr == "Bonne fête!" and "Each is greeted on the day" in page
    assert AuditEntry.objects.get(action="group.greeting_changed").after == values
    page = client.post(greet_page(group), {}, follow=True).content.decode()
    assert "sends no greetings" in page


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"greeting_en": "Hi"}, "Choose the number that it comes from."),
        ({"greeting_en": "Hi {{{name}}}", "greeting_from": OURS}, "braces"),
        ({"greeting_en": "x" * 481, "greeting_from": OURS}, "480"),
        ({"greeting_en": "Hi", "greeting_from": "+15145550111"}, "can no longer send texts"),
    ],
)
def test_a_greeting_that_cannot_be_is_said_at_its_field(desk, client, values, words):
    client.force_login(desk.user)
    group = ContactGroup.objects.create(account=desk.account, name="Clients")
    answer = client.post(greet_page(group), values)
    group.refresh_from_db()
    assert answer.status_code == 422 and words in answer.content.decode() and not group.greeting_en


def test_without_a_number_its_page_says_what_to_do(desk, client):
    client.force_login(desk.user)
    group = ContactGroup.objects.create(account=desk.account, name="Clients")
    desk.number.delete()
    assert "No number can send texts" in client.get(greet_page(group)).content.decode()
