"""What the system can see for itself of numbers that have come: each sign ticks a line of the port-day checklist (row D18).

Texts are known to the app above, which puts its own look here when it is ready.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Account
from numbering.models import EmergencyChange, EmergencyEndpoint, Number, PortRequest

# Which of these numbers a text has reached since a moment; filled by the app that keeps texts.
TEXTED: list[Callable[[Account, list[str], datetime], set[str]]] = []


@dataclass(frozen=True, slots=True)
class Signs:
    """Numbers of a port for which each thing was seen."""

    here: dict[str, Number]
    with_911: set[str]
    texted: set[str]


def signs_of(port: PortRequest) -> Signs:
    """Only where the port brings them: a number may be another upstream's until then, and its 911 address there ends."""
    there = {"connection": port.connection_id, "number__in": port.numbers}
    numbers = Number.objects.for_account(port.account).present().filter(**there)
    here = {number.number: number for number in numbers.select_related("connection")}
    endpoints = EmergencyEndpoint.objects.for_account(port.account).filter(**there, gone_at=None, provisioned=True)
    in_force = set(endpoints.values_list("number", flat=True)) & set(here)
    texted = set().union(*(look(port.account, list(here), port.status_since) for look in TEXTED))
    return Signs(here, in_force - _doubted(port, here), texted)


def _doubted(port: PortRequest, here: dict[str, Number]) -> set[str]:
    """Those whose newest 911 change came out otherwise than asked, or in nobody knows what way."""
    changes = EmergencyChange.objects.filter(account=port.account_id, number__in=[row.pk for row in here.values()])
    newest = dict(changes.order_by("pk").values_list("number__number", "state"))
    return {number for number, state in newest.items() if state in EmergencyChange.DOUBTS}
