"""A PDF that tries to hide a script from our look inside: what a reader would find, we find too (D5, D6)."""

import time
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from numbering import uploads

SCRIPT = b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"
PACKED = zlib.compress(b"7 0 << /S /JavaScript /JS (app.alert(1)) >>")
OBJECTS = b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d" % len(PACKED)
PAGE = b"2 0 obj << /Type /Page >> endobj\n"


def pdf(body: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("bill.pdf", b"%PDF-1.7\n" + PAGE + body + b"\ntrailer << >>\n%%EOF\n", "application/pdf")


HIDING = {
    "in a comment that looks like a stream": b"1 0 obj << /Type /Catalog\n% >>stream\n"
    + SCRIPT
    + b"\n% endstream\n>> endobj",
    "with escaped letters": b"1 0 obj << % >>stream\n/OpenAction << /S /J#61vaScript /J#53 (x) >>\n% endstream\n>> endobj",
    "behind the word obj in a string": b"3 0 obj << "
    + OBJECTS
    + b" /X ( obj) >>\nstream\n"
    + PACKED
    + b"\nendstream endobj",
    "after a comment before the stream": b"3 0 obj << "
    + OBJECTS
    + b" >> %x\nstream\n"
    + PACKED
    + b"\nendstream endobj",
    "after a NUL before the stream": b"3 0 obj << " + OBJECTS + b" >>\0stream\n" + PACKED + b"\nendstream endobj",
    "after a lone carriage return": b"3 0 obj << " + OBJECTS + b" >>\rstream\r" + PACKED + b"\nendstream endobj",
    "after a thousand blanks": b"3 0 obj << "
    + OBJECTS
    + b" >>"
    + b" " * 1000
    + b"stream\n"
    + PACKED
    + b"\nendstream endobj",
    "after ten comments, before a true stream": b"3 0 obj << "
    + OBJECTS
    + b" >>"
    + b"%\n" * 10
    + b"stream\n"
    + PACKED
    + b"\nendstream endobj\n4 0 obj << >>\nstream\n"
    + zlib.compress(b"x")
    + b"\nendstream endobj",
    "in a stream that never ends": b"3 0 obj << " + OBJECTS + b" >>\nstream\n" + PACKED + b"\nendobj",
    "a password in such a comment": b"1 0 obj << % >>stream\n/Encrypt 9 0 R\n% endstream\n>> endobj",
}


@pytest.mark.parametrize("how", HIDING)
def test_what_a_reader_would_run_is_refused(how):
    with pytest.raises(ValidationError) as refused:
        uploads.check(pdf(HIDING[how]))
    assert refused.value.code in {"active", "encrypted", "damaged"}


@pytest.mark.parametrize("letters", [b">>%", b"%>>\n", b">> ", b">>", b"%\n"])
def test_no_file_makes_the_look_inside_cost_its_square(letters):
    started = time.process_time()
    uploads.check(pdf(b"9 0 obj (" + letters * (2_000_000 // len(letters)) + b") endobj"))
    assert time.process_time() - started < 5


def test_an_honest_document_passes():
    picture = b"4 0 obj << /Subtype /Image /Length 900 >>\nstream\n" + bytes(range(256)) * 40 + b"\nendstream endobj\n"
    words = b"5 0 obj << /Length 40 >>\nstream\nBT (He said /JS once, /Encryption too) Tj ET\nendstream endobj\n"
    assert uploads.check(pdf(picture + words)).pages == 1
