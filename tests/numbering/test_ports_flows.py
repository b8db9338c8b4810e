"""Port requests against the sandbox: filed once, followed, repaired (rows D1, D2, D5, D6, D8, D9, D11, D14, R26)."""

import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from numbering import business_days, port_mails
from numbering.models import Number, PortDocument, PortEvent, PortNotice, PortRequest
from numbering.services import ports as services
from numbering.upstream.ports import bring_home
from providers.gateway import client_for
from providers.models import Operation, SyncRun
from providers.quota import Priority
from providers.tally import Tally
from tests.numbering.upstreams import House, fresh_sandbox, house, sandbox_of_module  # noqa: F401 - fixtures

PDF = b"%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
NUMBERS = "(450) 555-0171, 450.555.0172\n+1 450 555 0173"


def filled(**changes) -> dict:
    wanted, _last = business_days.port_window(timezone.localtime(), "QC")
    return {
        "title": "Siège social", "kind": "local", "numbers": NUMBERS, "organization": "Plomberie Lachance inc.",
        "organization_kind": "business", "current_provider": "Bell", "current_reseller": "", "current_reseller_account": "B-1234",
        "civic_number": "1250", "street": "Rue Sherbrooke Ouest", "unit": "", "city": "Montréal", "region": "QC",
        "postal_code": "h3g1h6", "capacity": "2-5", "wanted_on": wanted.isoformat(), "recipients": "a@example.test, b@example.test",
        "instructions": "Alarm on 0172.", "keep_service": "on", "act": "submit", "intent": str(uuid.uuid4()),
    } | changes  # fmt: skip


@pytest.fixture
def home(house, client, tmp_path, settings) -> House:  # noqa: F811
    settings.MEDIA_ROOT = tmp_path
    house.bring_home("numbers", "ports")
    client.force_login(house.owner)
    return house


def start(client, **changes):
    return client.post(reverse("numbers:port_whole"), filled(**changes))


def filed(home: House, since: int) -> list[dict]:
    return [row["params"] for row in home.sandbox.journal("update_port_request", since)]


def newest() -> PortRequest:
    return PortRequest.objects.latest("id")


def page(client, port: PortRequest) -> str:
    return client.get(reverse("numbers:port", args=[port.public_id])).content.decode()


def test_the_feed_brings_requests_in_every_state_and_follows_them(home, client):
    """D9."""
    ports = PortRequest.objects.all()
    assert {port.status for port in ports} == {
        "not_ready",
        "sent_to_provider",
        "firm_confirm",
        "rejected_by_provider",
        "completed",
    }
    assert all(port.numbers and port.pon and port.events.filter(kind="status").exists() for port in ports)
    port = ports.get(status="sent_to_provider")
    before = port.status_since
    home.bring_home("ports")
    port.refresh_from_db()
    assert port.status_since == before and SyncRun.objects.latest("id").changed == 0
    home.sandbox.control(
        "port-request", {"pon": port.pon, "status": "tentative_confirm", "tentative_date": "2026-12-01"}
    )
    home.bring_home("ports")
    port.refresh_from_db()
    assert port.status == "tentative_confirm" and str(port.tentative_on) == "2026-12-01" and port.firm_on is None
    text = page(client, port)
    assert "Proposed date, not firm" in text and "Not firm yet" in text
    assert list(port.events.values_list("kind", "status")[:2]) == [
        ("dates", "tentative_on"),
        ("status", "tentative_confirm"),
    ]


class Garbled:
    """A client one of whose rows could not be read: a status that nobody knows."""

    unread = [("a status we know", {"status": "teleported"})]

    def ports(self):
        return iter(())


def test_an_unknown_status_is_counted_and_changes_nothing(home):
    port, tally = PortRequest.objects.get(status="sent_to_provider"), Tally()
    bring_home(Garbled(), home.connection.feeds.get(name="ports"), tally)
    port.refresh_from_db()
    assert tally.unread == 1 and tally.gone == 0
    assert port.status == "sent_to_provider" and port.gone_at is None


class Short:
    """A client whose listing has lost one request."""

    unread = ()

    def __init__(self, client, but: str):
        self.client, self.but = client, but

    def ports(self):
        return (record for record in self.client.ports() if record.external_id != self.but)


def test_a_request_that_upstream_lists_no_more_says_so_and_its_people_are_told(home, client):
    """D9, D12; USERS complaint 3: it never stands for ever in a state that nobody stands behind."""
    port, done = PortRequest.objects.get(status="sent_to_provider"), PortRequest.objects.get(status="completed")
    PortRequest.objects.update(created_at=timezone.now() - timedelta(days=3))
    PortRequest.objects.filter(pk__in=[port.pk, done.pk]).update(details={"recipients": ["anne@example.test"]})
    feed, upstream = home.connection.feeds.get(name="ports"), client_for(home.connection, Priority.LIFE)
    bring_home(Short(upstream, port.external_id), feed, Tally())
    text = page(client, port)
    assert "No longer listed" in text and "Do not cancel your old service" in text and "Waiting on" not in text
    assert "No longer listed by the provider" in client.get("/").content.decode(), (
        "home tells it, once it left the list of open ones"
    )
    assert port_mails.send(PortNotice.objects.get(port=port).pk)
    assert "No longer listed" in mail.outbox[0].subject + mail.outbox[0].body
    bring_home(Short(upstream, done.external_id), feed, Tally())
    assert not PortNotice.objects.filter(port=done).exists(), "a closed one may leave the list unnoticed"
    port.refresh_from_db()
    assert port.gone_at is None and "With the losing carrier" in page(client, port)
    assert port.events.first().kind == "back" and port.events.filter(kind="gone").count() == 1


def test_hostile_words_of_upstream_are_shown_as_words(home, client):
    home.disturb("get_port_requests", "hostile_text", args={"payload": "<script>alert(1)</script>"})
    home.bring_home("ports")
    port = PortRequest.objects.get(status="rejected_by_provider")
    text = page(client, port) + client.get(reverse("numbers:ports")).content.decode()
    assert "&lt;script&gt;alert(1)" in text and "<script>alert(1)" not in text


def test_a_draft_may_be_incomplete_and_goes_on_later(home, client):
    """D2."""
    since = home.sandbox.now()
    empty = {name: "" for name in filled() if name not in {"kind", "intent"}}
    answer = client.post(reverse("numbers:port_whole"), filled(**empty | {"act": "draft", "title": "Later"}))
    assert answer.status_code == 302
    home.work()
    port = newest()
    assert port.status == "not_ready" and port.external_id and port.pon
    assert filed(home, since)[0]["send_to_staff"] == "0"
    edit = reverse("numbers:port_edit", args=[port.public_id])
    assert 'value="Later"' in client.get(edit).content.decode()
    assert client.post(edit, filled(version=port.version)).status_code == 302
    home.work()
    port.refresh_from_db()
    assert port.status == "sent_to_staff"
    assert [row["mode"] for row in filed(home, since)] == ["create", "update"]


def test_a_submitted_request_reaches_upstream_once_with_what_was_written(home, client):
    """D1, D5, D8, R7."""
    since, form = home.sandbox.now(), filled()
    first = client.post(reverse("numbers:port_whole"), form)
    again = client.post(reverse("numbers:port_whole"), form)
    assert first["Location"] == again["Location"] and PortRequest.objects.filter(title="Siège social").count() == 1
    assert "Submitting" in page(client, newest())
    home.work()
    (sent,) = filed(home, since)
    expected = {
        "mode": "create", "send_to_staff": "1", "phone_numbers": "4505550171,4505550172,4505550173", "phone_number_type": "local",
        "organization": "Plomberie Lachance inc.", "organization_type": "business", "current_provider": "Bell",
        "current_reseller_account": "B-1234", "civic_number": "1250", "street": "Rue Sherbrooke Ouest", "city": "Montréal",
        "country_id": "38", "postal_code": "H3G 1H6", "capacity": "2-5", "requested_firm_date": form["wanted_on"],
        "extra_recipients": "a@example.test,b@example.test", "client_instructions": "Alarm on 0172.", "friendly_name": "Siège social",
    }  # fmt: skip
    assert {name: sent.get(name) for name in expected} == expected
    port = newest()
    assert port.status == "sent_to_staff" and port.reference in sent["raw_metadata"]
    text = page(client, port)
    assert "Submitted, being checked" in text and "Waiting on us" in text and port.pon in text


def test_the_same_form_with_other_words_is_refused_and_keeps_them(home, client):
    """R8."""
    form = filled()
    client.post(reverse("numbers:port_whole"), form)
    answer = client.post(reverse("numbers:port_whole"), form | {"organization": "Somebody else"})
    assert answer.status_code == 409 and 'value="Somebody else"' in answer.content.decode()
    assert Operation.objects.count() == 1


def test_a_twin_stored_between_two_looks_is_no_rival_for_the_numbers(home, client, monkeypatch):
    """R7: two clicks in one moment; the second looks before the first is stored, and checks the numbers after."""
    form, look = filled(), services.started_by
    first = client.post(reverse("numbers:port_whole"), form)
    blind = iter([True])
    monkeypatch.setattr(services, "started_by", lambda *asked: None if next(blind, False) else look(*asked))
    second = client.post(reverse("numbers:port_whole"), form)
    assert (second.status_code, second["Location"]) == (302, first["Location"])
    assert PortRequest.objects.filter(title="Siège social").count() == 1


def test_a_lost_answer_is_settled_by_our_reference_and_never_filed_again(home, client):
    """R26."""
    since = home.sandbox.now()
    home.disturb("update_port_request", "no_answer", phase="after")
    start(client)
    home.step()
    port = newest()
    assert port.operation.state == "unknown" and "Being checked" in page(client, port)
    assert "do not send it again" in page(client, port)
    home.work()
    port.refresh_from_db()
    assert port.external_id and port.status == "sent_to_staff" and port.operation.state == "done"
    assert len(filed(home, since)) == 1


def test_a_request_that_never_arrived_waits_for_a_person(home, client):
    since = home.sandbox.now()
    home.disturb("update_port_request", "no_answer", phase="before")
    start(client)
    home.work()
    port = newest()
    assert port.operation.state == "parked" and not port.external_id and len(filed(home, since)) == 1
    assert "has not been sent again" in page(client, port)


def test_a_lost_answer_to_a_resubmission_is_settled_by_its_state(home, client):
    port = PortRequest.objects.get(status="rejected_by_provider")
    since = home.sandbox.now()
    home.disturb("update_port_request", "no_answer", phase="after")
    client.post(reverse("numbers:port_edit", args=[port.public_id]), filled(version=port.version))
    home.work()
    port.refresh_from_db()
    assert port.status == "sent_to_staff" and port.operation.state == "done" and len(filed(home, since)) == 1


def test_a_rejected_request_says_why_links_to_the_field_and_is_repaired_in_one_step(home, client):
    """D11."""
    port = PortRequest.objects.get(status="rejected_by_provider")
    edit = reverse("numbers:port_edit", args=[port.public_id])
    text = page(client, port)
    assert "Account name mismatch" in text and f"{edit}#id_organization" in text and "Waiting on you" in text
    form = client.get(edit).content.decode()
    assert 'id="id_organization"' in form and "Account name mismatch" in form
    since = home.sandbox.now()
    client.post(edit, filled(version=port.version, organization="Plomberie Lachance"))
    home.work()
    port.refresh_from_db()
    (sent,) = filed(home, since)
    assert sent["mode"] == "update" and sent["organization"] == "Plomberie Lachance" and sent["send_to_staff"] == "1"
    assert port.status == "sent_to_staff" and not port.rejection


def test_what_upstream_refuses_stands_at_its_field_and_nothing_is_lost(home, client):
    home.disturb("update_port_request", "error_code", args={"code": "organization_invalid"})
    start(client)
    home.work()
    port = newest()
    assert port.operation.state == "failed" and "Not accepted" in page(client, port)
    text = client.get(reverse("numbers:port_edit", args=[port.public_id])).content.decode()
    assert 'id="id_organization_error"' in text and 'value="Plomberie Lachance inc."' in text
    home.bring_home("ports")
    port.refresh_from_db()
    assert port.title == "Siège social"


def test_a_double_click_on_a_correction_is_one_change(home, client):
    """R7."""
    port, since = PortRequest.objects.get(status="rejected_by_provider"), home.sandbox.now()
    edit, form = reverse("numbers:port_edit", args=[port.public_id]), filled(version=port.version)
    assert [client.post(edit, form).status_code for _again in range(3)] == [302] * 3
    home.work()
    assert len(filed(home, since)) == 1
    assert client.post(edit, form).status_code == 302, "a reload long after is still the same act"
    assert client.post(edit, form | {"city": "Laval"}).status_code == 409


def test_a_form_made_from_an_older_version_shows_both(home, client):
    port = PortRequest.objects.get(status="not_ready")
    old = port.version
    PortRequest.objects.filter(pk=port.pk).update(version=old + 1)
    answer = client.post(reverse("numbers:port_edit", args=[port.public_id]), filled(version=old))
    text = answer.content.decode()
    assert answer.status_code == 409 and "Stored now" in text and "Plomberie Lachance inc." in text
    assert f'name="version" value="{old + 1}"' in text and not Operation.objects.exists()


def test_the_feed_never_overwrites_what_is_on_its_way(home, client):
    port = PortRequest.objects.get(status="not_ready")
    client.post(reverse("numbers:port_edit", args=[port.public_id]), filled(version=port.version))
    PortRequest.objects.filter(pk=port.pk).update(digest="")
    home.bring_home("ports")
    port.refresh_from_db()
    assert port.title == "Siège social"


@pytest.mark.parametrize("status", ["sent_to_staff", "sent_to_provider", "firm_confirm", "completed"])
def test_only_some_states_can_be_edited(home, client, status):
    port = PortRequest.objects.filter(status="sent_to_provider").first()
    PortRequest.objects.filter(pk=port.pk).update(status=status)
    edit = reverse("numbers:port_edit", args=[port.public_id])
    assert client.get(edit).status_code == 302
    assert client.post(edit, filled(version=port.version)).status_code == 409
    assert not Operation.objects.exists()


def test_a_change_while_another_is_on_its_way_is_refused(home, client):
    start(client)
    port = newest()
    assert (
        client.post(reverse("numbers:port_edit", args=[port.public_id]), filled(version=port.version)).status_code
        == 409
    )
    assert Operation.objects.count() == 1


def test_numbers_that_are_here_or_under_way_are_named(home, client):
    """D1: guards."""
    owned = Number.objects.present().filter(kind="local").first().number
    porting = PortRequest.objects.get(status="firm_confirm").numbers[0]
    answer = start(client, numbers=f"{owned} {porting} 450 555 0171")
    text = answer.content.decode()
    assert answer.status_code == 422 and "is already with us" in text and "is already in another port request" in text
    assert "450 555 0171" in text and not Operation.objects.exists()


def test_documents_are_kept_privately_sent_and_given_back_as_downloads(home, client):
    """D6."""
    since = home.sandbox.now()
    start(client, loa=SimpleUploadedFile("../../lettre d'autorisation.pdf", PDF, "application/pdf"))
    home.work()
    document = PortDocument.objects.get()
    assert document.name == "lettre d'autorisation.pdf" and "lettre" not in document.file.name
    assert home.sandbox.control("ledger")[-1]["data"]["files"]["loa"]["size"] == len(PDF)
    answer = client.get(reverse("numbers:port_document", args=[document.port.public_id, document.public_id]))
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment") and answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"] and "no-store" in answer["Cache-Control"]
    assert len(filed(home, since)) == 1


def test_a_document_added_later_is_sent_at_once(home, client):
    port, since = PortRequest.objects.get(status="rejected_by_provider"), home.sandbox.now()
    upload = {"kind": "bill", "file": SimpleUploadedFile("bill.pdf", PDF), "intent": str(uuid.uuid4())}
    url = reverse("numbers:port_document_add", args=[port.public_id])
    assert client.post(url, upload).status_code == 302
    home.work()
    port.refresh_from_db()
    assert [row["send_to_staff"] for row in filed(home, since)] == ["0"]
    assert port.status == "rejected_by_provider" and PortEvent.objects.filter(kind="document", text="bill.pdf").exists()
    bad = client.post(url, {"kind": "bill", "file": SimpleUploadedFile("bill.pdf", b"MZ"), "intent": str(uuid.uuid4())})
    assert bad.status_code == 422 and "Only PDF" in bad.content.decode()


class Late:
    """A client whose listing was made before our last request was answered."""

    def __init__(self, records, meanwhile):
        self.records, self.meanwhile, self.unread = records, meanwhile, []

    def ports(self):
        yield from self.records
        self.meanwhile()


def test_a_listing_from_before_our_answer_does_not_turn_a_state_back(home, client):
    """D9: the timeline tells no step that did not happen."""
    port = PortRequest.objects.get(status="not_ready")
    reader = client_for(home.connection, Priority.INTERACTIVE)
    old = list(reader.ports())

    def submit():
        client.post(reverse("numbers:port_edit", args=[port.public_id]), filled(version=port.version))
        home.work()

    bring_home(Late(old, submit), home.connection.feeds.get(name="ports"), Tally())
    port.refresh_from_db()
    assert port.status == "sent_to_staff"
    assert list(port.events.filter(kind="status").values_list("status", flat=True)) == ["sent_to_staff", "not_ready"]


def test_a_request_made_elsewhere_waits_since_it_was_made(home):
    """D14: not since we first heard of it."""
    port = PortRequest.objects.get(status="sent_to_provider")
    assert port.status_since == port.created_at and (timezone.now() - port.created_at).days >= 5
    assert port.events.last().kind == "started"
