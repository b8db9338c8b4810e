"""One inbox over several upstreams (rows C4, C1, C6): who can send what where is said before anything is sent."""

import uuid

import pytest
from django.db import connection as db
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from messaging.models import Message, SenderName
from providers.models import Feed
from tests.factories import AccountFactory, MembershipFactory, MessageFactory, ThreadFactory
from tests.many import connect_to, number_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    return AccountFactory(name="Lachance inc.")


@pytest.fixture
def made(account):
    """All five, a texting number at each that has numbers and a name at the one that has names."""
    made = connect_to(account)
    for slug in ("voicemeup", "jafone", "voicetel", "voximplant"):
        number_at(made[slug], account, label=f"{slug} line")
    SenderName.objects.create(connection=made["jomobile"], account=account, name="LACHANCE")
    return made


@pytest.fixture
def mine(client, account, made):
    client.force_login(MembershipFactory(account=account).user)
    return client


def a_text(sender: str, **changes) -> dict:
    return {"sender": sender, "to": "514 555-0199", "body": "Bonjour", "intent": str(uuid.uuid4())} | changes


def sent(client, sender: str, **changes):
    return client.post(reverse("messages:compose"), a_text(sender, **changes))


OF = {
    "voicemeup": "+15145550134",
    "jafone": "+12635550134",
    "voicetel": "+15185550134",
    "jomobile": "LACHANCE",
    "voximplant": "+16285550134",
}


# --- who it may come from ---------------------------------------------------------------------------------------------


def test_senders_stand_under_the_upstream_they_are_at(mine):
    groups = mine.get(reverse("messages:compose")).context["form"].fields["sender"].choices
    assert [name for name, _senders in groups] == ["JaFone", "Jo Mobile", "VoiceMeUp", "VoiceTel", "Voximplant"]
    assert dict(groups)["Jo Mobile"] == [("LACHANCE", "LACHANCE (Jo Mobile)")]
    assert dict(groups)["JaFone"] == [(OF["jafone"], "jafone line · 263\u00a0555-0134 (JaFone)")]


def test_with_one_upstream_nobody_is_told_its_name(client):
    account = AccountFactory()
    number_at(connect_to(account, "jafone")["jafone"], account, label="Office")
    client.force_login(MembershipFactory(account=account).user)
    form = client.get(reverse("messages:compose")).context["form"]
    assert form.fields["sender"].choices == [(OF["jafone"], "Office · 263\u00a0555-0134")]


@pytest.mark.parametrize("slug", OF)
def test_a_text_of_each_sender_goes_by_its_own_upstream(mine, made, slug):
    assert sent(mine, OF[slug]).status_code == 302
    message = Message.objects.get()
    assert (message.connection, message.our_number, message.state) == (made[slug], OF[slug], "queued")


@pytest.mark.parametrize("slug", ["voicemeup", "jafone", "voicetel"])
def test_who_does_not_reach_abroad_says_so_at_the_number_and_who_does(mine, slug):
    answer = sent(mine, OF[slug], to="+46 70 174 06 93")
    (words,) = answer.context["form"].errors["to"]
    assert answer.status_code == 422 and not Message.objects.exists()
    assert "country code +1 only" in words and "Jo Mobile and Voximplant" in words


@pytest.mark.parametrize("slug", ["jomobile", "voximplant"])
def test_who_reaches_abroad_does(mine, slug):
    assert sent(mine, OF[slug], to="+46 70 174 06 93").status_code == 302


def test_where_nobody_reaches_abroad_nobody_is_named(client):
    account = AccountFactory()
    number_at(connect_to(account, "jafone")["jafone"], account)
    client.force_login(MembershipFactory(account=account).user)
    (words,) = sent(client, OF["jafone"], to="+46 70 174 06 93").context["form"].errors["to"]
    assert words == "Texts go to numbers in Canada, the United States and other countries of code +1."


# --- how much, and what -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slug", "longest"),
    [("voicemeup", 1000), ("jafone", 670), ("voicetel", 160), ("jomobile", 1000), ("voximplant", 765)],
)
def test_what_is_too_long_for_its_sender_is_said_before_it_is_sent(mine, slug, longest):
    """C6: while it is typed, and again at the field."""
    url, words = reverse("messages:count"), f"at most {longest:,} characters"
    assert words not in mine.post(url, {"body": "a" * longest, "sender": OF[slug]}).content.decode()
    assert words in mine.post(url, {"body": "a" * (longest + 1), "sender": OF[slug]}).content.decode()
    refused = sent(mine, OF[slug], body="a" * (longest + 1))
    assert refused.status_code == 422 and words in refused.context["form"].errors["body"][0]
    assert sent(mine, OF[slug], body="a" * longest).status_code == 302


def test_an_answer_is_measured_by_the_number_it_goes_out_from(mine, account):
    thread = ThreadFactory(account=account, our_number=OF["voicetel"], contact_number="+14135550168")
    page = mine.get(reverse("messages:thread", args=[thread.pk]))
    assert OF["voicetel"] in page.context["form"].fields["body"].widget.attrs["hx-vals"]
    answer = mine.post(reverse("messages:send", args=[thread.pk]), {"body": "a" * 161, "intent": str(uuid.uuid4())})
    assert answer.status_code == 422 and "at most 160 characters" in answer.content.decode()


def test_only_who_can_send_a_picture_is_asked_for_one(mine, client):
    assert 'name="picture"' in mine.get(reverse("messages:compose")).content.decode()
    page = mine.get(reverse("messages:compose"), {"from": OF["voicetel"]})
    assert "No pictures go out from this sender." in page.content.decode()
    account = AccountFactory()
    number_at(connect_to(account, "voicetel")["voicetel"], account, "0135")
    client.force_login(MembershipFactory(account=account).user)
    html = client.get(reverse("messages:compose")).content.decode()
    assert 'name="picture"' not in html and "No pictures" not in html
    assert sent(client, "+15185550135").status_code == 302


# --- a name -----------------------------------------------------------------------------------------------------------

NAME = "Jo Mobile sends it under the name LACHANCE. Nobody can answer to a name."


def test_nobody_can_answer_to_a_name_and_that_is_said_when_it_is_chosen(mine):
    chosen = mine.post(reverse("messages:count"), {"body": "", "sender": "LACHANCE", "hint": "1"}).content.decode()
    assert NAME in chosen and 'hx-swap-oob="true"' in chosen
    assert NAME in mine.get(reverse("messages:compose"), {"from": "LACHANCE"}).content.decode()
    number = mine.post(reverse("messages:count"), {"body": "", "sender": OF["jafone"], "hint": "1"}).content.decode()
    assert "Nobody can answer" not in number


def test_a_conversation_of_a_name_says_so_beside_the_answer(mine, account):
    thread = ThreadFactory(account=account, our_number="LACHANCE", contact_number="+46701740693")
    html = mine.get(reverse("messages:thread", args=[thread.pk])).content.decode()
    assert NAME in html and "Our name" in html and "short code" not in html


def test_a_name_that_was_taken_away_can_write_no_more(mine, account):
    thread = ThreadFactory(account=account, our_number="LACHANCE", contact_number="+14385550177")
    SenderName.objects.all().delete()
    html = mine.get(reverse("messages:thread", args=[thread.pk])).content.decode()
    assert "This name can no longer be used as a sender" in html and 'id="composer"' not in html


def test_a_name_of_another_account_is_no_sender(mine):
    stranger = AccountFactory()
    other = connect_to(stranger, "jomobile")["jomobile"]
    SenderName.objects.create(connection=other, account=stranger, name="NORDET")
    assert sent(mine, "NORDET").status_code == 422
    assert "NORDET" not in mine.post(reverse("messages:count"), {"sender": "NORDET", "hint": "1"}).content.decode()


# --- the inbox --------------------------------------------------------------------------------------------------------


def threads_of_all(account, count: int = 1) -> None:
    for ours in OF.values():
        for n in range(count):
            contact = f"+1438555{uuid.uuid4().int % 9000 + 1000 + n}"
            MessageFactory(thread=ThreadFactory(account=account, our_number=ours, contact_number=contact))


def test_each_conversation_says_which_upstream_it_is_by(mine, account):
    threads_of_all(account)
    rows = mine.get(reverse("messages:inbox")).context["rows"]
    assert {row.line: row.source.text for row in rows} == {
        "voicemeup line": "VoiceMeUp", "jafone line": "JaFone", "voicetel line": "VoiceTel",
        "voximplant line": "Voximplant", "LACHANCE": "Jo Mobile",
    }  # fmt: skip


def test_one_whose_log_is_late_says_how_old_it_is_also_on_an_open_page(mine, account, made):
    threads_of_all(account)
    page = mine.get(reverse("messages:inbox"))
    poll = {"v": page.context["mark"]}
    headers = {"HX-Request": "true", "HX-Target": "threads"}
    assert mine.get(reverse("messages:inbox"), poll, headers=headers).status_code == 204
    late = timezone.now() - timezone.timedelta(hours=3)
    Feed.objects.filter(connection=made["jafone"], name="messages").update(last_ok_at=late)
    assert "JaFone, stale: 3 h ago" in mine.get(reverse("messages:inbox"), poll, headers=headers).content.decode()


def test_with_one_upstream_rows_say_nothing_of_it(client):
    account = AccountFactory()
    number_at(connect_to(account, "jafone")["jafone"], account, label="Office")
    MessageFactory(thread=ThreadFactory(account=account, our_number=OF["jafone"]))
    client.force_login(MembershipFactory(account=account).user)
    assert "JaFone" not in client.get(reverse("messages:inbox")).content.decode()


def test_an_open_conversation_says_it_too(mine, account):
    thread = ThreadFactory(account=account, our_number=OF["voximplant"])
    assert mine.get(reverse("messages:thread", args=[thread.pk])).context["panel"].source.text == "Voximplant"


def test_rows_of_five_upstreams_cost_as_many_questions_as_rows_of_one(mine, account):
    def questions() -> int:
        with CaptureQueriesContext(db) as queries:
            mine.get(reverse("messages:inbox"))
        return len(queries)

    threads_of_all(account)
    questions()
    few = questions()
    threads_of_all(account, count=5)
    assert questions() == few
