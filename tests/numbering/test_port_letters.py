"""The letter of authorization, who looked at documents, and files that are refused (rows D6 and D7)."""

import base64
import io
import uuid

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from accounts.models import AuditEntry
from numbering import letters, uploads
from numbering.models import DocumentLook, PortDocument, PortRequest
from numbering.upstream.port_drafts import columns_of
from portal.catalogue import CATALOGUE
from portal.management.commands.compile_locale import compile_if_older
from providers.clients.records import PortDraft, ServiceAddress
from tests.factories import MembershipFactory, PortRequestFactory, RemoteAccountFactory
from tests.numbering.test_ports_parts import pdf

DRAFT = PortDraft(
    numbers=("+14505550171", "+14505550172"), organization="Plomberie Lachance inc.", current_provider="Bell",
    current_reseller_account="B-1234", account_pin="9911", authorized_by="Marie Lachance",
    address=ServiceAddress(civic_number="1250", street="Rue Sherbrooke Ouest", city="Montréal", region="QC", postal_code="H3G 1H6"),
)  # fmt: skip


@pytest.fixture
def port(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    remote = RemoteAccountFactory()
    return PortRequestFactory(
        account=remote.account, connection=remote.connection, external_id="", status="not_ready", **columns_of(DRAFT)
    )


@pytest.fixture
def person(client, port):
    user = MembershipFactory(account=port.account).user
    client.force_login(user)
    return user


def words_of(content: bytes) -> str:
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    return " ".join(text.split())


def drawing() -> str:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 18), "white").save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def sign(client, port, **changes):
    said = {"language": "fr", "name": "Marie Lachance", "drawn": drawing(), "agreed": "on", "intent": str(uuid.uuid4())}
    return client.post(reverse("numbers:port_letter_sign", args=[port.public_id]), said | changes)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Letter of authorization", "Name on the bill", "Numbers to transfer")),
        ("fr", ("Lettre d’autorisation", "Nom sur la facture", "Numéros à transférer")),
    ],
)
def test_the_letter_is_filled_in_in_both_languages(client, person, port, settings, language, words):
    """D7."""
    compile_if_older(settings.BASE_DIR / CATALOGUE)
    answer = client.get(reverse("numbers:port_letter", args=[port.public_id]), {"lang": language})
    text = words_of(answer.content)
    assert answer["Content-Type"] == "application/pdf" and answer["Content-Disposition"].startswith("attachment")
    for word in (*words, "Plomberie Lachance inc.", "1250 Rue Sherbrooke Ouest", "B-1234", "450 555-0172"):
        assert word in text, word
    assert "9911" not in text, "the PIN is in no letter"


def test_a_letter_signed_on_screen_is_a_document_that_says_who_signed(client, person, port):
    """D7."""
    assert sign(client, port).status_code == 302
    document = PortDocument.objects.get()
    assert (document.kind, document.signed_by, document.pages) == ("loa", "Marie Lachance", 1)
    text = words_of(document.file.read())
    assert "Marie Lachance" in text and str(person) in text and "127.0.0.1" in text
    assert AuditEntry.objects.filter(action="port.letter_signed").count() == 1
    sign(client, port)
    assert PortDocument.objects.count() == 1, "a second click signs nothing new"


def test_a_letter_for_other_numbers_has_to_be_signed_again(client, person, port):
    """D7, D4."""
    sign(client, port)
    PortRequest.objects.filter(pk=port.pk).update(numbers=["+14505550171"])
    sent = {
        "version": port.version,
        "intent": str(uuid.uuid4()),
        "act": "submit",
        "keep_service": "on",
        "capacity": "1-2",
    }
    answer = client.post(reverse("numbers:port_page", args=[port.public_id, "review"]), sent)
    assert (
        answer.status_code == 422
        and reverse("numbers:port_letter_sign", args=[port.public_id]) in answer.content.decode()
    )


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("name", {"name": ""}),
        ("agreed", {"agreed": ""}),
        ("drawn", {"drawn": "data:text/html;base64,PGI+"}),
        ("drawn", {"drawn": "data:image/png;base64,PGI+"}),
        ("drawn", {"drawn": "data:image/png;base64,%%%"}),
    ],
)
def test_a_bad_signature_is_refused_at_its_field(client, person, port, field, changes):
    answer = sign(client, port, **changes)
    assert answer.status_code == 422 and list(answer.context["form"].errors) == [field]
    assert not PortDocument.objects.exists()


def test_a_typed_name_alone_is_a_signature(client, person, port):
    """It works where no script runs."""
    assert sign(client, port, drawn="").status_code == 302 and PortDocument.objects.get().signed_by == "Marie Lachance"


def test_our_own_letter_passes_our_own_check(port):
    content = letters.write(port, "fr")
    assert uploads.check(SimpleUploadedFile("loa.pdf", content)).pages == 1


def test_who_looked_at_a_document_is_written_down_and_shown(client, person, port):
    """D6."""
    sign(client, port)
    document = PortDocument.objects.get()
    page = reverse("numbers:port", args=[port.public_id])
    assert "Nobody has looked at it yet" in client.get(page).content.decode()
    url = reverse("numbers:port_document", args=[port.public_id, document.public_id])
    b"".join(client.get(url).streaming_content)
    client.head(url)
    (look,) = DocumentLook.objects.all()
    assert (look.document, look.user, look.ip) == (document, person, "127.0.0.1")
    assert f"Seen once, by {person}" in client.get(page).content.decode()


def test_a_document_has_so_many_pages_and_no_more():
    """D6."""
    two = pdf(b">> endobj\n2 0 obj << /Type /Page >> endobj\n3 0 obj << /Type /Page >> endobj\n4 0 obj <<")
    assert uploads.check(SimpleUploadedFile("a.pdf", two)).pages == 2
    many = pdf(b" << /Type /Page >> " * 41)
    with pytest.raises(Exception, match="41 pages"):
        uploads.check(SimpleUploadedFile("a.pdf", many))


def test_200_megabytes_are_refused_without_reading_them():
    """D6."""
    huge = SimpleUploadedFile("a.pdf", b"%PDF-")
    huge.size, huge.file = 200 * 1024 * 1024, None
    with pytest.raises(Exception, match="larger than 10"):
        uploads.check(huge)


def test_a_stranger_finds_no_letter(client, port):
    client.force_login(MembershipFactory().user)
    assert client.get(reverse("numbers:port_letter", args=[port.public_id])).status_code == 404
    assert sign(client, port).status_code == 404
