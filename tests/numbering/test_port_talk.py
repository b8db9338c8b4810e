"""What people say about a port and who is told: comments, wishes, mails, staff's desk, the clock, the forecast
(rows D9, D10, D12, D13, D14, D15, D17)."""

import re
import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from accounts.roles import Role
from numbering import port_mails
from numbering.models import PortAsk, PortComment, PortEvent, PortNotice, PortRequest
from numbering.presenters import port_clock
from numbering.services import port_history, port_talk
from numbering.tasks import sweep_port_notices
from providers.models import Operation
from tests.factories import MembershipFactory, PortRequestFactory, RemoteAccountFactory, UserFactory
from tests.numbering.test_ports_flows import filled
from tests.numbering.upstreams import House, fresh_sandbox, house, sandbox_of_module  # noqa: F401 - fixtures

ZONE = ZoneInfo("America/Toronto")


@pytest.fixture
def port(db):
    remote = RemoteAccountFactory()
    return PortRequestFactory(
        account=remote.account, connection=remote.connection, details={"recipients": ["a@example.test"]}
    )


@pytest.fixture
def person(client, port):
    user = MembershipFactory(account=port.account).user
    client.force_login(user)
    return user


@pytest.fixture
def staff(client, port):
    user = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


def url(port, name="port"):
    return reverse(f"numbers:{name}", args=[port.public_id])


def desk(client, port, **said):
    return client.post(reverse("admin:numbers_port_desk", args=[port.pk]), {"intent": str(uuid.uuid4())} | said)


def page(client, port) -> str:
    return client.get(url(port)).content.decode()


# --- comments


@pytest.mark.parametrize("status", ["sent_to_provider", "completed", "cancelled_by_client"])
def test_a_comment_is_taken_in_every_state(client, person, port, status):
    """D10, USERS complaint 9: also after completion."""
    PortRequest.objects.filter(pk=port.pk).update(status=status)
    said = {"body": "The alarm line came too", "intent": str(uuid.uuid4())}
    for _again in range(2):
        assert client.post(url(port, "port_comment"), said).status_code == 302
    assert PortComment.objects.count() == 1, "a second click says nothing twice"
    assert "The alarm line came too" in page(client, port)


def test_a_comment_that_is_empty_or_too_long_is_kept_and_refused(client, person, port):
    answer = client.post(url(port, "port_comment"), {"body": "x" * 2001, "intent": str(uuid.uuid4())})
    assert answer.status_code == 422 and "x" * 2001 in answer.content.decode()
    assert client.post(url(port, "port_comment"), {"body": " ", "intent": str(uuid.uuid4())}).status_code == 422


def test_comments_mail_nobody_for_ever(client, person, port, monkeypatch):
    """D10: each goes to addresses that the account chose; the same form again is still no new one."""
    monkeypatch.setattr(port_talk, "MOST", 2)
    said = [{"body": f"Remark {n}", "intent": str(uuid.uuid4())} for n in range(3)]
    for form in (said[0], said[1], said[1]):
        assert client.post(url(port, "port_comment"), form).status_code == 302
    answer = client.post(url(port, "port_comment"), said[2])
    assert answer.status_code == 422 and "At most 2 comments an hour" in answer.content.decode()
    assert "Remark 2" in answer.content.decode() and PortComment.objects.count() == 2
    PortComment.objects.update(at=timezone.now() - timedelta(hours=2))
    assert client.post(url(port, "port_comment"), said[2]).status_code == 302


def test_staff_answer_and_keep_notes_that_no_customer_sees(client, staff, port):
    """D10, D12."""
    desk(client, port, act="comment", body="We have asked Bell")
    desk(client, port, act="comment", body="PRIVATE: Bell is slow", private="on")
    assert sweep_port_notices() == 1
    (letter,) = mail.outbox
    assert letter.to == ["a@example.test"] and "We have asked Bell" in letter.body and "PRIVATE" not in letter.body
    client.force_login(MembershipFactory(account=port.account).user)
    text = page(client, port)
    assert "We have asked Bell" in text and "PRIVATE" not in text


# --- wishes


def test_a_wish_to_cancel_waits_on_staff_and_is_answered(client, person, port):
    """D17: no upstream cancels by itself, so it goes on until staff say so."""
    said = {"kind": "cancel", "words": "We stay", "intent": str(uuid.uuid4())}
    for _again in range(2):
        assert client.post(url(port, "port_ask"), said).status_code == 302
    ask = PortAsk.objects.get()
    assert "You asked to cancel this port" in page(client, port) and not Operation.objects.exists()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    text = client.get(reverse("admin:numbers_portrequest_changelist"), {"queue": "asks"}).content.decode()
    assert str(port) in text
    desk(client, port, act="grant", ask=str(ask.public_id), words="Cancelled at Bell")
    desk(client, port, act="refuse", ask=str(ask.public_id), words="Too late")
    ask.refresh_from_db()
    assert ask.granted is True and ask.answer == "Cancelled at Bell"
    sweep_port_notices()
    assert [letter.to for letter in mail.outbox] == [["a@example.test"]]
    client.force_login(person)
    text = page(client, port)
    assert "Your wish was met" in text and "Cancelled at Bell" in text and "You asked to cancel" not in text


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("kind", {"kind": ""}),
        ("wanted_on", {"kind": "date"}),
        ("wanted_on", {"kind": "date", "wanted_on": "2020-01-06"}),
        ("words", {"kind": "other"}),
    ],
)
def test_a_wish_says_what_it_wants(client, person, port, field, said):
    answer = client.post(url(port, "port_ask"), {"intent": str(uuid.uuid4())} | said)
    assert answer.status_code == 422 and list(answer.context["form"].errors) == [field]


@pytest.mark.parametrize(("status", "days"), [("completed", None), ("expired", None), ("firm_confirm", 0)])
def test_nothing_is_asked_any_more_on_the_port_day_or_after(client, person, port, status, days):
    """D17: before the firm date."""
    firm_on = timezone.localdate(timezone=ZONE) if days == 0 else None
    PortRequest.objects.filter(pk=port.pk).update(status=status, firm_on=firm_on)
    client.post(url(port, "port_ask"), {"kind": "cancel", "intent": str(uuid.uuid4())})
    assert not PortAsk.objects.exists() and url(port, "port_ask") not in page(client, port)


def test_a_draft_that_is_only_here_is_closed_at_once(client, person, port):
    PortRequest.objects.filter(pk=port.pk).update(status="not_ready", external_id="", details={"account_pin": "9911"})
    assert client.post(url(port, "port_ask"), {}).status_code == 302
    port.refresh_from_db()
    assert port.status == "cancelled_by_client" and port.details["account_pin"] == ""


def test_cancelling_asks_who_it_is(client, person, port, settings):
    """J3."""
    settings.FRESH_SIGN_IN = True
    answer = client.post(url(port, "port_ask"), {"kind": "cancel", "intent": str(uuid.uuid4())})
    assert "/reauthenticate/" in answer["Location"] and not PortAsk.objects.exists()


def test_a_stranger_neither_says_nor_asks(client, port):
    client.force_login(MembershipFactory().user)
    for name in ("port_comment", "port_ask"):
        assert client.post(url(port, name), {"body": "x", "kind": "cancel"}).status_code == 404
    assert not PortComment.objects.exists() and not PortAsk.objects.exists()


# --- mails


@pytest.fixture
def home(house, client) -> House:  # noqa: F811
    house.bring_home("ports")
    client.force_login(house.owner)
    return house


def moved(home, status: str, to: str, **more) -> PortRequest:
    port = PortRequest.objects.filter(status=status).first()
    PortRequest.objects.filter(pk=port.pk).update(
        details={**port.details, "recipients": ["a@example.test", "b@example.test"]}
    )
    home.sandbox.control("port-request", {"pon": port.pon, "status": to, **more})
    home.bring_home("ports")
    port.refresh_from_db()
    return port


def test_the_chosen_recipients_are_told_of_each_change_once(home):
    """D12, USERS complaints 2 and 10: a firm date and a completion are told at once, each on a mail of one's own."""
    assert not PortNotice.objects.exists(), "what was there before is no news"
    port = moved(home, "sent_to_provider", "firm_confirm", firm_date="2026-12-01")
    recipients = port.details["recipients"]
    assert sweep_port_notices() == len(recipients) and sweep_port_notices() == 0
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(recipients)
    letter = mail.outbox[0]
    assert "Port date is firm" in letter.subject and "Dec\u00a01" in letter.body and url(port) in letter.body


def test_what_only_staff_care_about_is_told_to_nobody(home):
    moved(home, "not_ready", "sent_to_staff")
    moved(home, "sent_to_staff", "approved_by_staff")
    assert not PortNotice.objects.exists()


def test_a_rejection_is_mailed_with_a_link_to_its_field(home, client):
    """D11, USERS task 9: the first of two clicks."""
    port = moved(
        home, "sent_to_provider", "rejected_by_provider", rejection_reason="PIN missing or wrong for this account."
    )
    sweep_port_notices()
    body = mail.outbox[0].body
    assert f"{url(port, 'port_edit')}#id_account_pin" in body and "PIN missing or wrong for this account." in body


def test_a_mail_is_in_the_language_of_its_reader(home):
    port = PortRequest.objects.filter(status="sent_to_provider").first()
    reader = home.person(Role.OWNER)
    type(reader).objects.filter(pk=reader.pk).update(language="fr")
    PortRequest.objects.filter(pk=port.pk).update(details={**port.details, "recipients": [reader.email]})
    home.sandbox.control("port-request", {"pon": port.pon, "status": "completed"})
    home.bring_home("ports")
    PortNotice.objects.exclude(to=reader.email).delete()
    sweep_port_notices()
    assert "Demande de transfert" in mail.outbox[0].body


def test_a_mail_that_the_server_refuses_is_tried_again(home, monkeypatch):
    moved(home, "sent_to_provider", "completed")
    pk = port_mails.due()[0]
    monkeypatch.setattr("django.core.mail.EmailMessage.send", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        port_mails.send(pk)
    monkeypatch.undo()
    assert pk not in port_mails.due(), "not at once"
    PortNotice.objects.filter(pk=pk).update(due_at=timezone.now())
    assert port_mails.send(pk) and not port_mails.send(pk)


# --- staff's queue


def test_with_our_own_approval_upstream_hears_of_a_port_only_after_it(home, client, settings):
    """D13: approve is two clicks from the list."""
    settings.PORT_REVIEW = True
    form = filled(recipients="a@example.test")
    for _again in range(2):
        assert client.post(reverse("numbers:port_whole"), form).status_code == 302
    port = PortRequest.objects.latest("id")
    assert PortRequest.objects.filter(title="Siège social").count() == 1
    assert port.review_since and not Operation.objects.filter(verb="port.save").exists()
    assert "Submitted, being checked" in page(client, port) and "Waiting on us" in page(client, port)
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    listed = client.get(reverse("admin:numbers_portrequest_changelist"), {"queue": "approve"}).content.decode()
    assert "Siège social" in listed
    for _again in range(2):
        desk(client, port, act="approve")
    home.work()
    port.refresh_from_db()
    assert port.status == "sent_to_staff" and Operation.objects.filter(verb="port.save").count() == 1


def test_what_our_staff_give_back_is_corrected_and_handed_in_again(home, client, settings):
    settings.PORT_REVIEW = True
    client.post(reverse("numbers:port_whole"), filled(recipients="a@example.test"))
    port = PortRequest.objects.latest("id")
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    desk(client, port, act="reject", reason="The postal code is of another street.")
    sweep_port_notices()
    assert f"{url(port, 'port_edit')}#id_postal_code" in mail.outbox[0].body
    client.force_login(home.owner)
    port.refresh_from_db()
    assert port.status == "rejected_by_staff" and "The postal code is of another street." in page(client, port)
    client.post(url(port, "port_edit"), filled(version=port.version, recipients="a@example.test"))
    port.refresh_from_db()
    assert port.review_since


def test_staff_note_dates_and_the_customer_is_told(client, staff, port):
    desk(client, port, act="dates", tentative_on="", firm_on="2026-12-01")
    port.refresh_from_db()
    assert port.firm_on == date(2026, 12, 1)
    assert port.events.get(kind="dates").actor_name == str(staff) and PortNotice.objects.count() == 1


def test_the_queue_tells_today_and_overdue(client, staff, port):
    today = PortRequestFactory(
        account=port.account,
        connection=port.connection,
        title="Today",
        status="firm_confirm",
        firm_on=timezone.localdate(timezone=ZONE),
    )
    late = PortRequestFactory(
        account=port.account, connection=port.connection, title="Late", status_since=timezone.now() - timedelta(days=20)
    )
    rows = reverse("admin:numbers_portrequest_changelist")
    text = client.get(rows, {"queue": "today"}).content.decode()
    assert str(today) in text and str(late) not in text
    text = client.get(rows, {"queue": "overdue"}).content.decode()
    assert str(late) in text and str(today) not in text
    assert client.get(reverse("admin:numbers_port_desk", args=[late.pk])).status_code == 200


def test_the_desk_speaks_of_the_customer_and_in_words(client, staff, port):
    """D13: no code of ours, no number as machines write it, and nobody else's "you"."""
    PortEvent.objects.create(port=port, kind="status", status="sent_to_staff")
    PortEvent.objects.create(port=port, kind="dates", status="firm_on", text="2026-11-26")
    PortRequest.objects.filter(pk=port.pk).update(status="rejected_by_provider", rejection="Account name mismatch")
    text = client.get(reverse("admin:numbers_port_desk", args=[port.pk])).content.decode()
    assert "Refused by the losing carrier" in text and "Port date set" in text and "the customer" in text
    assert not re.search(r"firm_on\b(?!\")|sent_to_staff|rejected_by_provider|\+1\d{10}", re.sub(r"<[^>]*>", "", text))


@pytest.mark.parametrize("language, told", [("en", "Somebody else has seen to it"), ("fr", "s’en est occupé")])
@pytest.mark.parametrize("act, field", [("reject", "reason"), ("refuse", "words"), ("grant", "words")])
def test_who_comes_second_to_the_desk_keeps_what_they_wrote(client, staff, port, act, field, language, told):
    """D13: a colleague was quicker, so its form is gone from the page; the words in it are not."""
    client.cookies["language"] = language
    ask = PortAsk.objects.create(port=port, kind="other", asked_by="Anne", intent="x", answered_at=timezone.now())
    answer = desk(client, port, act=act, ask=str(ask.public_id), **{field: "The bill is of <b>May</b>"})
    text = answer.content.decode()
    assert answer.status_code == 409 and told in text and "The bill is of &lt;b&gt;May&lt;/b&gt;" in text
    port.refresh_from_db()
    assert port.status == "sent_to_provider" and not PortNotice.objects.exists()


def test_an_answer_that_is_too_long_stays_in_the_form_of_its_wish(client, person, staff, port):
    """D17: two wishes wait, and each has a form of its own."""
    one, other = (
        PortAsk.objects.create(port=port, kind=kind, words=kind, asked_by="Anne", intent=kind)
        for kind in ("cancel", "other")
    )
    text = desk(client, port, act="refuse", ask=str(other.public_id), words="x" * 1001).content.decode()
    before, _mark, after = text.partition(str(other.public_id))
    assert "x" * 1001 in after and "x" * 1001 not in before
    assert f'id="id_{one.pk}_words"' in text and f'id="id_{other.pk}_words"' in text


def test_a_customer_does_not_reach_the_desk(client, person, port):
    assert client.get(reverse("admin:numbers_port_desk", args=[port.pk])).status_code == 302
    assert desk(client, port, act="approve").status_code == 302


# --- clock and forecast


@pytest.mark.parametrize(
    ("status", "since", "due"),
    [
        ("sent_to_staff", "2026-11-20", "2026-11-24"),
        ("sent_to_provider", "2026-11-20", "2026-11-27"),
        ("rejected_by_provider", "2026-12-24", "2026-12-29"),
        ("not_ready", "2026-11-20", None),
        ("completed", "2026-11-20", None),
    ],
)
def test_the_clock_counts_business_days(status, since, due):
    """D14."""
    at = datetime.fromisoformat(f"{since}T10:00").replace(tzinfo=ZONE)
    port = PortRequest(status=status, status_since=at, details={"address": {"region": "QC"}})
    assert port_clock.due_on(port) == (date.fromisoformat(due) if due else None)


def test_a_late_port_says_so(client, person, port):
    PortRequest.objects.filter(pk=port.pk).update(status_since=timezone.now() - timedelta(days=30))
    assert "overdue since" in page(client, port)


def history(port, days: list[int]) -> None:
    for count in days:
        begun = timezone.now() - timedelta(days=60)
        PortRequestFactory(
            connection=port.connection, status="completed", current_provider="old carrier", created_at=begun,
            firm_on=(begun + timedelta(days=count)).date(),
        )  # fmt: skip


def test_a_range_is_told_from_our_own_history_and_hidden_when_it_is_thin(client, person, port):
    """D15, USERS complaint 7."""
    history(port, [14] * 4)
    assert port_history.forecast(port) is None and "Our guess" not in page(client, port)
    history(port, [21])
    found = port_history.forecast(port)
    assert found.count == 5 and found.first < found.last
    assert "Our guess" in page(client, port)


def test_no_guess_stands_beside_a_date_that_was_told(port):
    history(port, [14] * 6)
    port.tentative_on = timezone.localdate()
    assert port_history.forecast(port) is None
    port.tentative_on, port.created_at = None, timezone.now() - timedelta(days=90)
    assert port_history.forecast(port) is None, "it takes longer than any of them"


def test_the_timeline_says_who_did_what(client, person, port):
    """D9."""
    PortEvent.objects.create(port=port, kind="status", status="rejected_by_provider", text="BTN wrong")
    text = page(client, port).split("timeline_title")[2]
    assert "Refused by the losing carrier" in text and "BTN wrong" in text and "the losing carrier" in text
    assert Membership.objects.filter(user=person).exists()
