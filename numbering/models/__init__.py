"""Numbers, ports and 911 addresses."""

from numbering.models.emergency import EmergencyChange, EmergencyEndpoint
from numbering.models.numbers import Number, NumberChange, NumberQuerySet
from numbering.models.ports import PortDocument, PortEvent, PortRequest

__all__ = [
    "EmergencyChange",
    "EmergencyEndpoint",
    "Number",
    "NumberChange",
    "NumberQuerySet",
    "PortDocument",
    "PortEvent",
    "PortRequest",
]
