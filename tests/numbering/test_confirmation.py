"""What is hard to undo asks again who it is, and loses nothing over it (J3, RELIABILITY B.1 item 23)."""

import uuid

import pytest
from django.urls import reverse

from numbering.models import EmergencyChange, PortRequest
from providers.models import Operation
from tests.factories import PASSWORD, EmergencyEndpointFactory, MembershipFactory, NumberFactory, RemoteAccountFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def remote(settings):
    settings.FRESH_SIGN_IN = True
    return RemoteAccountFactory()


@pytest.fixture
def person(client, remote):
    user = MembershipFactory(account=remote.account).user
    client.force_login(user)  # signed in, but nobody has asked for the password in the last ten minutes
    return user


PORT = {
    "numbers": "514 555-0177", "kind": "local", "title": "Head office", "organization": "Plomberie", "organization_kind": "business",
    "current_provider": "Old Carrier", "civic_number": "1250", "street": "Rue Sherbrooke Ouest", "city": "Montréal", "region": "QC",
    "country": "CA", "postal_code": "H3G 1H6", "capacity": "1-2", "keep_service": "on", "act": "submit",
}  # fmt: skip


def test_a_submitted_port_is_kept_as_a_draft_until_the_person_is_confirmed(client, person):
    answer = client.post(reverse("numbers:port_whole"), PORT | {"intent": str(uuid.uuid4())})
    port = PortRequest.objects.get()
    assert answer.status_code == 302 and answer["Location"].startswith(reverse("account_reauthenticate"))
    assert str(port.public_id) in answer["Location"]
    assert not Operation.objects.filter(arguments__submit=True).exists()
    assert port.details["organization"] == "Plomberie"
    confirmed = client.post(answer["Location"], {"password": PASSWORD})
    assert confirmed["Location"] == reverse("numbers:port_edit", kwargs={"public_id": port.public_id})


def test_a_911_address_is_removed_only_by_a_confirmed_person(client, person, remote):
    number = NumberFactory(account=remote.account, connection=remote.connection)
    EmergencyEndpointFactory(account=remote.account, connection=remote.connection, number=number.number)
    url = reverse("numbers:e911_remove", kwargs={"pk": number.pk})
    answer = client.post(url, {"number": number.number, "intent": str(uuid.uuid4())})
    assert answer["Location"] == f"{reverse('account_reauthenticate')}?next={url.replace('/', '%2F')}"
    assert not EmergencyChange.objects.exists()
    client.post(answer["Location"], {"password": PASSWORD})
    assert client.get(url).status_code == 200
