"""Sub-accounts (rows G1, G2, G3, B13, H6): pages of a reseller, and who may open them."""

import uuid
from datetime import timedelta

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account, AuditEntry, Membership, RemoteAccount, SubaccountChange, User
from accounts.roles import Role
from numbering.models import EmergencyChange, Number
from providers.models import Operation
from tests.factories import (
    AccountFactory,
    BalanceFactory,
    ConnectionFactory,
    EmergencyEndpointFactory,
    MembershipFactory,
    MessageFactory,
    NumberFactory,
    RemoteAccountFactory,
    ThreadFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
LIST = "/subaccounts/"


@pytest.fixture
def reseller():
    return AccountFactory(name="Boréal", kind="reseller")


@pytest.fixture
def membership(reseller):
    return MembershipFactory(account=reseller)


@pytest.fixture
def connection(reseller):
    connection = ConnectionFactory(name="VoiceMeUp Boréal")
    RemoteAccountFactory(connection=connection, account=reseller)
    return connection


@pytest.fixture
def customer(reseller, connection):
    account = AccountFactory(name="Clinique", parent=reseller)
    RemoteAccountFactory(connection=connection, account=account, external_id="31656", name="Clinique", status="enabled")
    return account


@pytest.fixture
def owner(client, membership):
    client.force_login(membership.user)
    return client


@pytest.fixture
def stranger():
    """A customer of another reseller."""
    return AccountFactory(name="CANARY", parent=AccountFactory(kind="reseller"))


def form(**changes) -> dict:
    plain = {
        "name": "Fleuriste",
        "organization": "",
        "language": "fr",
        "owner_name": "Rose",
        "owner_email": "rose@x.test",
    }
    return {**plain, "intent": str(uuid.uuid4()), **changes}


def url(name: str, account) -> str:
    return reverse(name, args=[account.pk])


# --- the list ---------------------------------------------------------------------------------------------------------


def test_the_list_shows_state_balance_numbers_gaps_and_failures(owner, reseller, connection, customer):
    own = {"account": customer, "connection": connection}
    NumberFactory.create_batch(3, **own)
    thread = ThreadFactory(account=customer)
    MessageFactory(thread=thread, connection=connection, direction="outbound", state="failed")
    rich = AccountFactory(name="Riche", parent=reseller, status="suspended")
    BalanceFactory(account=rich)
    rows = {row.name: row for row in owner.get(LIST).context["rows"]}
    clinic = rows["Clinique"]
    assert (clinic.balances, clinic.numbers, clinic.gaps, clinic.failures) == (["In yours"], 3, 3, 1)
    assert clinic.state.word == "Active" and rows["Riche"].state.word == "Suspended"
    assert rows["Riche"].balances == ["$18.42\u00a0CAD"] and rows["Riche"].is_low


def test_an_address_in_doubt_is_told_though_an_old_one_is_in_force(owner, connection, customer):
    """E3: the same as the customer's own home says."""
    row = NumberFactory(account=customer, connection=connection)
    EmergencyEndpointFactory(account=customer, connection=connection, number=row.number)
    assert "all with a 911 address" in owner.get(url("subaccount", customer)).content.decode()
    EmergencyChange.objects.create(account=customer, number=row, state="unknown")
    assert "1 to check" in owner.get(LIST).content.decode()
    page = owner.get(url("subaccount", customer)).content.decode()
    assert "1 whose 911 address has to be checked" in page and "all with a 911 address" not in page


def test_accounts_at_any_depth_are_listed_and_no_others(owner, customer, stranger):
    AccountFactory(name="Deep", parent=customer)
    page = owner.get(LIST)
    assert [(row.name, row.above) for row in page.context["rows"]] == [("Clinique", ""), ("Deep", "Clinique")]
    assert "CANARY" not in page.content.decode()


def test_the_search_narrows_as_a_fragment_and_pages_follow_each_other(owner, reseller):
    for n in range(70):
        AccountFactory(name=f"Shop {n % 30:02d}", parent=reseller)
    AccountFactory(name="Garage", parent=reseller)
    found = owner.get(LIST, {"q": "gar"}, headers={"HX-Request": "true", "HX-Target": "subaccount_list"})
    assert [row.name for row in found.context["rows"]] == ["Garage"] and b"<html" not in found.content
    first = owner.get(LIST).context
    second = owner.get(LIST + first["next_url"]).context
    names = [row.pk for row in (*first["rows"], *second["rows"])]
    assert len(names) == len(set(names)) == 71 and not second["next_url"]


def test_the_number_of_queries_does_not_grow_with_the_rows(owner, reseller, connection):
    def furnish(count: int) -> None:
        for _ in range(count):
            account = AccountFactory(parent=reseller)
            RemoteAccountFactory(connection=connection, account=account, external_id=str(account.pk))
            NumberFactory(account=account, connection=connection)

    def count() -> int:
        with CaptureQueriesContext(connections["default"]) as queries:
            owner.get(LIST)
        return len(queries)

    furnish(1)
    owner.get(LIST)
    few = count()
    furnish(20)
    assert count() == few <= 30


def test_an_account_that_is_no_reseller_is_told_so(client):
    client.force_login(MembershipFactory().user)
    assert "This account has no sub-accounts" in client.get(LIST).content.decode()
    assert client.get(reverse("subaccount_new")).status_code == 302


# --- who may ----------------------------------------------------------------------------------------------------------

PAGES = ["subaccount", "subaccount_suspend"]
BUTTONS = ["subaccount_suspend", "subaccount_resume", "subaccount_retry", "subaccount_invite", "subaccount_numbers"]


def test_only_accounts_below_ones_own_exist(owner, reseller, stranger):
    for account in (stranger, reseller, stranger.parent):
        for name in PAGES:
            assert owner.get(url(name, account)).status_code == 404
        for name in BUTTONS:
            assert owner.post(url(name, account), form(reason="x", person="1", numbers=["1"])).status_code == 404
    assert not SubaccountChange.objects.exists()


def test_a_customer_cannot_reach_its_reseller_or_a_sibling(client, reseller, customer):
    sibling = AccountFactory(parent=reseller)
    client.force_login(MembershipFactory(account=customer).user)
    for account in (reseller, sibling, customer):
        assert client.get(url("subaccount", account)).status_code == 404


@pytest.mark.parametrize("role", [Role.AGENT, Role.BILLING])
def test_roles_without_the_permission_are_refused(client, reseller, customer, role):
    client.force_login(MembershipFactory(account=reseller, role=role).user)
    for address in (LIST, reverse("subaccount_new"), *(url(name, customer) for name in PAGES)):
        assert client.get(address).status_code == 403
    for name in BUTTONS:
        assert client.post(url(name, customer), form()).status_code == 403


def test_a_reader_sees_everything_and_changes_nothing(client, reseller, customer):
    client.force_login(MembershipFactory(account=reseller, role=Role.READER).user)
    page = client.get(url("subaccount", customer)).content.decode()
    for hidden in ("Suspend", "Move numbers", "Open as this account"):
        assert hidden not in page
    for name in BUTTONS:
        assert client.post(url(name, customer), form()).status_code == 403


# --- creating ---------------------------------------------------------------------------------------------------------


def test_a_new_customer_is_there_at_once_with_owner_operation_and_invitation(
    owner, reseller, connection, wakes, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        response = owner.post(reverse("subaccount_new"), form(connection=connection.pk))
    account = Account.objects.get(name="Fleuriste")
    assert response["Location"] == url("subaccount", account)
    assert (account.parent, account.language) == (reseller, "fr")
    person = Membership.objects.get(account=account)
    assert person.role == Role.OWNER and not person.user.has_usable_password() and person.invite_due_at
    operation = Operation.objects.get()
    assert (operation.verb, operation.arguments["name"]) == ("subaccount.create", "Fleuriste")
    assert [wake.task for wake in wakes] == ["accounts.tasks.send_invitation", "providers.tasks.run_operation"]
    assert AuditEntry.objects.filter(account=reseller, action="subaccount.created").count() == 1
    page = owner.get(url("subaccount", account)).content.decode()
    assert "Being created" in page and "Rose" in page and "Invitation is being sent" in page


def test_the_same_form_twice_is_one_customer_and_another_body_is_refused(owner, connection):
    typed = form(connection=connection.pk)
    first, second = (owner.post(reverse("subaccount_new"), typed) for _ in range(2))
    assert first["Location"] == second["Location"] and Operation.objects.count() == 1
    reused = owner.post(reverse("subaccount_new"), {**typed, "name": "Somebody else"})
    page = reused.content.decode()
    assert reused.status_code == 409 and 'value="Somebody else"' in page and typed["intent"] not in page
    assert Account.objects.filter(parent__isnull=False).count() == 1


@pytest.mark.parametrize(
    "changes",
    [{"name": ""}, {"name": "x" * 61}, {"owner_email": "nobody"}, {"owner_email": ""}, {"language": "xx"},
     {"connection": "999999"}, {"intent": ""}, {"intent": "x"}],
)  # fmt: skip
def test_a_form_with_mistakes_keeps_what_was_typed(owner, connection, changes):
    response = owner.post(reverse("subaccount_new"), form(**{"organization": "Kept", **changes}))
    assert response.status_code == 422 and 'value="Kept"' in response.content.decode()
    assert not Account.objects.filter(parent__isnull=False).exists() and not User.objects.filter(email="rose@x.test")


def test_a_connection_of_another_reseller_cannot_be_chosen(owner, connection):
    foreign = RemoteAccountFactory(account=AccountFactory(kind="reseller")).connection
    assert owner.post(reverse("subaccount_new"), form(connection=foreign.pk)).status_code == 422


def test_a_person_who_is_here_already_keeps_password_and_name(owner, connection):
    known = UserFactory(email="rose@x.test", name="Rose B.")
    owner.post(reverse("subaccount_new"), form(connection=connection.pk, owner_email="Rose@x.test"))
    known.refresh_from_db()
    assert known.has_usable_password() and known.name == "Rose B." and known.memberships.count() == 1


def test_without_an_upstream_the_customer_lives_in_the_portal_only(owner, reseller):
    owner.post(reverse("subaccount_new"), form())
    assert Account.objects.filter(parent=reseller).exists() and not Operation.objects.exists()


# --- orphans ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def orphan(connection):
    return RemoteAccountFactory(connection=connection, account=None, external_id="9", name="Pacific", status="enabled")


def test_a_sub_account_that_nobody_claims_is_shown_and_becomes_a_new_customers(owner, reseller, orphan):
    assert "Pacific" in owner.get(LIST).content.decode()
    address = url("subaccount_link", orphan)
    assert 'value="Pacific"' in owner.get(address).content.decode()
    owner.post(address, form(name="Pacific Trail"))
    orphan.refresh_from_db()
    assert orphan.account.name == "Pacific Trail" and orphan.account.parent == reseller
    assert owner.get(address).status_code == 404, "it is nobody's no more"


def test_it_can_be_linked_to_a_customer_who_is_here(owner, customer, orphan, stranger):
    address = url("subaccount_link", orphan)
    assert owner.post(address, {"intent": str(uuid.uuid4()), "account": stranger.pk}).status_code == 422
    owner.post(address, {"intent": str(uuid.uuid4()), "account": customer.pk})
    orphan.refresh_from_db()
    assert orphan.account == customer


def test_an_orphan_of_another_reseller_does_not_exist(owner, connection):
    main = RemoteAccountFactory(account=AccountFactory(kind="reseller"))
    foreign = RemoteAccountFactory(connection=main.connection, account=None, external_id="9", name="CANARY")
    assert "CANARY" not in owner.get(LIST).content.decode()
    for method in (owner.get, owner.post):
        assert method(url("subaccount_link", foreign)).status_code == 404


# --- suspending -------------------------------------------------------------------------------------------------------


def test_suspending_asks_for_a_reason_and_waits_for_the_upstream(owner, customer):
    address = url("subaccount_suspend", customer)
    assert "Suspend Clinique?" in owner.get(address).content.decode()
    assert owner.post(address, form(reason="")).status_code == 422
    owner.post(address, form(reason="Unpaid since May"))
    customer.refresh_from_db()
    operation = Operation.objects.get()
    assert customer.status == "active" and operation.arguments == {"external_id": "31656", "status": "disabled"}
    page = owner.get(url("subaccount", customer)).content.decode()
    assert "Being suspended" in page and "VoiceMeUp has not confirmed yet" in page


def test_a_second_change_waits_for_the_first(owner, customer):
    owner.post(url("subaccount_suspend", customer), form(reason="Unpaid"))
    again = owner.post(url("subaccount_suspend", customer), form(reason="Really"))
    assert (
        again.status_code == 422
        and "still on its way" in again.content.decode()
        and 'value="Really"' in again.content.decode()
    )
    owner.post(url("subaccount_resume", customer), form())
    assert Operation.objects.count() == 1


def test_a_double_click_suspends_once_and_another_reason_under_the_same_key_is_refused(owner, customer):
    typed = form(reason="Unpaid")
    for _ in range(2):
        assert owner.post(url("subaccount_suspend", customer), typed).status_code == 302
    assert owner.post(url("subaccount_suspend", customer), {**typed, "reason": "Other"}).status_code == 409
    assert Operation.objects.count() == 1


def test_an_account_of_the_portal_only_is_suspended_and_resumed_at_once(owner, reseller):
    account = AccountFactory(parent=reseller)
    owner.post(url("subaccount_suspend", account), form(reason="Unpaid"))
    account.refresh_from_db()
    assert (account.status, account.status_reason) == ("suspended", "Unpaid")
    owner.post(url("subaccount_resume", account), form())
    account.refresh_from_db()
    assert (account.status, account.status_reason) == ("active", "")


def test_people_of_a_suspended_account_sign_in_and_read(client, customer):
    Account.objects.filter(pk=customer.pk).update(status="suspended", status_reason="Unpaid")
    client.force_login(MembershipFactory(account=customer).user)
    home = client.get("/").content.decode()
    assert "This account is suspended" in home and "Reason: Unpaid" in home
    assert client.get("/billing/").status_code == 200


def test_a_refused_change_says_so_and_can_be_tried_again(owner, customer):
    owner.post(url("subaccount_suspend", customer), form(reason="Unpaid"))
    Operation.objects.update(state="failed", due_at=None, error_code="permission_refused")
    page = owner.get(url("subaccount", customer)).content.decode()
    assert "Not suspended" in page and "did not accept it" in page and "Try again" in page
    owner.post(url("subaccount_retry", customer))
    assert Operation.objects.get().state == "queued"
    owner.post(url("subaccount_retry", customer))
    assert AuditEntry.objects.filter(action="subaccount.retried").count() == 1


def test_a_refusal_is_forgotten_once_a_later_change_came_through(owner, customer):
    for state in ("failed", "done"):
        owner.post(url("subaccount_suspend", customer), form(reason="Unpaid"))
        Operation.objects.filter(state="queued").update(state=state, due_at=None)
    assert "Not suspended" not in owner.get(url("subaccount", customer)).content.decode()


def test_the_state_asks_again_while_it_waits_and_renews_the_page_when_it_is_settled(owner, customer):
    target = {"HX-Request": "true", "HX-Target": "subaccount_state"}
    owner.post(url("subaccount_suspend", customer), form(reason="Unpaid"))
    waiting = owner.get(url("subaccount", customer), headers=target)
    assert b'hx-trigger="every 3s"' in waiting.content and b"<html" not in waiting.content
    Operation.objects.update(state="done")
    assert owner.get(url("subaccount", customer), headers=target)["HX-Refresh"] == "true"


# --- one account ------------------------------------------------------------------------------------------------------


def test_the_page_shows_figures_people_and_numbers_and_opens_the_account(owner, connection, customer):
    NumberFactory(account=customer, connection=connection, number="+15145550103", label="Urgences")
    MembershipFactory(account=customer, user__name="Anne")
    page = owner.get(url("subaccount", customer)).content.decode()
    for words in (
        "514\u00a0555-0103",
        "Urgences",
        "Anne",
        "Never signed in",
        "In yours",
        "VoiceMeUp, sub-account 31656",
    ):
        assert words in page, words
    assert owner.post(reverse("accounts:switch"), {"account": customer.pk}).status_code == 302
    assert owner.get("/").context["request"].account == customer


def test_the_detail_page_costs_the_same_for_many_numbers_and_people(owner, reseller, connection, customer):
    def count() -> int:
        with CaptureQueriesContext(connections["default"]) as queries:
            owner.get(url("subaccount", customer))
        return len(queries)

    def furnish(count: int) -> None:
        NumberFactory.create_batch(count, account=customer, connection=connection)
        NumberFactory.create_batch(count, account=reseller, connection=connection)
        MembershipFactory.create_batch(count, account=customer)

    furnish(1)
    owner.get(url("subaccount", customer))
    few = count()
    furnish(60)
    assert count() == few <= 36


def test_an_invitation_goes_out_again_only_to_who_never_signed_in(owner, customer, reseller):
    new = MembershipFactory(account=customer)
    signed_in = MembershipFactory(account=customer)
    User.objects.filter(pk=signed_in.user_id).update(last_login=timezone.now())
    elsewhere = MembershipFactory(account=AccountFactory())
    address = url("subaccount_invite", customer)
    assert owner.post(address, {"person": new.pk}).status_code == 302
    for person in (signed_in.pk, elsewhere.pk, "", "x"):
        assert owner.post(address, {"person": person}).status_code == 404
    assert list(Membership.objects.filter(invite_due_at__isnull=False)) == [new]


def test_one_person_is_not_mailed_again_and_again(owner, customer):
    membership = MembershipFactory(account=customer)

    def ask() -> str:
        answer = owner.post(url("subaccount_invite", customer), {"person": membership.pk}, follow=True)
        return answer.content.decode()

    assert "goes out" in ask() and "is on its way" in ask()
    Membership.objects.update(invite_due_at=None, invited_at=timezone.now())
    assert "is on its way" in ask() and AuditEntry.objects.filter(action="person.invited_again").count() == 1
    Membership.objects.update(invited_at=timezone.now() - timedelta(minutes=11))
    assert "goes out" in ask() and Membership.objects.get(pk=membership.pk).invite_due_at


def test_inviting_a_person_of_somebody_elses_tells_nothing_about_them(owner, customer):
    """Whether an address is known here, whose it is and when they were last here, is not for who only typed it."""
    stranger = MembershipFactory(account=AccountFactory(), user__name="CANARY", user__last_login=timezone.now()).user
    membership = MembershipFactory(account=customer, user=stranger)
    page = owner.get(url("subaccount", customer)).content.decode()
    assert stranger.email in page and "CANARY" not in page and "Signed in" not in page
    assert owner.post(url("subaccount_invite", customer), {"person": membership.pk}).status_code == 302
    User.objects.filter(pk=stranger.pk).update(last_login=timezone.now())
    assert "CANARY" in owner.get(url("subaccount", customer)).content.decode()


# --- moving numbers ---------------------------------------------------------------------------------------------------


@pytest.fixture
def numbers(reseller, connection):
    return NumberFactory.create_batch(3, account=reseller, connection=connection)


def test_numbers_of_ones_own_are_asked_to_move(owner, connection, customer, numbers):
    page = owner.get(url("subaccount", customer), {"find": numbers[0].number[-4:]}).context["move_form"]
    assert len(page.fields["numbers"].choices) == 1
    response = owner.post(url("subaccount_numbers", customer), form(numbers=[number.pk for number in numbers[:2]]))
    operation = Operation.objects.get(verb="numbers.move")
    assert response.status_code == 302 and operation.arguments["subaccount_id"] == "31656"
    assert set(operation.arguments["numbers"]) == {number.external_id for number in numbers[:2]}


def test_numbers_move_from_one_sub_account_to_another(owner, reseller, connection, customer, numbers):
    """B13: whose a number is stands beside it, one's own come first."""
    other = AccountFactory(parent=reseller, name="Boulangerie Hector")
    theirs = NumberFactory(account=other, connection=connection)
    there = NumberFactory(account=customer, connection=connection)
    choices = owner.get(url("subaccount", customer)).context["move_form"].fields["numbers"].choices
    assert [pk for pk, _ in choices] == [*sorted((n.pk for n in numbers), key=lambda pk: dict(choices)[pk]), theirs.pk]
    assert "Boulangerie Hector" in choices[-1][1] and there.pk not in dict(choices)
    assert owner.post(url("subaccount_numbers", customer), form(numbers=[theirs.pk])).status_code == 302
    operation = Operation.objects.get(verb="numbers.move")
    assert operation.arguments == {"subaccount_id": "31656", "numbers": [theirs.external_id]}
    assert AuditEntry.objects.filter(account=other, action="numbers.moved").exists()


def test_the_same_move_twice_is_one_and_other_numbers_under_its_key_are_refused(owner, customer, numbers):
    typed = form(numbers=[numbers[0].pk])
    for _ in range(2):
        assert owner.post(url("subaccount_numbers", customer), typed).status_code == 302
    assert owner.post(url("subaccount_numbers", customer), {**typed, "numbers": [numbers[1].pk]}).status_code == 409
    assert Operation.objects.count() == 1


@pytest.mark.parametrize("posted", [[], ["x"], ["0"], ["999999"]])
def test_nothing_chosen_is_told_at_the_field(owner, customer, numbers, posted):
    response = owner.post(url("subaccount_numbers", customer), form(numbers=posted))
    assert response.status_code == 422 and 'class="error"' in response.content.decode()


def test_a_number_of_somebody_else_never_moves(owner, customer, stranger, numbers):
    foreign = NumberFactory(account=stranger)
    response = owner.post(url("subaccount_numbers", customer), form(numbers=[numbers[0].pk, foreign.pk]))
    assert response.status_code == 422 and not Operation.objects.exists()
    assert Number.objects.get(pk=foreign.pk).account == stranger


def test_looking_changes_nothing(owner, customer, orphan, numbers):
    before = [model.objects.count() for model in (Account, AuditEntry, Operation, RemoteAccount, SubaccountChange)]
    for address in (
        LIST,
        reverse("subaccount_new"),
        url("subaccount_link", orphan),
        *(url(n, customer) for n in PAGES),
    ):
        assert owner.get(address).status_code == 200
    for name in ("subaccount_resume", "subaccount_retry", "subaccount_invite", "subaccount_numbers"):
        assert owner.get(url(name, customer)).status_code == 405
    after = [model.objects.count() for model in (Account, AuditEntry, Operation, RemoteAccount, SubaccountChange)]
    assert before == after
