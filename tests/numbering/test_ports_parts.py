"""The parts of a port form: business days, files, lists of numbers, hints (rows D1, D6, D8, D11)."""

import io
import time
import zlib
from contextlib import suppress
from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from numbering import business_days, places, uploads
from numbering.forms import number_lists
from numbering.forms.addresses import check_postal_code, check_street, tidy
from numbering.presenters import rejections

# --- business days


@pytest.mark.parametrize(
    ("day", "province", "works"),
    [
        ("2026-04-03", "QC", False),  # Good Friday
        ("2026-04-06", "QC", False),  # Easter Monday
        ("2026-04-06", "ON", True),
        ("2027-03-26", "BC", False),
        ("2026-06-24", "QC", False),  # Saint-Jean
        ("2026-06-24", "ON", True),
        ("2029-06-25", "QC", False),  # the 24th is a Sunday
        ("2026-07-01", "ON", False),
        ("2028-07-03", "ON", False),  # Canada Day on a Saturday
        ("2029-07-02", "AB", False),  # ... on a Sunday
        ("2026-12-25", "", False),
        ("2026-12-26", "", False),
        ("2026-12-28", "", False),  # Boxing Day was a Saturday
        ("2027-12-27", "", False),  # Christmas was a Saturday
        ("2027-12-28", "", False),  # ... and Boxing Day a Sunday
        ("2026-12-31", "", True),
        ("2027-01-01", "", False),
        ("2028-01-03", "", False),  # New Year's Day on a Saturday
        ("2026-05-18", "QC", False),  # Victoria Day
        ("2026-10-12", "ON", False),  # Thanksgiving
        ("2026-09-30", "ON", False),
        ("2026-11-11", "ON", False),
        ("2026-08-03", "ON", False),  # Civic Holiday
        ("2026-08-03", "QC", True),
        ("2026-02-16", "AB", False),  # Family Day
        ("2026-11-21", "QC", False),  # Saturday
        ("2026-11-23", "QC", True),
        ("2026-07-03", "NY", False),  # Independence Day is a Saturday
        ("2026-07-01", "NY", True),
        ("2026-11-26", "NH", False),  # Thanksgiving
        ("2026-10-12", "NH", False),  # Columbus Day
        ("2026-06-19", "CA", False),  # Juneteenth
        ("2026-05-25", "TX", False),  # Memorial Day
        ("2026-01-19", "TX", False),  # Martin Luther King Jr. Day
        ("2027-12-24", "NY", False),  # Christmas is a Saturday
        ("2027-12-31", "NY", False),  # so is the New Year's Day after it
        ("2026-12-28", "NY", True),
    ],
)
def test_a_business_day_is_one_on_which_carriers_work(day, province, works):
    """D8."""
    assert business_days.is_business_day(date.fromisoformat(day), province) is works


@pytest.mark.parametrize(
    ("now", "province", "first", "last"),
    [
        ("2026-11-23T09:00", "QC", "2026-11-26", "2026-12-14"),
        ("2026-11-23T13:00", "QC", "2026-11-27", "2026-12-14"),  # after the cut-off
        ("2026-11-20T09:00", "QC", "2026-11-25", "2026-12-11"),  # over a weekend
        ("2026-12-22T09:00", "QC", "2026-12-29", "2027-01-12"),  # over Christmas
        ("2026-12-30T09:00", "ON", "2027-01-05", "2027-01-20"),  # over the year's end
        ("2026-04-01T09:00", "QC", "2026-04-08", "2026-04-22"),  # over Easter
        ("2026-06-22T09:00", "QC", "2026-06-26", "2026-07-13"),
        ("2026-06-22T09:00", "ON", "2026-06-25", "2026-07-13"),
    ],
)
def test_the_window_of_a_port_date(now, province, first, last):
    window = business_days.port_window(datetime.fromisoformat(now), province)
    assert [day.isoformat() for day in window] == [first, last]


# --- files


def picture(image_format: str, size=(8, 8)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, "white").save(buffer, image_format)
    return buffer.getvalue()


def pdf(inside: bytes = b"") -> bytes:
    return b"%PDF-1.4\n1 0 obj << /Type /Catalog " + inside + b" >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def object_stream(inside: bytes, more: bytes = b"") -> bytes:
    packed = zlib.compress(inside)
    head = b"%PDF-1.5\n2 0 obj << /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode" + more + b" >>\nstream\n"
    return head + packed + b"\nendstream endobj\n%%EOF"


def check(name: str, content: bytes):
    return uploads.check(SimpleUploadedFile(name, content))


@pytest.mark.parametrize(
    ("name", "content", "mime_type"),
    [
        ("loa.pdf", pdf(), "application/pdf"),
        ("scan.jpg", picture("JPEG"), "image/jpeg"),
        ("scan.png", picture("PNG"), "image/png"),
        ("scan.tiff", picture("TIFF"), "image/tiff"),
        ("stream.pdf", b"%PDF-1.4\n1 0 obj << >>\nstream\n /JS /OpenAction \nendstream\n%%EOF", "application/pdf"),
        ("packed.pdf", object_stream(b"1 0 << /Type /Pages >>"), "application/pdf"),
    ],
)
def test_good_documents_pass(name, content, mime_type):
    """D6."""
    assert check(name, content).mime_type == mime_type


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00", "kind"),
        (b"<html><script>", "kind"),
        (b"GIF89a", "kind"),
        (b"\xff\xd8\xff\xe0not a picture", "damaged"),
        (picture("PNG")[:40], "damaged"),
        (b"%PDF-1.4\nno end", "damaged"),
        (pdf(b"/Encrypt 5 0 R"), "encrypted"),
        (pdf(b"/OpenAction 5 0 R"), "active"),
        (pdf(b"/AA << /O << /S /JavaScript /JS (app.alert(1)) >> >>"), "active"),
        (pdf(b"/S /Launch"), "active"),
        (pdf(b"/Names << /EmbeddedFiles 5 0 R >>"), "active"),
        (pdf(b"/Java#53cript 5 0 R"), "active"),
        (object_stream(b"1 0 << /S /JavaScript /JS (x) >>"), "active"),
        (object_stream(b"1 0 << /S /JavaScript /JS (x) >>", b" /Padding (" + b"." * 900 + b")"), "active"),
        (object_stream(b"0" * 9_000_000), "complex"),
        (b"%PDF-" + b"0" * uploads.LARGEST, "too_large"),
        (picture("PNG", (8000, 5001)), "pixels"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bad_documents_are_refused_with_a_reason(content, code):
    with pytest.raises(ValidationError) as refused:
        check("document.pdf", content)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "piece",
    [
        b"stream\n",
        b">> stream\n",
        b">>",
        b">>\n\n\n\n",
        b"<< /Type /ObjStm >>\nstream\n",
        b"/#41",
        b"<<>>stream\n\nendstream",
    ],
    ids=lambda piece: repr(piece),
)
def test_a_document_made_to_be_slow_is_looked_at_quickly(piece):
    """B.1 37, 40: what a check costs grows with the file, never with its square."""
    content = b"%PDF-1.4\n" + piece * (2_000_000 // len(piece)) + b"%%EOF"
    began = time.thread_time()
    with suppress(ValidationError):  # refused or not: soon
        check("slow.pdf", content)
    assert time.thread_time() - began < 5


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\me\\facture.pdf", "facture.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("photo\u202efdp.exe", "photofdp.exe.pdf"),
        ("", "document.pdf"),
        ("x" * 300 + ".pdf", "x" * 110 + ".pdf"),
    ],
)
def test_a_file_name_is_only_a_name(name, shown):
    upload = SimpleUploadedFile("x.pdf", pdf())
    upload._name = name
    assert uploads.check(upload).name == shown


# --- numbers


@pytest.mark.parametrize(
    ("text", "good", "bad"),
    [
        ("514 555-0134", ["+15145550134"], []),
        ("(514) 555-0134,514.555.0135;+1 514 555 0136", ["+15145550134", "+15145550135", "+15145550136"], []),
        ("514 555 0134 514 555 0135", ["+15145550134", "+15145550135"], []),
        ("5145550134\n5145550134", ["+15145550134"], []),
        ("Main: 514\u00a0555\u20110134 | Fax 514/555-0135", ["+15145550134", "+15145550135"], []),
        ("514 555 0134 / 514 555 0135", ["+15145550134", "+15145550135"], []),
        ("514 555-0134, 514 555 01, 011 555 0135", ["+15145550134"], ["514 555 01", "011 555 0135"]),
        ("514 555-0134 x12", ["+15145550134"], ["x12"]),
        ("+44 20 7946 0018", [], ["+44 20 7946 0018"]),
        ("911", [], ["911"]),
        ("hello", [], []),
        ("", [], []),
    ],
)
def test_each_bad_number_is_named_and_the_good_ones_are_kept(text, good, bad):
    """D1."""
    found, wrong = number_lists.read(text)
    assert found == good
    assert [item.text for item in wrong] == bad


# --- addresses and hints


@pytest.mark.parametrize(
    ("code", "region", "expected"),
    [
        ("h3g1h6", "QC", "H3G 1H6"), ("H3G-1H6", "QC", "H3G 1H6"), ("12345", "NY", "12345"), ("12345-6789", "NY", "12345-6789"),
        ("D3G 1H6", "QC", None), ("H3O 1H6", "QC", None), ("M5H 3T4", "QC", None), ("H3G 1H6", "NY", None), ("1234", "NY", None),
    ],
)  # fmt: skip
def test_postal_codes_fit_their_country_and_province(code, region, expected):
    if expected is None:
        with pytest.raises(ValidationError):
            check_postal_code(code, region)
    else:
        assert check_postal_code(code, region) == expected


@pytest.mark.parametrize(
    "street", ["P.O. Box 12", "PO BOX 12", "C.P. 120", "Case postale 4", "General Delivery", "RR 3"]
)
def test_a_post_office_box_is_no_place(street):
    with pytest.raises(ValidationError):
        check_street(street)


@pytest.mark.parametrize(
    "street", ["Rue Sherbrooke Ouest", "Boxwood Lane", "Avenue du Parc", "Rue Racine", "3e Avenue"]
)
def test_streets_are_no_boxes(street):
    check_street(street)


def test_text_is_written_one_way():
    assert tidy("  Rue\u00a0de l\u2019E\u0301glise\u200b ") == "Rue de l'Église"


def test_no_letters_mean_a_province_and_a_state():
    assert not set(places.PROVINCES) & set(places.STATES)


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ("Account name mismatch: the name on file with the current provider is different.", "organization"),
        ("BTN wrong: the billing telephone number does not belong to this account.", "billing_number"),
        (
            "Service address mismatch: civic number or street differs from the current provider's record.",
            "civic_number",
        ),
        ("Account number wrong: no such account at the current provider.", "current_reseller_account"),
        ("PIN missing or wrong for this account.", "account_pin"),
        ("LOA not acceptable: the signature is missing.", "loa"),
        ("Number not on account: at least one telephone number is not active with the current provider.", "numbers"),
        ("Pending order on the account", "instructions"),
        ("Something else entirely", "organization"),
    ],
)
def test_a_rejection_points_at_the_field_that_mends_it(words, field):
    """D11."""
    assert rejections.hint(words).field == field
