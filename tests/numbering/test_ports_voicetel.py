"""Port requests at an upstream that keeps no drafts, takes no documents and repeats nothing (rows D1, D3, D5, D9, R26)."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from numbering import business_days
from numbering.models import PortRequest
from numbering.services.ports import carriers_for
from providers.models import Operation
from tests.factories import AccountFactory, MembershipFactory, UserFactory
from tests.many import connect_to
from tests.numbering.upstreams import House, fresh_sandbox, make_house, sandbox_of_module  # noqa: F401 - fixtures

NUMBER = "+16035550147"


@pytest.fixture
def home(fresh_sandbox, client) -> House:  # noqa: F811
    house = make_house(fresh_sandbox, slug="voicetel")
    client.force_login(house.owner)
    return house


def filled(**changes) -> dict:
    wanted, _last = business_days.port_window(timezone.localtime(), "NH")
    return {
        "title": "Granite shop", "numbers": "603 555-0147", "organization": "Granite Plumbing LLC",
        "organization_kind": "business", "account_number": "88123", "account_pin": "4455", "billing_number": "",
        "authorized_by": "Ann Granite", "civic_number": "100", "street": "N Main St", "unit": "", "city": "Concord",
        "region": "NH", "postal_code": "03301", "wanted_on": wanted.isoformat(), "keep_service": "on", "act": "submit",
        "intent": str(uuid.uuid4()),
    } | changes  # fmt: skip


def start(client, **changes) -> PortRequest:
    answer = client.post(reverse("numbers:port_whole"), filled(**changes))
    assert answer.status_code == 302, answer.context["form"].errors
    return PortRequest.objects.latest("id")


def page(client, port: PortRequest, name: str = "numbers:port") -> str:
    return client.get(reverse(name, args=[port.public_id])).content.decode()


# --- what the form offers ---------------------------------------------------------------------------------------------


def test_the_form_shows_what_the_upstream_can_be_told_and_no_more(home, client):
    fields = client.get(reverse("numbers:port_whole")).context["form"].fields
    for asked in ("account_number", "account_pin", "billing_number", "authorized_by", "wanted_on"):
        assert asked in fields
    for unheard in ("kind", "capacity", "current_reseller", "recipients", "instructions", "loa", "bill", "other"):
        assert unheard not in fields
    html = client.get(reverse("numbers:port_whole")).content.decode()
    for words in ("takes no documents", "charges your balance a fee", "takes no changes", "not toll-free"):
        assert words in html, words
    assert "Québec" not in html and "New Hampshire" in html


def test_what_it_needs_is_asked_for_at_its_field(home, client):
    answer = client.post(reverse("numbers:port_whole"), filled(account_number="", wanted_on=""))
    assert answer.status_code == 422 and {"account_number", "wanted_on"} <= set(answer.context["form"].errors)


def test_only_upstreams_that_take_requests_are_offered(db):
    account = AccountFactory()
    connect_to(account)
    assert [one.label for one in carriers_for(account)] == ["VoiceMeUp", "VoiceTel"]


def test_where_none_takes_them_the_page_says_so(client, db):
    account = AccountFactory()
    connect_to(account, "jafone", "voximplant")
    client.force_login(MembershipFactory(account=account).user)
    assert "No provider can take a port" in client.get(reverse("numbers:port_new")).content.decode()


def test_another_upstream_brings_its_own_form_and_keeps_what_was_typed(client, db):
    account = AccountFactory()
    made = connect_to(account, "voicemeup", "voicetel")
    client.force_login(MembershipFactory(account=account).user)
    sent = {"connection": made["voicetel"].pk, "act": "carrier", "numbers": "514 555-0177", "organization": "Plomberie"}
    form = client.post(reverse("numbers:port_whole"), sent).context["form"]
    assert "account_number" in form.fields and "capacity" not in form.fields and not form.errors
    assert (form["numbers"].value(), form["organization"].value()) == ("514 555-0177", "Plomberie")
    assert not Operation.objects.exists()


# --- handing one in ---------------------------------------------------------------------------------------------------


def test_it_is_ordered_once_with_what_was_typed(home, client):
    port = start(client)
    home.work()
    (order,) = [row["portInOrder"] for row in home.received("portInOrder")]
    (item,) = order["tnList"]["tnItem"]
    assert (item["tn"], item["accountNum"]) == ("6035550147", "88123") and "accountPin" in item
    assert (item["authName"], item["endUser"]["streetPreDir"], item["endUser"]["streetType"]) == (
        "Ann Granite",
        "N",
        "ST",
    )
    port.refresh_from_db()
    assert port.status == "sent_to_staff" and port.external_id and port.operation.state == Operation.State.DONE
    html = page(client, port)
    assert "Granite Plumbing LLC" in html and "88123" in html and "Add document" not in html


def test_a_listing_that_tells_little_does_not_empty_what_was_typed(home, client):
    port = start(client)
    home.work()
    home.bring_home("ports")
    port.refresh_from_db()
    assert (port.title, port.details["organization"]) == ("Granite shop", "Granite Plumbing LLC")
    assert PortRequest.objects.filter(numbers=[NUMBER]).count() == 1


def test_the_pin_is_in_no_trail_and_is_forgotten_once_it_was_passed_on(home, client):
    port = start(client, act="draft")
    home.work()
    client.post(
        reverse("numbers:port_edit", args=[port.public_id]),
        filled(version=port.version, account_pin="9911", act="draft"),
    )
    trail = " ".join(f"{entry.before}{entry.after}" for entry in port.account.audit_entries.all())
    assert "4455" not in trail and "9911" not in trail
    port.refresh_from_db()
    home.work()
    port.refresh_from_db()
    client.post(reverse("numbers:port_edit", args=[port.public_id]), filled(version=port.version, account_pin="9911"))
    home.work()
    port.refresh_from_db()
    assert port.external_id and port.details["account_pin"] == ""


def test_a_draft_waits_here_and_nothing_is_sent(home, client):
    since = home.sandbox.now()
    port = start(client, act="draft", account_number="")
    home.work()
    port.refresh_from_db()
    assert (port.status, port.external_id, port.operation.state) == ("not_ready", "", Operation.State.DONE)
    assert home.sandbox.journal(since=since, slug="voicetel") == []
    home.bring_home("ports")
    port.refresh_from_db()
    assert port.gone_at is None and "Draft" in page(client, port)


def test_once_handed_in_it_cannot_be_changed(home, client):
    port = start(client)
    home.work()
    answer = client.post(reverse("numbers:port_edit", args=[port.public_id]), filled(version=port.version))
    assert answer.status_code == 409 and len(home.received("portInOrder")) == 1


def test_no_document_is_taken(home, client, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    port = start(client, act="draft")
    home.work()
    paper = SimpleUploadedFile("loa.pdf", b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")
    sent = {"kind": "loa", "file": paper, "intent": str(uuid.uuid4())}
    assert client.post(reverse("numbers:port_document_add", args=[port.public_id]), sent).status_code in (409, 422)
    assert not port.documents.exists()


def test_a_street_without_its_kind_is_told_at_the_street(home, client):
    port = start(client, street="Main")
    home.work()
    assert home.received("portInOrder") == []
    form = client.get(reverse("numbers:port_edit", args=[port.public_id])).context["form"]
    assert form.errors["street"] == ["Write the street with its kind, such as Main St or Oak Avenue."]


def test_a_number_that_cannot_come_is_named(home, client):
    port = start(client, numbers="603 555-0199")
    home.work()
    form = client.get(reverse("numbers:port_edit", args=[port.public_id])).context["form"]
    assert form.errors["numbers"] == ["VoiceTel cannot take over 603\u00a0555-0199."]
    assert home.received("portInOrder") == []


def test_a_lost_answer_is_settled_by_the_numbers_and_never_ordered_again(home, client):
    """R26: no reference is told there, so the numbers of an order no older than ours tell it apart."""
    home.disturb("portInOrder", "no_answer", phase="after")
    port = start(client)
    home.step()
    port.operation.refresh_from_db()
    assert port.operation.state == Operation.State.UNKNOWN
    home.work()
    port.refresh_from_db()
    assert port.status == "sent_to_staff" and port.external_id and len(home.received("portInOrder")) == 1


def test_an_order_that_never_arrived_is_left_to_a_person(home, client):
    home.disturb("portInOrder", "no_answer", phase="before")
    port = start(client)
    home.work()
    port.refresh_from_db()
    assert port.operation.state == Operation.State.PARKED and not port.external_id
    assert len(home.received("portInOrder")) == 1


def test_a_listing_that_is_quicker_than_the_answer_makes_no_second_request(home, client):
    home.disturb("portInOrder", "no_answer", phase="after")
    port = start(client)
    home.step()
    home.bring_home("ports")
    home.work()
    (only,) = PortRequest.objects.filter(numbers=[NUMBER])
    assert only.pk == port.pk and only.status == "sent_to_staff" and only.title == "Granite shop"


def test_a_remark_waits_on_the_person_and_is_shown_word_for_word(home, client):
    port = start(client)
    home.work()
    words = "Rejected: PIN missing or invalid"
    home.sandbox.control("port-request", {"slug": "voicetel", "number": "6035550147", "message": words})
    home.bring_home("ports")
    html = page(client, port)
    assert words in html and "cannot be changed from here" in html and "Waiting on you" in html
    assert "Granite shop" in client.get(reverse("numbers:ports"), {"only": "you"}).content.decode()


# --- asking first -----------------------------------------------------------------------------------------------------


def ask(client, home, numbers: str):
    return client.post(reverse("numbers:port_check"), {"connection": home.connection.pk, "numbers": numbers})


def answer_to(client, operation: Operation):
    headers = {"HX-Request": "true", "HX-Target": "port_check"}
    return client.get(reverse("numbers:port_check_result", args=[operation.public_id]), headers=headers)


def test_numbers_are_asked_about_before_anything_is_filled_in(home, client):
    """D3: the page never waits for the upstream; a worker asks."""
    first = ask(client, home, "603 555-0147, 603 555-0199 and 819 555-0100").content.decode()
    assert "Asking" in first and home.received("portInAvailability") == []
    home.work()
    html = answer_to(client, Operation.objects.latest("id")).content.decode()
    assert html.count("Can be brought over") == 1 and html.count("Cannot be brought over") == 2
    assert "hx-trigger" not in html


def test_an_upstream_that_cannot_be_asked_does_not_stop_the_request(home, client):
    home.disturb("portInAvailability", "error_code", args={"status": 430, "message": "No result"})
    ask(client, home, "603 555-0147")
    home.work()
    assert "Not known" in answer_to(client, Operation.objects.latest("id")).content.decode()


def test_without_a_number_nothing_is_asked(home, client):
    assert "Write the numbers first" in ask(client, home, "none yet").content.decode()
    assert not Operation.objects.exists()


def test_a_question_of_another_account_is_not_there(home, client):
    ask(client, home, "603 555-0147")
    client.force_login(MembershipFactory(user=UserFactory()).user)
    assert answer_to(client, Operation.objects.latest("id")).status_code == 404
    assert ask(client, home, "603 555-0147").status_code == 404
