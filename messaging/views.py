"""Pages of the inbox."""

from django.http import HttpRequest, HttpResponse


def inbox(request: HttpRequest) -> HttpResponse: ...
