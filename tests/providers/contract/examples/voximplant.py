"""Voximplant: an example of each method, the fifteen of the document first, then its siblings."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from providers.clients.records import (
    AccountRecord,
    AvailableNumber,
    BalanceRecord,
    InvoiceRecord,
    LedgerRecord,
    MessageRecord,
    PlaceRecord,
    PriceRecord,
    ResourceRecord,
    SentMessage,
    SubaccountRecord,
)
from providers.clients.voximplant.children import MadeChild, NewChild
from providers.clients.voximplant.messages import Batch
from providers.clients.voximplant.roles import MadeKey
from providers.clients.voximplant.sip import SipAccess
from tests.providers.contract import example
from tests.providers.contract.example import Example, give, nothing, one, rows, text

OUTSIDE, STRANGER = "+17865550102", "+19295550111"
PASSWORD = "Tr0mbone-91"
OFFICE, NETWORK = "198.51.100.7", "203.0.113.0/24"
REGION = "5214"
CHILD = NewChild(name="lachance-est", email="est@lachance.example", password=PASSWORD, reference="portal-7")
CLONE = NewChild(name="lachance-ouest", email="ouest@lachance.example", password=PASSWORD)
US = give("US")


class Stage(example.Stage):
    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self.control("clock")["now"], UTC)

    @property
    def line(self):
        """A number that texts."""
        return next(record for record in self.client.numbers() if record.settings["sms"])

    def first(self, listing: str, *args, **kwargs) -> str:
        return next(iter(getattr(self.client, listing)(*args, **kwargs))).external_id

    @property
    def app(self) -> str:
        return self.first("applications")

    @property
    def child(self) -> str:
        return self.first("subaccounts")

    @property
    def rule(self) -> str:
        return self.client.add_rule(self.app, "soir", "1929.*", ["3301"])

    @property
    def key(self) -> str:
        return self.client.create_key(["Accountant", "Payer"]).key_id

    @property
    def login(self) -> str:
        return self.client.add_login("bureau", PASSWORD, ["Payer"])

    @property
    def user(self) -> str:
        return self.client.add_user(self.app, "agent9", "Agent Nine", PASSWORD)

    @property
    def sip(self) -> str:
        return self.client.create_registration(SipAccess(user="trunk9", proxy="sip.carrier.example"))

    @property
    def network(self) -> str:
        return self.client.add_sip_network(NETWORK)

    @property
    def blocked(self) -> str:
        return self.client.block_telephone(STRANGER)

    @property
    def stocked(self) -> str:
        return self.client.available_numbers(area_code="628")[0].number

    @property
    def rented(self) -> str:
        return self.client.activate_number(self.stocked)

    def authorized(self) -> str:
        self.client.add_interface_address(OFFICE, description="office")
        return OFFICE

    def tested(self, steps: int) -> None:
        """A test number on its way to be verified."""
        self.client.add_test_number(OUTSIDE)
        if steps > 1:
            self.client.call_test_number()

    def period(self, days: int = 30, *first, **filters):
        return give(*first, self.now - timedelta(days=days), self.now, **filters)


def place(stage):
    return give(next(one for one in stage.client.number_regions("US", code="628", in_stock=True)), "US", "GEOGRAPHIC")


def linked(stage):
    address = stage.first("regulation_addresses", verified=True)
    return give(address, next(one for one in stage.client.numbers() if one.number[2:5] == "786").external_id)


def recorded(stage):
    return give(next(stage.client.recordings(stage.now - timedelta(days=60))).external_id)


def report(stage):
    return give(stage.first("history_reports", types=["calls"], completed=True))


def new_app(stage) -> str:
    return stage.client.add_application("reception")


def audited(stage):
    """What happened a moment ago."""
    new_app(stage)
    stage.control("clock", {"advance": 5})
    return give(stage.now - timedelta(hours=1), stage.now)


def two_rules(stage):
    app = new_app(stage)
    made = [stage.client.add_rule(app, name, ".*", ["3301"]) for name in ("jour", "nuit")]
    return give(made[::-1])


def rule_of_new_app(stage):
    app = new_app(stage)
    return give(stage.client.add_rule(app, "jour", ".*", ["3301"]), app)


def said_yes(found) -> bool:
    return found is True


def resources(least: int = 1):
    return rows(ResourceRecord, least)


def content(start: bytes):
    return lambda found: isinstance(found, bytes) and found.startswith(start)


DOCUMENT = (
    Example("AddAccount", "add_subaccount", one(MadeChild), give(CHILD)),
    Example(
        "CloneAccount",
        "clone_subaccount",
        one(ResourceRecord),
        lambda s: give(s.client.add_subaccount(CHILD).external_id, CLONE),
    ),
    Example("GetAccountInfo", "account", one(AccountRecord, organization="Plomberie Lachance inc.", currency="USD")),
    Example("GetAccountInfo", "balance", one(BalanceRecord, currency="USD")),
    Example("SetAccountInfo", "update_account", nothing, give({"language": "en", "low_balance": Decimal("7.5")})),
    Example("SetChildAccountInfo", "update_subaccount", nothing, lambda s: give(s.child, {"status": "disabled"})),
    Example(
        "GetCurrencyRate",
        "currency_rates",
        lambda found: found == {"USD": Decimal(1), "EUR": Decimal("0.9137")},
        give(["USD", "EUR"]),
    ),
    Example(
        "GetResourcePrice",
        "resource_prices",
        rows(PriceRecord, currency="USD"),
        lambda s: s.client.balance() and give(["SMSOUT"]),
    ),
    Example("GetSubscriptionPrice", "subscription_prices", rows(PriceRecord), give(kind="SIP_REGISTRATION")),
    Example("GetChildrenAccounts", "subaccounts", rows(SubaccountRecord)),
    Example("GetMoneyAmountToCharge", "money_due", one(ResourceRecord)),
    Example("ChargeAccount", "renew_numbers", one(ResourceRecord), lambda s: give([s.line.external_id])),
    Example("ChangeAccountPlan", "change_plan", one(ResourceRecord), give("IM", "2102")),
    Example("GetAccountPlans", "plans", resources(), give(["IM"])),
    Example("GetAvailablePlans", "available_plans", resources(), give(["MAU"])),
    Example("GetAccountDocuments", "documents", resources(), give(with_details=True)),
)
NUMBERS = (
    Example("GetAccountVerifications", "verifications", resources()),
    Example(
        "GetPhoneNumberReports",
        "numbers_reports",
        resources(),
        lambda s: s.client.order_numbers_report() or give(completed=False),
    ),
    Example("AttachPhoneNumber", "attach_numbers", lambda found: len(found) == 1, lambda s: give(number=s.stocked)),
    Example("BindPhoneNumberToApplication", "route_numbers", nothing, lambda s: give([s.line.external_id], s.app)),
    Example("DeactivatePhoneNumber", "release_number", nothing, lambda s: give(s.rented)),
    Example(
        "SetPhoneNumberInfo",
        "set_number_webhook",
        nothing,
        lambda s: give([s.line.external_id], "https://portal.example/sms"),
    ),
    Example("GetPhoneNumbers", "attached", rows(dict, 5)),
    Example("IsAccountPhoneNumber", "owns_number", said_yes, lambda s: give(s.line.number)),
    Example("GetPhoneNumbersAsync", "order_numbers_report", nothing),
    Example(
        "GetNewPhoneNumbers",
        "numbers_in",
        rows(AvailableNumber, currency="USD"),
        lambda s: s.client.balance() and place(s),
    ),
    Example("GetPhoneNumberCategories", "number_categories", resources(), US),
    Example("GetPhoneNumberCountryStates", "number_states", rows(PlaceRecord), US),
    Example("GetPhoneNumberRegions", "number_regions", resources(), US),
    Example(
        "GetActualPhoneNumberRegion", "number_region", one(ResourceRecord, name="San Francisco"), give("US", REGION)
    ),
    Example("GetAccountPhoneNumberCountries", "number_countries", lambda found: found == ["US"]),
)
TEXTS = (
    Example("SendSmsMessage", "send_sms", one(SentMessage), lambda s: give(s.line.number, OUTSIDE, "Bonjour é")),
    Example("A2PSendSms", "send_one_way", one(Batch, failed=()), give("LACHANCE", [OUTSIDE], "Hello")),
    Example("ControlSms", "switch_sms", nothing, lambda s: give(s.line.number, enabled=False)),
    Example("GetSmsHistory", "two_way_messages", rows(MessageRecord, 20), lambda s: s.period(200)),
    Example("A2PGetSmsHistory", "one_way_messages", rows(MessageRecord), lambda s: s.period(200)),
)
HISTORY = (
    Example("GetCallHistory", "sessions", rows(tuple, 5), lambda s: s.period(60)),
    Example("GetCallHistoryAsync", "order_calls_report", text, lambda s: s.period(with_calls=True)),
    Example("GetBriefCallHistory", "order_brief_calls_report", text, lambda s: s.period()),
    Example("GetHistoryReports", "history_reports", resources(), give(types=["calls"], completed=True)),
    Example("DownloadHistoryReport", "report_file", content(b"call_session_history_id,"), report),
    Example(
        "GetTransactionHistory",
        "ledger",
        rows(LedgerRecord, 10, currency="USD"),
        lambda s: give((s.now - timedelta(days=20)).date()),
    ),
    Example("GetTransactionHistoryAsync", "order_ledger_report", text, lambda s: s.period()),
    Example("DeleteRecord", "delete_recording", nothing, recorded),
    Example("GetAuditLog", "audit_log", resources(), audited),
    Example("GetAuditLogAsync", "order_audit_report", text, lambda s: s.period()),
    Example("GetAccountInvoices", "invoices", rows(InvoiceRecord)),
    Example("DownloadInvoice", "invoice_file", content(b"%PDF-"), lambda s: give(s.first("invoices"))),
)
SIP = (
    Example(
        "CreateSipRegistration",
        "create_registration",
        text,
        give(SipAccess(user="trunk9", proxy="sip.carrier.example", password=PASSWORD)),
    ),
    Example(
        "UpdateSipRegistration", "update_registration", nothing, lambda s: give(s.sip, SipAccess(proxy="b.example"))
    ),
    Example("BindSipRegistration", "route_registration", nothing, lambda s: give(s.sip, application_id=s.app)),
    Example("DeleteSipRegistration", "delete_registration", nothing, lambda s: give(s.sip)),
    Example("GetSipRegistrations", "registered", rows(dict)),
    Example("AddSipWhiteListItem", "add_sip_network", text, give(NETWORK, "office")),
    Example("DelSipWhiteListItem", "remove_sip_network", nothing, lambda s: give(s.network)),
    Example("SetSipWhiteListItem", "update_sip_network", nothing, lambda s: give(s.network, "203.0.113.8/32")),
    Example("GetSipWhiteList", "sip_networks", resources(), lambda s: give(s.network)),
)
ACCESS = (
    Example("DelCallerID", "delete_caller_id", nothing, lambda s: give(s.first("caller_ids"))),
    Example("GetCallerIDs", "caller_ids", resources(), give(active=True)),
    Example("AddAuthorizedAccountIP", "add_interface_address", nothing, give("198.51.100.0/24", description="office")),
    Example("DelAuthorizedAccountIP", "remove_interface_address", nothing, lambda s: give(s.authorized())),
    Example("GetAuthorizedAccountIPs", "interface_addresses", resources(), lambda s: s.authorized() and give()),
    Example("CheckAuthorizedAccountIP", "may_use_interface", said_yes, lambda s: give(s.authorized())),
    Example("AddPstnBlackListItem", "block_telephone", text, give(STRANGER)),
    Example("SetPstnBlackListItem", "change_blocked_telephone", nothing, lambda s: give(s.blocked, "+19295550113")),
    Example("DelPstnBlackListItem", "unblock_telephone", nothing, lambda s: give(s.blocked)),
    Example("GetPstnBlackList", "blocked_telephones", resources(), lambda s: s.blocked and give(STRANGER)),
    Example("AddOutboundTestPhoneNumber", "add_test_number", nothing, give(OUTSIDE)),
    Example("VerifyOutboundTestPhoneNumber", "call_test_number", one(int), lambda s: s.tested(1) or give()),
    Example("ActivateOutboundTestPhoneNumber", "verify_test_number", nothing, lambda s: s.tested(2) or give("1357")),
    Example("DelOutboundTestPhoneNumber", "delete_test_number", nothing, lambda s: s.tested(1) or give()),
    Example("GetOutboundTestPhoneNumbers", "test_numbers", resources(), lambda s: s.tested(1) or give()),
)
ROLES = (
    Example("CreateKey", "create_key", one(MadeKey), give(["Accountant"], name="bookkeeper")),
    Example("GetKeys", "keys", resources()),
    Example("UpdateKey", "update_key", nothing, lambda s: give(s.key, "for reports")),
    Example("DeleteKey", "delete_key", nothing, lambda s: give(s.key)),
    Example("SetKeyRoles", "set_key_roles", nothing, lambda s: give(s.key, ["Payer"])),
    Example("GetKeyRoles", "key_roles", resources(), lambda s: give(s.key, expanded=True)),
    Example("RemoveKeyRoles", "remove_key_roles", nothing, lambda s: give(s.key, ["Payer"])),
    Example("AddSubUser", "add_login", text, give("bureau", PASSWORD, ["Payer"])),
    Example("GetSubUsers", "logins", resources()),
    Example(
        "SetSubUserInfo",
        "update_login",
        nothing,
        lambda s: give(s.login, old_password=PASSWORD, new_password=f"{PASSWORD}x"),
    ),
    Example("DelSubUser", "delete_login", nothing, lambda s: give(s.login)),
    Example("SetSubUserRoles", "set_login_roles", nothing, lambda s: give(s.login, ["Accountant"])),
    Example("GetSubUserRoles", "login_roles", resources(), lambda s: give(s.login)),
    Example("RemoveSubUserRoles", "remove_login_roles", nothing, lambda s: give(s.login, ["Payer"], force=True)),
    Example("GetRoles", "roles", resources(3)),
    Example("GetRoleGroups", "role_groups", resources()),
)
APPLICATIONS = (
    Example("AddApplication", "add_application", text, give("reception")),
    Example("DelApplication", "delete_application", nothing, lambda s: give(new_app(s))),
    Example("SetApplicationInfo", "update_application", nothing, lambda s: give(new_app(s), name="bureau")),
    Example("GetApplications", "applications", resources()),
    Example("AddUser", "add_user", text, lambda s: give(s.app, "agent9", "Agent Nine", PASSWORD)),
    Example("DelUser", "delete_user", nothing, lambda s: give(s.user)),
    Example("SetUserInfo", "update_user", nothing, lambda s: give(s.user, active=False)),
    Example("GetUsers", "users", resources(), lambda s: give(s.app)),
    Example("AddRule", "add_rule", text, lambda s: give(s.app, "soir", "1929.*", ["3301"])),
    Example("DelRule", "delete_rule", nothing, rule_of_new_app),
    Example("SetRuleInfo", "update_rule", nothing, lambda s: give(s.rule, pattern="1628.*")),
    Example("GetRules", "rules", resources(), lambda s: give(s.app)),
    Example("ReorderRules", "reorder_rules", nothing, two_rules),
    Example("GetRecordStorages", "record_storages", resources()),
)
REGULATION = (
    Example("LinkregulationAddress", "link_regulation_address", said_yes, linked),
    Example("GetZIPCodes", "postal_codes", resources(), give("US", region_code="628")),
    Example("GetRegulationsAddress", "regulation_addresses", resources(), give(in_progress=True)),
    Example("GetAvailableRegulations", "available_regulations", resources(), US),
    Example("GetCountries", "regulation_countries", resources(), US),
    Example("GetRegions", "regulation_regions", resources(), give("US", city="mia")),
)
EXAMPLES = (*DOCUMENT, *NUMBERS, *TEXTS, *HISTORY, *SIP, *ACCESS, *ROLES, *APPLICATIONS, *REGULATION)
