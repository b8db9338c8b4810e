"""The door for upstreams: stored first, answered at once, read by a worker."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from providers import inbound, tasks


@csrf_exempt
@login_not_required
@require_POST
def webhook(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Keep the request and say thank you. A wrong token is a page that does not exist; nothing is echoed."""
    connection = inbound.connection_of(slug, token)
    if connection is None:
        raise Http404
    try:
        body = request.body
    except RequestDataTooBig:
        return HttpResponse(status=413)
    if len(body) > inbound.LARGEST_BODY:
        return HttpResponse(status=413)
    inbound.store(
        connection,
        body=body,
        content_type=request.content_type or "",
        query={name: value.replace("\0", "\ufffd") for name, value in request.GET.items() if "\0" not in name},
        ip=request.META.get("REMOTE_ADDR"),
        wake=tasks.read_webhook.delay,
    )
    return HttpResponse(status=200)


webhook.audience = "upstream"
