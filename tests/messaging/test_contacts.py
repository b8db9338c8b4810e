"""Contacts (C19): the list, one with its consents, merging, and the name that conversations bear."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import AuditEntry, Membership
from accounts.roles import Role
from messaging import people
from messaging.models import Consent, Contact, ContactGroup, OptOut, Thread
from messaging.people_listing import PeopleListing
from messaging.upstream import threading
from tests.factories import MembershipFactory, NumberFactory
from tests.messaging.people import OURS, htmx

LIST = "/messages/contacts/"


def form(**values) -> dict:
    return {
        "name": "Anne Roy",
        "number": "(438) 555-0142",
        "language": "fr",
        "birthday": "",
        "tags": "",
        "notes": "",
        **values,
    }


def address(name: str, contact: Contact) -> str:
    return reverse(f"messages:{name}", args=[contact.pk])


# --- the list ---------------------------------------------------------------------------------------------------------


def test_the_list_finds_by_name_number_tag_language_group_and_state(world, client):
    anne = world.contact(language="fr", tags="vip, plomberie")
    bob = world.contact("+14165550199", name="Bob", language="en", tags="vip2", blocked_at=timezone.now())
    OptOut.objects.create(account=world.account, number=anne.number, source="person")
    group = ContactGroup.objects.create(account=world.account, name="Friends")
    group.contacts.add(bob)
    world_wide = {
        "q=anne": {anne}, "q=0142": {anne}, "q=438 555-0142": {anne}, "tag=vip": {anne}, "tag=VIP2": {bob}, "language=en": {bob},
        "state=opted-out": {anne}, "state=blocked": {bob}, f"group={group.pk}": {bob}, "q=zebra": set(), "": {anne, bob},
        "group=x&language=xx&state=odd": {anne, bob},
    }  # fmt: skip
    for query, expected in world_wide.items():
        rows = client.get(f"{LIST}?{query}").context["rows"]
        assert {row.pk for row in rows} == {one.pk for one in expected}, query


def test_any_number_of_contacts_costs_the_same_questions(world, client, django_assert_max_num_queries):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        return len(queries)

    world.contact()
    client.get(LIST)
    few = count()
    Contact.objects.bulk_create(
        Contact(account=world.account, number=f"+1438556{n:04d}", name=f"Person {n % 7}", tags="a, b")
        for n in range(120)
    )
    assert count() == few
    with django_assert_max_num_queries(20):
        client.get(LIST)


def test_pages_go_on_by_key_and_show_everybody_once(world, client):
    Contact.objects.bulk_create(
        Contact(account=world.account, number=f"+1438556{n:04d}", name=f"Person {n % 3}") for n in range(120)
    )
    seen, url = [], LIST
    while url:
        page = client.get(url, headers=htmx("people"))
        assert b"<html" not in page.content
        seen += [row.pk for row in page.context["rows"]]
        url = page.context["next_url"]
    assert len(seen) == len(set(seen)) == 120
    for rubbish in ("rubbish", "W10", "bnVsbA", "W1siYSIsMV1d" * 50):
        assert client.get(LIST, {"after": rubbish}).status_code == 200


def test_a_reader_sees_contacts_and_no_button(world, client):
    row = world.contact()
    Membership.objects.update(role=Role.READER)
    for page in (client.get(LIST), client.get(address("contact", row))):
        assert page.status_code == 200 and b"Anne Roy" in page.content
        assert b"/save/" not in page.content and b"choose/" not in page.content
    assert client.post(address("contact_save", row), form(name="X")).status_code == 403
    Membership.objects.update(role=Role.BILLING)
    assert client.get(LIST).status_code == 403


def test_names_are_sorted_and_found_without_their_accents(world, client):
    for n, name in enumerate(("Zoé", "élise Côté", "Bob", "", "Éric", "eve")):
        world.contact(f"+1438555010{n}", name=name)
    rows = client.get(LIST).context["rows"]
    assert [row.name for row in rows][:5] == ["Bob", "élise Côté", "Éric", "eve", "Zoé"]
    for typed in ("ELISE", "Élise cote", "côté", "cote"):
        assert [row.name for row in client.get(LIST, {"q": typed}).context["rows"]] == ["élise Côté"], typed


# --- writing down -------------------------------------------------------------------------------------------------------


def test_a_contact_is_written_down_once_however_its_number_is_typed(world, client):
    answer = client.post(reverse("messages:contact_new"), form(tags="VIP; vip , plumbing"))
    row = Contact.objects.get()
    assert answer.status_code == 302 and (row.number, row.tags, row.language) == ("+14385550142", "VIP, plumbing", "fr")
    again = client.post(reverse("messages:contact_new"), form(number="+1 438 555 0142", tags="VIP, plumbing"))
    assert again.status_code == 302 and Contact.objects.count() == 1, "a double click is one contact"
    other = client.post(reverse("messages:contact_new"), form(name="Somebody else"))
    assert other.status_code == 422 and b"Anne Roy already" in other.content and b"Somebody else" in other.content
    assert AuditEntry.objects.filter(action="contact.created").count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"number": "911"}, "short numbers such as 911"),
        ({"number": "514 555-01"}, "too few digits"),
        ({"number": ""}, "needs a number"),
        ({"birthday": "2999-01-01"}, "between 1900 and today"),
        ({"birthday": "1899-12-31"}, "between 1900 and today"),
        ({"name": "x" * 81}, "at most 80 characters"),
        ({"notes": "x" * 2001}, "at most 2000 characters"),
        ({"language": "de"}, "not one of the available choices"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(world, client, wrong, said):
    page = client.post(reverse("messages:contact_new"), form(notes="keep me") | wrong)
    assert page.status_code == 422 and said in page.content.decode()
    assert "notes" in wrong or b"keep me" in page.content
    assert not Contact.objects.exists()


def test_names_carry_nothing_that_cannot_be_seen(world, client):
    client.post(reverse("messages:contact_new"), form(name=" Anne\u202e \u0007\u200b <b>Roy</b> "))
    row = Contact.objects.get()
    assert row.name == "Anne <b>Roy</b>"
    assert b"<b>Roy" not in client.get(address("contact", row)).content


def test_saving_a_contact_names_its_conversations(world, client):
    row, thread = world.contact(), world.thread()
    stranger = MembershipFactory().account
    theirs = Thread.objects.create(account=stranger, our_number=OURS, contact_number=row.number, contact_name="Theirs")
    before = thread.changed_at
    assert client.post(address("contact_save", row), form(name="Anne Côté")).status_code == 302
    thread.refresh_from_db()
    theirs.refresh_from_db()
    assert thread.contact_name == "Anne Côté" and thread.changed_at > before and theirs.contact_name == "Theirs"
    client.post(address("contact_save", row), form(name="Anne Côté", number="438 555-0143"))
    thread.refresh_from_db()
    assert thread.contact_name == "", "the number is nobody's now"


def test_naming_a_conversation_makes_and_renames_the_contact(world, client):
    thread = world.thread()
    NumberFactory(account=world.account, connection=world.connection, number="+15145550135")
    second = Thread.objects.create(
        account=world.account, our_number="+15145550135", contact_number=thread.contact_number
    )
    client.post(reverse("messages:rename", args=[thread.pk]), {"name": "Anne"})
    second.refresh_from_db()
    assert Contact.objects.get().name == second.contact_name == "Anne"
    client.post(reverse("messages:rename", args=[second.pk]), {"name": "Anne Roy"})
    assert Contact.objects.get().name == "Anne Roy"
    client.post(reverse("messages:rename", args=[second.pk]), {"name": ""})
    thread.refresh_from_db()
    assert Contact.objects.get().name == thread.contact_name == ""


def test_a_new_conversation_bears_the_contacts_name_at_once(world):
    world.contact()
    pair = (world.account.pk, OURS, "+14385550142")
    assert threading.of_pairs({pair})[pair].contact_name == "Anne Roy"


def test_two_people_at_one_contact_never_overwrite_each_other(world, client):
    row = world.contact()
    version = client.get(address("contact", row)).context["form"]["version"].value()
    people.save(world_actor(world), row, {"name": "By a colleague"})
    page = client.post(address("contact_save", row), form(name="Mine", version=version))
    assert page.status_code == 409 and b"Mine" in page.content and b"while you were typing" in page.content
    again = client.post(
        address("contact_save", row), form(name="Mine", version=page.context["form"]["version"].value())
    )
    assert again.status_code == 302 and Contact.objects.get().name == "Mine"


def world_actor(world):
    return Actor(user=world.user, account=world.account, name="Somebody")


# --- consent, opt-out, block --------------------------------------------------------------------------------------------


def consent(**values) -> dict:
    return {"kind": "express", "source": "Form at the counter", "given_on": "2026-01-15", "expires_on": "", **values}


def test_a_consent_is_recorded_with_how_and_when_and_by_whom(world, client):
    row = world.contact()
    for _ in range(2):
        assert client.post(address("contact_consent", row), consent()).status_code == 302
    kept = Consent.objects.get()
    assert (kept.kind, kept.source, kept.given_on, kept.recorded_by) == (
        "express", "Form at the counter", date(2026, 1, 15), str(world.user),
    )  # fmt: skip
    page = client.get(address("contact", row)).content.decode()
    assert "Form at the counter" in page and "In force" in page and str(world.user) in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"source": ""}, "Say how they agreed"),
        ({"given_on": ""}, "Say when they agreed"),
        ({"given_on": "2999-01-01"}, "choose today or an earlier day"),
        ({"given_on": "soon"}, "This is not a date"),
        ({"expires_on": "2026-01-15"}, "before the day it was given"),
    ],
)
def test_a_consent_without_proof_is_refused(world, client, wrong, said):
    page = client.post(address("contact_consent", world.contact()), consent(**wrong))
    assert page.status_code == 422 and said in page.content.decode() and not Consent.objects.exists()


def test_a_consent_that_ended_says_so(world, client):
    row, today = world.contact(), timezone.localdate(timezone=ZoneInfo("America/Toronto"))
    for days, words in ((-1, "Ended"), (10, "Ends soon"), (400, "In force")):
        Consent.objects.all().delete()
        Consent.objects.create(
            contact=row,
            kind="implied",
            source="Bought",
            given_on=date(2025, 1, 1),
            expires_on=today + timedelta(days=days),
        )
        assert words in client.get(address("contact", row)).content.decode()


def test_an_opt_out_stands_on_the_page_and_no_consent_lifts_it(world, client):
    row = world.contact()
    OptOut.objects.create(account=world.account, number=row.number, source="keyword", word="ARRÊT")
    client.post(address("contact_consent", row), consent())
    page = client.get(address("contact", row)).content.decode()
    assert "asked to be left alone" in page and "ARRÊT" in page and "Write a text" not in page
    assert OptOut.objects.in_force().count() == 1


def test_block_and_unblock_are_on_the_record(world, client):
    row = world.contact()
    for blocked in ("1", "1", "0"):
        client.post(address("contact_block", row), {"blocked": blocked})
        row.refresh_from_db()
        assert bool(row.blocked_at) is (blocked == "1")
    assert list(AuditEntry.objects.values_list("action", flat=True).order_by("pk")) == [
        "contact.blocked",
        "contact.unblocked",
    ]


# --- merge, delete ------------------------------------------------------------------------------------------------------


def test_a_number_of_somebody_else_offers_to_merge(world, client):
    row, other = world.contact(), world.contact("+14385550143", name="A. Roy")
    page = client.post(address("contact_save", row), form(number="438 555-0143"))
    assert page.status_code == 422 and f"?with={other.pk}" in page.content.decode()
    row.refresh_from_db()
    assert row.number == "+14385550142"


def test_merging_takes_the_chosen_fields_and_keeps_all_consents_tags_and_groups(world, client):
    row = world.contact(tags="vip", notes="mine", fields={"city": "Laval"})
    other = world.contact(
        "+14385550143", name="A. Roy", tags="plumbing", birthday=date(1990, 5, 1), fields={"city": "x", "car": "red"}
    )
    group = ContactGroup.objects.create(account=world.account, name="Friends")
    group.contacts.add(other)
    for one in (row, other):
        Consent.objects.create(contact=one, kind="express", source=one.number, given_on=date(2026, 1, 1))
    OptOut.objects.create(account=world.account, number=other.number, source="person")
    page = client.get(address("contact_merge", row), {"with": other.pk})
    assert b"A. Roy" in page.content and b"May" in page.content
    client.post(
        address("contact_merge", row),
        {"with": other.pk, "take_number": "theirs", "take_name": "mine", "take_birthday": "theirs"},
    )
    merged = Contact.objects.get()
    assert (merged.pk, merged.number, merged.name, merged.birthday) == (
        row.pk,
        "+14385550143",
        "Anne Roy",
        date(1990, 5, 1),
    )
    assert (
        merged.tags == "vip, plumbing" and merged.fields == {"city": "Laval", "car": "red"} and merged.notes == "mine"
    )
    assert merged.consents.count() == 2 and list(merged.groups.all()) == [group]
    assert OptOut.objects.in_force().get().number == "+14385550143"


def test_merging_with_oneself_or_a_stranger_does_nothing(world, client):
    row = world.contact()
    foreign = Contact.objects.create(account=MembershipFactory().account, number="+14385550143", name="Foreign")
    assert client.post(address("contact_merge", row), {"with": foreign.pk}).status_code == 404
    for odd in (row.pk, "", "x", "9" * 30):
        assert client.post(address("contact_merge", row), {"with": odd}).status_code == 200
    assert Contact.objects.count() == 2


def test_deleting_asks_first_and_leaves_conversations_and_opt_outs(world, client):
    row, thread = world.contact(), world.thread(contact_name="Anne Roy")
    OptOut.objects.create(account=world.account, number=row.number, source="person")
    assert client.get(address("contact_delete", row)).status_code == 200 and Contact.objects.exists()
    client.post(address("contact_delete", row))
    thread.refresh_from_db()
    assert not Contact.objects.exists() and thread.contact_name == "" and OptOut.objects.in_force().exists()


# --- writing to a contact -------------------------------------------------------------------------------------------------


def text(to: str) -> dict:
    return {"sender": OURS, "to": to, "body": "Hello", "intent": "0d9b2c3a-1111-4222-8333-944455556666"}


@pytest.mark.parametrize("to", ["Anne Roy", "anne  ROY", "Anne Roy · 438 555-0142", "438 555-0142"])
def test_a_text_goes_to_a_contact_by_name(world, client, to):
    world.contact()
    assert client.post(reverse("messages:compose"), text(to)).status_code == 302
    assert Thread.objects.get().contact_number == "+14385550142" and Thread.objects.get().contact_name == "Anne Roy"


def test_a_name_that_two_have_lists_them(world, client):
    world.contact()
    world.contact("+14385550143")
    page = client.post(reverse("messages:compose"), text("Anne Roy"))
    said = page.content.decode().replace("\u00a0", " ")
    assert page.status_code == 422 and "438 555-0142" in said and "438 555-0143" in said and not Thread.objects.exists()
    nobody = client.post(reverse("messages:compose"), text("Nobody"))
    assert nobody.status_code == 422 and b"digits only" in nobody.content


def test_names_are_offered_while_they_are_typed(world, client):
    world.contact()
    Contact.objects.create(account=MembershipFactory().account, number="+14385550143", name="Anne Foreign")
    page = client.get(reverse("messages:contact_options"), {"to": "ann"}).content.decode()
    assert "Anne Roy · 438\u00a0555-0142" in page and "Foreign" not in page
    assert "option" not in client.get(reverse("messages:contact_options"), {"to": "a"}).content.decode().replace(
        "people-options", ""
    )


def test_a_listing_survives_what_links_may_say(world):
    for odd in ({"q": "\0"}, {"group": "9" * 40}, {"tag": ", ,"}, {"q": "%" * 300}):
        assert list(PeopleListing.of(world.account, odd).contacts()) == []
