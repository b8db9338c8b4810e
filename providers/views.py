"""The door for upstreams: stored first, answered at once, read by a worker."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from providers import inbound, tasks
from providers.clients.records import Delivery

log = logging.getLogger(__name__)

AWAY = {"Retry-After": "30"}


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "POST"])
def webhook(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Keep the request and answer as the upstream expects. A wrong token is a page that does not exist.

    While our database is away nothing can be kept, so the upstream is told to send it again.
    """
    try:
        return _taken(request, slug, token)
    except (OperationalError, InterfaceError):
        log.warning("a webhook of %s could not be kept: the database does not answer", slug)
        return HttpResponse(status=503, headers=AWAY)


def _taken(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    connection = inbound.connection_of(slug, token)
    methods = connection.client_class.webhook_methods if connection else ["POST"]
    if request.method not in methods:
        return HttpResponseNotAllowed(methods)
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
    return _thanks(connection, request, body)


def _thanks(connection, request: HttpRequest, body: bytes) -> HttpResponse:
    """Made from the request alone: whoever knows the token learns nothing that it did not send itself."""
    delivery = Delivery(body=body, content_type=request.content_type or "", query=request.GET.dict())
    said, content_type = connection.client_class.webhook_answer(delivery)
    return HttpResponse(said, content_type=content_type, status=200)


webhook.audience = "upstream"
