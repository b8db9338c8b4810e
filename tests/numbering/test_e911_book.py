"""The 911 address book, one address for many numbers, consent once, and two people at once (rows E1, E6 to E8; task 10)."""

import uuid

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from numbering import tasks
from numbering.models import (
    EmergencyAssignment,
    EmergencyChange,
    EmergencyEndpoint,
    EmergencyPlace,
    Number,
    TermsAcceptance,
)
from numbering.services.emergency import version_of
from providers.models import Operation
from tests.factories import AccountFactory, ConnectionFactory, MembershipFactory, NumberFactory, UserFactory
from tests.numbering.upstreams import NOT_THEIRS, House, fresh_sandbox, house, sandbox_of_module  # noqa: F401 - fixtures

PLACE = {
    "name": "Plomberie Lachance", "civic_number": "1250", "street": "Rue Sherbrooke Ouest", "unit_type": "suite", "unit": "200",
    "city": "Montréal", "region": "QC", "postal_code": "H3G 1H6", "language": "fr",
}  # fmt: skip
ADDRESS = PLACE | {"country": "CA"}
NEAR = {"street": "Sherbrooke Ouest"}


@pytest.fixture
def home(house, client) -> House:  # noqa: F811
    house.bring_home("numbers", "e911")
    client.force_login(house.owner)
    return house


def bare_numbers(home: House) -> list[Number]:
    covered = EmergencyEndpoint.objects.filter(gone_at=None).values("number")
    rows = Number.objects.present().filter(kind="local", voice=True, connection=home.connection)
    return list(rows.exclude(number__in=covered).order_by("number"))


def place_of(home: House, label: str = "Head office", **changes) -> EmergencyPlace:
    return EmergencyPlace.objects.create(account=home.account, label=label, address=ADDRESS | changes)


def accepted(home: House) -> None:
    TermsAcceptance.objects.create(account=home.account, user=home.owner, version="2026-11", language="en")


def go(name: str, *args) -> str:
    return reverse(f"numbers:{name}", args=args)


def use(client, number: Number, place: EmergencyPlace, intent: str = "", version: str = "", **more):
    sent = f"{intent or uuid.uuid4()} {version or version_of(number)}"
    return client.post(go("e911_use", number.pk), {"place": place.pk, "sent": sent} | more)


def assign(client, numbers, place, **more):
    pks = ",".join(str(number.pk) for number in numbers)
    body = {"numbers": pks, "place": place.pk, "intent": str(uuid.uuid4()), "terms": "on"}
    return client.post(go("e911_assign"), body | more)


def carry_out(home: House) -> EmergencyAssignment:
    row = EmergencyAssignment.objects.first()
    tasks.begin_assignment(row.pk)
    home.work()
    return row


# --- the book


def test_an_address_is_written_once_and_nothing_is_asked_of_the_upstream(home, client):
    """E6."""
    assert client.post(go("e911_place_new"), PLACE | {"label": "Head office", "is_usual": "on"}).status_code == 302
    place = EmergencyPlace.objects.get()
    assert (place.address["country"], place.is_usual) == ("CA", True) and not Operation.objects.exists()
    assert "Head office" in client.get(go("e911_book")).content.decode()
    taken = client.post(go("e911_place_new"), PLACE | {"label": "Head office"})
    assert taken.status_code == 422 and "has this name" in taken.content.decode()
    other = client.post(go("e911_place_new"), PLACE | {"label": "Branch", "is_usual": "on"})
    assert other.status_code == 302 and EmergencyPlace.objects.get(is_usual=True).label == "Branch"
    assert AuditEntry.objects.filter(action="e911_place.written").count() == 2


def test_an_address_typed_for_a_number_can_be_kept_for_others(home, client):
    """E6."""
    number = bare_numbers(home)[0]
    sent = {"intent": str(uuid.uuid4()), "version": version_of(number), "terms": "on", "keep_as": "Head office"}
    for _twice in range(2):
        assert client.post(go("e911_number", number.pk), PLACE | sent).status_code == 302
    assert EmergencyPlace.objects.get().address["street"] == "Rue Sherbrooke Ouest"
    other = PLACE | sent | {"intent": str(uuid.uuid4()), "civic_number": "99"}
    refused = client.post(go("e911_number", number.pk), other)
    assert refused.status_code == 422 and "has this name" in refused.content.decode()


def test_two_people_change_an_entry_at_once_and_the_second_is_told(home, client):
    place = place_of(home)
    body = PLACE | {"label": "Head office", "version": "1"}
    assert client.post(go("e911_place", place.pk), body | {"civic_number": "1260"}).status_code == 302
    late = client.post(go("e911_place", place.pk), body | {"civic_number": "1270"})
    text = late.content.decode()
    assert late.status_code == 409 and 'value="1270"' in text and "1260 Rue Sherbrooke" in text
    again = client.post(go("e911_place", place.pk), body | {"civic_number": "1270", "version": "2"})
    assert again.status_code == 302 and EmergencyPlace.objects.get().address["civic_number"] == "1270"


def test_an_entry_goes_and_numbers_keep_their_address(home, client):
    place = place_of(home)
    assert "Delete Head office?" in client.get(go("e911_place_delete", place.pk)).content.decode()
    before = EmergencyEndpoint.objects.filter(gone_at=None).count()
    assert client.post(go("e911_place_delete", place.pk)).status_code == 302
    assert not EmergencyPlace.objects.exists() and not Operation.objects.exists()
    assert EmergencyEndpoint.objects.filter(gone_at=None).count() == before


# --- one click


def test_with_the_book_an_address_is_registered_with_two_clicks(home, client):
    """Task 10: "911", then the button of the row. The upstream receives the entry's words, and green follows a read-back."""
    EmergencyPlace.objects.create(account=home.account, label="Head office", address=ADDRESS, is_usual=True)
    accepted(home)
    number, start = bare_numbers(home)[0], home.sandbox.now()
    row = next(row for row in client.get(go("e911")).context["rows"] if row.pk == number.pk)
    body = {"place": EmergencyPlace.objects.get().pk, "sent": row.sent}
    assert client.post(row.use_url, body).status_code == 302
    assert client.post(row.use_url, body).status_code == 302, "a double click is one act"
    home.work()
    saved = [call["params"] for call in home.sandbox.journal("update_e911", start)]
    assert [(one["street"], one["address_type_number"], one["e911_language"]) for one in saved] == [
        ("Rue Sherbrooke Ouest", "200", "fr")
    ]
    assert number.emergency_changes.get().state == "provisioned"
    assert "Active" in client.get(go("e911_number", number.pk)).content.decode()


def test_who_never_accepted_the_limits_is_asked_before_the_first_address(home, client):
    """E8: express consent, with the text's version, who, when and from where; then it is not asked again."""
    place, number = place_of(home), bare_numbers(home)[0]
    response = use(client, number, place)
    assert response.status_code == 422 and 'id="id_terms_error"' in response.content.decode()
    assert 'value="Rue Sherbrooke Ouest"' in response.content.decode() and not Operation.objects.exists()
    assert use(client, number, place, terms="on").status_code == 302
    record = TermsAcceptance.objects.get()
    assert (record.user, record.version, record.ip, record.language) == (home.owner, "2026-11", "127.0.0.1", "en")
    assert AuditEntry.objects.filter(action="e911.terms_accepted").count() == 1
    home.work()
    text = client.get(go("e911_number", number.pk), {"edit": "1"}).content.decode()
    assert "You accepted the limits of 911 on" in text and 'name="terms"' not in text


def test_the_book_takes_the_words_that_a_person_picked(home, client):
    place, number = place_of(home, **NEAR), bare_numbers(home)[0]
    accepted(home)
    use(client, number, place)
    home.work()
    change = number.emergency_changes.first()
    assert change.state == "alternates"
    picked = {"change": str(change.public_id), "choice": "0", "intent": str(uuid.uuid4())}
    client.post(go("e911_accept", number.pk), picked)
    place.refresh_from_db()
    assert place.address["street"] == "Rue Sherbrooke Ouest" and place.address["name"] == PLACE["name"]


# --- two people


def test_the_second_of_two_people_is_told_and_loses_nothing(home, client):
    """Bad input: two people editing the same address at once."""
    number = bare_numbers(home)[0]
    accepted(home)
    seen = version_of(number)
    body = PLACE | {"version": seen, "intent": str(uuid.uuid4())}
    assert client.post(go("e911_number", number.pk), body).status_code == 302
    home.work()
    second = body | {"intent": str(uuid.uuid4()), "unit": "300"}
    late = client.post(go("e911_number", number.pk), second)
    text = late.content.decode()
    assert late.status_code == 409 and "Somebody changed the address" in text and 'value="300"' in text
    assert EmergencyChange.objects.count() == 1
    renewed = second | {"version": late.context["version"], "intent": str(late.context["intent"])}
    assert client.post(go("e911_number", number.pk), renewed).status_code == 302


# --- many numbers


def test_one_address_goes_to_many_numbers_with_an_outcome_for_each(home, client):
    """E6: an impossible one does not sink the rest."""
    place, numbers, start = place_of(home), bare_numbers(home)[:2], home.sandbox.now()
    tollfree = NumberFactory(account=home.account, connection=home.connection, kind="tollfree", number=NOT_THEIRS)
    gone = NumberFactory(account=home.account, connection=home.connection, number="+15145550188")
    response = assign(client, [*numbers, tollfree, gone], place)
    row = EmergencyAssignment.objects.get()
    assert response["Location"] == go("e911_assignment", row.public_id)
    assert row.rows.count() == len(numbers) + 1, "a toll-free number is at no place"
    Number.objects.filter(pk=gone.pk).update(status="deleted")
    text = client.get(response["Location"]).content.decode()
    assert "Waiting for its turn" in text and "every 2s" in text
    carry_out(home)
    tasks.begin_assignment(row.pk)
    saved = [call["params"]["phone_number"] for call in home.sandbox.journal("update_e911", start)]
    assert sorted(saved) == sorted(number.number[2:] for number in numbers)
    text = client.get(response["Location"]).content.decode()
    assert f"Active for {len(numbers)} of {len(numbers) + 1} numbers." in text and "every 2s" not in text
    assert "Not asked" in text and "Cannot have a 911 address here" in text
    assert TermsAcceptance.objects.count() == 1


def test_alternates_of_many_numbers_are_one_question(home, client):
    """E2, E6."""
    place, numbers, start = place_of(home, **NEAR), bare_numbers(home)[:2], home.sandbox.now()
    assign(client, numbers, place)
    row = carry_out(home)
    page = client.get(go("e911_assignment", row.public_id))
    (question,) = page.context["questions"]
    assert question.numbers == len(numbers) and "<mark>Rue</mark>" in page.content.decode()
    body = {"change": str(question.change.public_id), "choice": "0", "intent": str(uuid.uuid4())}
    for _twice in range(2):
        accepted = client.post(go("e911_assignment_accept", row.public_id), body)
    assert EmergencyAssignment.objects.count() == 2
    carry_out(home)
    assert {call["params"]["street"] for call in home.sandbox.journal("update_e911", start)} == {"Rue Sherbrooke Ouest"}
    assert f"Active for {len(numbers)} of" in client.get(accepted["Location"]).content.decode()
    assert "Another change followed" in client.get(go("e911_assignment", row.public_id)).content.decode()


def test_the_same_form_for_many_twice_is_one_act(home, client):
    """R7."""
    place, numbers, intent = place_of(home), bare_numbers(home)[:2], str(uuid.uuid4())
    first, second = (assign(client, numbers, place, intent=intent) for _twice in range(2))
    assert first["Location"] == second["Location"] and EmergencyAssignment.objects.count() == 1
    assert assign(client, numbers[:1], place, intent=intent).status_code == 409


def test_all_numbers_without_an_address_at_once(home, client):
    place = place_of(home)
    page = client.get(go("e911_assign"), {"numbers": "gaps"})
    assert len(page.context["numbers"]) == len(bare_numbers(home))
    assert page.context["chosen"] == str(place.pk), "the only entry is the usual one"
    assert client.get(go("e911_assign")).context["numbers"] == []
    refused = client.post(go("e911_assign"), {"numbers": "gaps", "intent": str(uuid.uuid4())})
    assert refused.status_code == 422 and 'id="id_place_error"' in refused.content.decode()


def test_a_number_under_way_is_told_apart(home, client):
    place, numbers = place_of(home), bare_numbers(home)[:2]
    accepted(home)
    use(client, numbers[0], place)
    assign(client, numbers, place)
    row = EmergencyAssignment.objects.get()
    tasks.sweep_assignments()
    tasks.begin_assignment(row.pk)
    assert [one.refusal for one in row.rows.order_by("number__number")] == ["busy", ""]


def test_strangers_and_readers_change_nothing(home, client, django_assert_max_num_queries):
    """J4."""
    place, number = place_of(home), bare_numbers(home)[0]
    assign(client, [number], place)
    row = EmergencyAssignment.objects.get()
    client.get(go("e911_assignment", row.public_id))
    with django_assert_max_num_queries(24):
        client.get(go("e911_assignment", row.public_id))
    client.force_login(home.person("reader"))
    assert client.get(go("e911_assignment", row.public_id)).status_code == 200
    assert use(client, number, place).status_code == 403 and assign(client, [number], place).status_code == 403
    stranger = MembershipFactory(account=AccountFactory(), user=UserFactory()).user
    client.force_login(stranger)
    assert client.get(go("e911_assignment", row.public_id)).status_code == 404
    assert client.get(go("e911_place", place.pk)).status_code == 404
    theirs = NumberFactory(
        account=stranger.memberships.get().account, connection=home.connection, number="+15145550187"
    )
    assert use(client, theirs, place).status_code == 404, "an entry of another account's book"
    assert assign(client, [number], place).status_code == 422


# --- what an address may be


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"street": "1250 Rue Sherbrooke Ouest"}, "street", "a second time"),
        ({"street": "PO Box 12"}, "street", "post office box"),
        ({"street": "C.P. 12, Succursale A"}, "street", "post office box"),
        ({"street": "RR 2"}, "street", "rural route"),
        ({"street": "Route rurale 4"}, "street", "rural route"),
        ({"street": "7"}, "street", "name too"),
        ({"street": "Rue Sherbrooke Ouest, app. 4"}, "street", "belongs in the unit"),
        ({"street": "King Street West #200"}, "street", "belongs in the unit"),
        ({"civic_number": "10-20"}, "civic_number", "one building only"),
        ({"civic_number": "10 & 12"}, "civic_number", "one building only"),
        ({"civic_number": "12½"}, "civic_number", "Only the number"),
        ({"civic_number": "0"}, "civic_number", "Only the number"),
    ],
)
def test_what_is_no_address_is_told_at_its_field(home, client, changes, field, words):
    """E1: PO boxes, rural routes, two houses in one number, the number given twice."""
    number = bare_numbers(home)[0]
    sent = {"intent": str(uuid.uuid4()), "version": version_of(number), "terms": "on"}
    response = client.post(go("e911_number", number.pk), PLACE | sent | changes)
    assert response.status_code == 422 and words in str(response.context["form"].errors[field])
    assert not Operation.objects.exists()


@pytest.mark.parametrize(
    ("civic_number", "street"),
    [
        ("4512", "Highway 7"), ("320", "Rang 5"), ("7", "Highway 7 East"), ("101", "101 Street NW"), ("5", "5e Rang"),
        ("1204", "Route 132 Est"), ("88", "Concession Road 4"), ("5", "5th Avenue"), ("52", "Range Road 52"), ("3", "Ch. de la Côte-Ste-Catherine"),
    ],
)  # fmt: skip
def test_highways_and_rural_roads_are_addresses(home, client, civic_number, street):
    """E1."""
    number = bare_numbers(home)[0]
    sent = {"intent": str(uuid.uuid4()), "version": version_of(number), "terms": "on"}
    response = client.post(
        go("e911_number", number.pk), PLACE | sent | {"civic_number": civic_number, "street": street}
    )
    assert response.status_code == 302, response.context["form"].errors


def test_each_upstream_is_offered_what_it_keeps(home, client):
    """E1, E7: VoiceMeUp lists 24 kinds of units and a language; VoiceTel keeps no language, so it is neither asked nor missed."""
    voicetel = ConnectionFactory(slug="voicetel", credentials={"username": "1", "password": "2", "apikey": "3"})
    theirs = NumberFactory(account=home.account, connection=voicetel, number="+15185550101")
    ours = bare_numbers(home)[0]
    pages = [client.get(go("e911_number", number.pk), {"edit": "1"}).context["form"] for number in (ours, theirs)]
    assert ["language" in form.fields for form in pages] == [True, False]
    assert [len(form.fields["unit_type"].choices) for form in pages] == [25, 25]
    accepted(home)
    use(client, theirs, place_of(home))
    assert theirs.emergency_changes.get().wanted["language"] == ""
