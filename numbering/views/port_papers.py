"""The documents of a port, given out to those who may see them; every look is on record."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.access import allowed
from accounts.actor import Actor
from accounts.roles import May
from numbering.models import PortDocument
from numbering.services import ports as services
from numbering.views.port_pages import drafted


@allowed(May.READ_PORTS)
@require_safe
def document(request: HttpRequest, public_id, document_id) -> HttpResponse:
    """A private file: always a download, never shown or run by the browser."""
    row = get_object_or_404(PortDocument, public_id=document_id, port=drafted(request, public_id))
    try:
        file = row.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    if request.method == "GET":
        services.note_look(Actor.of(request), row)
    response = FileResponse(file, as_attachment=True, filename=row.name, content_type=row.mime_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    return response
