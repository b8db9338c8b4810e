"""The inventory: orders, columns, saved views, sub-accounts, and states derived from ports and listings (B1, B8, B15, L2)."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.roles import Role
from messaging.upstream import storing
from messaging.upstream.records import Owners
from numbering.forms import number_filter
from numbering.models import Number, PortRequest, SavedView
from numbering.services.inventory import choices_of
from numbering.tasks import tell_of_gone_numbers
from providers.clients.records import Direction, MessageRecord, Transmission
from providers.models import Orphan
from tests.factories import (
    AccountFactory,
    ConnectionFactory,
    FeedFactory,
    MembershipFactory,
    NumberFactory,
    PortRequestFactory,
    RemoteAccountFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
LIST = "/numbers/"


@pytest.fixture
def camille(client):
    cache.clear()
    member = MembershipFactory()
    member.connection = ConnectionFactory()
    RemoteAccountFactory(connection=member.connection, account=member.account)
    FeedFactory(connection=member.connection, last_ok_at=timezone.now())
    client.force_login(member.user)
    return member


@pytest.fixture
def make(camille):
    def make(number: str, **values) -> Number:
        return NumberFactory(account=camille.account, connection=camille.connection, number=number, **values)

    return make


def page(client, **query) -> str:
    answer = client.get(LIST, query)
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


def found(client, **query) -> list[str]:
    return [row.number.replace("\u00a0", " ") for row in client.get(LIST, query).context["rows"]]


# --- orders and pages -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("", lambda row: (row.number, row.pk)),
        ("name", lambda row: (row.label, row.number)),
        ("city", lambda row: (row.city, row.number)),
        ("cost", lambda row: (row.cost_center, row.number)),
        ("newest", lambda row: -row.pk),
    ],
)
def test_pages_of_every_order_follow_each_other_without_gap_or_double(client, make, sort, key):
    """B1, L2: also where a whole page has the same name, city or cost centre."""
    rows = [
        make(f"+1514555{(n * 37) % 1000:04d}", label=["", "Line", "Desk"][n % 3], city=["Laval", "Gatineau"][n % 2],
             cost_center="" if n < 90 else "West")
        for n in range(130)
    ]  # fmt: skip
    seen, after = [], ""
    for _ in range(3):
        answer = client.get(LIST, {"sort": sort, "after": after})
        seen += [row.pk for row in answer.context["rows"]]
        after = answer.context["next_url"].rpartition("after=")[2]
    assert seen == [row.pk for row in sorted(rows, key=key)] and not after


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own plan")
@pytest.mark.parametrize("query", [{"sort": "name"}, {"sort": "city"}, {"sort": "cost"}, {"sort": "newest"}, {"city": "Laval"},
                                   {"state": "disabled"}, {"state": "gone"}, {"can": "fax"}])  # fmt: skip
def test_no_page_sorts_or_reads_all_numbers(client, camille, make, query):
    """An index for each order and for what few numbers have: nothing is put in order by the database."""
    for n in range(60):
        make(f"+15145550{n:03d}", city="Laval", fax=n % 2 == 0)
    with CaptureQueriesContext(connection) as queries:
        client.get(LIST, query)
    statement = next(row["sql"] for row in queries if '"digits_reversed"' in row["sql"] and "ORDER BY" in row["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
        plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
    assert "SCAN numbers_number" not in plan and "numbers_" in plan
    assert "USE TEMP B-TREE FOR ORDER BY" not in plan, plan


def test_the_cities_are_found_by_hopping_through_the_index(camille, make, django_assert_num_queries):
    for n in range(30):
        make(f"+15145550{n:03d}", city=["Laval", "Gatineau", ""][n % 3])
    NumberFactory(city="Elsewhere")
    with django_assert_num_queries(1):
        assert choices_of(camille.account, "city") == ["Gatineau", "Laval"]
    assert choices_of(camille.account, "cost_center") == []


# --- columns ----------------------------------------------------------------------------------------------------------


def test_columns_are_chosen_in_the_url(client, make):
    """L2."""
    make("+15145550101", label="Reception", cost_center="West wing", note="Ask Marc")
    usual = page(client)
    assert "West wing</td>" not in usual and "Montréal" in usual and "Ask Marc" not in usual
    chosen = page(client, col=["cost", "note"])
    assert "West wing</td>" in chosen and "Ask Marc" in chosen and "Reception</td>" not in chosen
    assert "Montréal" in page(client, col="nonsense"), "unknown columns are ignored"


def test_a_row_says_where_calls_go(client, make):
    """B9."""
    row = make("+15145550101")
    row.settings |= {"forwarding": True, "forward_to": "+14385550177", "forward_after": 20}
    row.save()
    html = page(client)
    assert "To 438 555-0177, after 20 seconds" in html
    assert reverse("numbers:edit", args=[row.pk, "calls"]) in html
    Number.objects.update(settings={"sms": True})
    assert reverse("numbers:edit", args=[row.pk, "calls"]) not in page(client), "nothing that cannot be set is offered"


def test_the_list_costs_the_same_with_ports_views_and_several_upstreams(client, camille, make):
    second = ConnectionFactory(slug="voicetel", name="Second")
    RemoteAccountFactory(connection=second, account=camille.account)
    FeedFactory(connection=second, last_ok_at=timezone.now())
    costs = []
    for first, last in ((0, 3), (3, 60)):
        for n in range(first, last):
            make(f"+15145550{n:03d}")
            NumberFactory(account=camille.account, connection=second, number=f"+14385550{n:03d}")
            if n < 15:
                SavedView.objects.create(account=camille.account, user=camille.user, name=str(n))
                PortRequestFactory(
                    account=camille.account, connection=second, status="sent_to_provider", numbers=[f"+15145550{n:03d}"]
                )
        page(client)
        with CaptureQueriesContext(connection) as queries:
            page(client)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 21


# --- saved views ------------------------------------------------------------------------------------------------------


def test_a_view_is_saved_opened_replaced_and_deleted(client, camille, make):
    """L2: it keeps filters, order and columns, never the place in the list."""
    make("+15145550101", city="Laval")
    query = "city=Laval&sort=name&col=name&col=cost&after=5&hidden=1"
    answer = client.post(reverse("numbers:view_save"), {"name": " My  city ", "query": query})
    view = SavedView.objects.get()
    assert (view.name, view.query) == ("My city", "city=Laval&sort=name&col=name&col=cost")
    assert answer["Location"] == f"{LIST}?{view.query}"
    assert "My city" in page(client)
    client.post(reverse("numbers:view_save"), {"name": "My city", "query": "state=gone"})
    assert SavedView.objects.get().query == "state=gone"
    assert client.post(reverse("numbers:view_delete", args=[view.pk])).status_code == 302
    assert not SavedView.objects.exists()


def test_a_view_is_its_persons_alone(client, camille):
    other = MembershipFactory(account=camille.account, user=UserFactory())
    theirs = SavedView.objects.create(account=camille.account, user=other.user, name="Theirs")
    assert "Theirs" not in page(client)
    assert client.post(reverse("numbers:view_delete", args=[theirs.pk])).status_code == 404
    assert SavedView.objects.filter(pk=theirs.pk).exists()


def test_a_view_needs_a_name_and_there_are_twenty_at_most(client, camille):
    client.post(reverse("numbers:view_save"), {"name": "  ", "query": ""})
    assert not SavedView.objects.exists()
    for n in range(25):
        client.post(reverse("numbers:view_save"), {"name": f"View {n}", "query": "can=sms"})
    assert SavedView.objects.count() == 20


# --- states -----------------------------------------------------------------------------------------------------------


def test_states_come_from_the_listing_and_from_ports(client, camille, make):
    """B15: a number that another upstream of the account is bringing over is on its way out of the first."""
    second = ConnectionFactory(name="Second")
    RemoteAccountFactory(connection=second, account=camille.account)
    make("+15145550101")
    make("+15145550102")
    make("+15145550103", gone_at=timezone.now())
    PortRequestFactory(
        account=camille.account, connection=second, status="sent_to_provider", numbers=["+15145550102", "+15145550177"]
    )
    PortRequestFactory(account=camille.account, connection=second, status="not_ready", numbers=["+15145550101"])
    PortRequestFactory(account=AccountFactory(), status="sent_to_provider", numbers=["+15145550101"])
    assert found(client, state="porting_out") == ["514 555-0102"] and "Porting out" in page(client)
    assert found(client, state="porting_in") == ["514 555-0102", "514 555-0177"]
    assert found(client, state="gone") == ["514 555-0103"]
    assert found(client) == ["514 555-0101", "514 555-0102"]


def test_home_tells_that_a_number_is_gone(client, camille, make):
    """B15, L4."""
    row = make("+15145550103", gone_at=timezone.now() - timedelta(hours=1))
    NumberFactory(gone_at=timezone.now(), number="+15145550199")
    html = client.get("/").content.decode().replace("\u00a0", " ")
    assert "No longer at VoiceMeUp" in html and reverse("numbers:detail", args=[row.pk]) in html
    assert "555-0199" not in html


# --- notes ------------------------------------------------------------------------------------------------------------


def test_a_cost_centre_is_kept_and_can_be_filtered_by(client, camille, make):
    """B8."""
    row = make("+15145550101")
    url = reverse("numbers:notes", args=[row.pk])
    form = client.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields} | {"cost_center": "  West   wing "}
    assert client.post(url, data).status_code == 302
    row.refresh_from_db()
    cache.clear()
    assert row.cost_center == "West wing"
    assert found(client, cost="West wing") == ["514 555-0101"] and 'name="cost"' in page(client)


# --- sub-accounts -----------------------------------------------------------------------------------------------------


def test_a_reseller_sees_the_numbers_of_a_sub_account_and_nobody_elses(client):
    """B1."""
    cache.clear()
    reseller = MembershipFactory(account=AccountFactory(kind="reseller"), role=Role.OWNER)
    child, stranger = AccountFactory(parent=reseller.account, name="Child"), AccountFactory(name="Stranger")
    for number, account in (("+15145550101", reseller.account), ("+15145550102", child), ("+15145550103", stranger)):
        NumberFactory(number=number, account=account)
    client.force_login(reseller.user)
    assert found(client) == ["514 555-0101"]
    assert found(client, sub=child.pk) == ["514 555-0102"]
    html = page(client, sub=child.pk)
    assert "These are the numbers of Child." in html and "row-link" not in html
    assert found(client, sub=stranger.pk) == ["514 555-0101"], "another's account is no choice"
    client.force_login(MembershipFactory(account=child, user=UserFactory()).user)
    assert 'name="sub"' not in page(client)


@pytest.fixture
def tree(client):
    """A reseller signed in, two customers below, one of them with a customer of its own, and a stranger."""
    cache.clear()
    owner = MembershipFactory(account=AccountFactory(kind="reseller", name="Northern"), role=Role.OWNER)
    client.force_login(owner.user)
    child = AccountFactory(parent=owner.account, name="Child", kind="reseller")
    return owner, child, AccountFactory(parent=child, name="Grandchild"), AccountFactory(name="Stranger")


def test_a_reseller_lists_its_numbers_and_all_below_at_once(client, tree):
    """B1: each with its account, opened only where the person works; filters hold for all of them."""
    owner, child, grandchild, stranger = tree
    for n, account in enumerate((owner.account, child, grandchild, stranger), 1):
        NumberFactory(number=f"+1514555010{n}", account=account, sms=n != 2)
    assert found(client, sub="all") == ["514 555-0101", "514 555-0102", "514 555-0103"]
    assert found(client, sub="all", can="sms") == ["514 555-0101", "514 555-0103"]
    assert found(client, sub="all", q="0103") == ["514 555-0103"]
    assert found(client, sub="all", city="Montréal") and not found(client, sub="all", city="Laval")
    html = page(client, sub="all")
    assert "All accounts together" in html and "Grandchild</a>" in html and "Stranger" not in html
    assert html.count("row-link") == 1 and "Change all" not in html and 'name="city"' not in html
    assert f"sub={child.pk}" in html
    exported = b"".join(client.get(reverse("numbers:export"), {"sub": "all"}).streaming_content).decode()
    assert [f"010{n}" in exported for n in (1, 2, 3, 4)] == [True, True, True, False]


def test_the_joint_list_says_which_accounts_it_has_no_place_for(client, tree, monkeypatch):
    """B1: what is not shown is said, and each account is still found by itself."""
    owner, child, grandchild, stranger = tree
    for n, account in enumerate((owner.account, child, grandchild, stranger), 1):
        NumberFactory(number=f"+1514555010{n}", account=account)
    words = "The numbers of 1 more account are neither in this list nor in its CSV"
    monkeypatch.setattr(number_filter, "MOST_TOGETHER", 2)
    assert len(found(client, sub="all")) == 3 and "neither in this list" not in page(client, sub="all")
    monkeypatch.setattr(number_filter, "MOST_TOGETHER", 1)
    assert found(client, sub="all") == ["514 555-0101", "514 555-0102"]
    assert words in page(client, sub="all") and words in page(client, sub="all", q="0101")
    assert "neither in this list" not in page(client)
    AccountFactory(parent=owner.account, name="Another")
    assert "The numbers of 2 more accounts are neither" in page(client, sub="all")


def test_an_account_that_is_not_among_those_to_choose_from_is_opened_by_its_link(client, tree, monkeypatch):
    owner, child, grandchild, stranger = tree
    for n, account in enumerate((owner.account, child, grandchild, stranger), 1):
        NumberFactory(number=f"+1514555010{n}", account=account)
    monkeypatch.setattr(number_filter, "MOST_ACCOUNTS", 1)
    assert found(client, sub=grandchild.pk) == ["514 555-0103"]
    html = page(client, sub=grandchild.pk)
    assert "These are the numbers of Grandchild." in html and f'value="{grandchild.pk}" selected' in html
    assert found(client, sub=stranger.pk) == found(client, sub="9" * 30) == ["514 555-0101"]


def test_who_has_nothing_below_finds_no_such_choice(client, make):
    make("+15145550101")
    NumberFactory(number="+15145550102")
    assert found(client, sub="all") == ["514 555-0101"] and "All accounts together" not in page(client)


def test_only_own_numbers_are_changed_from_a_list_of_several_accounts(client, tree):
    owner, child, *_ = tree
    own, below = NumberFactory(account=owner.account), NumberFactory(account=child)
    for query in ({"all": "1", "sub": "all"}, {"n": [own.pk, below.pk]}):
        html = client.get(reverse("numbers:bulk"), query).content.decode().replace("\u00a0", " ")
        assert own.number[-4:] in html and below.number[-4:] not in html
    assert client.get(reverse("numbers:bulk"), {"all": "1", "sub": child.pk}).status_code != 200


@pytest.mark.parametrize("sort", ["", "name", "city", "cost", "newest"])
def test_pages_of_several_accounts_follow_each_other_without_gap_or_double(client, tree, sort):
    """B1: account by account, in the chosen order within each."""
    owner, child, grandchild, stranger = tree
    rows = [
        NumberFactory(number=f"+1514555{(n * 37) % 1000:04d}", account=(owner.account, child, grandchild)[n % 3],
                      label=["", "Desk"][n % 2], city=["Laval", "Gatineau"][n % 2])
        for n in range(130)
    ]  # fmt: skip
    NumberFactory(account=stranger)
    seen, after = [], ""
    for _ in range(3):
        answer = client.get(LIST, {"sub": "all", "sort": sort, "after": after})
        seen += [row.pk for row in answer.context["rows"]]
        after = answer.context["next_url"].rpartition("after=")[2]
    assert sorted(seen) == sorted(row.pk for row in rows) and not after
    accounts = [row.account_id for pk in seen for row in rows if row.pk == pk]
    assert accounts == sorted(accounts)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own plan")
@pytest.mark.parametrize("sort", ["", "name", "city", "cost", "newest"])
def test_no_page_of_several_accounts_sorts_or_reads_all_numbers(client, tree, sort):
    owner, child, *_ = tree
    made = [NumberFactory(number=f"+15145550{n:03d}", account=(owner.account, child)[n % 2]) for n in range(60)]
    with CaptureQueriesContext(connection) as queries:
        client.get(LIST, {"sub": "all", "sort": sort})
        client.get(LIST, {"sub": "all", "sort": sort, "after": made[0].pk})
    statements = [row["sql"] for row in queries if '"digits_reversed"' in row["sql"] and "ORDER BY" in row["sql"]]
    # The first page; then the rest of an account (of its group first, where there are groups), and the accounts after it.
    assert len(statements) == (4 if sort in ("name", "city", "cost") else 3)
    for statement in statements:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
            plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
        assert "SCAN numbers_number" not in plan and "USE TEMP B-TREE FOR ORDER BY" not in plan, plan


def test_a_list_of_several_accounts_costs_the_same_for_more_of_them(client, tree, django_assert_max_num_queries):
    owner, *_ = tree
    for _ in range(12):
        NumberFactory(account=AccountFactory(parent=owner.account))
    client.get(LIST, {"sub": "all"})
    with django_assert_max_num_queries(17):
        client.get(LIST, {"sub": "all"})


# --- who holds it -----------------------------------------------------------------------------------------------------


def test_after_a_port_calls_and_texts_are_told_apart_until_a_text_comes_in(client, camille, make):
    """B17."""
    row = make("+15145550101")
    port = PortRequestFactory(
        account=camille.account, connection=camille.connection, status="completed", numbers=[row.number],
        status_since=timezone.now() - timedelta(days=1),
    )  # fmt: skip
    url = reverse("numbers:detail", args=[row.pk])
    html = client.get(url).content.decode()
    assert "Who holds it" in html and "Not confirmed" in html and "No text has come in yet" in html
    assert "SMS?" in page(client)
    record = message_record(row.number)
    storing.store(camille.connection, [record], Owners(camille.connection))
    row.refresh_from_db()
    assert row.texted_at == record.sent_at
    html = client.get(url).content.decode()
    assert "Works" in html and "Not confirmed" not in html and "SMS?" not in page(client)
    port.status_since = timezone.now() - timedelta(days=60)
    port.save()
    assert "Who holds it" not in client.get(url).content.decode(), "a port of long ago needs no words"


def test_a_number_that_a_second_upstream_lists_too_says_so(client, camille, make):
    """B17: which one carries the texts is not known, and it is not guessed."""
    row = make("+15145550101")
    second = ConnectionFactory(slug="voicetel", name="Second")
    RemoteAccountFactory(connection=second, account=camille.account)
    values = {"kind": "numbers", "side": "theirs", "external_id": "5145550101", "label": row.number}
    Orphan.objects.create(connection=second, **values)
    Orphan.objects.create(connection=ConnectionFactory(slug="jafone", name="Stranger"), **values)
    html = client.get(reverse("numbers:detail", args=[row.pk])).content.decode()
    assert "VoiceTel still lists this number" in html and "JaFone" not in html


def message_record(number: str) -> MessageRecord:
    return MessageRecord(
        external_id="m1", log_id="1", direction=Direction.INBOUND, source="+14385550177", destination=number,
        body="Bonjour", sent_at=timezone.now(), transmission=Transmission.DELIVERED,
    )  # fmt: skip


# --- told by mail -----------------------------------------------------------------------------------------------------


def test_people_are_told_once_by_mail_in_their_language_when_a_number_is_gone(camille, make, mailoutbox):
    """B15, USERS.md 17: not at once (a listing may be short by mistake), not of what was released here, not twice."""
    reader = MembershipFactory(account=camille.account, user=UserFactory(), role=Role.READER)
    camille.user.language = "fr"
    camille.user.save()
    ago = timezone.now() - timedelta(minutes=20)
    make("+15145550101", gone_at=ago, label="Réception")
    make("+15145550102", gone_at=timezone.now())
    make("+15145550103", gone_at=ago, status="deleted")
    make("+15145550104", gone_at=timezone.now() - timedelta(days=9))
    assert tell_of_gone_numbers() == 1 and tell_of_gone_numbers() == 0
    (mail,) = mailoutbox
    assert mail.to == [camille.user.email] != [reader.user.email]
    assert "514\u00a0555-0101" in mail.body and "Réception" in mail.body and "n’est plus" in mail.subject
    assert "0102" not in mail.body and "state=gone" in mail.body


def test_a_mail_server_that_refuses_is_tried_again(camille, make, mailoutbox, monkeypatch):
    make("+15145550101", gone_at=timezone.now() - timedelta(minutes=20))
    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", lambda self: (_ for _ in ()).throw(OSError("away")))
        with pytest.raises(OSError, match="away"):
            tell_of_gone_numbers()
    assert tell_of_gone_numbers() == 1 and len(mailoutbox) == 1


def test_people_are_told_when_a_port_request_takes_their_number_away(camille, make, mailoutbox):
    """B15, D19, USERS.md 17: by whichever account it was asked for, once, and before it is gone."""
    MembershipFactory(account=camille.account, user=UserFactory(), role=Role.READER)
    row = make("+15145550101", label="Réception")
    elsewhere = ConnectionFactory(slug="voicetel", name="Other")
    names = {"connection": elsewhere, "numbers": ["+15145550101", "+14505550199"], "title": "SECRET"}
    port = PortRequestFactory(status="not_ready", **names)
    PortRequestFactory(connection=row.connection, numbers=["+15145550101"], status="firm_confirm")
    assert tell_of_gone_numbers() == 0 and not mailoutbox, "a draft moves nothing, nor a port to where the number is"
    PortRequest.objects.filter(pk=port.pk).update(status="sent_to_provider")
    assert tell_of_gone_numbers() == 1 and tell_of_gone_numbers() == 0
    (mail,) = mailoutbox
    assert mail.to == [camille.user.email] and "514\u00a0555-0101" in mail.body and "Réception" in mail.body
    assert "VoiceTel" in mail.body and "SECRET" not in mail.body and "450" not in mail.body
    assert reverse("numbers:port_out", args=[row.pk]) in mail.body
    assert AuditEntry.objects.get(action="numbers.leaving").account == camille.account


def test_a_port_out_is_told_of_once_the_mail_server_is_back(camille, make, mailoutbox, monkeypatch):
    make("+15145550101")
    PortRequestFactory(connection=ConnectionFactory(slug="voicetel"), numbers=["+15145550101"], status="sent_to_staff")
    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", lambda self: (_ for _ in ()).throw(OSError("away")))
        with pytest.raises(OSError, match="away"):
            tell_of_gone_numbers()
    assert tell_of_gone_numbers() == 1 and len(mailoutbox) == 1


# --- found from anywhere ----------------------------------------------------------------------------------------------


def test_four_digits_and_enter_lead_to_the_number_where_only_it_fits(client, make):
    """USERS.md task 4. Where more fits, the page says what each is for."""
    row = make("+15145550101", label="Reception")
    assert client.get("/search/", {"q": "0101"})["Location"] == reverse("numbers:detail", args=[row.pk])
    row.settings |= {"forwarding": True, "forward_to": "+14385550177"}
    row.save()
    make("+14385550101")
    answer = client.get("/search/", {"q": "0101"})
    assert answer.status_code == 200 and "To 438" in answer.content.decode()
    fragment = client.get(
        "/search/", {"q": "5145550101"}, headers={"HX-Request": "true", "HX-Target": "search-results"}
    )
    assert fragment.status_code == 200
