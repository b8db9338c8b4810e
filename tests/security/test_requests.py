"""What comes before any page: whose address it is, how much is sent, and what names nothing (B.1 13, 40, 43, 45)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import AuditEntry
from tests.factories import AccountFactory, MembershipFactory

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


@pytest.fixture
def member(client):
    membership = MembershipFactory(account=AccountFactory())
    client.force_login(membership.user)
    return membership


@pytest.mark.parametrize(
    "behind, forwarded, address",
    [
        (False, "9.9.9.9", "127.0.0.1"),
        (True, "9.9.9.9", "9.9.9.9"),
        (True, "1.1.1.1, 9.9.9.9", "9.9.9.9"),
        (True, "2001:db8::7", "2001:db8::7"),
        (True, "nonsense", "127.0.0.1"),
        (True, "9.9.9.9,", "127.0.0.1"),
        (True, "", "127.0.0.1"),
    ],
)
def test_the_address_is_the_one_that_our_own_proxy_saw(client, member, settings, behind, forwarded, address):
    settings.BEHIND_PROXY = behind
    client.post(reverse("accounts:switch"), {"account": member.account_id}, headers={"X-Forwarded-For": forwarded})
    assert AuditEntry.objects.latest("pk").ip == address


def test_behind_a_proxy_one_strangers_wrong_passwords_lock_out_nobody_else(client, settings):
    settings.BEHIND_PROXY = True

    def tried(forwarded: str, number: int) -> int:
        words = {"login": f"nobody-{number}@example.test", "password": "wrong wrong wrong"}
        return client.post(LOGIN, words, headers={"X-Forwarded-For": forwarded}).content.decode().count("Too many")

    assert any(tried(f"10.0.0.{number}, 9.9.9.9", number) for number in range(15)), "forged hops make no new person"
    assert not tried("8.8.4.4", 99)


def test_a_stranger_cannot_fill_the_disk(client):
    """Django would write the file to a disk before any view, or its form token, is looked at."""
    large = SimpleUploadedFile("x.bin", b"0" * 2_700_000)
    assert client.post(LOGIN, {"file": large}).status_code == 413


def test_a_person_sends_no_more_than_the_largest_form(client, member, settings):
    settings.MOST_UPLOADED = 1000
    assert client.post(reverse("numbers:port_whole"), {"numbers": "5" * 2000}).status_code == 413
    assert client.post(reverse("numbers:port_whole"), {"numbers": "5"}).status_code != 413


@pytest.mark.parametrize("path", ["/numbers/%00/", "/webhooks/voicemeup/aaaaaaaaaaaaaaaaaaaa%00/", "/%00"])
def test_a_path_with_a_nul_names_nothing(client, path):
    """On PostgreSQL a look-up with one is an error, not an empty answer."""
    assert client.get(path).status_code == client.post(path).status_code == 400


def test_a_cookie_with_a_nul_is_refused(client):
    """The octal way of writing a cookie makes one out of harmless letters."""
    assert client.get(LOGIN, headers={"Cookie": 'session="\\000aaaaaaaaaaaaaaa"'}).status_code == 400


def test_the_way_back_from_signing_in_keeps_the_whole_address(client):
    current = "http://testserver/numbers/?q=a&state=gone"
    answer = client.get("/numbers/", headers={"HX-Request": "true", "HX-Current-URL": current})
    assert answer["HX-Redirect"] == f"{LOGIN}?next=/numbers/%3Fq%3Da%26state%3Dgone"


@pytest.mark.parametrize(
    "current",
    [
        "https://evil.test/",
        "//evil.test/",
        "http://testserver//evil.test/",
        "http://testserver.evil.test/",
        "javascript:alert(1)",
        "http://[",
    ],
)
def test_a_forged_page_leads_nowhere(client, current):
    answer = client.get("/numbers/", headers={"HX-Request": "true", "HX-Current-URL": current})
    assert (
        answer.status_code == 401 and "evil" not in answer["HX-Redirect"] and "javascript" not in answer["HX-Redirect"]
    )
