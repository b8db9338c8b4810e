"""What the system can see for itself of numbers that have come: each sign ticks a line of the port-day checklist (row D18).

Texts are known to the app above, which puts its own look here when it is ready.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Account
from numbering.models import EmergencyEndpoint, Number, PortRequest

# Which of these numbers a text has reached since a moment; filled by the app that keeps texts.
TEXTED: list[Callable[[Account, list[str], datetime], set[str]]] = []


@dataclass(frozen=True, slots=True)
class Signs:
    """Numbers of a port for which each thing was seen."""

    here: dict[str, Number]
    with_911: set[str]
    texted: set[str]


def signs_of(port: PortRequest) -> Signs:
    numbers = Number.objects.for_account(port.account).present().filter(number__in=port.numbers)
    here = {number.number: number for number in numbers.select_related("connection")}
    endpoints = EmergencyEndpoint.objects.for_account(port.account).filter(
        number__in=list(here), gone_at=None, provisioned=True
    )
    texted = set().union(*(look(port.account, list(here), port.status_since) for look in TEXTED))
    return Signs(here, set(endpoints.values_list("number", flat=True)), texted)
