"""Every state and every rejection that the sandbox knows: its words, who acts, its way out; and a repair that ends well
(rows D9, D11, D14, USERS task 9)."""

import pytest
from django.urls import reverse

from numbering.models import PortRequest
from numbering.presenters import ports as presenters
from providers.sandbox.voicemeup.port_life import ALL_STATES, REASONS
from tests.numbering.test_ports_flows import filled
from tests.numbering.upstreams import House, fresh_sandbox, house, sandbox_of_module  # noqa: F401 - fixtures

FIELDS = {
    "NAME": "organization", "BTN": "billing_number", "ADDRESS": "civic_number", "ACCOUNT": "current_reseller_account",
    "PIN": "account_pin", "LOA": "loa", "NUMBER": "numbers",
}  # fmt: skip
EDIT = ("rejected_by_staff", "rejected_by_provider", "modified_by_staff")


@pytest.fixture
def home(house, client) -> House:  # noqa: F811
    house.bring_home("numbers", "ports")
    client.force_login(house.owner)
    return house


def into(home: House, status: str, **more) -> PortRequest:
    port = PortRequest.objects.get(status="rejected_by_provider")
    home.sandbox.control("port-request", {"pon": port.pon, "status": status, **more})
    home.bring_home("ports")
    port.refresh_from_db()
    assert port.status == status
    return port


def url(port: PortRequest, name: str, *args) -> str:
    return reverse(f"numbers:{name}", args=[port.public_id, *args])


@pytest.mark.parametrize("status", ALL_STATES)
def test_every_state_is_shown_in_words_with_whom_it_waits_for_and_what_to_do(home, client, status):
    """Done when 3."""
    port = into(home, status)
    text = client.get(url(port, "port")).content.decode()
    assert str(PortRequest.Status(status).label) in text
    who = presenters.waiting_on(port)
    assert (f"Waiting on {who}" in text) if who else ("Waiting on" not in text)
    if status == "not_ready":
        assert url(port, "port_page", "numbers") in text
    elif status in EDIT:
        assert url(port, "port_edit") in text
    else:
        assert str(presenters.MEANINGS[status]) in text
    assert (url(port, "port_ask") in text) is (status not in PortRequest.CLOSED)


@pytest.mark.parametrize("status", ["rejected_by_provider", "rejected_by_staff"])
@pytest.mark.parametrize("word", REASONS)
def test_every_rejection_is_shown_word_for_word_and_opens_the_field_that_mends_it(home, client, word, status):
    """D11, Done when 3."""
    port = into(home, status, rejection_reason=REASONS[word])
    text = client.get(url(port, "port")).content.decode().replace("&#x27;", "'")
    assert REASONS[word] in text and f"{url(port, 'port_edit')}#id_{FIELDS[word]}" in text
    form = client.get(url(port, "port_edit")).context["form"]
    assert form.fields[FIELDS[word]].widget.attrs["autofocus"] and form["keep_service"].value() is True
    assert 'form="port_form"' in client.get(url(port, "port_edit")).content.decode()


def test_a_rejected_port_is_repaired_and_completes(home, client):
    """Done when 3: through every state that follows, until the numbers are here."""
    port = into(home, "rejected_by_provider", rejection_reason=REASONS["NAME"])
    client.post(url(port, "port_edit"), filled(version=port.version, organization="Plomberie Lachance"))
    home.work()
    for status in ("approved_by_staff", "sent_to_provider", "tentative_confirm", "firm_confirm", "completed"):
        home.sandbox.control("port-request", {"pon": port.pon, "status": status})
        home.bring_home("numbers", "ports")
        port.refresh_from_db()
        assert port.status == status
    text = client.get(url(port, "port")).content.decode()
    assert "The numbers are here" in text and port.firm_on and not port.rejection
    told = list(port.events.filter(kind="status").values_list("status", flat=True))
    assert told[:7] == [
        "completed", "firm_confirm", "tentative_confirm", "sent_to_provider", "approved_by_staff", "sent_to_staff",
        "rejected_by_provider",
    ]  # fmt: skip
