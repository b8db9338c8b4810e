"""Which files we take: PDF, JPEG, PNG and TIFF, looked at inside, never trusted by name.

A PDF that can act by itself (scripts, launching, embedded files) or that is encrypted is refused: upstream's staff open it.
"""

import re
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image

LARGEST = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
MOST_PAGES = 40
MOST_FILES = 5
LONGEST_NAME = 120
MOST_INFLATED = 8 * 1024 * 1024  # of one PDF's object streams together

MAGIC = {
    b"%PDF-": ("application/pdf", ".pdf"),
    b"\xff\xd8\xff": ("image/jpeg", ".jpg"),
    b"\x89PNG\r\n\x1a\n": ("image/png", ".png"),
    b"II*\x00": ("image/tiff", ".tif"),
    b"MM\x00*": ("image/tiff", ".tif"),
}
IMAGE_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/tiff": "TIFF"}
SUFFIXES = {
    "application/pdf": {".pdf"},
    "image/jpeg": {".jpg", ".jpeg"},
    "image/png": {".png"},
    "image/tiff": {".tif", ".tiff"},
}
ACCEPT = "application/pdf,image/jpeg,image/png,image/tiff"

# Names of a PDF's parts that can act; "Encrypt" hides the others. To open at a page ("/OpenAction [...") is no act.
_ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFiles?|OpenAction(?!\s*\[))(?![A-Za-z])")
_ENCRYPTED = re.compile(rb"/Encrypt(?![A-Za-z])")
# Each part is bounded, so that no file makes the search cost its square; `_check_unseen` refuses what is longer.
_BEGINS = re.compile(rb">>[\s\0]{0,99}+(?:%[^\r\n]{0,30}+[\r\n][\s\0]{0,99}+){0,3}+stream(?:\r\n?|\n)")
# Long enough to stand in no picture by chance: what only looks like a stream (a comment, a string) may hide them.
_HIDDEN = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|Encrypt|ObjStm)(?![A-Za-z])")
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that passed: a name safe to show, what it really is, and its size."""

    name: str
    mime_type: str
    size: int
    pages: int = 1


def check(upload: UploadedFile) -> CheckedFile:
    """Raises `ValidationError` with a sentence for the person."""
    if not upload.size:
        raise ValidationError(_("This file is empty."), code="empty")
    if upload.size > LARGEST:
        raise ValidationError(_("This file is larger than 10 MB."), code="too_large")
    upload.seek(0)
    content = upload.read()
    upload.seek(0)
    mime_type, suffix = _kind(content)
    if mime_type == "application/pdf":
        pages = _check_pdf(content)
    else:
        pages = _check_image(upload, IMAGE_FORMATS[mime_type])
    if pages > MOST_PAGES:
        text = _("This document has %(pages)s pages. Send the ones that matter, at most %(most)s.")
        raise ValidationError(text % {"pages": pages, "most": MOST_PAGES}, code="pages")
    return CheckedFile(_safe_name(upload.name or "", mime_type, suffix), mime_type, upload.size, max(1, pages))


def _kind(content: bytes) -> tuple[str, str]:
    for start, kind in MAGIC.items():
        if content.startswith(start):
            return kind
    raise ValidationError(_("Only PDF, JPEG, PNG and TIFF files can be sent."), code="kind")


def _check_image(upload: UploadedFile, image_format: str) -> int:
    """Read the whole picture, so that a broken or disguised one is found here and not by the carrier. Tells its pages."""
    try:
        with Image.open(upload, formats=[image_format]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise ValidationError(_("This picture has too many pixels. Scan it at 300 dpi."), code="pixels")
            image.load()
            return getattr(image, "n_frames", 1)
    except ValidationError:
        raise
    except Exception as error:  # Pillow raises whatever its decoders raise
        raise ValidationError(_("This picture is damaged. Save or scan it again."), code="damaged") from error
    finally:
        upload.seek(0)


def _check_pdf(content: bytes) -> int:
    """Refuse what hides or acts. Tells how many pages there are."""
    if b"%%EOF" not in content[-2048:]:
        raise ValidationError(_("This PDF is damaged or not complete. Save it again."), code="damaged")
    names = b"\n".join(_plain_names(part) for part in _taken_apart(content))
    if _ENCRYPTED.search(names):
        raise ValidationError(
            _("This PDF is protected by a password. Print it to a new PDF and send that."), code="encrypted"
        )
    if _ACTIVE.search(names):
        raise ValidationError(
            _("This PDF holds scripts or other files. Print it to a new PDF and send that."), code="active"
        )
    return len(_PAGE.findall(names))


def _taken_apart(content: bytes) -> Iterator[bytes]:
    """What is written outside of streams, and in compressed object streams: dictionaries may hide there. Pictures and
    texts are left out.

    Step by step, not with one pattern: a file of ten million letters that only begins streams must not cost their square.
    """
    after, room = 0, MOST_INFLATED
    while begins := _BEGINS.search(content, after):
        if (end := content.find(b"endstream", begins.end())) < 0:
            raise ValidationError(_("This PDF is damaged or not complete. Save it again."), code="damaged")
        outside, inside = content[after : begins.end()], content[begins.end() : end]
        yield outside
        yield b"\n".join(found.group() for found in _HIDDEN.finditer(_plain_names(inside)))
        if b"/ObjStm" in _plain_names(outside):
            _check_unseen(content[after : begins.start()])
            inflated = _inflate(inside, room)
            room -= len(inflated)
            yield inflated
        after = end + len(b"endstream")
    tail = content[after:]
    if b"/ObjStm" in _plain_names(tail):
        _check_unseen(tail)
    yield tail


def _check_unseen(part: bytes) -> None:
    """Beside an object stream stands another stream that we did not recognise: a reader may."""
    if b"stream" in part:
        raise ValidationError(_("This PDF is damaged or not complete. Save it again."), code="damaged")


def _plain_names(part: bytes) -> bytes:
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), part)


def _inflate(data: bytes, room: int) -> bytes:
    try:
        decompressor = zlib.decompressobj()
        inflated = decompressor.decompress(data, max(room, 1))
    except zlib.error as error:
        raise ValidationError(_("This PDF is damaged or not complete. Save it again."), code="damaged") from error
    if decompressor.unconsumed_tail:
        raise ValidationError(_("This PDF is too complex. Print it to a new PDF and send that."), code="complex")
    return inflated


def _safe_name(name: str, mime_type: str, suffix: str) -> str:
    """The person's name for the file without paths, control and invisible characters, with a suffix that is true."""
    plain = unicodedata.normalize("NFC", PurePosixPath(name.replace("\\", "/")).name)
    plain = "".join(char for char in plain if unicodedata.category(char)[0] != "C" and char not in '<>:"|?*').strip(
        " ."
    )
    path = PurePosixPath(plain or "document")
    if path.suffix.lower() not in SUFFIXES[mime_type]:
        path = PurePosixPath(f"{path.name}{suffix}")
    return path.name[: LONGEST_NAME - 10] + path.suffix if len(path.name) > LONGEST_NAME else path.name
