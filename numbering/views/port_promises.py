"""What a person confirmed on a port's form just before they were asked who they are: it is ticked when they are back."""

from django.http import HttpRequest

from numbering.models import PortRequest

_KEY = "port_promised"


def note(request: HttpRequest, port: PortRequest) -> None:
    request.session[_KEY] = str(port.public_id)


def is_made(request: HttpRequest, port: PortRequest) -> bool:
    return request.session.get(_KEY) == str(port.public_id)
