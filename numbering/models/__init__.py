"""Numbers, ports and 911 addresses."""

from numbering.models.back_orders import BackOrder, BackOrderArrival
from numbering.models.batches import NumberBatch, NumberBatchRow
from numbering.models.devices import Device
from numbering.models.directory import DirectoryChange, DirectoryListing
from numbering.models.emergency import EmergencyChange, EmergencyEndpoint
from numbering.models.emergency_book import (
    EmergencyAssignment,
    EmergencyAssignmentRow,
    EmergencyPlace,
    TermsAcceptance,
)
from numbering.models.emergency_calls import EmergencyCall
from numbering.models.emergency_notice import EmergencyConfirmation, EmergencyNotice
from numbering.models.lookups import NumberLookup
from numbering.models.numbers import Number, NumberChange, NumberQuerySet
from numbering.models.orders import NumberOrder, OrderLine
from numbering.models.port_outs import PortOutPin
from numbering.models.port_plans import PortPlan
from numbering.models.port_talk import PortAsk, PortComment, PortNotice
from numbering.models.ports import DocumentLook, PortBundle, PortDocument, PortEvent, PortRequest
from numbering.models.releases import NumberRelease
from numbering.models.saved_views import SavedView

__all__ = [
    "BackOrder",
    "BackOrderArrival",
    "Device",
    "DirectoryChange",
    "DirectoryListing",
    "DocumentLook",
    "EmergencyAssignment",
    "EmergencyAssignmentRow",
    "EmergencyCall",
    "EmergencyChange",
    "EmergencyConfirmation",
    "EmergencyEndpoint",
    "EmergencyNotice",
    "EmergencyPlace",
    "Number",
    "NumberBatch",
    "NumberBatchRow",
    "NumberChange",
    "NumberLookup",
    "NumberOrder",
    "NumberQuerySet",
    "NumberRelease",
    "OrderLine",
    "PortAsk",
    "PortBundle",
    "PortComment",
    "PortDocument",
    "PortEvent",
    "PortNotice",
    "PortOutPin",
    "PortPlan",
    "PortRequest",
    "SavedView",
    "TermsAcceptance",
]
