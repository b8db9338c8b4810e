"""JaFone: an example of each action, in the document's order."""

from datetime import timedelta
from decimal import Decimal

from providers.clients.records import (
    AccountRecord,
    BalanceRecord,
    ContactRecord,
    LedgerRecord,
    LookupRecord,
    MessageRecord,
    OptOutRecord,
    ResourceRecord,
    SentMessage,
)
from tests.providers.contract import example
from tests.providers.contract.example import Example, give, nothing, one, rows

THEIRS, OTHER = "+13675550142", "+13675550143"


class Stage(example.Stage):
    @property
    def ours(self) -> str:
        return self.client.own_numbers()[0]

    @property
    def day(self):
        return self.client.today()


def setting(**fields):
    """A configuration object with exactly these fields."""
    return lambda found: isinstance(found, ResourceRecord) and found.fields == fields


def numbers_of_call_backs(stage):
    stage.client.set_callback_number(1, OTHER)
    return give(OTHER, THEIRS)


EXAMPLES = (
    Example("getApiVersion", "api_version", one(ResourceRecord)),
    Example("getAccountInfo", "account", one(AccountRecord, currency="CAD")),
    Example("sendSMS", "send_message", one(SentMessage), lambda s: give(s.ours, THEIRS, "Bonjour, ça va?")),
    Example("getSMS", "messages", rows(MessageRecord, 5), lambda s: s.ours and give(s.day - timedelta(days=30))),
    Example("getPhoneNumberInfo", "lookup", one(LookupRecord, number=THEIRS, valid=True), give(THEIRS)),
    Example("setDoNotContact", "add_opt_out", nothing, give(THEIRS)),
    Example("setDoNotContact", "remove_opt_out", nothing, give(THEIRS)),
    Example("setDoNotContact", "set_do_not_contact", nothing, give(THEIRS, blocked=True, list_id=3)),
    Example("getStops", "opt_outs", rows(OptOutRecord)),
    Example("createCallback", "call_back", nothing, numbers_of_call_backs),
    Example("getCallBackNumbers", "callback_numbers", rows(ResourceRecord)),
    Example("setCallBacknumber", "set_callback_number", rows(ResourceRecord), give(1, OTHER)),
    Example("getCallForwardingInfo", "forwarding", one(ResourceRecord)),
    Example(
        "setCallForwarding",
        "set_forwarding",
        setting(Enabled=True, PhoneNumber=THEIRS),
        give(enabled=True, number=THEIRS),
    ),
    Example("getTransactions", "ledger", rows(LedgerRecord, 20)),
    Example("getCallRoutingType", "routing", one(ResourceRecord)),
    Example("setCallRoutingType", "set_routing", setting(RoutingType="0"), give(premium=False)),
    Example("getBalance", "balance", one(BalanceRecord)),
    Example("getLowBalanceAlertInfo", "low_balance_alert", one(ResourceRecord)),
    Example(
        "setLowBalanceAlert",
        "set_low_balance_alert",
        setting(Enabled=True, Amount="20.00"),
        give(True, Decimal(20)),
    ),
    Example("getVoicemailEmails", "voicemail_emails", one(ResourceRecord)),
    Example(
        "setVoicemailEmails",
        "set_voicemail_emails",
        setting(Emails=["a@lachance.example"]),
        give(["a@lachance.example"]),
    ),
    Example("getConferencesInfo", "conferences", rows(ResourceRecord)),
    Example(
        "scheduleConference",
        "schedule_conference",
        one(ResourceRecord),
        lambda s: give(s.day + timedelta(days=9), 90, web=True),
    ),
    Example("getContacts", "contacts", rows(ContactRecord)),
    Example("createTtsCallSvt", "call_with_message", one(ResourceRecord), give("410031", THEIRS, "en", {"FN": "Lea"})),
)
