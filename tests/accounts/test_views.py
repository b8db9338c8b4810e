"""The person's own pages: switcher, language, profile, activity (rows G14, H7, J4, K2)."""

import pytest
from django.conf import settings
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.roles import Role
from tests.factories import AccountFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
PROFILE, ACTIVITY = "/accounts/profile/", "/accounts/activity/"


@pytest.fixture
def membership():
    return MembershipFactory(account__name="Lachance", user__name="Camille")


@pytest.fixture
def owner(client, membership):
    client.force_login(membership.user)
    return client


def profile(**changes) -> dict:
    return {"name": "Camille L.", "language": "fr", "time_zone": "America/Halifax", **changes}


# --- profile ----------------------------------------------------------------------------------------------------------


def test_the_profile_is_saved_and_the_pages_speak_the_new_language(owner, membership):
    assert "Camille" in owner.get(PROFILE).content.decode()
    response = owner.post(PROFILE, profile())
    membership.user.refresh_from_db()
    assert (membership.user.name, membership.user.time_zone) == ("Camille L.", "America/Halifax")
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "fr"
    entry = AuditEntry.objects.get(action="person.changed")
    assert entry.after == {"name": "Camille L.", "language": "fr", "time_zone": "America/Halifax"}
    assert 'lang="fr"' in owner.get(PROFILE).content.decode()


@pytest.mark.parametrize(
    "changes", [{"language": "xx"}, {"time_zone": "Mars/Base"}, {"name": "x" * 121}, {"language": ""}]
)
def test_a_mistake_is_told_and_nothing_is_saved(owner, membership, changes):
    response = owner.post(PROFILE, profile(**changes))
    assert response.status_code == 422 and 'class="error"' in response.content.decode()
    membership.user.refresh_from_db()
    assert membership.user.name == "Camille" and not AuditEntry.objects.exists()


def test_rights_cannot_be_given_to_oneself(owner, membership):
    owner.post(PROFILE, profile(is_staff="on", is_superuser="on", email="other@x.test", is_active=""))
    membership.user.refresh_from_db()
    assert not membership.user.is_staff and not membership.user.is_superuser and membership.user.is_active
    assert membership.user.email != "other@x.test"


def test_a_person_without_an_account_has_a_profile(client):
    client.force_login(UserFactory())
    assert client.get(PROFILE).status_code == 200
    assert client.post(PROFILE, profile()).status_code == 302


# --- activity ---------------------------------------------------------------------------------------------------------


def note(account, **values) -> AuditEntry:
    return AuditEntry.objects.create(account=account, **{"actor_name": "Camille", "action": "number.changed", **values})


def test_the_activity_tells_who_did_what_from_where(owner, membership):
    above = AccountFactory(name="Boréal")
    note(membership.account, subject="+15145550134", before={"label": "Old"}, after={"label": "New"}, acting_from=above)
    page = owner.get(ACTIVITY).content.decode()
    for words in ("changed a number", "514\xa0555-0134", "<del>Old</del>", "<ins>New</ins>", "from Boréal"):
        assert words in page, words


def test_names_and_values_are_words(owner, membership):
    before = {"forwarding": False, "forward_to": "", "unread": 2}
    after = {"forwarding": True, "forward_to": "+15145550143", "unread": 0, "wanted_on": "2026-03-02", "role": "agent"}
    note(membership.account, before=before, after=after)
    page = owner.get(ACTIVITY).content.decode()
    for words in ("Forward calls", "<del>No</del>", "<ins>Yes</ins>", "514\xa0555-0143", "Messaging agent", "Mar"):
        assert words in page, words
    assert "forward_to" not in page and "<del>2</del>" not in page and "2026-03-02" not in page


def test_values_of_any_kind_are_shown_short_and_escaped(owner, membership):
    note(membership.account, action="unheard.of", after={"a": ["x"] * 90, "b": {"c": "<script>"}, "d": None, "e": True})
    page = owner.get(ACTIVITY).content.decode()
    assert "unheard.of" in page and "&lt;script&gt;" in page and "…" in page


def test_another_accounts_activity_never_shows(owner):
    note(AccountFactory(), subject="CANARY")
    page = owner.get(ACTIVITY).content.decode()
    assert "CANARY" not in page and "Nothing done yet" in page


def test_pages_of_activity_follow_each_other_at_a_constant_cost(owner, membership):
    def count() -> int:
        with CaptureQueriesContext(connections["default"]) as queries:
            owner.get(ACTIVITY)
        return len(queries)

    note(membership.account)
    owner.get(ACTIVITY)
    few = count()
    for n in range(70):
        note(membership.account, subject=f"n{n}", acting_from=membership.account)
    first = owner.get(ACTIVITY).context
    second = owner.get(ACTIVITY + first["next_url"]).context
    assert (len(first["rows"]), len(second["rows"]), second["next_url"]) == (50, 21, "")
    assert count() == few <= 20


@pytest.mark.parametrize("role", [Role.AGENT, Role.BILLING, Role.READER])
def test_roles_that_may_not_read_it_are_told_who_can(client, role):
    client.force_login(MembershipFactory(role=role).user)
    response = client.get(ACTIVITY)
    assert response.status_code == 403 and "Owner" in response.content.decode()


# --- switching accounts and languages ---------------------------------------------------------------------------------


def test_a_reseller_enters_a_customer_and_the_customer_sees_it(client):
    reseller = AccountFactory(kind="reseller")
    customer = AccountFactory(parent=reseller)
    client.force_login(MembershipFactory(account=reseller).user)
    assert client.post(reverse("accounts:switch"), {"account": customer.pk})["Location"] == "/"
    assert client.get(PROFILE).context["request"].account == customer
    assert AuditEntry.objects.get(account=customer).action == "account.entered"


@pytest.mark.parametrize("role", [Role.AGENT, Role.BILLING, Role.READER])
def test_roles_that_do_not_reach_down_cannot_enter_it(client, role):
    reseller = AccountFactory(kind="reseller")
    customer = AccountFactory(parent=reseller)
    client.force_login(MembershipFactory(account=reseller, role=role).user)
    assert client.post(reverse("accounts:switch"), {"account": customer.pk}).status_code == 404


@pytest.mark.parametrize("account", ["", "x", "999999", "1;2"])
def test_an_account_that_is_not_reached_does_not_exist(owner, account):
    assert owner.post(reverse("accounts:switch"), {"account": account}).status_code == 404


@pytest.mark.parametrize(
    "wanted", ["https://evil.test/", "//evil.test/", "javascript:alert(1)", "\\\\evil.test", "", "/\\evil"]
)
def test_no_redirect_leaves_the_site(owner, wanted):
    response = owner.post(reverse("language"), {"language": "fr", "next": wanted})
    assert response["Location"] == "/"
