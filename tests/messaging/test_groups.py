"""Groups of contacts (C11, C19): made, filled by search and from the list, emptied, deleted."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry
from messaging.models import Contact, ContactGroup
from tests.factories import MembershipFactory
from tests.messaging.people import htmx


@pytest.fixture
def group(world):
    return ContactGroup.objects.create(account=world.account, name="Friends")


def address(name: str, group: ContactGroup) -> str:
    return reverse(f"messages:{name}", args=[group.pk])


def test_a_group_is_made_once_and_renamed(world, client, group):
    for _ in range(2):
        assert client.post(reverse("messages:group_new"), {"name": " Monthly  list "}).status_code == 302
    assert set(ContactGroup.objects.values_list("name", flat=True)) == {"Friends", "Monthly list"}
    assert client.post(reverse("messages:group_new"), {"name": "\u200b"}).status_code == 422
    taken = client.post(address("group_rename", group), {"name": "Monthly list"})
    assert taken.status_code == 422 and b"a group of this name already" in taken.content
    client.post(address("group_rename", group), {"name": "Family"})
    group.refresh_from_db()
    assert group.name == "Family"


def test_contacts_are_found_and_added_and_taken_out(world, client, group):
    anne, bob = world.contact(), world.contact("+14165550199", name="Bob")
    found = client.get(address("group", group), {"q": "ann"}, headers=htmx("group_found"))
    assert b"Anne Roy" in found.content and b"Bob" not in found.content and b"<html" not in found.content
    client.post(address("group_add", group), {"contacts": [anne.pk, bob.pk]})
    client.post(address("group_add", group), {"contacts": [anne.pk]})
    assert group.contacts.count() == 2
    assert b"Nobody outside" in client.get(address("group", group), {"q": "ann"}).content
    client.post(address("group_remove", group), {"contacts": [anne.pk]})
    assert list(group.contacts.all()) == [bob]
    assert AuditEntry.objects.filter(action="group.added_to").count() == 1
    assert b"Tick the contacts" in client.post(address("group_add", group), {}, follow=True).content


def test_a_stranger_is_never_put_into_a_group(world, client, group):
    foreign = Contact.objects.create(account=MembershipFactory().account, number="+14385550143", name="Foreign")
    theirs = ContactGroup.objects.create(account=foreign.account, name="Theirs")
    client.post(address("group_add", group), {"contacts": [foreign.pk]})
    client.post(reverse("messages:contacts_choose"), {"contacts": [foreign.pk], "group": group.pk})
    client.post(reverse("messages:contacts_choose"), {"all": "1", "group": theirs.pk})
    assert not group.contacts.exists() and not theirs.contacts.exists()


def test_the_ticked_or_all_that_the_filter_finds_go_into_a_group(world, client, group):
    Contact.objects.bulk_create(
        Contact(account=world.account, number=f"+1438556{n:04d}", name=f"P{n}", language="fr" if n % 2 else "en")
        for n in range(1200)
    )
    choose = reverse("messages:contacts_choose")
    answer = client.post(f"{choose}?language=fr", {"all": "1", "group": group.pk})
    assert answer["Location"].endswith("/messages/contacts/?language=fr")
    assert group.contacts.count() == 600
    one = Contact.objects.first()
    client.post(choose, {"contacts": [one.pk], "new_group": "New ones"})
    assert list(ContactGroup.objects.get(name="New ones").contacts.all()) == [one]
    for nothing in ({}, {"contacts": [one.pk]}, {"group": group.pk}, {"contacts": ["x"], "group": group.pk}):
        assert b"Tick contacts and choose" in client.post(choose, nothing, follow=True).content


def test_deleting_a_group_asks_first_and_leaves_its_contacts(world, client, group):
    group.contacts.add(world.contact())
    assert client.get(address("group_delete", group)).status_code == 200 and ContactGroup.objects.exists()
    client.post(address("group_delete", group))
    assert not ContactGroup.objects.exists() and Contact.objects.count() == 1


def test_any_number_of_members_costs_the_same_questions(world, client, group):
    def count(url: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        return len(queries)

    group.contacts.add(world.contact())
    urls = [reverse("messages:groups"), address("group", group)]
    client.get(urls[0])
    few = [count(url) for url in urls]
    rows = Contact.objects.bulk_create(Contact(account=world.account, number=f"+1438556{n:04d}") for n in range(80))
    group.contacts.add(*rows)
    for n in range(5):
        ContactGroup.objects.create(account=world.account, name=f"G{n}").contacts.add(*rows[:9])
    assert [count(url) for url in urls] == few
