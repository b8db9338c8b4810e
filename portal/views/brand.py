"""The brand's colours as a stylesheet of its own, since no page may style inline, and its logo."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from PIL import Image, UnidentifiedImageError

from accounts.access import public
from accounts.branding import brand_css
from accounts.context import brand_of
from accounts.models import Brand

LOGO_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "GIF": "image/gif"}


@public
@require_safe
def stylesheet(request: HttpRequest) -> HttpResponse:
    """Colours of the brand of this host or account."""
    brand = brand_of(request)
    response = HttpResponse(brand_css(brand.hue, brand.chroma), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "private, max-age=300"
    return response


@public
@require_safe
def logo(request: HttpRequest, pk: int) -> FileResponse:
    """A brand's logo, which the sign-in page shows to anyone. Only real pictures: a drawing with a script in it is none."""
    brand = get_object_or_404(Brand.objects.exclude(logo=""), pk=pk)
    try:
        with brand.logo.open("rb") as file, Image.open(file) as picture:
            mime_type = LOGO_TYPES[picture.format]
        file = brand.logo.storage.open(brand.logo.name, "rb")
    except (OSError, UnidentifiedImageError, KeyError, Image.DecompressionBombError):
        raise Http404 from None
    response = FileResponse(file, content_type=mime_type)
    response["Cache-Control"] = "public, max-age=3600"
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    return response
