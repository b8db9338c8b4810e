"""A request as the upstream modules see it, and the reading of its body."""

import dataclasses
import re
from urllib.parse import parse_qsl

MAX_BODY = 30 * 1024 * 1024


@dataclasses.dataclass
class Upload:
    filename: str
    mime_type: str
    data: bytes


@dataclasses.dataclass
class Request:
    method: str
    path: str
    query: dict
    headers: dict
    body: bytes = b""
    client: str = ""
    form: dict = dataclasses.field(default_factory=dict)
    files: dict = dataclasses.field(default_factory=dict)

    def __post_init__(self):
        kind = self.headers.get("content-type", "")
        if kind.startswith("application/x-www-form-urlencoded"):
            self.form = pairs(self.body.decode("utf-8", "replace"))
        elif kind.startswith("multipart/form-data"):
            self.form, self.files = multipart(kind, self.body)

    @property
    def params(self):
        return {**self.query, **self.form}


@dataclasses.dataclass
class Response:
    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: dict = dataclasses.field(default_factory=dict)


def pairs(text):
    """Parameters by name; a repeated `name[]` keeps every value, as name[0], name[1] ..."""
    found = {}
    for name, value in parse_qsl(text, keep_blank_values=True, encoding="utf-8", errors="replace"):
        put(found, name, value)
    return found


def put(found, name, value):
    if name.endswith("[]"):
        stem = name[:-2]
        name = f"{stem}[{sum(1 for key in found if key.startswith(stem + '['))}]"
    found[name] = value


def multipart(content_type, body):
    boundary = re.search(r'boundary="?([^";]+)"?', content_type)
    form, files = {}, {}
    if not boundary:
        return form, files
    for part in body.split(b"--" + boundary[1].encode("latin-1"))[1:]:
        if part.startswith(b"--"):
            break
        head, _, data = part.partition(b"\r\n\r\n")
        take_part(head.decode("utf-8", "replace"), data[:-2] if data.endswith(b"\r\n") else data, form, files)
    return form, files


def take_part(head, data, form, files):
    name = re.search(r'\bname="([^"]*)"', head)
    if not name:
        return
    filename = re.search(r'filename\*?="?(?:utf-8\'\')?([^";\r\n]*)"?', head, re.I)
    if filename is None:
        put(form, name[1], data.decode("utf-8", "replace"))
        return
    mime = re.search(r"content-type:\s*([^\s;]+)", head, re.I)
    upload = Upload(filename[1], mime[1] if mime else "application/octet-stream", data)
    files.setdefault(name[1].split("[")[0], []).append(upload)
