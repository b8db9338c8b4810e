"""VoiceMeUp: an example of each request type, and of each way in which the client makes it."""

from datetime import UTC, datetime, timedelta

from providers.clients.records import (
    AccountRecord,
    Attachment,
    AvailableNumber,
    BalanceRecord,
    CallRecord,
    DeviceRecord,
    DirectoryRecord,
    EmergencyAddress,
    EmergencyRecord,
    InvoiceRecord,
    LedgerRecord,
    LookupRecord,
    MessageRecord,
    NetworkEvent,
    NumberRecord,
    PlaceRecord,
    PortDraft,
    PortRecord,
    PriceRecord,
    RecordingRecord,
    ResourceRecord,
    SentMessage,
    ServiceAddress,
    SubaccountRecord,
)
from providers.clients.voicemeup.dispatch import CallEnd
from tests.providers.contract import example
from tests.providers.contract.example import Example, give, nothing, one, rows, text
from tests.providers.contract.examples import voicemeup_objects

THEIRS = "+15145550123"
PDF = Attachment(name="letter.pdf", content=b"%PDF-1.4 x", mime_type="application/pdf")
ADDRESS = EmergencyAddress(
    name="Plomberie Lachance",
    civic_number="1250",
    street="Rue Sherbrooke Ouest",
    unit_type="suite",
    unit="300",
    city="Montréal",
    region="QC",
    country="CA",
    postal_code="H3G 1H6",
    language="fr",
)
LISTING = {
    "type": "business",
    "sort_word": "Plomberie",
    "sub_word": "Lachance",
    "civic_number": 1250,
    "street": "Rue Sherbrooke Ouest",
    "city": "Montréal",
    "state_code": "QC",
    "country_code": "CA",
    "postal_code": "H3G 1H6",
}
ENTRY = {
    "kind": "business",
    "sort_name": "Plomberie",
    "rest": "Lachance",
    "civic_number": "1250",
    "street": "Rue Sherbrooke Ouest",
    "unit_type": "",
    "unit": "",
    "city": "Montréal",
    "region": "QC",
    "country": "CA",
    "postal_code": "H3G 1H6",
}
RESELLER = "boreal"


class Stage(example.Stage):
    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self.control("clock")["now"], UTC)

    @property
    def long_ago(self) -> datetime:
        return self.now - timedelta(days=120)

    @property
    def ours(self) -> NumberRecord:
        """A number that texts."""
        return next(one for one in self.client.numbers() if one.settings["sms"] and one.kind == "local")

    @property
    def id(self) -> str:
        return self.ours.external_id

    def first(self, listing: str, *args, **kwargs) -> str:
        return next(iter(getattr(self.client, listing)(*args, **kwargs))).external_id

    def past(self, listing: str) -> str:
        return self.first(listing, self.long_ago)

    @property
    def oldest_call(self) -> str:
        return min(self.client.calls(self.long_ago), key=lambda call: call.started_at).external_id

    @property
    def today(self):
        return self.client.today()

    @property
    def sent(self) -> MessageRecord:
        return self.client.message(self.client.send_message(self.ours.number, THEIRS, "oops").external_id)

    @property
    def addressed(self) -> str:
        """A number with a 911 address of its own, which may be deleted."""
        default = {record.number for record in self.client.emergency_addresses() if record.is_default}
        number = next(one.number for one in self.client.numbers(kind="local") if one.number not in default)
        self.client.save_emergency_address(number, ADDRESS)
        return number

    @property
    def bound(self):
        """An address that a telephone calls 911 from."""
        return next(record for record in self.client.emergency_addresses() if record.peer_ids)

    @property
    def stocked(self) -> str:
        return self.client.available_numbers(area_code="514")[0].number

    @property
    def directory_listing(self) -> str:
        self.client.save_directory_listing(self.ours.number, LISTING)
        return self.first("directory_listings")

    @property
    def subaccount(self) -> str:
        return self.client.create_subaccount("New branch")

    @property
    def free_numbers(self) -> list[str]:
        return [number.external_id for number in self.client.numbers() if not number.subaccount_id][:2]


def day_of(moment: datetime):
    return moment.date()


def draft(stage) -> PortDraft:
    day = stage.today + timedelta(days=9)
    return PortDraft(
        title="Corner Shop",
        numbers=("+15145550160",),
        features=("sms",),
        capacity="2-5",
        wanted_on=day + timedelta(days=max(0, day.weekday() - 4) and 7 - day.weekday()),
        organization="Corner Shop",
        organization_kind="business",
        current_provider="Old Tel",
        address=ServiceAddress(
            civic_number="1250",
            street="Rue Sherbrooke Ouest",
            city="Montréal",
            region="QC",
            country="CA",
            postal_code="H3G 1H6",
        ),
        instructions="Call first",
        recipients=("a@demo.test",),
        reference="ref-1",
    )


def new_port(stage):
    stage.client.state_id("38", "QC")  # which it would look up, the first time
    return give(draft(stage), {"loa": PDF}, submit=False)


def drafted(stage):
    wanted = draft(stage)
    return give(stage.client.create_port(wanted, {"loa": PDF}, submit=False), wanted, {"bill": PDF}, submit=False)


def reported(stage):
    call, kind = stage.past("calls"), stage.first("call_issue_types")
    return give(call, kind, comments="echo")


def unbound(stage):
    record = stage.bound
    stage.client.untie_device(record.peer_ids[0])
    return give(record.number, record.peer_ids[0])


def address_of(stage):
    address = {"civic_number": 1, "street": "Rue X", "unit_number": 2, "city": "Laval", "country_id": 38}
    return give(stage.subaccount, address | {"state_id": stage.client.state_id("38", "QC"), "postal_code": "H7X 1X1"})


def recorded_call(stage):
    """The hash of a call that was recorded."""
    return next(record.raw["call_hash"] for record in stage.client.recordings(stage.long_ago))


def resources(least: int = 1):
    return rows(ResourceRecord, least)


def recordings(kind: str):
    return rows(RecordingRecord, kind=kind)


LONG_AGO = lambda s: give(s.long_ago)  # noqa: E731
ANCIENT = lambda s: give((s.now - timedelta(days=4000)).date())  # noqa: E731
SINCE_DAY = lambda s: give((s.now - timedelta(days=60)).date())  # noqa: E731

CALLS = (
    Example("get_request_types", "request_types", rows(str, 97)),
    Example("get_calls", "calls", rows(CallRecord, 20), LONG_AGO),
    Example("get_calls", "new_calls", rows(CallRecord), lambda s: give(s.oldest_call, s.long_ago)),
    Example("get_calls", "calls_after", rows(CallRecord), lambda s: give(s.oldest_call)),
    Example("get_calls_stats", "call_statistics", resources(2), SINCE_DAY),
    Example("get_recordings", "recordings", recordings("recording"), LONG_AGO),
    Example("get_recordings", "call_recordings", recordings("recording"), lambda s: give(recorded_call(s))),
    Example("get_recordings", "recording", one(RecordingRecord), lambda s: give(s.past("recordings"))),
    Example("delete_recordings", "delete_recordings", nothing, lambda s: give([s.past("recordings")])),
    Example("delete_recordings", "delete_call_recordings", nothing, lambda s: give([recorded_call(s)])),
    Example("delete_recordings", "delete_recordings_before", nothing, ANCIENT),
    Example("get_voicemails", "voicemails", recordings("voicemail"), LONG_AGO),
    Example("get_voicemails", "voicemail", one(RecordingRecord), lambda s: give(s.past("voicemails"))),
    Example("delete_voicemails", "delete_voicemails", nothing, lambda s: give([s.past("voicemails")])),
    Example("delete_voicemails", "delete_voicemails_before", nothing, ANCIENT),
    Example("get_faxes", "faxes", recordings("fax"), LONG_AGO),
    Example("get_faxes", "fax", one(RecordingRecord, kind="fax"), lambda s: give(s.past("faxes"))),
    Example("delete_faxes", "delete_faxes", nothing, lambda s: give([s.past("faxes")])),
    Example("delete_faxes", "delete_faxes_of", nothing, ANCIENT),
    Example("queue_fax", "send_fax", one(SentMessage), lambda s: give(s.first("fax_profiles"), THEIRS, [PDF])),
    Example("get_issues_types", "call_issue_types", resources()),
    Example("report_call_issue", "report_call", text, reported),
    Example(
        "get_call_issues",
        "call_issues",
        resources(),
        lambda s: s.client.report_call(*reported(s).args) and give(),
    ),
    Example("dispatch_call", "call_back", nothing, give("+15145550134", "+15145550135")),
    Example(
        "dispatch_call", "dispatch_call", text, give([CallEnd(value="+15145550134")], [CallEnd(value="+15145550136")])
    ),
    Example(
        "voicemail_broadcast",
        "voicemail_broadcast",
        text,
        lambda s: give("+15145550137", {"client_media_file_id": s.first("media_files"), "callerid_number": THEIRS}),
    ),
)
NUMBERS = (
    Example("get_dids", "numbers", rows(NumberRecord, 3)),
    Example("get_dids", "number", one(NumberRecord), lambda s: give(s.id)),
    Example(
        "update_did", "update_number", nothing, lambda s: give(s.id, {"label": "Counter"}), ("get_dids", "update_did")
    ),
    Example("delete_did", "release_number", nothing, lambda s: give(s.client.activate_number(s.stocked))),
    Example("get_new_dids", "available_numbers", rows(AvailableNumber), give(area_code="514")),
    Example("activate_new_did", "activate_number", text, lambda s: give(s.stocked)),
    Example("order_new_dids", "order_numbers", nothing, give({"prefix": "514555", "quantity": 3, "capacity": "50+"})),
    Example("get_port_requests", "ports", rows(PortRecord), also=("get_port_requests", "get_states")),
    Example("get_port_requests", "port", one(PortRecord), lambda s: give(s.first("ports"))),
    Example("update_port_request", "create_port", text, new_port),
    Example("update_port_request", "update_port", nothing, drafted, ("get_port_requests", "update_port_request")),
    Example("lookup_did", "lookup", one(LookupRecord, number="+15145550134"), give("+15145550134")),
    Example("get_did_areacodes", "area_codes", resources()),
    Example("get_did_exchanges", "exchanges", resources(), give(npa="514")),
    Example("get_did_exchanges", "portable", one(bool), give("+15145550134")),
    Example("get_ratecenters", "rate_centers", resources(), give(npa="514")),
)
TEXTS = (
    Example("get_sms", "messages", rows(MessageRecord, 5), lambda s: give(s.today - timedelta(days=20))),
    Example("get_sms", "message", one(MessageRecord, body="oops"), lambda s: give(s.sent.external_id)),
    Example("delete_sms", "delete_message", nothing, lambda s: give(s.sent.log_id)),
    Example("get_sms_stats", "message_statistics", resources(2), SINCE_DAY),
    Example("queue_sms", "send_message", one(SentMessage), lambda s: give(s.ours.number, THEIRS, "Été & <b>")),
)
ACCOUNT = (
    Example("get_account_details", "account", one(AccountRecord, organization="Plomberie Lachance inc.")),
    Example("get_account_preferences", "preferences", one(dict)),
    Example("get_funding_details", "balance", one(BalanceRecord, currency="CAD")),
    Example("get_billing_activity", "ledger", rows(LedgerRecord, 5, currency="CAD")),
    Example("get_billing_activity", "invoices", rows(InvoiceRecord, currency="CAD")),
    Example("get_subaccounts", "subaccounts", rows(SubaccountRecord), account=RESELLER),
    Example("update_subaccount", "create_subaccount", text, give("New branch", organization="Shop", language="fr")),
    Example(
        "update_subaccount",
        "update_subaccount",
        nothing,
        lambda s: give(s.subaccount, {"name": "Old branch"}),
        ("get_subaccounts", "update_subaccount"),
    ),
    Example(
        "update_subaccount_associations",
        "add_subaccount_numbers",
        nothing,
        lambda s: give(s.subaccount, s.free_numbers),
        ("get_subaccounts", "update_subaccount_associations"),
    ),
    Example(
        "update_subaccount_associations",
        "set_subaccount_numbers",
        nothing,
        lambda s: give(s.subaccount, s.free_numbers),
    ),
    Example("update_subaccount_address", "save_subaccount_address", text, address_of),
    Example("get_resellers_transactions", "reseller_transactions", rows(LedgerRecord), account=RESELLER),
    Example("get_resellers_invoices", "reseller_invoices", rows(InvoiceRecord), account=RESELLER),
    Example("get_rates", "prices", rows(PriceRecord, 5)),
    Example("get_rates", "rates", rows(PriceRecord), give(code="1514")),
    Example("get_plans", "plans", resources()),
    Example("get_proxies", "proxies", resources()),
    Example("get_countries", "countries", rows(PlaceRecord, 2)),
    Example("get_states", "states", rows(PlaceRecord, 10), give("38")),
    Example("get_network_status", "network_status", rows(NetworkEvent)),
    Example("get_storage_stats", "storage_statistics", resources(2), SINCE_DAY),
    Example("get_tts_voice_name", "voices", resources()),
    Example("get_media_files", "media_files", resources()),
    Example("get_devices", "device_models", resources()),
)
UPDATED = ("get_whitepages", "update_whitepages")
EMERGENCY = (
    Example("get_e911", "emergency_addresses", rows(EmergencyRecord)),
    Example("check_e911", "check_emergency_address", one(EmergencyAddress), lambda s: give(s.ours.number, ADDRESS)),
    Example("get_peers", "devices", rows(DeviceRecord)),
    Example("associate_e911", "tie_device", nothing, unbound),
    Example("disassociate_e911", "untie_device", nothing, lambda s: give(s.bound.peer_ids[0])),
    Example("update_e911", "save_emergency_address", nothing, lambda s: give(s.ours.number, ADDRESS)),
    Example("delete_e911", "delete_emergency_address", rows(object, 0), lambda s: give(s.addressed)),
    Example("get_whitepages", "directory_listings", resources(), lambda s: s.directory_listing and give()),
    Example("update_whitepages", "save_directory_listing", nothing, lambda s: give(s.ours.number, LISTING), UPDATED),
    Example("delete_whitepages", "delete_directory_listing", nothing, lambda s: give(s.directory_listing)),
    Example("get_whitepages", "listed_numbers", rows(DirectoryRecord), lambda s: s.directory_listing and give()),
    Example("update_whitepages", "list_number", nothing, lambda s: give(s.ours.number, ENTRY), UPDATED),
    Example(
        "delete_whitepages",
        "unlist_number",
        nothing,
        lambda s: s.directory_listing and give(s.ours.number),
        ("get_whitepages", "delete_whitepages"),
    ),  # fmt: skip
)
EXAMPLES = (*CALLS, *NUMBERS, *TEXTS, *ACCOUNT, *EMERGENCY, *voicemeup_objects.EXAMPLES)
