"""A form field for a customer's own web address, which the upstream will call: public, plain, and never one of ours."""

import ipaddress
import socket
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from accounts.models import Brand

PORTS = (None, 80, 443, 8443)
LOCAL_ENDINGS = (".local", ".localhost", ".internal", ".intranet", ".lan", ".home", ".corp", ".home.arpa", ".onion")


class WebAddressField(forms.CharField):
    """http or https on an ordinary port, a public host, no sign-in in the address."""

    def __init__(self, **kwargs):
        attributes = {"inputmode": "url", "autocomplete": "off", "placeholder": "https://"}
        super().__init__(widget=forms.URLInput(attrs=attributes), **kwargs)

    def clean(self, value):
        address = super().clean(value)
        if address:
            check_public(address)
        return address


def check_public(address: str) -> None:
    """Raises ValidationError for an address that must not be called."""
    try:
        parts = urlsplit(address)
        port, host = parts.port, (parts.hostname or "").rstrip(".")
        URLValidator(schemes=["http", "https"])(address)
    except (ValueError, ValidationError):
        raise ValidationError(_("Enter a web address like https://example.com/texts."), code="address") from None
    if parts.username is not None or parts.password is not None:
        raise ValidationError(_("Leave the user name and password out of the address."), code="credentials")
    if port not in PORTS:
        raise ValidationError(_("Use the ordinary ports 80, 443 or 8443."), code="port")
    if is_private(host):
        raise ValidationError(_("This address cannot be reached from the Internet."), code="private")
    if is_ours(host):
        raise ValidationError(_("This is the portal itself. Choose “Your inbox here” instead."), code="ours")


def is_private(host: str) -> bool:
    """A machine or network that is nobody's business: by name, or by address in any notation."""
    if "." not in host and ":" not in host or host.endswith(LOCAL_ENDINGS):
        return True
    try:
        return not ipaddress.ip_address(host.split("%")[0]).is_global
    except ValueError:
        return _is_disguised_address(host)


def _is_disguised_address(host: str) -> bool:
    """127.1 and 0x7f.0.0.1 are addresses to a resolver; written so, they hide something."""
    try:
        socket.inet_aton(host)
    except OSError:
        return False
    return True


def is_ours(host: str) -> bool:
    ours = {urlsplit(settings.PORTAL_URL).hostname, *settings.ALLOWED_HOSTS}
    named = any(host == name or (name.startswith(".") and host.endswith(name)) for name in ours if name)
    return named or Brand.objects.filter(host=host).exists()
