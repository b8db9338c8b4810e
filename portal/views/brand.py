"""The brand's colours as a stylesheet of its own, since no page may style inline."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import public
from accounts.branding import brand_css
from accounts.context import brand_of


@public
@require_safe
def stylesheet(request: HttpRequest) -> HttpResponse:
    """Colours of the brand of this host or account."""
    brand = brand_of(request)
    response = HttpResponse(brand_css(brand.hue, brand.chroma), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "private, max-age=300"
    return response
