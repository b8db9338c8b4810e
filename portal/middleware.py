"""What every response of the portal keeps to: a request id, no caching of private pages, no sign-in page inside a fragment."""

import uuid

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
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
    path = request.htmx.current_url_abs_path
    base = location.split("?")[0]
    return f"{base}?next={path}" if path else base


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
