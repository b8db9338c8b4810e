"""What every response of the portal keeps to: a request id, no caching of private pages, no sign-in page inside a fragment."""

import ipaddress
import uuid
from urllib.parse import quote

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.conf import settings
from django.http import HttpResponse
from django.utils.cache import patch_vary_headers

from portal.logs import request_id_var

# Unfold's admin runs Alpine, which evaluates expressions and styles inline: its pages, for staff only, get the policy it needs.
ADMIN_POLICY = {
    "default-src": [NONE],
    "script-src": [SELF, UNSAFE_INLINE, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
    "base-uri": [NONE],
    "object-src": [NONE],
}


class RequestIdMiddleware:
    """Names the request, for the log, the audit trail and the error page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.request_id = uuid.uuid4().hex[:16]
        request_id_var.set(request.request_id)
        response = self.get_response(request)
        response["X-Request-Id"] = request.request_id
        return response


class AddressMiddleware:
    """Behind a proxy, the person's address is what the proxy itself has seen: the last entry of `X-Forwarded-For`.

    The entries before it are the person's own words. Without this, one stranger's wrong passwords would lock out everybody.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        seen = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() if settings.BEHIND_PROXY else ""
        try:
            request.META["REMOTE_ADDR"] = str(ipaddress.ip_address(seen.partition("%")[0]))
        except ValueError:
            pass  # none, or none that we can read: it stays the proxy's
        return self.get_response(request)


class NulMiddleware:
    """PostgreSQL stores no NUL, so a path or a cookie with one names nothing. Forms and searches look for themselves."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "\0" in request.path_info or any("\0" in value for value in request.COOKIES.values()):
            return HttpResponse(status=400)
        return self.get_response(request)


class SizeMiddleware:
    """What is sent is refused by its announced size, before a byte of it is written to a disk. Strangers send no files."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        most = settings.MOST_UPLOADED if request.user.is_authenticated else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        length = request.META.get("CONTENT_LENGTH") or "0"
        if request.method != "GET" and length.isdecimal() and int(length[:20]) > most:
            return HttpResponse(status=413)
        return self.get_response(request)


class FragmentRedirectMiddleware:
    """An HTMX request that was redirected to another page (signed out, above all) moves the page, never a fragment of it.

    htmx follows a 302 silently and would put the sign-in page into a table; it obeys `HX-Redirect` with the whole page.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.htmx and response.status_code in {301, 302, 303, 307}:
            location = response["Location"]
            signed_out = not request.user.is_authenticated
            response = HttpResponse(status=401 if signed_out else 204)
            response["HX-Redirect"] = _page_of(request, location) if signed_out else location
        patch_vary_headers(response, ("HX-Request", "HX-Target"))
        return response


def _page_of(request, location: str) -> str:
    """The sign-in page leading back to the page the person sees, not to the fragment's address."""
    try:
        path = request.htmx.current_url_abs_path or ""
    except ValueError:
        path = ""  # a forged header that is no address
    base = location.split("?")[0]
    return f"{base}?next={quote(path)}" if path.startswith("/") and not path.startswith("//") else base


class PrivacyMiddleware:
    """Signed-in pages are kept by no cache; the admin gets its own content policy."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        if request.path.startswith("/admin/"):
            response._csp_replace = ADMIN_POLICY
        return response
