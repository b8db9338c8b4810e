"""The coverage page told apart: a map of our own and a table by province or state, and a reseller's accounts (row E4)."""

import re

import pytest
from django.urls import reverse

from accounts.models import Membership
from accounts.roles import Role
from numbering import places
from numbering.models import EmergencyChange
from numbering.presenters.coverage_map import TILES
from tests.factories import (
    AccountFactory,
    ConnectionFactory,
    EmergencyEndpointFactory,
    NumberFactory,
    RemoteAccountFactory,
    UserFactory,
)


@pytest.fixture
def reseller(db):
    return AccountFactory(kind="reseller", name="Boréal")


@pytest.fixture
def connection(reseller):
    connection = ConnectionFactory()
    RemoteAccountFactory(connection=connection, account=reseller)
    return connection


def sign_in(client, account, role=Role.OWNER):
    person = UserFactory()
    Membership.objects.create(user=person, account=account, role=role)
    client.force_login(person)


def number(account, connection, region: str, *, covered: bool):
    row = NumberFactory(account=account, connection=connection, region=region)
    if covered:
        EmergencyEndpointFactory(account=account, connection=connection, number=row.number)
    return row


def page(client, **query):
    return client.get(reverse("numbers:e911"), query)


def test_places_are_counted_once_however_they_are_written(client, reseller, connection):
    for region, covered in (
        ("QC", True),
        ("Quebec", False),
        ("Québec", True),
        ("ON", True),
        ("NY", False),
        ("", False),
    ):
        number(reseller, connection, region, covered=covered)
    sign_in(client, reseller)
    response = page(client)
    told = {share.key: (share.total, share.covered) for share in response.context["regions"]}
    assert told == {"QC": (3, 2), "ON": (1, 1), "NY": (1, 0), "": (1, 0)}
    text = response.content.decode()
    assert "Québec: 2 of 3 numbers" in text and "tile-waiting" in text and "tile-fine" in text and "tile-failed" in text
    assert 'aria-label="Canada"' in text and 'aria-label="United States"' in text
    assert [bool(row.address) for row in page(client, region="ON").context["rows"]] == [True]
    assert len(page(client, region="QC").context["rows"]) == 3
    assert page(client, region="zebra").context["rows"] == []


def test_the_map_is_drawn_here_and_has_a_tile_for_every_place(client, reseller, connection):
    """No foreign tiles or scripts; nothing overlaps."""
    assert set(TILES["CA"]) == set(places.PROVINCES) and set(TILES["US"]) == set(places.STATES)
    for tiles in TILES.values():
        assert len(set(tiles.values())) == len(tiles)
    number(reseller, connection, "QC", covered=True)
    sign_in(client, reseller)
    text = page(client).content.decode()
    assert "<svg" in text.split('id="map_title"')[1] and not re.search(r'(src|href)="https?://', text)
    assert 'aria-label="United States"' not in text, "no map of a country without numbers"


def test_a_reseller_sees_each_account_below_and_others_see_none(client, reseller, connection):
    below, stranger = AccountFactory(parent=reseller, name="Plomberie"), AccountFactory(name="STRANGER")
    number(reseller, connection, "QC", covered=True)
    number(below, connection, "QC", covered=False)
    number(stranger, ConnectionFactory(), "QC", covered=False)
    sign_in(client, reseller)
    response = page(client)
    assert [(share.name, share.gaps) for share in response.context["accounts"]] == [("Plomberie", 1), ("Boréal", 0)]
    assert "STRANGER" not in response.content.decode()
    sign_in(client, below)
    assert page(client).context["accounts"] == []


def test_what_waits_to_be_checked_is_told_beside_what_is_covered(client, reseller, connection):
    """E3, E4: an old address in force says nothing for one whose outcome nobody knows."""
    below = AccountFactory(parent=reseller, name="Plomberie")
    doubtful, moved = (number(below, connection, "QC", covered=True) for _one in range(2))
    number(reseller, connection, "ON", covered=True)
    for row, state in ((doubtful, "unknown"), (doubtful, "alternates"), (moved, "unknown")):
        EmergencyChange.objects.create(account=below, number=row, state=state)
    moved.account = reseller
    moved.save()
    EmergencyChange.objects.create(account=reseller, number=moved, state="alternates")
    EmergencyChange.objects.create(account=reseller, number=moved, state="provisioned")
    sign_in(client, reseller)
    response = page(client)
    counts = {share.name: (share.total, share.covered, share.attention) for share in response.context["accounts"]}
    assert counts == {"Plomberie": (1, 1, 1), "Boréal": (2, 1, 0)}
    assert response.content.decode().count("1 to check") == 1
    sign_in(client, below)
    text = page(client).content.decode()
    assert "Québec: 1 of 1 number, 1 to check" in text and "tile-waiting" in text and "tile-fine" not in text


def test_the_cost_does_not_grow_with_accounts_and_places(client, reseller, connection, django_assert_max_num_queries):
    for i, region in enumerate(list(places.REGIONS)[:30]):
        number(AccountFactory(parent=reseller), connection, region, covered=bool(i % 2))
        number(reseller, connection, region, covered=not i % 2)
    sign_in(client, reseller)
    page(client)
    with django_assert_max_num_queries(28):
        page(client, region="QC")
