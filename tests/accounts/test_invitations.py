"""Invitations (row G2): a link by mail, never a password; sent once, and found again when the wake-up was lost."""

import re

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts import tasks
from accounts.actor import Actor
from accounts.models import Membership
from accounts.services import invite
from tests.factories import AccountFactory, BrandFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    reseller = AccountFactory(kind="reseller")
    BrandFactory(account=reseller, name="Boréal")
    return AccountFactory(name="L’Érable & fils", parent=reseller, language="fr")


def invited(account, email="rose@x.test", name="Rose") -> Membership:
    return invite(Actor(name="Maude"), account, email, name, "owner")


def test_a_new_person_gets_a_link_by_which_they_choose_a_password(account, client, settings):
    settings.PORTAL_URL = "https://portal.example.test"
    tasks.send_invitation(invited(account).pk)
    letter = mail.outbox[0]
    assert letter.to == ["rose@x.test"] and "L’Érable & fils" in letter.body and "Boréal" in letter.body
    link = re.search(r"https://portal\.example\.test(/\S+)", letter.body)[1]
    assert 'type="password"' in client.get(link, follow=True).content.decode()


def test_the_link_lets_nobody_in_twice(account, client):
    membership = invited(account)
    tasks.send_invitation(membership.pk)
    link = re.search(r"http://[^/]+(/\S+)", mail.outbox[0].body)[1]
    membership.user.set_password("a-long-test-password")
    membership.user.save()
    page = client.get(link, follow=True)
    assert not page.context or not page.context.get("form") or page.context.get("token_fail")


def test_it_is_sent_once_and_noted(account):
    membership = invited(account)
    for _ in range(2):
        tasks.send_invitation(membership.pk)
    membership.refresh_from_db()
    assert len(mail.outbox) == 1 and membership.invited_at and membership.invite_due_at is None


def test_a_person_with_a_password_is_led_to_the_sign_in(account):
    UserFactory(email="rose@x.test")
    tasks.send_invitation(invited(account).pk)
    assert reverse("account_login") in mail.outbox[0].body and "reset" not in mail.outbox[0].body


def test_a_lost_wake_up_is_found_by_the_sweep(account, wakes):
    waiting = invited(account)
    MembershipFactory(account=account, invited_at=timezone.now())
    assert tasks.sweep_invitations() == 1
    assert [(wake.task, wake.args) for wake in wakes] == [("accounts.tasks.send_invitation", (waiting.pk,))]


def test_a_mail_server_that_refuses_is_tried_again_later(account, monkeypatch):
    membership = invited(account)
    monkeypatch.setattr("django.core.mail.EmailMessage.send", lambda self: (_ for _ in ()).throw(OSError("refused")))
    with pytest.raises(OSError):
        tasks.send_invitation(membership.pk)
    membership.refresh_from_db()
    assert membership.invite_due_at > timezone.now() and membership.invited_at is None


def test_a_name_with_line_breaks_makes_no_header_of_its_own(account):
    account.name = "Evil\nBcc: all@x.test"
    account.save()
    tasks.send_invitation(invited(account).pk)
    assert "\n" not in mail.outbox[0].subject and mail.outbox[0].bcc == []
