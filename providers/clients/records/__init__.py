"""The portal's own words for what upstreams tell: frozen records, the same for all five.

Phone numbers are E.164 (`+15145550134`), money is Decimal with its currency beside it, times are aware UTC, ids are the
upstream's own strings. `raw` keeps the row exactly as read (credentials removed) so that nothing unknown is dropped.
"""

from providers.clients.records.accounts import (
    AccountRecord,
    CreatedAccountRecord,
    NetworkEvent,
    PlaceRecord,
    SubaccountRecord,
)
from providers.clients.records.directory import ENTRY_FIELDS, DirectoryRecord, ListingState
from providers.clients.records.emergency import (
    ADDRESS_FIELDS,
    UNIT_TYPES,
    DeviceRecord,
    EmergencyAddress,
    EmergencyRecord,
    EmergencyRules,
)
from providers.clients.records.events import EventRecord
from providers.clients.records.messages import (
    Attachment,
    DeliveryReport,
    Direction,
    MediaRecord,
    MessageRecord,
    SentMessage,
    Transmission,
)
from providers.clients.records.money import BalanceRecord, ChargeRecord, InvoiceRecord, LedgerRecord, PriceRecord
from providers.clients.records.numbers import NUMBER_SETTINGS, AvailableNumber, LookupRecord, NumberRecord, NumberStatus
from providers.clients.records.people import ContactGroupRecord, ContactRecord, OptOutRecord
from providers.clients.records.ports import PortDraft, PortRecord, PortRules, PortStatus, ServiceAddress
from providers.clients.records.resources import ResourceRecord
from providers.clients.records.voice import CallRecord, RecordingRecord, RegistrationRecord
from providers.clients.records.webhooks import Delivery, News

__all__ = [
    "ADDRESS_FIELDS",
    "ENTRY_FIELDS",
    "NUMBER_SETTINGS",
    "UNIT_TYPES",
    "AccountRecord",
    "Attachment",
    "AvailableNumber",
    "BalanceRecord",
    "CallRecord",
    "ChargeRecord",
    "ContactGroupRecord",
    "ContactRecord",
    "CreatedAccountRecord",
    "Delivery",
    "DeliveryReport",
    "DeviceRecord",
    "Direction",
    "DirectoryRecord",
    "EmergencyAddress",
    "EmergencyRecord",
    "EmergencyRules",
    "EventRecord",
    "InvoiceRecord",
    "LedgerRecord",
    "ListingState",
    "LookupRecord",
    "MediaRecord",
    "MessageRecord",
    "NetworkEvent",
    "News",
    "NumberRecord",
    "NumberStatus",
    "OptOutRecord",
    "PlaceRecord",
    "PortDraft",
    "PortRecord",
    "PortRules",
    "PortStatus",
    "PriceRecord",
    "RecordingRecord",
    "RegistrationRecord",
    "ResourceRecord",
    "SentMessage",
    "ServiceAddress",
    "SubaccountRecord",
    "Transmission",
]
