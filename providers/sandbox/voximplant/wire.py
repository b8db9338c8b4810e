"""How a request names its method and brings its parameters, and how an answer is written."""

import csv
import datetime
import decimal
import io
import json
import re

from ..request import Response

PATH = re.compile(r"(?:/voximplant)?/platform_api(?:/(?P<name>[^/]*))?/?")
SECRET = re.compile(r"(password|api_key|session_id|salt|secret)$", re.I)
FILE = "application/octet-stream"
UTC = datetime.UTC


def method_of(request):
    """The method's name, "" when none is said, None for a path of something else."""
    found = PATH.fullmatch(request.path)
    if not found or request.method not in ("GET", "POST"):
        return None
    return found["name"] or request.params.get("cmd", "")


def params_of(request):
    """Query and form, and the JSON body that the document's own examples send."""
    return {**request.params, **from_json(request)}


def from_json(request):
    if not request.headers.get("content-type", "").startswith("application/json"):
        return {}
    try:
        body = json.loads(request.body or b"{}", parse_float=str)
    except ValueError:
        return {}
    return {str(k): as_param(v) for k, v in body.items() if v is not None} if isinstance(body, dict) else {}


def as_param(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ";".join(as_param(one) for one in value)
    return value if isinstance(value, str) else json.dumps(value)


def masked(params):
    return {name: "***" if SECRET.search(name) else value for name, value in params.items()}


# -- answers


def number(value):
    """A decimal as the JSON number a reader expects: 5, 1.25, 0.0079."""
    if not isinstance(value, decimal.Decimal):
        raise TypeError(f"{type(value).__name__} has no form on this wire")
    return int(value) if value == value.to_integral_value() else float(value)


def answer(body):
    if isinstance(body, Response):
        return body
    return Response(200, json.dumps(body, default=number, ensure_ascii=False).encode(), "application/json")


def file(data, content_type=FILE):
    return Response(200, data, content_type)


def table(rows, names, header=True, delimiter=","):
    """Rows (dicts) as lines of text."""
    out = io.StringIO()
    writer = csv.DictWriter(out, names, restval="", extrasaction="ignore", delimiter=delimiter, lineterminator="\n")
    if header:
        writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


# -- moments


def moment(epoch, zone=UTC):
    """ "YYYY-MM-DD HH:MM:SS" in a zone."""
    return datetime.datetime.fromtimestamp(epoch, zone).strftime("%Y-%m-%d %H:%M:%S")


def day(epoch, zone=UTC):
    return moment(epoch, zone)[:10]


def epoch(naive, zone=UTC):
    """Seconds of a moment that a client wrote without its zone."""
    return naive.replace(tzinfo=zone).timestamp()


def known(row):
    """Members that are missing are left out on this wire."""
    return {name: value for name, value in row.items() if value is not None}
