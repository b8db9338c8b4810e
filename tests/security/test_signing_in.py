"""Signing in: one door for everybody, with its second factor and its throttle (B.1 13, 15, 45)."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.urls import reverse

from tests.factories import PASSWORD as FACTORY_PASSWORD
from tests.factories import UserFactory

PASSWORD = "correct horse battery"
pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    user = UserFactory(email="staff@example.test", is_staff=True, is_superuser=True)
    user.set_password(PASSWORD)
    user.save()
    return user


def test_the_admins_own_sign_in_page_lets_nobody_in(client, staff):
    """It would ask for no second factor and count no wrong passwords."""
    address = reverse("admin:login")
    answer = client.post(address, {"username": staff.email, "password": PASSWORD, "next": "/admin/"})
    assert answer.status_code == 302 and answer["Location"].startswith(reverse("account_login"))
    assert "_auth_user_id" not in client.session
    assert client.get(reverse("admin:index"), follow=True).redirect_chain[-1][0].startswith(reverse("account_login"))


def test_a_customer_finds_no_sign_in_page_in_the_admin(client):
    client.force_login(UserFactory())
    assert client.get(reverse("admin:login")).status_code == 403


def test_the_address_for_resetting_a_password_is_changed_only_by_who_just_showed_who_they_are(client):
    """B.1 23: a session left open on a desk does not give the whole person away."""
    user = UserFactory(email="camille@example.test")
    user.set_password(PASSWORD)
    user.save()
    client.force_login(user)
    page = reverse("account_email")
    answer = client.post(page, {"email": "thief@example.test", "action_add": ""})
    assert answer.status_code == 302 and answer["Location"].startswith(reverse("account_reauthenticate"))
    assert not mail.outbox
    client.post(answer["Location"], {"password": PASSWORD})
    assert client.get(page).status_code == 200


def test_the_second_step_is_asked_for_at_sign_in_and_before_what_is_hard_to_undo(client):
    """B.1 15: who has a second factor is not in with the password alone."""
    user = UserFactory(email="maude@example.test")
    TOTP.activate(user, generate_totp_secret())
    answer = client.post(reverse("account_login"), {"login": user.email, "password": FACTORY_PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("mfa_authenticate")
    assert 'name="code"' in answer.content.decode()
    assert client.get("/").status_code == 302
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 200 and client.get("/").status_code == 302
    client.force_login(user)
    assert 'name="code"' in client.get(reverse("mfa_reauthenticate")).content.decode()
