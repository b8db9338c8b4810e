"""911 addresses against the sandbox: what upstream receives, and what the page may say (rows E1 to E10, R25)."""

import uuid

import pytest
from django.urls import reverse

from numbering.models import EmergencyChange, EmergencyEndpoint, Number
from numbering.services.emergency import version_of
from providers.models import Operation
from tests.factories import NumberFactory
from tests.numbering.upstreams import House, fresh_sandbox, house, sandbox_of_module  # noqa: F401 - fixtures

GOOD = {
    "name": "Plomberie Lachance", "civic_number": "1250", "street": "Rue Sherbrooke Ouest", "unit_type": "suite", "unit": "200",
    "city": "Montréal", "region": "QC", "postal_code": "H3G 1H6", "language": "fr", "terms": "on",
}  # fmt: skip
NEAR = GOOD | {"street": "Sherbrooke Ouest"}


@pytest.fixture
def home(house, client) -> House:  # noqa: F811
    house.bring_home("numbers", "e911")
    client.force_login(house.owner)
    return house


def bare_number(home: House) -> Number:
    covered = EmergencyEndpoint.objects.filter(gone_at=None).values("number")
    return Number.objects.present().filter(kind="local", voice=True).exclude(number__in=covered).first()


def save(client, number: Number, address: dict = GOOD, **more):
    sent = {"intent": str(uuid.uuid4()), "version": version_of(number)}
    return client.post(reverse("numbers:e911_number", args=[number.pk]), address | sent | more)


def page(client, number: Number) -> str:
    return client.get(reverse("numbers:e911_number", args=[number.pk])).content.decode()


def calls(home: House, name: str, since: int) -> list[dict]:
    return home.sandbox.journal(name, since)


def change_of(number: Number) -> EmergencyChange:
    return number.emergency_changes.first()


def test_an_address_is_checked_saved_and_read_back_before_it_is_called_active(home, client):
    """E1, E3, E7, E8."""
    number, start = bare_number(home), home.sandbox.now()
    assert save(client, number).status_code == 302
    assert "Being checked" in page(client, number) and "Active" not in page(client, number)
    home.work()
    assert [row["call"] for row in home.sandbox.journal(since=start)] == ["check_e911", "update_e911", "get_e911"]
    sent = calls(home, "update_e911", start)[0]["params"]
    assert (sent["full_name"], sent["address_type"], sent["address_type_number"]) == (
        "Plomberie Lachance",
        "suite",
        "200",
    )
    assert sent["e911_language"] == "fr"
    change = change_of(number)
    assert (
        change.state == "provisioned"
        and change.terms_version
        and change.user == home.owner
        and change.ip == "127.0.0.1"
    )
    assert "Active" in page(client, number) and "1250 Rue Sherbrooke Ouest, Suite 200" in page(client, number)


def test_a_near_miss_asks_and_one_click_accepts_exactly_their_words(home, client):
    """E2."""
    number, start = bare_number(home), home.sandbox.now()
    save(client, number, NEAR)
    home.work()
    change, text = change_of(number), page(client, number)
    assert change.state == "alternates" and not calls(home, "update_e911", start)
    assert "<mark>Rue</mark>" in text and "checked" not in text.split("Which one is right?")[1].split("footer")[0]
    accept = {"change": str(change.public_id), "choice": "0", "intent": str(uuid.uuid4())}
    assert client.post(reverse("numbers:e911_accept", args=[number.pk]), accept).status_code == 302
    home.work()
    assert [row["params"]["street"] for row in calls(home, "update_e911", start)] == ["Rue Sherbrooke Ouest"]
    newest = change_of(number)
    assert newest.state == "provisioned" and newest.wanted["name"] == GOOD["name"] and newest.wanted["language"] == "fr"
    assert "Choose the right address" not in page(client, number), "the answered question is not asked again"
    assert "Active" in page(client, number)


def test_none_of_the_alternates_keeps_what_was_typed(home, client):
    number = bare_number(home)
    save(client, number, NEAR)
    home.work()
    text = client.get(reverse("numbers:e911_number", args=[number.pk]), {"edit": "1"}).content.decode()
    assert 'value="Sherbrooke Ouest"' in text and 'value="200"' in text


def test_an_address_that_was_saved_otherwise_is_never_green(home, client):
    """R25: saved, but the read-back differs."""
    number = bare_number(home)
    home.disturb("update_e911", "read_back_differs")
    save(client, number)
    home.work()
    text = page(client, number)
    assert change_of(number).state == "differs"
    assert "Saved, but not as asked" in text and "<mark>1252</mark>" in text and "state-fine" not in text


def test_a_lost_answer_is_settled_by_reading_back_and_never_by_saving_again(home, client):
    """R25: timeout but saved."""
    number, start = bare_number(home), home.sandbox.now()
    home.disturb("update_e911", "no_answer", phase="after")
    save(client, number)
    home.step()
    assert change_of(number).state == "unknown"
    assert "Not known yet" in page(client, number) and "state-fine" not in page(client, number)
    home.work()
    assert change_of(number).state == "provisioned"
    assert len(calls(home, "update_e911", start)) == 1
    assert "Active" in page(client, number)


def test_a_lost_answer_to_nothing_saved_is_left_to_a_person(home, client):
    """A.4.8: absent never leads to an automatic repeat."""
    number, start = bare_number(home), home.sandbox.now()
    home.disturb("update_e911", "no_answer", phase="before")
    save(client, number)
    home.work()
    assert change_of(number).state == "unknown" and change_of(number).operation.state == "parked"
    assert len(calls(home, "update_e911", start)) == 1
    assert "We do not know" in page(client, number)


def test_a_failing_read_after_the_save_never_saves_twice(home, client):
    number, start = bare_number(home), home.sandbox.now()
    home.disturb("get_e911", "http_503")
    save(client, number)
    home.step()
    assert change_of(number).state == "unknown"
    home.work()
    assert change_of(number).state == "provisioned" and len(calls(home, "update_e911", start)) == 1


def test_an_unclear_check_is_simply_made_again(home, client):
    number, start = bare_number(home), home.sandbox.now()
    home.disturb("check_e911", "invalid_json")
    save(client, number)
    home.step()
    assert change_of(number).state == "checking" and "does not answer" in page(client, number)
    home.work()
    assert change_of(number).state == "provisioned" and len(calls(home, "update_e911", start)) == 1


def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(home, client):
    """E3: refused."""
    number = bare_number(home)
    save(client, number, GOOD | {"street": "Rue de Nulle Part"})
    home.work()
    text = page(client, number)
    assert change_of(number).state == "failed"
    assert 'value="Rue de Nulle Part"' in text and 'id="id_street_error"' in text and "does not know this" in text


def test_the_same_form_twice_is_one_save(home, client):
    """R7, R8."""
    number, intent, start = bare_number(home), str(uuid.uuid4()), home.sandbox.now()
    assert [save(client, number, intent=intent).status_code for _again in range(3)] == [302] * 3
    other = save(client, number, GOOD | {"unit": "300"}, intent=intent)
    assert other.status_code == 409
    home.work()
    assert EmergencyChange.objects.count() == 1 and len(calls(home, "update_e911", start)) == 1
    assert save(client, number, intent=intent).status_code == 302, "a reload long after is still the same act"
    late = save(client, number, GOOD | {"unit": "300"}, intent=intent)
    assert late.status_code == 409 and 'value="300"' in late.content.decode()


def test_a_second_change_waits_for_the_first(home, client):
    number = bare_number(home)
    save(client, number)
    assert save(client, number, GOOD | {"unit": "300"}).status_code == 409
    assert Operation.objects.count() == 1


def covered_number(home: House, default: bool) -> Number:
    endpoint = EmergencyEndpoint.objects.filter(gone_at=None, is_default=default).first()
    return Number.objects.get(number=endpoint.number)


def test_removing_needs_the_number_typed_and_is_read_back(home, client):
    """E5."""
    number, start = covered_number(home, default=False), home.sandbox.now()
    url = reverse("numbers:e911_remove", args=[number.pk])
    assert "charged extra" in client.get(url).content.decode()
    wrong = client.post(url, {"confirm": "514 555-0000", "intent": str(uuid.uuid4())})
    assert wrong.status_code == 422 and not Operation.objects.exists()
    assert client.post(url, {"confirm": number.number[2:], "intent": str(uuid.uuid4())}).status_code == 302
    home.work()
    assert [row["call"] for row in home.sandbox.journal(since=start)] == ["delete_e911", "get_e911"]
    assert change_of(number).state == "removed"
    assert "No 911 address" in page(client, number)


def test_the_default_address_cannot_be_removed(home, client):
    """E5."""
    number, start = covered_number(home, default=True), home.sandbox.now()
    url = reverse("numbers:e911_remove", args=[number.pk])
    assert "default address" in client.get(url).content.decode()
    assert client.post(url, {"confirm": number.number, "intent": str(uuid.uuid4())}).status_code == 409
    home.work()
    assert not calls(home, "delete_e911", start)


def test_a_lost_answer_to_a_removal_is_settled_by_looking(home, client):
    number, start = covered_number(home, default=False), home.sandbox.now()
    home.disturb("delete_e911", "no_answer", phase="after")
    url = reverse("numbers:e911_remove", args=[number.pk])
    client.post(url, {"confirm": number.number, "intent": str(uuid.uuid4())})
    home.work()
    assert change_of(number).state == "removed" and len(calls(home, "delete_e911", start)) == 1


def test_the_feed_mirrors_addresses_and_a_listing_that_lost_most_of_them_waits(home, client):
    """The vanish guard: nine addresses do not vanish because of one empty answer."""
    before = EmergencyEndpoint.objects.filter(gone_at=None).count()
    assert before > 6
    known = EmergencyEndpoint.objects.filter(gone_at=None).first()
    NumberFactory(account=home.account, connection=home.connection, number="+15145550001")
    for i in range(20):
        EmergencyEndpoint.objects.create(
            connection=home.connection, account=home.account, external_id=f"lost-{i}", number=f"+1514555{i:04}", address=known.address
        )  # fmt: skip
    home.bring_home_held("e911")
    assert EmergencyEndpoint.objects.filter(gone_at=None).count() == before + 20


def test_a_doubtful_change_becomes_active_when_a_listing_shows_it(home, client):
    number = bare_number(home)
    home.disturb("update_e911", "no_answer", phase="before")
    save(client, number)
    home.work()
    assert change_of(number).state == "unknown"
    save(client, number)
    home.work()
    doubted = change_of(number)
    EmergencyChange.objects.filter(pk=doubted.pk).update(state="unknown")
    home.bring_home("e911")
    assert change_of(number).state == "provisioned"


def test_drift_is_loud(home, client):
    """C.5 rule 2: another address than the one saved here is never quietly green."""
    number = bare_number(home)
    save(client, number)
    home.work()
    endpoint = EmergencyEndpoint.objects.get(number=number.number)
    endpoint.address["civic_number"] = "1"
    endpoint.save()
    text = page(client, number)
    assert "Differs from what you saved" in text and "state-fine" not in text.split("Changes")[0]


def test_the_last_address_goes_only_with_consent_that_was_typed(home, client):
    """E5: no other address is left; what the upstream says of it (a notice among its errors) is no failure."""
    endpoint = EmergencyEndpoint.objects.get(gone_at=None, is_default=True)
    for other in EmergencyEndpoint.objects.filter(gone_at=None, is_default=False):
        home.connection.client_class(home.connection.base_url, home.connection.credentials).delete_emergency_address(
            other.number
        )
        other.gone_at = other.confirmed_at
        other.save()
    number, start = Number.objects.get(number=endpoint.number), home.sandbox.now()
    url = reverse("numbers:e911_remove", args=[number.pk])
    text = client.get(url).content.decode()
    assert "It is the last address" in text and "charged extra" in text and "without 911" in text
    body = {"confirm": number.number, "intent": str(uuid.uuid4())}
    for typed in ("", "yes", "without"):
        refused = client.post(url, body | {"consent": typed})
        assert refused.status_code == 422 and 'id="id_consent_error"' in refused.content.decode()
    assert not Operation.objects.exists()
    assert client.post(url, body | {"consent": " Without  911 "}).status_code == 302
    home.work()
    assert len(calls(home, "delete_e911", start)) == 1 and change_of(number).state == "removed"
