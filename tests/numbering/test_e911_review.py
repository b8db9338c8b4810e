"""The yearly notice, "is this still right?", the report for the regulator, and the full history (rows E7 to E11)."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account, AuditEntry, Membership
from accounts.roles import Role
from numbering.emergencies import noticing
from numbering.models import EmergencyChange, EmergencyConfirmation, EmergencyNotice, TermsAcceptance
from numbering.services.emergency_terms import TERMS_VERSION
from providers.models import Operation
from tests.factories import (
    AccountFactory,
    ConnectionFactory,
    EmergencyEndpointFactory,
    NumberFactory,
    RemoteAccountFactory,
    UserFactory,
)


@pytest.fixture
def account(db):
    return AccountFactory(name="Lachance")


@pytest.fixture
def connection(account):
    connection = ConnectionFactory()
    RemoteAccountFactory(connection=connection, account=account)
    return connection


@pytest.fixture
def number(account, connection):
    row = NumberFactory(account=account, connection=connection, number="+15145550134", label="Reception")
    EmergencyEndpointFactory(account=account, connection=connection, number=row.number)
    return row


def sign_in(client, account, role=Role.OWNER, **person):
    user = UserFactory(**person)
    Membership.objects.create(user=user, account=account, role=role)
    client.force_login(user)
    return user


def go(name: str, *args) -> str:
    return reverse(f"numbers:{name}", args=args)


def began(account, days: int) -> None:
    Account.objects.filter(pk=account.pk).update(created_at=timezone.now() - timedelta(days=days))


# --- still right?


def test_one_click_confirms_an_address_for_a_year(client, account, number):
    """E9."""
    person = sign_in(client, account)
    page = client.get(go("e911_review"))
    assert "Not confirmed yet" in page.content.decode()
    (row,) = page.context["rows"]
    assert client.post(go("e911_confirm"), {"seen": row.seen}).status_code == 302
    said = EmergencyConfirmation.objects.get()
    assert (said.user, said.number, said.ip, said.address["street"]) == (person, number, "127.0.0.1", "Rue Principale")
    assert AuditEntry.objects.filter(action="e911.confirmed").count() == 1
    page = client.get(go("e911_review"))
    assert "Confirmed on" in page.content.decode() and page.context["open"] == []
    EmergencyConfirmation.objects.update(confirmed_at=timezone.now() - timedelta(days=366))
    assert len(client.get(go("e911_review")).context["open"]) == 1
    assert not Operation.objects.exists(), "nothing is asked of the upstream"


def test_an_address_that_changed_meanwhile_is_not_confirmed(client, account, number):
    sign_in(client, account)
    (row,) = client.get(go("e911_review")).context["rows"]
    endpoint = account.emergency_endpoints.get()
    endpoint.address = endpoint.address | {"civic_number": "122"}
    endpoint.save()
    page = client.post(go("e911_confirm"), {"seen": row.seen}, follow=True)
    assert "changed while you were looking" in page.content.decode() and not EmergencyConfirmation.objects.exists()


def test_all_that_are_shown_are_confirmed_at_once(client, account, connection, number):
    sign_in(client, account)
    other = NumberFactory(account=account, connection=connection, number="+15145550135")
    EmergencyEndpointFactory(account=account, connection=connection, number=other.number)
    seen = [row.seen for row in client.get(go("e911_review")).context["rows"]]
    client.post(go("e911_confirm"), {"seen": seen})
    assert EmergencyConfirmation.objects.count() == 2
    stranger = EmergencyEndpointFactory(number="+15145550199")
    theirs = NumberFactory(account=stranger.account, connection=stranger.connection, number=stranger.number)
    client.post(go("e911_confirm"), {"seen": [f"{theirs.pk}:x", "nonsense", "1" * 90]})
    assert EmergencyConfirmation.objects.count() == 2


@pytest.mark.parametrize("pk", ["0{}", "{}" + "0" * 60, "٣", "²", ""])
def test_a_form_made_up_by_hand_confirms_nothing_and_breaks_nothing(client, account, number, pk):
    sign_in(client, account)
    mark = client.get(go("e911_review")).context["rows"][0].seen.partition(":")[2]
    client.post(go("e911_confirm"), {"seen": [f"{pk.format(number.pk)}:not-{mark}", f"{number.pk}"]})
    assert not EmergencyConfirmation.objects.exists()


def test_readers_see_and_do_not_confirm(client, account, number):
    sign_in(client, account, Role.READER)
    assert "Still right for" not in client.get(go("e911_review")).content.decode()
    assert client.post(go("e911_confirm"), {}).status_code == 403


def test_the_page_shows_who_accepted_which_text(client, account, number):
    """E8."""
    person = sign_in(client, account, name="Camille Lachance")
    TermsAcceptance.objects.create(account=account, user=person, version=TERMS_VERSION, language="fr", ip="192.0.2.7")
    text = client.get(go("e911_review")).content.decode()
    assert "Camille Lachance" in text and f"version {TERMS_VERSION}" in text and "192.0.2.7" in text and "FR" in text


def test_the_cost_does_not_grow_with_numbers(client, account, connection, django_assert_max_num_queries):
    sign_in(client, account)
    for i in range(45):
        row = NumberFactory(account=account, connection=connection, number=f"+1514555{i:04}")
        EmergencyEndpointFactory(account=account, connection=connection, number=row.number)
    client.get(go("e911_review"))
    with django_assert_max_num_queries(22):
        assert len(client.get(go("e911_review")).context["rows"]) == 45


# --- the report


def test_the_report_has_a_line_for_every_number(client, account, connection, number):
    """E9: address, consent, notice, confirmation; formulas of a spreadsheet stay text."""
    person = sign_in(client, account, name="Camille")
    NumberFactory(account=account, connection=connection, number="+15145550135", label="=cmd()")
    TermsAcceptance.objects.create(account=account, user=person, version=TERMS_VERSION, language="en", ip="192.0.2.7")
    EmergencyNotice.objects.create(
        account=account, due_on=timezone.localdate(), terms_version=TERMS_VERSION, recipients=["a@example.test"], sent_at=timezone.now()
    )  # fmt: skip
    client.post(go("e911_confirm"), {"seen": [row.seen for row in client.get(go("e911_review")).context["rows"]]})
    response = client.get(go("e911_report"))
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["Number"] for row in rows] == ["+15145550135", "+15145550134"], "the gaps first"
    assert (rows[0]["State"], rows[0]["Name"], rows[0]["911 address"]) == ("No 911 address", "'=cmd()", "")
    covered = rows[1]
    assert covered["State"] == "Active" and covered["Language of 911 calls"] == "Français"
    assert (covered["Terms accepted"], covered["Accepted by"], covered["IP address"]) == (
        TERMS_VERSION,
        "Camille",
        "192.0.2.7",
    )
    assert covered["Notice sent to"] == "a@example.test" and covered["Confirmed by"] == "Camille"


# --- the notice


def test_the_notice_comes_once_in_twelve_months(account, number, mailoutbox):
    """E9: to those who may change addresses, in their language, with the limits in full."""
    for role, language in ((Role.OWNER, "fr"), (Role.ADMIN, "en"), (Role.READER, "en")):
        Membership.objects.create(
            user=UserFactory(email=f"{role}@example.test", language=language), account=account, role=role
        )
    assert noticing.send_due() == 0, "not before a year is nearly over"
    began(account, 340)
    assert noticing.send_due() == 1 and noticing.send_due() == 0
    assert sorted(mail.to[0] for mail in mailoutbox) == ["admin@example.test", "owner@example.test"]
    french, english = sorted(mailoutbox, key=lambda mail: mail.to[0], reverse=True)
    assert "Lachance" in english.subject and "/numbers/e911/review/" in english.body
    assert "does not work without power" in english.body and "électricité" in french.body
    notice = EmergencyNotice.objects.get()
    assert notice.terms_version == TERMS_VERSION and len(notice.recipients) == 2 and notice.sent_at
    EmergencyNotice.objects.update(
        created_at=timezone.now() - timedelta(days=340), due_on=timezone.localdate() - timedelta(days=340)
    )
    assert noticing.send_due() == 1 and len(mailoutbox) == 4


def test_accounts_without_lines_and_those_who_lately_accepted_are_left_alone(account, connection, mailoutbox):
    began(account, 400)
    person = UserFactory()
    Membership.objects.create(user=person, account=account, role=Role.OWNER)
    assert noticing.due() == []
    NumberFactory(account=account, connection=connection)
    assert noticing.due() == [account]
    TermsAcceptance.objects.create(account=account, user=person, version=TERMS_VERSION, language="en")
    assert noticing.due() == []


def test_a_mail_that_was_refused_goes_later_and_to_nobody_twice(account, number, mailoutbox, monkeypatch):
    began(account, 340)
    for i in range(2):
        Membership.objects.create(user=UserFactory(email=f"p{i}@example.test"), account=account, role=Role.OWNER)
    sent, real = [], noticing.EmailMessage.send

    def send(self, *args, **kwargs):
        if sent:
            raise OSError("no mail")
        sent.append(self)
        return real(self)

    monkeypatch.setattr(noticing.EmailMessage, "send", send)
    with pytest.raises(OSError, match="no mail"):
        noticing.send_due()
    monkeypatch.undo()
    assert noticing.send_due() == 1 and sorted(mail.to[0] for mail in mailoutbox) == [
        "p0@example.test",
        "p1@example.test",
    ]


# --- history


def test_the_history_has_old_and_new_and_staff_see_the_raw_answer(client, account, connection, number):
    """E10."""
    person = sign_in(client, account, name="Camille")
    address = account.emergency_endpoints.get().address
    operation = Operation.objects.create(
        connection=connection, verb="e911.save", idempotency_key="x", state="done", result={"endpoints": [{"raw": {"secret_word": "xyzzy"}}]}
    )  # fmt: skip
    EmergencyChange.objects.create(
        account=account, number=number, operation=operation, state="provisioned", before=address, user=person, ip="192.0.2.7",
        wanted=address | {"civic_number": "122"}, terms_version=TERMS_VERSION,
    )  # fmt: skip
    text = client.get(go("e911_history", number.pk)).content.decode()
    assert "122 Rue Principale" in text and "<mark>122</mark>" in text and "Camille" in text and "192.0.2.7" in text
    assert "xyzzy" not in text
    person.is_staff = True
    person.save()
    assert "xyzzy" in client.get(go("e911_history", number.pk)).content.decode()


def test_the_history_is_paged(client, account, number, django_assert_max_num_queries):
    sign_in(client, account)
    for i in range(60):
        EmergencyChange.objects.create(account=account, number=number, state="failed", wanted={"civic_number": str(i)})
    with django_assert_max_num_queries(24):
        first = client.get(go("e911_history", number.pk))
    rest = client.get(go("e911_history", number.pk), {"after": first.context["after"]})
    assert (len(first.context["entries"]), len(rest.context["entries"])) == (50, 10)
    sign_in(client, AccountFactory())
    assert client.get(go("e911_history", number.pk)).status_code == 404


def test_nobody_is_told_to_try_911(client, account, number):
    """E11: 933 where there is one."""
    sign_in(client, account)
    text = client.get(go("e911_number", number.pk)).content.decode()
    assert "Never call 911 to test" in text and "933" in text
