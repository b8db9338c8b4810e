"""The pages of ports: who may, what they cost, what they say (rows D1, D2, D8, D9, D14)."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from accounts.roles import Role
from numbering import business_days
from numbering.models import PortBundle, PortEvent, PortRequest
from numbering.presenters.ports import waiting_on
from providers.models import Operation
from tests.factories import (
    AccountFactory,
    ConnectionFactory,
    NumberFactory,
    PortRequestFactory,
    RemoteAccountFactory,
    UserFactory,
)
from tests.numbering.test_ports_flows import filled

FRAME = 15  # session, person, account, menu, brand


@pytest.fixture
def account(db):
    return AccountFactory()


@pytest.fixture
def connection(account):
    connection = ConnectionFactory()
    RemoteAccountFactory(connection=connection, account=account)
    return connection


@pytest.fixture
def port(account, connection):
    return PortRequestFactory(account=account, connection=connection, numbers=["+14505550171"])


def sign_in(client, account, role=Role.OWNER):
    person = UserFactory()
    Membership.objects.create(user=person, account=account, role=role)
    client.force_login(person)
    return person


def get(client, name, *args, **query):
    return client.get(reverse(f"numbers:{name}", args=args), query)


def test_the_list_says_whom_each_request_waits_for(client, account, connection):
    """D14."""
    sign_in(client, account)
    for status in PortRequest.Status:
        PortRequestFactory(account=account, connection=connection, status=status, title=f"Request {status}")
    text = get(client, "ports").content.decode()
    assert text.index("Request sent_to_staff") < text.index("Request completed"), "those under way come first"
    for words in ("With the losing carrier", "Needs correction", "Port date is firm", "Ported", "the losing carrier"):
        assert words in text


@pytest.mark.parametrize(
    ("status", "who"),
    [
        ("not_ready", "you"), ("rejected_by_provider", "you"), ("modified_by_staff", "you"), ("sent_to_staff", "us"),
        ("approved_by_staff", "us"), ("sent_to_provider", "the losing carrier"), ("firm_confirm", "the losing carrier"),
        ("completed", ""), ("expired", ""),
    ],
)  # fmt: skip
def test_every_state_has_somebody_to_wait_for(status, who):
    assert waiting_on(PortRequest(status=status)) == who


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ({"only": "open"}, "Alpha", "Omega"),
        ({"only": "you"}, "Beta", "Alpha"),
        ({"only": "closed"}, "Omega", "Alpha"),
        ({"q": "PON00000042"}, "Alpha", "Beta"),
        ({"q": "450 555-0171"}, "Alpha", "Beta"),
        ({"q": "0171"}, "Alpha", "Beta"),
        ({"q": "beta"}, "Beta", "Alpha"),
        ({"q": "\x00"}, "Alpha", "Nothing matches"),
        ({"q": "zzz"}, "Nothing matches", "Alpha"),
        ({"after": "nonsense"}, "Alpha", "Nothing matches"),
        ({"after": "0_99999999999999999999_1"}, "Alpha", "Nothing matches"),
    ],
)
def test_requests_are_filtered_and_found(client, account, connection, query, shown, hidden):
    sign_in(client, account)
    PortRequestFactory(
        account=account, connection=connection, title="Alpha", pon="PON00000042", numbers=["+14505550171"]
    )
    PortRequestFactory(
        account=account, connection=connection, title="Beta", status="rejected_by_staff", pon="PON00000043"
    )
    PortRequestFactory(account=account, connection=connection, title="Omega", status="completed", pon="PON00000044")
    rows = get(client, "ports", **query).content.decode().split('id="port_list"')[1]
    assert shown in rows and hidden not in rows


def test_a_refused_change_needs_you_too(client, account, connection):
    sign_in(client, account)
    refused = Operation.objects.create(
        connection=connection, verb="port.save", idempotency_key="k", state="failed", due_at=None
    )
    PortRequestFactory(account=account, connection=connection, title="Refused", status="not_ready", operation=refused)
    assert "Refused" in get(client, "ports", only="you").content.decode()


def test_pages_follow_each_other_without_gaps(client, account, connection):
    sign_in(client, account)
    for i in range(120):
        PortRequestFactory(
            account=account, connection=connection, title=f"T{i:03}", status="completed" if i % 2 else "sent_to_staff"
        )
    seen, query = [], {}
    for _page in range(3):
        response = get(client, "ports", **query)
        seen += [row.title for row, _mark in response.context["rows"]]
        query = {"after": response.context["after"]}
    assert len(seen) == len(set(seen)) == 120 and not query["after"]


def test_the_cost_of_a_page_does_not_grow_with_its_rows(client, account, connection, django_assert_max_num_queries):
    sign_in(client, account)
    PortRequestFactory.create_batch(40, account=account, connection=connection)
    get(client, "ports")
    with django_assert_max_num_queries(FRAME + 4):
        get(client, "ports")
    port = PortRequest.objects.first()
    PortEvent.objects.bulk_create(PortEvent(port=port, kind="note", text=str(i)) for i in range(50))
    with django_assert_max_num_queries(FRAME + 5):
        get(client, "port", port.public_id)
    with django_assert_max_num_queries(FRAME + 4):
        client.get(
            reverse("numbers:port_state", args=[port.public_id]),
            headers={"HX-Request": "true", "HX-Target": "port_state"},
        )
    with django_assert_max_num_queries(FRAME + 2):
        get(client, "port_new")


def test_parts_of_a_whole_are_marked_with_its_one_state(client, account, connection, django_assert_max_num_queries):
    """D3: a part that is done does not look as if all were done."""
    sign_in(client, account)
    whole = PortBundle.objects.create(account=account, title="Siège")
    about = {"account": account, "connection": connection, "bundle": whole}
    PortRequestFactory(**about, status="completed", title="Local part")
    PortRequestFactory(**about, status="rejected_by_provider", rejection="PIN", title="Other part")
    lone = PortBundle.objects.create(account=account, title="Alone")
    PortRequestFactory(account=account, connection=connection, bundle=lone, title="Lone part")
    get(client, "ports")
    with django_assert_max_num_queries(FRAME + 5):
        answer = get(client, "ports")
    marks = {row.title: mark and (mark.name, mark.word) for row, mark in answer.context["rows"]}
    assert marks == {
        "Local part": ("Siège", "Waiting on you"),
        "Other part": ("Siège", "Waiting on you"),
        "Lone part": None,
    }
    page = answer.content.decode()
    assert page.count("Part of Siège") == 2 and reverse("numbers:port_bundle", args=[whole.public_id]) in page


def test_a_fragment_is_only_a_fragment(client, account, port):
    sign_in(client, account)
    headers = {"HX-Request": "true", "HX-Target": "port_list"}
    text = client.get(reverse("numbers:ports"), headers=headers).content.decode()
    assert 'id="port_list"' in text and "<html" not in text
    state = reverse("numbers:port_state", args=[port.public_id])
    assert client.get(state).status_code == 302
    text = client.get(state, headers={"HX-Request": "true", "HX-Target": "port_state"}).content.decode()
    assert 'id="port_state"' in text and "every 30s" in text and "<html" not in text


@pytest.mark.parametrize(("state", "poll"), [("queued", "every 2s"), ("unknown", "every 2s"), ("done", "every 30s")])
def test_the_page_asks_often_while_something_is_on_its_way(client, account, connection, port, state, poll):
    sign_in(client, account)
    port.operation = Operation.objects.create(
        connection=connection, verb="port.save", idempotency_key="k", state=state, arguments={"submit": True}
    )
    port.save()
    assert poll in get(client, "port", port.public_id).content.decode()


@pytest.mark.parametrize("name", ["port", "port_edit", "port_state"])
def test_a_stranger_finds_nothing(client, port, name):
    sign_in(client, AccountFactory())
    assert get(client, name, port.public_id).status_code == 404


def test_readers_look_and_do_not_touch(client, account, port):
    sign_in(client, account, Role.READER)
    assert get(client, "ports").status_code == get(client, "port", port.public_id).status_code == 200
    assert "Start a port" not in get(client, "ports").content.decode()
    for response in (
        get(client, "port_new"),
        get(client, "port_edit", port.public_id),
        client.post(reverse("numbers:port_whole"), {}),
    ):
        assert response.status_code == 403
    upload = client.post(reverse("numbers:port_document_add", args=[port.public_id]), {})
    assert upload.status_code == 403


def test_messaging_agents_see_no_ports(client, account, port):
    sign_in(client, account, Role.AGENT)
    assert get(client, "ports").status_code == get(client, "port", port.public_id).status_code == 403


def test_an_empty_list_says_what_this_is_for(client, account, connection):
    sign_in(client, account)
    text = get(client, "ports").content.decode()
    assert "Bring your numbers over" in text and reverse("numbers:port_new") in text


def test_without_an_upstream_the_form_says_so(client, account):
    sign_in(client, account)
    assert reverse("numbers:port_new") not in get(client, "ports").content.decode()
    assert "No provider can take a port" in get(client, "port_new").content.decode()
    assert client.post(reverse("numbers:port_whole"), filled()).status_code == 409


# --- the form's mistakes


def mistakes(client, **changes) -> dict:
    response = client.post(reverse("numbers:port_whole"), filled(**changes))
    assert response.status_code == 422, response.status_code
    return response.context["form"].errors


def test_submitting_an_empty_form_names_every_field_with_a_link(client, account, connection):
    """D2: a summary at the top, an error at each field."""
    sign_in(client, account)
    empty = {"kind": "local", "act": "submit", "intent": str(uuid.uuid4())}
    response = client.post(reverse("numbers:port_whole"), empty)
    text = response.content.decode()
    assert response.status_code == 422
    for name in (
        "numbers",
        "organization",
        "current_provider",
        "civic_number",
        "street",
        "city",
        "region",
        "postal_code",
        "capacity",
        "keep_service",
    ):
        assert f'href="#id_{name}"' in text and f'id="id_{name}"' in text and f'id="id_{name}_error"' in text, name
    assert not PortRequest.objects.exists()


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("numbers", {"numbers": "450 555 0171, 450 555"}),
        ("numbers", {"numbers": "450 555 0171, 800 555 0171"}),
        ("numbers", {"numbers": "450 555 0171", "kind": "tollfree"}),
        ("numbers", {"numbers": " ".join(f"450 555 {i:04}" for i in range(201))}),
        ("organization", {"organization": "x"}),
        ("organization", {"organization": "<script>"}),
        ("organization", {"organization": "x" * 61}),
        ("street", {"street": "P.O. Box 12"}),
        ("civic_number", {"civic_number": "12A"}),
        ("unit", {"unit": "12A"}),
        ("region", {"region": "XX"}),
        ("postal_code", {"postal_code": "M5H 3T4"}),
        ("capacity", {"capacity": "1000"}),
        ("wanted_on", {"wanted_on": "2020-01-06"}),
        ("wanted_on", {"wanted_on": "2126-01-07"}),
        ("wanted_on", {"wanted_on": "soon"}),
        ("recipients", {"recipients": "a@example.test, nobody"}),
        ("recipients", {"recipients": " ".join(f"a{i}@example.test" for i in range(11))}),
        ("keep_service", {"keep_service": ""}),
    ],
)
def test_each_mistake_stands_at_its_field(client, account, connection, field, changes):
    sign_in(client, account)
    assert list(mistakes(client, **changes)) == [field]
    assert not Operation.objects.exists()


def test_a_weekend_is_no_port_date(client, account, connection):
    """D8."""
    sign_in(client, account)
    first, last = business_days.port_window(timezone.localtime(), "QC")
    days = [date for n in range((last - first).days) if (date := first + timezone.timedelta(days=n)).weekday() >= 5]
    assert "wanted_on" in mistakes(client, wanted_on=days[0].isoformat())


def test_the_good_numbers_stay_when_one_is_bad(client, account, connection):
    """D1."""
    sign_in(client, account)
    response = client.post(reverse("numbers:port_whole"), filled(numbers="450 555-0171; 450 555 01"))
    text = response.content.decode()
    assert "“450 555 01” is no number to port: it needs ten digits." in text and "stays in the list" in text
    assert "450 555-0171; 450 555 01" in text


def test_a_number_of_another_tenant_is_only_called_taken(client, account, connection):
    sign_in(client, account)
    NumberFactory(number="+14505550171", label="SECRET")
    response = client.post(reverse("numbers:port_whole"), filled(numbers="450 555-0171"))
    assert "is already with us" in response.content.decode() and "SECRET" not in response.content.decode()


def test_too_many_files_are_refused(client, account, connection):
    from django.core.files.uploadedfile import SimpleUploadedFile

    sign_in(client, account)
    files = [SimpleUploadedFile(f"{i}.pdf", b"%PDF-1.4\n%%EOF") for i in range(6)]
    response = client.post(reverse("numbers:port_whole"), filled(loa=files))
    assert response.status_code == 422 and "At most 5 files" in response.content.decode()


def test_a_form_without_its_key_starts_nothing(client, account, connection):
    sign_in(client, account)
    assert client.post(reverse("numbers:port_whole"), filled(intent="")).status_code == 409
    assert not Operation.objects.exists()


def test_only_what_may_be_left_out_is_called_optional(client, account, connection):
    sign_in(client, account)
    text = get(client, "port_whole").content.decode()
    label = text.split('for="id_street"')[1].split("</label>")[0]
    assert "(optional)" not in label
    assert "(optional)" in text.split('for="id_unit"')[1].split("</label>")[0]
