"""Faults that are another HTTP status: errors, nothing to show, redirects."""

import email.utils
from urllib.parse import quote

HTML = (
    b"<!DOCTYPE html><html><head><title>Maintenance</title></head><body><h1>We will be right back</h1>"
    b"<form action='/login'><input name='username'></form></body></html>"
)
REASONS = {
    100: "Continue",
    101: "Switching Protocols",
    103: "Early Hints",
    200: "OK",
    201: "Created",
    202: "Accepted",
    204: "No Content",
    301: "Moved Permanently",
    302: "Found",
    303: "See Other",
    304: "Not Modified",
    307: "Temporary Redirect",
    308: "Permanent Redirect",
    400: "Bad Request",
    401: "Unauthorized",
    402: "Payment Required",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    408: "Request Timeout",
    409: "Conflict",
    410: "Gone",
    413: "Payload Too Large",
    415: "Unsupported Media Type",
    422: "Unprocessable Content",
    423: "Locked",
    428: "Precondition Required",
    429: "Too Many Requests",
    451: "Unavailable For Legal Reasons",
    500: "Internal Server Error",
    501: "Not Implemented",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
    507: "Insufficient Storage",
    511: "Network Authentication Required",
    520: "Unknown Error",
    599: "Network Timeout",
}
INFORMATIONAL = range(100, 200)
CODES = tuple(code for code in REASONS if code not in INFORMATIONAL and code != 200)
BODILESS = (204, 304)
RETRY_AFTER = ("none", 5, "date", "past_date", "negative", "ten_years", "word")


def status(response, trouble):
    """Another status; its body is an HTML page, or the proper answer with `body: own`, or nothing with `body: none`."""
    code = int(trouble.name[5:])
    wanted = trouble.arg("body", "none" if code in BODILESS else "html")
    response.status = code
    if wanted != "own":
        response.body = HTML if wanted == "html" else b""
        response.content_type = "text/html; charset=utf-8"
    after = retry_after(trouble.arg("retry_after", "none"), trouble.now)
    if after is not None:
        response.headers["Retry-After"] = after
    if trouble.arg("location"):
        response.headers["Location"] = str(trouble.arg("location"))
    return response


def retry_after(form, now):
    """The header's value for one of RETRY_AFTER, or the given value itself."""
    forms = {
        "none": None,
        "date": email.utils.formatdate(now + 120, usegmt=True),
        "past_date": email.utils.formatdate(now - 86400, usegmt=True),
        "negative": "-30",
        "ten_years": str(10 * 365 * 86400),
        "word": "soon",
    }
    return forms.get(form, str(form))


def redirected(response, trouble, location):
    response.status = int(trouble.arg("status", 302))
    response.body, response.content_type = b"", "text/html; charset=utf-8"
    if location:
        response.headers["Location"] = location
    return response


def redirect_loop(response, trouble):
    """A redirect to the same address."""
    return redirected(response, trouble, quote(trouble.request.path))


def redirect_other_host(response, trouble):
    """A redirect to another host (`location`, else one that does not exist)."""
    location = trouble.arg("location", f"https://elsewhere.invalid{quote(trouble.request.path)}")
    return redirected(response, trouble, location)


def redirect_plain_http(response, trouble):
    """A redirect from TLS to plain HTTP on the same host."""
    host = trouble.request.headers.get("host", "localhost")
    return redirected(response, trouble, f"http://{host}{quote(trouble.request.path)}")


def redirect_to_file(response, trouble):
    """A redirect to something that is not of the web."""
    return redirected(response, trouble, "file:///etc/hostname")


def redirect_nowhere(response, trouble):
    """A redirect that does not say where to."""
    return redirected(response, trouble, None)


STATUSES = {f"http_{code}": status for code in CODES}
REDIRECTS = {
    function.__name__: function
    for function in (redirect_loop, redirect_other_host, redirect_plain_http, redirect_to_file, redirect_nowhere)
}
