"""A port put together page by page, kept at each, and handed in from the last (rows D1 to D6, D8, USERS task 7)."""

import uuid
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from numbering import business_days
from numbering.models import PortBundle, PortRequest
from providers.models import Operation
from tests.factories import MembershipFactory, NumberFactory, PortRequestFactory
from tests.numbering.test_ports_flows import PDF, filed
from tests.numbering.upstreams import House, fresh_sandbox, house, make_house, sandbox_of_module  # noqa: F401 - fixtures

ACCOUNT = {
    "current_provider": "Bell", "organization": "Plomberie Lachance inc.", "organization_kind": "business",
    "current_reseller_account": "B-1234", "account_pin": "9911", "authorized_by": "Marie Lachance",
}  # fmt: skip
ADDRESS = {
    "civic_number": "1250",
    "street": "Rue Sherbrooke Ouest",
    "city": "Montréal",
    "region": "QC",
    "postal_code": "h3g1h6",
}


@pytest.fixture
def home(house, client, tmp_path, settings) -> House:  # noqa: F811
    settings.MEDIA_ROOT = tmp_path
    client.force_login(house.owner)
    return house


def asked() -> int:
    """How often the upstream was asked to keep a request; to be asked about numbers is another thing."""
    return Operation.objects.filter(verb="port.save").count()


def begin(client, numbers="450 555-0171, 450 555-0172", act="next", **more):
    data = {"numbers": numbers, "title": "Siège social", "features": ["sms"], "act": act, "intent": str(uuid.uuid4())}
    return client.post(reverse("numbers:port_new"), data | more)


def newest() -> PortRequest:
    return PortRequest.objects.latest("id")


def url(port: PortRequest, page: str) -> str:
    return reverse("numbers:port_page", args=[port.public_id, page])


def say(client, port: PortRequest, page: str, act="next", **data):
    port.refresh_from_db()
    sent = {"act": act, "intent": str(uuid.uuid4()), "version": port.version} | data
    return client.post(url(port, page), sent)


def reviewed(**changes) -> dict:
    wanted, _last = business_days.port_window(timezone.localtime(), "QC")
    return {"wanted_on": wanted.isoformat(), "capacity": "2-5", "recipients": "", "instructions": "Alarm on 0172.",
            "keep_service": "on", "act": "submit"} | changes  # fmt: skip


def test_five_pages_lead_from_numbers_to_a_request_upstream(home, client):
    """D2, D5, D6: each page leads to the next, and the last hands in what all of them said."""
    since = home.sandbox.now()
    answer = begin(client)
    port = newest()
    question = Operation.objects.get(verb="port.check")
    asked_there = f"{url(port, 'numbers')}?asked={question.public_id}"
    assert answer["Location"] == asked_there and port.status == "not_ready", "first it is asked about them"
    home.work()
    fragment = client.get(
        reverse("numbers:port_check_result", args=[question.public_id]),
        {"port": str(port.public_id)},
        headers={"HX-Request": "true", "HX-Target": "port_check"},
    )
    assert fragment["HX-Redirect"] == url(port, "account"), "all can come, so it goes on by itself"
    assert say(client, port, "account", **ACCOUNT)["Location"] == url(port, "address")
    assert say(client, port, "address", **ADDRESS)["Location"] == url(port, "documents")
    bill = SimpleUploadedFile("bill.pdf", PDF, "application/pdf")
    today = timezone.localdate(timezone=ZoneInfo("America/Toronto")).isoformat()
    assert say(client, port, "documents", bill=bill, bill_date=today)["Location"] == url(port, "review")
    assert not asked(), "upstream hears of it when it is handed in"
    page = client.get(url(port, "review")).content.decode()
    assert "Page 5 of 5" in page and "Plomberie Lachance inc." in page and "bill.pdf" in page and "9911" not in page
    answer = say(client, port, "review", **reviewed())
    assert answer["Location"] == reverse("numbers:port", args=[port.public_id])
    home.work()
    (sent,) = filed(home, since)
    expected = {
        "mode": "create", "send_to_staff": "1", "phone_numbers": "4505550171,4505550172", "phone_number_type": "local",
        "organization": "Plomberie Lachance inc.", "current_reseller_account": "B-1234", "postal_code": "H3G 1H6",
        "features": "sms", "capacity": "2-5", "friendly_name": "Siège social",
    }  # fmt: skip
    assert {name: sent.get(name) for name in expected} == expected
    assert sent["client_instructions"].splitlines()[:2] == ["Alarm on 0172.", "Authorized by: Marie Lachance"]
    port.refresh_from_db()
    assert port.status == "sent_to_staff" and port.pon and not port.unsent_since
    assert port.details["instructions"] == "Alarm on 0172." and port.details["authorized_by"] == "Marie Lachance"


def test_an_answer_that_was_there_before_the_page_leads_on_as_well(home, client):
    """D1, D2: a quick upstream is no reason to press the button twice; who comes back later sees the page."""
    there = begin(client)["Location"]
    assert client.get(there).status_code == 200, "nothing is known yet"
    home.work()
    port = newest()
    assert client.get(there)["Location"] == url(port, "account")
    assert client.get(url(port, "numbers")).status_code == 200
    assert client.get(f"{url(port, 'numbers')}?asked={uuid.uuid4()}").status_code == 200
    Operation.objects.update(finished_at=timezone.now() - timedelta(minutes=5))
    assert client.get(there).status_code == 200


def test_who_starts_a_port_is_told_of_it_unless_they_take_that_out(home, client):
    """D12: with the address on the last page, not behind anybody's back."""
    begin(client)
    port = newest()
    assert port.details["recipients"] == [home.owner.email]
    assert home.owner.email in client.get(url(port, "review")).content.decode()
    say(client, port, "review", **reviewed(act="later"))
    port.refresh_from_db()
    assert port.details["recipients"] == []


def test_what_was_confirmed_is_ticked_when_the_person_has_shown_who_they_are(home, client, settings):
    """J3, D2: the question in between forgets nothing, and it ticks no other request."""
    settings.FRESH_SIGN_IN = True
    begin(client)
    port = newest()
    for page, data in (("account", ACCOUNT), ("address", ADDRESS), ("documents", {})):
        say(client, port, page, **data)
    ticked = "id_keep_service"
    assert not client.get(url(port, "review")).context["form"]["keep_service"].value()
    answer = say(client, port, "review", **reviewed())
    assert "reauthenticate" in answer["Location"] and not asked()
    assert client.get(url(port, "review")).context["form"]["keep_service"].value()
    begin(client, "450 555-0173")
    other = newest()
    page = client.get(url(other, "review"))
    assert ticked in page.content.decode() and not page.context["form"]["keep_service"].value()


def test_the_pin_is_passed_on_and_kept_nowhere_it_can_be_read(home, client):
    """D4: neither in the row as read, nor in the exchange, nor in the result of the operation."""
    begin(client)
    port = newest()
    for page, data in (("account", ACCOUNT), ("address", ADDRESS), ("documents", {}), ("review", reviewed())):
        say(client, port, page, **data)
    home.work()
    home.bring_home("ports")
    port.refresh_from_db()
    assert "9911" not in str(port.raw) + str(port.operation.result) and port.details["account_pin"] == "9911"
    home.sandbox.control("port-request", {"pon": port.pon, "status": "completed", "firm_date": "2026-12-01"})
    home.bring_home("ports")
    port.refresh_from_db()
    assert port.status == "completed" and port.details["account_pin"] == ""


def test_a_port_is_gone_on_with_on_any_device(home, client):
    """D2: nothing but the request itself remembers where one was."""
    begin(client)
    port = newest()
    say(client, port, "account", **ACCOUNT)
    say(client, port, "address", act="later", city="Montréal")
    client.logout()
    client.force_login(home.owner)
    page = client.get(reverse("numbers:port", args=[port.public_id])).content.decode()
    assert url(port, "documents") in page or url(port, "address") in page
    text = client.get(url(port, "address")).content.decode()
    assert 'value="Montréal"' in text
    assert 'value="Plomberie Lachance inc."' in client.get(url(port, "account")).content.decode()


def test_going_on_asks_for_what_the_page_needs_and_finishing_later_does_not(home, client):
    begin(client)
    port = newest()
    answer = say(client, port, "address", city="Montréal")
    assert answer.status_code == 422 and {"street", "region"} <= set(answer.context["form"].errors)
    assert 'value="Montréal"' in answer.content.decode()
    assert say(client, port, "address", act="later", city="Montréal").status_code == 302


def test_bad_numbers_are_told_apart_and_the_good_ones_go_on(home, client):
    """D1, USERS complaint 6."""
    home.bring_home("numbers", "ports")
    porting = PortRequest.objects.get(status="firm_confirm").numbers[0]
    NumberFactory(number="+14505550179", label="SECRET")
    typed = f"450 555-0171\n450 555 01\n{porting}\n450 555-0179"
    answer = begin(client, typed)
    text = answer.content.decode()
    assert answer.status_code == 422 and answer.context["sorting"].good == ["450\u00a0555-0171"]
    assert [one.reason for one in answer.context["sorting"].bad] == [
        "it needs ten digits", "it is already in another port request", "it is already with us",
    ]  # fmt: skip
    assert "450 555 01" in text and "SECRET" not in text
    before = PortRequest.objects.count()
    assert begin(client, typed, act="good").status_code == 302
    assert PortRequest.objects.count() == before + 1 and newest().numbers == ["+14505550171"]


def test_local_and_toll_free_numbers_part_and_stand_under_one_name(home, client):
    """D3, USERS complaint 4."""
    begin(client, "450 555-0171, 800 555-0172")
    local, free = PortRequest.objects.order_by("id")
    assert (local.kind, local.numbers, free.kind, free.numbers) == (
        "local",
        ["+14505550171"],
        "tollfree",
        ["+18005550172"],
    )
    assert local.bundle == free.bundle == PortBundle.objects.get()
    say(client, local, "account", **ACCOUNT)
    say(client, local, "address", **ADDRESS)
    free.refresh_from_db()
    assert free.details["organization"] == "Plomberie Lachance inc." and free.details["address"]["city"] == "Montréal"
    assert free.numbers == ["+18005550172"] and free.kind == "tollfree"


def test_numbers_with_another_provider_get_a_request_of_their_own(home, client):
    """D3."""
    begin(client, "450 555-0171, 450 555-0172")
    port = newest()
    split = reverse("numbers:port_split", args=[port.public_id])
    answer = client.post(split, {"other_numbers": ["+14505550172"], "other_provider": "Cablo", "version": port.version})
    child = newest()
    port.refresh_from_db()
    assert answer["Location"] == url(port, "account") and port.numbers == ["+14505550171"]
    assert (child.numbers, child.current_provider, child.bundle) == (["+14505550172"], "Cablo", port.bundle)
    say(client, port, "account", **ACCOUNT)
    child.refresh_from_db()
    assert child.current_provider == "Cablo" and child.details["current_reseller_account"] == ""
    assert client.post(split, {"other_numbers": ["+14505550171"], "version": port.version}).status_code == 302
    assert PortRequest.objects.count() == 2, "none would be left"


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("billing_number", {"billing_number": "450 555-0199"}),
        ("new_billing_number", {"numbers_to_keep": "450 555-0175"}),
        ("new_billing_number", {"numbers_to_keep": "450 555-0175", "new_billing_number": "450 555-0176"}),
        ("numbers_to_keep", {"numbers_to_keep": "450 555-0171", "new_billing_number": "450 555-0171"}),
        ("numbers_to_keep", {"numbers_to_keep": "12"}),
        ("numbers_to_cancel", {"numbers_to_cancel": "450 555-0172", "cancel_is_meant": "on"}),
        ("cancel_is_meant", {"numbers_to_cancel": "450 555-0178"}),
        ("current_reseller_account", {"current_reseller": "Revend inc.", "current_reseller_account": ""}),
    ],
)
def test_what_would_be_rejected_is_told_at_its_field_before(home, client, field, changes):
    """D4."""
    begin(client)
    answer = say(client, newest(), "account", **ACCOUNT | changes)
    assert answer.status_code == 422 and list(answer.context["form"].errors) == [field]


def test_numbers_that_stay_and_their_new_main_number_reach_the_upstream(home, client):
    """D4: a partial port names the new main number."""
    since = home.sandbox.now()
    begin(client)
    port = newest()
    stays = {"numbers_to_keep": "450 555-0175", "new_billing_number": "450 555-0175", "billing_number": "450 555-0171"}
    for page, data in (("account", ACCOUNT | stays), ("address", ADDRESS), ("documents", {}), ("review", reviewed())):
        assert say(client, port, page, **data).status_code == 302, page
    home.work()
    (sent,) = filed(home, since)
    assert sent["phone_numbers_to_keep"] == "4505550175" and "New BTN: +14505550175" in sent["client_instructions"]


def test_what_is_missing_elsewhere_is_named_with_a_link_to_its_field(home, client):
    begin(client)
    port = newest()
    answer = say(client, port, "review", **reviewed())
    text = answer.content.decode()
    assert answer.status_code == 422 and f"{url(port, 'address')}#id_street" in text
    assert f"{url(port, 'account')}#id_organization" in text and not asked()
    port.refresh_from_db()
    assert port.details["instructions"] == "Alarm on 0172.", "what was typed is kept"


def test_an_old_bill_is_refused_at_its_date(home, client):
    """D6."""
    begin(client)
    old = (timezone.localdate() - timezone.timedelta(days=90)).isoformat()
    answer = say(client, newest(), "documents", bill=SimpleUploadedFile("bill.pdf", PDF), bill_date=old)
    assert answer.status_code == 422 and "bill_date" in answer.context["form"].errors


def test_a_second_click_begins_nothing_new(home, client):
    """R7."""
    sent = {"numbers": "450 555-0171", "act": "next", "intent": str(uuid.uuid4())}
    answers = [client.post(reverse("numbers:port_new"), sent)["Location"] for _again in range(3)]
    assert len({answer.split("/page/")[0] for answer in answers}) == 1 and PortRequest.objects.count() == 1
    port = newest()
    again = {"act": "next", "intent": str(uuid.uuid4()), "version": port.version} | ACCOUNT
    assert [client.post(url(port, "account"), again).status_code for _again in range(2)] == [302, 302]


def test_two_people_at_one_page_lose_nothing(home, client):
    begin(client)
    port = newest()
    say(client, port, "account", **ACCOUNT)
    answer = client.post(url(port, "account"), {"act": "next", "version": 1} | ACCOUNT | {"organization": "Other"})
    text = answer.content.decode()
    assert answer.status_code == 409 and "Stored now" in text and 'value="Other"' in text


def test_a_listing_never_overwrites_what_was_not_sent(home, client):
    home.bring_home("ports")
    port = PortRequest.objects.get(status="not_ready")
    say(client, port, "account", act="later", **ACCOUNT | {"organization": "Typed here"})
    PortRequest.objects.filter(pk=port.pk).update(digest="")
    home.bring_home("ports")
    port.refresh_from_db()
    assert port.details["organization"] == "Typed here"


def test_a_stranger_finds_no_page(home, client):
    begin(client)
    port = newest()
    client.force_login(MembershipFactory().user)
    assert client.get(url(port, "account")).status_code == 404
    assert say(client, port, "account", **ACCOUNT).status_code == 404
    assert client.post(reverse("numbers:port_split", args=[port.public_id])).status_code == 404


@pytest.mark.parametrize("page", ["numbers", "account", "address", "documents", "review"])
def test_a_page_costs_the_same_whatever_it_holds(home, client, page, django_assert_max_num_queries):
    begin(client, "450 555-0171, 450 555-0172, 450 555-0173, 800 555-0172")
    port = PortRequest.objects.order_by("id").first()
    client.get(url(port, page))
    with django_assert_max_num_queries(22):
        assert client.get(url(port, page)).status_code == 200


# --- an upstream that can be asked first, and takes no documents --------------------------------------------------------


@pytest.fixture
def american(fresh_sandbox, client) -> House:  # noqa: F811
    house = make_house(fresh_sandbox, slug="voicetel")  # noqa: F811
    client.force_login(house.owner)
    return house


def test_numbers_are_asked_about_before_anything_else_and_bad_ones_are_left_out(american, client):
    """D1."""
    answer = begin(client, "603 555-0147, 603 555-0199", features=[])
    port = newest()
    assert answer["Location"].startswith(f"{url(port, 'numbers')}?asked="), "first the answer"
    assert "Asking" in client.get(url(port, "numbers")).content.decode()
    american.work()
    assert "Cannot be brought over" in client.get(url(port, "numbers")).content.decode()
    typed = {"numbers": "603 555-0147\n603 555-0199"}
    answer = say(client, port, "numbers", **typed)
    assert answer.status_code == 422 and "cannot bring it over" in answer.content.decode()
    assert say(client, port, "numbers", act="good", **typed).status_code == 302
    port.refresh_from_db()
    assert port.numbers == ["+16035550147"]
    assert "Page 1 of 4" in client.get(url(port, "numbers")).content.decode()
    assert client.get(url(port, "documents")).status_code == 404


def test_a_number_on_its_way_to_another_upstream_is_not_asked_for_twice(home, client):
    """D4: carriers reject the second request for a number, whichever upstream it came through; a draft keeps nobody out."""
    elsewhere = PortRequestFactory(numbers=["+14505550171"], status="sent_to_provider")
    answer = begin(client, title="Not yet")
    assert answer.status_code == 422 and "it is already in another port request" in answer.content.decode()
    assert PortRequest.objects.count() == 1
    PortRequest.objects.update(status="not_ready")
    assert begin(client).status_code == 302
    port, since = newest(), home.sandbox.now()
    for page, data in (("account", ACCOUNT), ("address", ADDRESS), ("documents", {})):
        assert say(client, port, page, **data).status_code == 302
    PortRequest.objects.filter(pk=elsewhere.pk).update(status="sent_to_staff")
    answer = say(client, port, "review", **reviewed())
    assert "already in another port request" in answer.content.decode()
    home.work()
    assert not [sent for sent in filed(home, since) if sent.get("send_to_staff") == "1"], (
        "handed in meanwhile elsewhere"
    )
