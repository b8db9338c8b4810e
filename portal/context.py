"""What the frame around every page needs: the menu with its badges, and banners about upstreams in trouble."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts.presenting import when
from accounts.roles import May
from messaging.models import Thread
from providers.models import Connection


@dataclass(frozen=True, slots=True)
class NavItem:
    label: str
    url: str
    icon: str
    active: bool
    badge: int = 0
    badge_id: str = ""


@dataclass(frozen=True, slots=True)
class Banner:
    tone: str
    text: str
    url: str = ""


def frame(request: HttpRequest) -> dict:
    return {
        "nav": SimpleLazyObject(lambda: _nav(request)),
        "banners": SimpleLazyObject(lambda: _banners(request)),
    }


def _nav(request: HttpRequest) -> list[NavItem]:
    """The menu a person may use, in the order of the rail."""
    standing = getattr(request, "standing", None)
    if standing is None:
        return []
    entries = [
        (None, _("Home"), "home", "home", 0, ""),
        (May.READ_MESSAGES, _("Messages"), "messages:inbox", "chat-bubble-left-right", None, "nav-unread"),
        (May.READ_NUMBERS, _("Numbers"), "numbers:list", "phone", 0, ""),
        (May.READ_PORTS, _("Ports"), "numbers:ports", "arrows-right-left", 0, ""),
        (May.READ_E911, _("911"), "numbers:e911", "shield-check", 0, ""),
        (May.READ_BILLING, _("Billing"), "billing:overview", "banknotes", 0, ""),
    ]
    if standing.account.is_reseller:
        entries.append((May.READ_SUBACCOUNTS, _("Sub-accounts"), "subaccounts", "building-office-2", 0, ""))
    current = _section(request.path)
    items = []
    for permission, label, name, icon, badge, badge_id in entries:
        if permission is None or standing.may(permission):
            url = reverse(name)
            count = _unread(standing.account) if badge is None else badge
            items.append(NavItem(label, url, icon, url == current, count, badge_id))
    return items


SECTIONS = ("/numbers/ports/", "/numbers/e911/", "/numbers/", "/messages/", "/billing/", "/subaccounts/")


def _section(path: str) -> str:
    return next((section for section in SECTIONS if path.startswith(section)), path)


def _unread(account) -> int:
    return Thread.objects.for_account(account).unread().count()


def _banners(request: HttpRequest) -> list[Banner]:
    """A note to those whom an upstream's trouble touches; nobody else is told."""
    account = getattr(request, "account", None)
    if account is None:
        return []
    troubled = Connection.objects.filter(remote_accounts__account=account, is_active=True).exclude(
        health__in=[Connection.Health.OK, Connection.Health.NEW]
    )
    return [_banner(connection) for connection in troubled.distinct()]


def _banner(connection: Connection) -> Banner:
    label = connection.label
    if connection.health == Connection.Health.LIMITED:
        text = _("%(label)s takes no more requests until %(time)s. You can read everything; changes go out then.") % {
            "label": label,
            "time": when(connection.blocked_until) if connection.blocked_until else "—",
        }
        return Banner("held", text)
    if connection.health == Connection.Health.REFUSED:
        return Banner(
            "failed",
            _("%(label)s does not accept our credentials. Your provider has to renew them.") % {"label": label},
        )
    since = when(connection.last_ok_at) if connection.last_ok_at else "—"
    text = _(
        "%(label)s has not answered since %(time)s. You can read everything; what you send goes out when it is back."
    )
    return Banner("stale", text % {"label": label, "time": since})
