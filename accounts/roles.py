"""Who may do what: one table of roles, read by views, menus and tests."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Administrator")
    BILLING = "billing", _("Billing")
    SUPPORT = "support", _("Support")
    AGENT = "agent", _("Messaging agent")
    READER = "reader", _("Read only")


class May(models.TextChoices):
    """Everything that needs permission. A view names one of these."""

    READ_MESSAGES = "read_messages", _("read messages")
    SEND_MESSAGES = "send_messages", _("send messages")
    READ_NUMBERS = "read_numbers", _("see numbers")
    CHANGE_NUMBERS = "change_numbers", _("change numbers")
    READ_PORTS = "read_ports", _("see port requests")
    CHANGE_PORTS = "change_ports", _("start and change port requests")
    READ_E911 = "read_e911", _("see 911 addresses")
    CHANGE_E911 = "change_e911", _("change 911 addresses")
    READ_BILLING = "read_billing", _("see billing")
    CHANGE_BILLING = "change_billing", _("change billing alerts")
    READ_CALLS = "read_calls", _("see calls")
    READ_SUBACCOUNTS = "read_subaccounts", _("see sub-accounts")
    CHANGE_SUBACCOUNTS = "change_subaccounts", _("create and change sub-accounts")
    CHANGE_PEOPLE = "change_people", _("invite people and change roles")
    CHANGE_BRAND = "change_brand", _("change the brand")
    READ_AUDIT = "read_audit", _("see the activity log")


_READ_ALL = frozenset(
    {
        May.READ_MESSAGES,
        May.READ_NUMBERS,
        May.READ_PORTS,
        May.READ_E911,
        May.READ_BILLING,
        May.READ_CALLS,
        May.READ_SUBACCOUNTS,
    }
)

ROLES: dict[str, frozenset[str]] = {
    Role.OWNER: frozenset(May),
    Role.ADMIN: frozenset(May),
    Role.BILLING: frozenset({May.READ_BILLING, May.CHANGE_BILLING, May.READ_NUMBERS}),
    Role.SUPPORT: _READ_ALL | {May.SEND_MESSAGES, May.CHANGE_NUMBERS, May.CHANGE_PORTS, May.READ_AUDIT},
    Role.AGENT: frozenset({May.READ_MESSAGES, May.SEND_MESSAGES}),
    Role.READER: _READ_ALL,
}

# Roles that reach down: their holder may also work in the accounts below.
REACHING_ROLES = frozenset({Role.OWNER, Role.ADMIN, Role.SUPPORT})


def may(role: str, permission: str) -> bool:
    """An unknown role may do nothing."""
    return permission in ROLES.get(role, frozenset())


def roles_that(permission: str) -> list[str]:
    """Labels of the roles that may, for telling a refused person whom to ask."""
    return [str(Role(role).label) for role, allowed in ROLES.items() if permission in allowed]
