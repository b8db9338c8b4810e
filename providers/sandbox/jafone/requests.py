"""The actions: which function serves which, and what it may be given."""

import dataclasses

from . import account, calls, texts


@dataclasses.dataclass(frozen=True)
class Action:
    function: object
    table: tuple = ()
    read: bool = True


ACTIONS = {
    "getApiVersion": Action(account.get_api_version),
    "getAccountInfo": Action(account.get_account_info),
    "sendSMS": Action(texts.send_sms, texts.SEND, read=False),
    "getSMS": Action(texts.get_sms, texts.LOG),
    "getPhoneNumberInfo": Action(calls.get_phone_number_info, calls.LOOK_UP, read=False),  # billed
    "setDoNotContact": Action(texts.set_do_not_contact, texts.DO_NOT_CONTACT, read=False),
    "getStops": Action(texts.get_stops, account.PERIOD),
    "createCallback": Action(calls.create_callback, calls.CALLBACK, read=False),
    "getCallBackNumbers": Action(calls.get_callback_numbers),
    "setCallBacknumber": Action(calls.set_callback_number, calls.CALLBACK_NUMBER, read=False),
    "getCallForwardingInfo": Action(account.get_call_forwarding_info),
    "setCallForwarding": Action(account.set_call_forwarding, account.FORWARDING, read=False),
    "getTransactions": Action(account.get_transactions, account.PERIOD),
    "getCallRoutingType": Action(account.get_call_routing_type),
    "setCallRoutingType": Action(account.set_call_routing_type, account.ROUTING, read=False),
    "getBalance": Action(account.get_balance),
    "getLowBalanceAlertInfo": Action(account.get_low_balance_alert_info),
    "setLowBalanceAlert": Action(account.set_low_balance_alert, account.ALERT, read=False),
    "getVoicemailEmails": Action(account.get_voicemail_emails),
    "setVoicemailEmails": Action(account.set_voicemail_emails, account.EMAILS, read=False),
    "getConferencesInfo": Action(calls.get_conferences_info),
    "scheduleConference": Action(calls.schedule_conference, calls.CONFERENCE, read=False),
    "getContacts": Action(account.get_contacts),
    "createTtsCallSvt": Action(calls.create_tts_call, calls.TTS, read=False),
}
SERVED = tuple(ACTIONS)
SPELLINGS = {name.lower(): name for name in ACTIONS}


def canonical(name):
    """The document's name of an action, however its letters are cased; other names as they are."""
    return SPELLINGS.get(name.lower(), name)
