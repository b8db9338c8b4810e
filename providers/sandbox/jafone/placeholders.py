"""Payloads in the shape of a write's answer, for writes that a fault kept from happening."""

NOBODY = "2635550199"
CONFERENCE = {
    "ConferenceNumber": "000000",
    "PublicPin": "000000",
    "AdminPin": "000000",
    "Date": "2000-01-01",
    "Duration": "1 minutes",
    "WebCollaborationEnabled": "no",
}
TTS_CALL = {
    "PreparedMessage": "",
    "PhoneNumber": f"1{NOBODY}",
    "CallbackRetries": "0",
    "RetriesInterval": "1",
    "CallbackRetriesWhenBusy": "0",
    "RetriesWhenBusyInterval": "1",
}
PLACEHOLDERS = {
    "sendSMS": {"SMS": {"Id": "0"}},
    "getPhoneNumberInfo": {"PhoneNumberInfo": []},
    "setDoNotContact": {"DoNotContact": {"PhoneNumber": f"1{NOBODY}", "OptIn": "no"}},
    "setCallBacknumber": {"CallbackNumbers": []},
    "setCallForwarding": {"CallForwardingInfo": {"Enabled": "no", "PhoneNumber": NOBODY}},
    "setCallRoutingType": {"CallRoutingType": [{"RoutingType": "0"}]},
    "setLowBalanceAlert": {"LowBalanceAlertInfo": {"Enabled": "false", "Amount": "0.00"}},
    "setVoicemailEmails": {"VoicemailEmails": {"Emails": []}},
    "scheduleConference": {"ConferencesInfo": [CONFERENCE]},
    "createTtsCallSvt": {"TtsCall": [TTS_CALL]},
}
