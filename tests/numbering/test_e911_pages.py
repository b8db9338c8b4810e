"""The pages of 911: coverage, one number's address, its form (rows E1 to E5, E8, E10)."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Membership
from accounts.roles import Role
from numbering.models import EmergencyChange, EmergencyEndpoint, Number
from numbering.presenters.addresses import marked
from numbering.presenters.emergency import emergency_state
from numbering.services.emergency import version_of
from providers.models import Operation
from tests.factories import (
    AccountFactory,
    ConnectionFactory,
    EmergencyEndpointFactory,
    NumberFactory,
    RemoteAccountFactory,
    UserFactory,
)

FRAME = 15  # session, person, account, menu, brand
ADDRESS = {
    "name": "Someone", "civic_number": "120", "street": "Rue Principale", "unit_type": "", "unit": "", "city": "Montréal",
    "region": "QC", "country": "CA", "postal_code": "H2X 1Y4", "language": "fr",
}  # fmt: skip
FORM = {**{name: value for name, value in ADDRESS.items() if name != "country"}, "terms": "on"}


@pytest.fixture
def account(db):
    return AccountFactory()


@pytest.fixture
def connection(account):
    connection = ConnectionFactory()
    RemoteAccountFactory(connection=connection, account=account)
    return connection


@pytest.fixture
def number(account, connection):
    return NumberFactory(account=account, connection=connection, number="+15145550134", label="Reception")


def endpoint_for(number: Number, **more) -> EmergencyEndpoint:
    return EmergencyEndpointFactory(account=number.account, connection=number.connection, number=number.number, **more)


def change_for(number: Number, state: str, operation_state: str = "done", **more) -> EmergencyChange:
    operation = Operation.objects.create(
        connection=number.connection,
        verb="e911.save",
        idempotency_key=str(uuid.uuid4()),
        state=operation_state,
        due_at=timezone.now(),
    )
    return EmergencyChange.objects.create(
        account=number.account,
        number=number,
        operation=operation,
        state=state,
        wanted=more.pop("wanted", ADDRESS),
        **more,
    )


def sign_in(client, account, role=Role.OWNER):
    person = UserFactory()
    Membership.objects.create(user=person, account=account, role=role)
    client.force_login(person)
    return person


def get(client, name, *args, **query):
    return client.get(reverse(f"numbers:{name}", args=args), query)


def post(client, number: Number, **changes):
    sent = {"intent": str(uuid.uuid4()), "version": version_of(number)}
    return client.post(reverse("numbers:e911_number", args=[number.pk]), FORM | sent | changes)


# --- one state per number


@pytest.mark.parametrize(
    ("endpoint", "change", "operation", "tone", "word"),
    [
        (False, None, "", "failed", "No 911 address"),
        (True, None, "", "fine", "Active"),
        (True, "provisioned", "done", "fine", "Active"),
        (False, "provisioned", "done", "failed", "No 911 address"),
        (True, "checking", "sending", "working", "Being checked"),
        (False, "alternates", "failed", "waiting", "Choose the right address"),
        (True, "differs", "done", "failed", "Saved, but not as asked"),
        (True, "unknown", "unknown", "unknown", "Not known yet"),
        (True, "unknown", "parked", "unknown", "Not known: call us"),
        (False, "failed", "failed", "failed", "Not accepted"),
        (True, "failed", "failed", "fine", "Active"),
        (False, "removed", "done", "failed", "No 911 address"),
    ],
)
def test_a_number_has_one_state_and_green_needs_a_read_back(number, endpoint, change, operation, tone, word):
    """E3, R25."""
    row = endpoint_for(number, address=ADDRESS) if endpoint else None
    last = change_for(number, change, operation) if change else None
    state = emergency_state(number, row, last)
    assert (state.tone, state.word) == (tone, word)


def test_an_address_that_is_not_in_force_is_not_green(number):
    assert emergency_state(number, endpoint_for(number, provisioned=False), None).tone == "failed"


def test_a_number_that_cannot_call_is_no_gap(account, connection):
    tollfree = NumberFactory(account=account, connection=connection, kind="tollfree")
    assert emergency_state(tollfree, None, None).word == "Not possible"


@pytest.mark.parametrize(
    ("asked", "told", "shown"),
    [
        ("Sherbrooke Ouest", "Rue Sherbrooke Ouest", "<mark>Rue</mark> Sherbrooke Ouest"),
        ("Rue Sherbrooke O", "Rue Sherbrooke Ouest", "Rue Sherbrooke <mark>Ouest</mark>"),
        ("Montreal", "Montréal", "<mark>Montréal</mark>"),
        ("same", "same", "same"),
        ("", "<b>", "<mark>&lt;b&gt;</mark>"),
    ],
)
def test_differing_words_are_marked(asked, told, shown):
    """E2."""
    assert marked(asked, told) == shown


# --- coverage


def test_coverage_counts_what_can_call_and_puts_the_gaps_first(client, account, connection):
    """E4."""
    sign_in(client, account)
    numbers = [
        NumberFactory(account=account, connection=connection, number=f"+1514555010{i}", label=f"L{i}") for i in range(4)
    ]
    NumberFactory(account=account, connection=connection, kind="tollfree", label="TOLLFREE")
    NumberFactory(account=account, connection=connection, voice=False, label="TEXTONLY")
    NumberFactory(account=account, connection=connection, gone_at=timezone.now(), label="GONE")
    for number in numbers[:3]:
        endpoint_for(number)
    response = get(client, "e911")
    assert (response.context["coverage"].percent, response.context["coverage"].gaps) == (75, 1)
    assert [row.label for row in response.context["rows"]] == ["L3", "L0", "L1", "L2"]
    text = response.content.decode()
    assert "3 of 4 numbers" in text and "TOLLFREE" not in text and "read back just now" in text


def test_hundred_percent_means_all(account, connection):
    from numbering.services.coverage import Coverage

    assert Coverage(total=1000, covered=999, attention=0).percent == 99


@pytest.mark.parametrize(
    ("query", "labels"),
    [
        ({"only": "gaps"}, ["Bare"]), ({"only": "covered"}, ["Safe"]), ({"q": "0135"}, ["Bare"]), ({"q": "514 555-0134"}, ["Safe"]),
        ({"q": "bar"}, ["Bare"]), ({"q": "zzz"}, []), ({"only": "x", "after": "nonsense"}, ["Bare", "Safe"]), ({"q": "\x00"}, ["Bare", "Safe"]),
    ],
)  # fmt: skip
def test_numbers_are_filtered_and_found(client, account, connection, query, labels):
    sign_in(client, account)
    endpoint_for(NumberFactory(account=account, connection=connection, number="+15145550134", label="Safe"))
    NumberFactory(account=account, connection=connection, number="+15145550135", label="Bare")
    assert [row.label for row in get(client, "e911", **query).context["rows"]] == labels


def test_pages_follow_each_other_across_gaps_and_covered(client, account, connection):
    sign_in(client, account)
    for i in range(120):
        number = NumberFactory(account=account, connection=connection, number=f"+1514555{i:04}")
        if i % 2:
            endpoint_for(number)
    seen, query = [], {}
    for _page in range(3):
        response = get(client, "e911", **query)
        seen += [row.number for row in response.context["rows"]]
        query = {"after": response.context["after"]}
    assert len(seen) == len(set(seen)) == 120 and not query["after"]


def test_the_cost_of_a_page_does_not_grow_with_its_rows(client, account, connection, django_assert_max_num_queries):
    sign_in(client, account)
    for i in range(45):
        number = NumberFactory(account=account, connection=connection, number=f"+1514555{i:04}")
        endpoint_for(number)
        change_for(number, "provisioned")
    get(client, "e911")
    with django_assert_max_num_queries(FRAME + 6):  # each number is counted once for the figure and for its province
        get(client, "e911")
    with django_assert_max_num_queries(FRAME + 5):
        get(client, "e911_number", number.pk)
    with django_assert_max_num_queries(FRAME + 8):
        get(client, "e911_number", number.pk, edit="1")


# --- who may


@pytest.mark.parametrize("name", ["e911_number", "e911_state", "e911_remove"])
def test_a_stranger_finds_nothing(client, number, name):
    sign_in(client, AccountFactory())
    assert get(client, name, number.pk).status_code == 404
    assert post(client, number).status_code == 404


def test_readers_look_and_do_not_touch(client, account, number):
    sign_in(client, account, Role.READER)
    endpoint_for(number)
    text = get(client, "e911_number", number.pk).content.decode()
    assert "Rue Principale" in text and "Change address" not in text and "Remove" not in text
    assert post(client, number).status_code == 403
    assert get(client, "e911_remove", number.pk).status_code == 403
    assert client.post(reverse("numbers:e911_accept", args=[number.pk]), {}).status_code == 403


def test_messaging_agents_see_no_addresses(client, account, number):
    sign_in(client, account, Role.AGENT)
    assert get(client, "e911").status_code == get(client, "e911_number", number.pk).status_code == 403


# --- the form


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("name", {"name": "x"}),
        ("name", {"name": "x" * 33}),
        ("civic_number", {"civic_number": "12A"}),
        ("civic_number", {"civic_number": "-1"}),
        ("street", {"street": ""}),
        ("street", {"street": "Case postale 12"}),
        ("street", {"street": "<script>"}),
        ("unit", {"unit_type": "suite", "unit": ""}),
        ("unit_type", {"unit_type": "", "unit": "200"}),
        ("unit_type", {"unit_type": "castle"}),
        ("city", {"city": ""}),
        ("region", {"region": ""}),
        ("region", {"region": "ZZ"}),
        ("postal_code", {"postal_code": "M5H 3T4"}),
        ("postal_code", {"postal_code": "H3G 1I6"}),
        ("language", {"language": "de"}),
        ("terms", {"terms": ""}),
    ],
)
def test_each_mistake_stands_at_its_field_and_asks_nothing(client, account, number, field, changes):
    """E1, E8."""
    sign_in(client, account)
    response = post(client, number, **changes)
    assert response.status_code == 422 and field in response.context["form"].errors
    assert f'id="id_{field}_error"' in response.content.decode()
    assert not Operation.objects.exists()


def test_an_american_address_has_no_language(client, account, number):
    sign_in(client, account)
    post(client, number, city="New York", region="NY", postal_code="10001")
    wanted = EmergencyChange.objects.get().wanted
    assert (wanted["country"], wanted["language"], wanted["postal_code"]) == ("US", "", "10001")


def test_consent_and_change_are_on_record(client, account, number):
    """E8, E10."""
    endpoint_for(number)
    person = sign_in(client, account)
    post(client, number, civic_number="122")
    change = EmergencyChange.objects.get()
    assert change.terms_version and change.user == person and change.ip == "127.0.0.1"
    assert change.before["civic_number"] == "120" and change.wanted["civic_number"] == "122"
    entry = AuditEntry.objects.get(action="e911.asked")
    assert entry.before["civic_number"] == "120" and entry.user == person
    assert "122 Rue Principale" in get(client, "e911_number", number.pk).content.decode()


def test_the_address_of_another_number_fills_the_form_and_saves_nothing(client, account, connection, number):
    sign_in(client, account)
    other = endpoint_for(NumberFactory(account=account, connection=connection, number="+15145550135"))
    assert "514\u00a0555-0135: 120 Rue Principale" in get(client, "e911_number", number.pk).content.decode()
    text = get(client, "e911_number", number.pk, copy=str(other.pk)).content.decode()
    assert 'value="Rue Principale"' in text and not Operation.objects.exists()
    stranger = EmergencyEndpointFactory(number="+15145550136", address=ADDRESS | {"street": "Rue Secrète"})
    assert "Secrète" not in get(client, "e911_number", number.pk, copy=str(stranger.pk)).content.decode()


def test_a_toll_free_number_gets_no_form(client, account, connection):
    sign_in(client, account)
    tollfree = NumberFactory(account=account, connection=connection, kind="tollfree")
    assert "Check and save" not in get(client, "e911_number", tollfree.pk).content.decode()
    assert post(client, tollfree).status_code == 409


def test_no_form_while_a_change_is_on_its_way_and_the_page_asks_again(client, account, number):
    sign_in(client, account)
    endpoint_for(number)
    change_for(number, "checking", "sending", wanted=ADDRESS | {"civic_number": "122"})
    text = get(client, "e911_number", number.pk).content.decode()
    assert "every 2s" in text and "Check and save" not in text and "old address stays in force" in text


def test_a_fragment_is_only_a_fragment(client, account, number):
    sign_in(client, account)
    headers = {"HX-Request": "true", "HX-Target": "e911_state"}
    for name in ("e911_number", "e911_state"):
        text = client.get(reverse(f"numbers:{name}", args=[number.pk]), headers=headers).content.decode()
        assert 'id="e911_state"' in text and "<html" not in text
    assert get(client, "e911_state", number.pk).status_code == 302
    sent = FORM | {"intent": str(uuid.uuid4()), "version": version_of(number)}
    saved = client.post(reverse("numbers:e911_number", args=[number.pk]), sent, headers=headers)
    assert saved.status_code == 200 and "every 2s" in saved.content.decode()


@pytest.mark.parametrize(("choice", "status"), [("", 422), ("x", 422), ("9", 409), ("-1", 422), ("99999999", 422)])
def test_only_an_address_on_offer_is_accepted(client, account, number, choice, status):
    sign_in(client, account)
    change = change_for(number, "alternates", "failed", alternates=[ADDRESS])
    body = {"change": str(change.public_id), "choice": choice, "intent": str(uuid.uuid4())}
    assert client.post(reverse("numbers:e911_accept", args=[number.pk]), body).status_code == status
    assert EmergencyChange.objects.count() == 1


def test_an_old_offer_is_not_accepted(client, account, number):
    sign_in(client, account)
    old = change_for(number, "alternates", "failed", alternates=[ADDRESS])
    change_for(number, "provisioned")
    body = {"change": str(old.public_id), "choice": "0", "intent": str(uuid.uuid4())}
    assert client.post(reverse("numbers:e911_accept", args=[number.pk]), body).status_code == 409


def test_a_change_of_another_number_is_not_found(client, account, connection, number):
    sign_in(client, account)
    stranger = change_for(NumberFactory(), "alternates", "failed", alternates=[ADDRESS])
    for change in (str(stranger.public_id), "nonsense", ""):
        body = {"change": change, "choice": "0", "intent": str(uuid.uuid4())}
        assert client.post(reverse("numbers:e911_accept", args=[number.pk]), body).status_code == 404
