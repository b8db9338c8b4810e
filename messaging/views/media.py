"""Pictures of messages, to their tenant only."""

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from accounts.access import allowed
from accounts.roles import May
from messaging.models import Media
from messaging.presenters.texts import SHOWN_AS_PICTURE

ENDINGS = {
    "image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp", "video/mp4": "mp4",
    "video/3gpp": "3gp", "audio/amr": "amr", "audio/mpeg": "mp3", "audio/ogg": "ogg", "application/pdf": "pdf",
    "text/vcard": "vcf",
}  # fmt: skip


@require_GET
@allowed(May.READ_MESSAGES)
def media(request: HttpRequest, public_id) -> FileResponse:
    """The file, in a cage: never run, never guessed at, named by us."""
    row = get_object_or_404(Media.objects.for_account(request.account), public_id=public_id)
    if not row.file:
        raise Http404
    try:
        file = row.file.open("rb")
    except OSError:
        raise Http404 from None
    kind = row.mime_type if row.mime_type in SHOWN_AS_PICTURE else "application/octet-stream"
    name = f"picture-{row.pk}.{ENDINGS.get(row.mime_type, 'bin')}"
    response = FileResponse(file, as_attachment=True, filename=name, content_type=kind)
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
