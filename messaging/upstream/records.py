"""What a message record says, in our words: whose it is, its sides, its state, which half of an MMS it may be."""

from accounts.ownership import owner_of
from messaging.models import Message, SenderName
from numbering.models import Number
from providers.clients.records import Direction, MessageRecord, Transmission
from providers.models import Connection

State = Message.State
REPORTS = {
    Transmission.SENT: State.SENT,
    Transmission.DELIVERED: State.DELIVERED,
    Transmission.FAILED: State.FAILED,
    Transmission.CANCELLED: State.FAILED,
}
HALF = "_half"  # in `raw`: which half of an MMS a row was made of


class Owners:
    """Whose a message is: the sub-account that the record names, else the account that has the number."""

    def __init__(self, connection: Connection):
        self.by_subaccount = owner_of(connection)
        numbers = Number.objects.present().filter(connection=connection)
        names = SenderName.objects.filter(connection=connection)
        self.by_number = dict(numbers.values_list("number", "account_id")) | dict(
            names.values_list("name", "account_id")
        )

    def __call__(self, record: MessageRecord) -> int:
        if record.subaccount_id:
            return self.by_subaccount(record.subaccount_id)
        return self.by_number.get(ours_of(record)) or self.by_subaccount("")


def ours_of(record: MessageRecord) -> str:
    return (record.destination if record.direction is Direction.INBOUND else record.source)[:16]


def contact_of(record: MessageRecord) -> str:
    return (record.source if record.direction is Direction.INBOUND else record.destination)[:16]


def half_of(record: MessageRecord) -> str:
    """An MMS comes as its text (the wrapper) and its picture without text, each a message of its own."""
    if record.direction is not Direction.INBOUND:
        return ""
    if record.wrapper:
        return "text"
    return "media" if record.media and not record.body else ""
