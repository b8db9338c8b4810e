"""Faxes made from their names: a small PDF with as many pages as the name says."""

import re

NAME = re.compile(r"([0-9a-f]{32})\.(\d{1,3})\.fax\.pdf")
PAGE = "BT /F1 14 Tf 72 700 Td (Fax {name}, page {page} of {pages}) Tj ET"


def make(name):
    """The bytes behind a name such as <32 hex>.<pages>.fax.pdf, or None when it is no name of ours."""
    found = NAME.fullmatch(name)
    if not found or not 1 <= int(found[2]) <= 200:
        return None
    return pdf(found[1][:8], int(found[2]))


def size(name):
    return len(make(name) or b"")


def pdf(name, pages):
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(pages))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for i in range(pages):
        text = PAGE.format(name=name, page=i + 1, pages=pages)
        resources = "/Resources << /Font << /F1 3 0 R >> >>"
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] {resources} /Contents {5 + 2 * i} 0 R >>")
        objects.append(f"<< /Length {len(text)} >>\nstream\n{text}\nendstream")
    return assembled(objects)


def assembled(objects):
    """The objects with their numbers, and the table of where each begins."""
    body, starts = b"%PDF-1.4\n", []
    for i, text in enumerate(objects, 1):
        starts.append(len(body))
        body += f"{i} 0 obj\n{text}\nendobj\n".encode("ascii")
    table = "".join(f"{start:010d} 00000 n \n" for start in starts)
    tail = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    tail += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + tail.encode("ascii")
