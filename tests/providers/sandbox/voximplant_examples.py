"""For every method one call that succeeds, and what must come back; asked with plain forms and through the library."""

import dataclasses
import datetime
from collections.abc import Callable

REGION = {"country_code": "US", "phone_category_name": "GEOGRAPHIC", "phone_region_id": 5214}
PASSWORD = "Tr0mbone-91"
OUTSIDE = "17865550102"
NOW = datetime.datetime.now().replace(microsecond=0)
LONG_AGO, SOON = NOW - datetime.timedelta(days=300), NOW + datetime.timedelta(days=40)


def done(answer):
    return answer["result"] == 1


def some(answer):
    """A listing with rows."""
    return len(answer["result"]) > 0


def counted(answer):
    """A listing that counts its rows."""
    return (
        answer["count"] == len(answer["result"]) > 0 and answer.get("total_count", answer["count"]) >= answer["count"]
    )


def only(**wanted):
    """The one row of a listing has these members."""

    def check(answer):
        return len(answer["result"]) == 1 and wanted.items() <= answer["result"][0].items()

    return check


def numbered(name):
    """A success with a new number under this name."""
    return lambda answer: answer["result"] == 1 and answer[name] > 0


def file(*starts):
    return lambda answer: answer["file_content"].startswith(starts)


def texted(answer):
    """Five texts of many, kept with their words."""
    rows = answer["result"]
    return len(rows) == 5 <= answer["total_count"] and all(row["text"] for row in rows)


@dataclasses.dataclass(frozen=True)
class Example:
    """`args` are the parameters, or make them from a `Things`; `check` says whether the answer is right."""

    args: dict | Callable
    check: Callable


class Things:
    """What examples speak of, found or made by asking the upstream; `ask(method, **params)` answers a success."""

    def __init__(self, ask):
        self.ask, self._made, self._key = ask, 0, None

    def name(self, stem="thing"):
        self._made += 1
        return f"{stem}-{self._made}"

    def info(self, name):
        return self.ask("GetAccountInfo")["result"][name]

    def first(self, method, member, **params):
        return self.ask(method, **params)["result"][0][member]

    @property
    def line(self):
        return next(row for row in self.ask("GetPhoneNumbers")["result"] if row["is_sms_enabled"])["phone_number"]

    @property
    def app(self):
        return self.first("GetApplications", "application_id")

    def new_app(self):
        return self.ask("AddApplication", application_name=self.name("app"))["application_id"]

    def new_user(self, app):
        names = {"user_name": self.name("user"), "user_display_name": "Somebody", "user_password": PASSWORD}
        return self.ask("AddUser", application_id=app, **names)["user_id"]

    def new_rule(self, app):
        names = {"rule_name": self.name("rule"), "rule_pattern": ".*", "scenario_name": ["hello"]}
        return self.ask("AddRule", application_id=app, **names)["rule_id"]

    def new_key(self):
        return self.ask("CreateKey", role_name=["Accountant"])["result"]["key_id"]

    @property
    def key(self):
        """One for all who look at it; making one takes a while."""
        self._key = self._key or self.new_key()
        return self._key

    def new_subuser(self):
        names = {"new_subuser_name": self.name("sub"), "new_subuser_password": PASSWORD}
        return self.ask("AddSubUser", role_name=["Payer"], **names)["result"]["subuser_id"]

    def new_sip(self):
        return self.ask("CreateSipRegistration", sip_username=self.name("sip"), proxy="sip.carrier.example")[
            "sip_registration_id"
        ]

    def black(self):
        return self.ask("AddPstnBlackListItem", pstn_blacklist_phone="19295550111")["pstn_blacklist_id"]

    def white(self):
        return self.ask("AddSipWhiteListItem", sip_whitelist_network="203.0.113.0/24")["sip_whitelist_id"]

    def stocked(self):
        return self.first("GetNewPhoneNumbers", "phone_number", **REGION)

    def rented(self):
        return self.ask("AttachPhoneNumber", phone_number=[self.stocked()])["phone_numbers"][0]["phone_id"]

    def child(self):
        password = {"account_password": PASSWORD}
        name = self.name("child")
        self.ask("AddAccount", account_name=name, account_email=f"{name}@lachance.example", **password)
        return name

    def report(self):
        return self.first("GetHistoryReports", "history_report_id", history_type=["calls"], is_completed=True)

    def test_number(self, steps):
        """Forgets the test number and makes it again up to a step."""
        if self.ask("GetOutboundTestPhoneNumbers")["result"]:
            self.ask("DelOutboundTestPhoneNumber")
        if steps > 0:
            self.ask("AddOutboundTestPhoneNumber", phone_number=OUTSIDE)
        if steps > 1:
            self.ask("VerifyOutboundTestPhoneNumber")
        return {}

    def authorized(self):
        self.ask("AddAuthorizedAccountIP", authorized_ip="198.51.100.7", allowed=True, description="office")
        return {"authorized_ip": "198.51.100.7"}

    def callerid(self):
        return self.ask("GetCallerIDs")["result"][-1]["callerid_id"]

    def recorded(self):
        rows = self.ask("GetCallHistory", with_records=True, count=500)["result"]
        return next(row["records"][0]["record_id"] for row in rows if row["records"])


ACCOUNT = {
    "AddAccount": Example(
        lambda t: {
            "account_name": t.name("child"),
            "account_email": "c@lachance.example",
            "account_password": PASSWORD,
        },
        lambda a: a["result"] == 1 and a["api_key"] and a["active"] is False,
    ),
    "CloneAccount": Example(
        lambda t: {
            "account_name": t.child(),
            "new_account_name": t.name("clone"),
            "new_account_email": "clone@lachance.example",
            "new_account_password": PASSWORD,
        },
        lambda a: a["result"]["account_id"] > 0 and a["result"]["applications"] == [],
    ),
    "GetAccountInfo": Example(
        {"return_live_balance": True},
        lambda a: a["result"]["currency"] == "USD" and a["result"]["balance"] > 0 and "api_key" not in a["result"],
    ),
    "SetAccountInfo": Example({"language_code": "fr", "min_balance_to_notify": "7.5"}, done),
    "SetChildAccountInfo": Example({"child_account_id": "all", "news_notifications": True}, done),
    "GetCurrencyRate": Example({"currency": ["USD", "EUR"]}, lambda a: a["result"] == {"USD": 1, "EUR": 0.9137}),
    "GetResourcePrice": Example({"resource_type": ["SMSOUT"]}, only(resource_type="SMSOUT")),
    "GetSubscriptionPrice": Example(
        {"subscription_template_type": "SIP_REGISTRATION"}, only(subscription_template_id=1901, price=1)
    ),
    "GetChildrenAccounts": Example({"child_account_id": "all", "medium_output": True}, counted),
    "GetMoneyAmountToCharge": Example(
        {"charge_date": SOON.date()}, lambda a: a["result"]["amount"] > a["result"]["min_amount"] >= 0
    ),
    "ChargeAccount": Example(
        {"phone_id": "all"}, lambda a: a["result"]["charged_amount"] == 0 and a["result"]["phones"]
    ),
    "ChangeAccountPlan": Example({"plan_subscription_template_id": 2102}, lambda a: a["account_info"]["balance"] > 0),
    "GetAccountPlans": Example({"plan_type": ["IM"]}, only(plan_type="IM")),
    "GetAvailablePlans": Example({"plan_type": ["MAU"]}, only(plan_subscription_template_id=2202)),
    "GetAccountDocuments": Example(
        {"with_details": True}, lambda a: a["result"][0]["verifications"][0]["documents"][0]["uploaded"]
    ),
    "GetAccountVerifications": Example(lambda t: {"account_id": t.info("account_id")}, only(status="VERIFIED")),
    "TransferMoneyToChildAccount": Example(
        lambda t: {
            "child_account_id": t.first("GetChildrenAccounts", "account_id", child_account_id="all"),
            "amount": 1,
        },
        lambda a: a["result"] == 1 and a["balance"] > 0,
    ),
    "GetAccountInvoices": Example({}, counted),
    "DownloadInvoice": Example(lambda t: {"invoice_id": t.first("GetAccountInvoices", "invoice_id")}, file("%PDF-")),
    "GetRecordStorages": Example({}, only(record_storage_name="default")),
}
NUMBERS = {
    "GetPhoneNumberReports": Example(lambda t: t.ask("GetPhoneNumbersAsync") and {"is_completed": False}, counted),
    "AttachPhoneNumber": Example(
        lambda t: {**REGION, "phone_count": 2}, lambda a: a["result"] == 1 and len(a["phone_numbers"]) == 2
    ),
    "BindPhoneNumberToApplication": Example(lambda t: {"phone_number": [t.line], "application_id": t.app}, done),
    "DeactivatePhoneNumber": Example(lambda t: {"phone_id": [t.rented()]}, done),
    "SetPhoneNumberInfo": Example(
        lambda t: {"phone_number": [t.line], "incoming_sms_callback_url": "https://portal.example/sms"}, done
    ),
    "GetPhoneNumbers": Example({"order_by": "purchase_date", "country_code": ["US"]}, counted),
    "IsAccountPhoneNumber": Example(lambda t: {"phone_number": t.line}, lambda a: a["result"] is True),
    "GetPhoneNumbersAsync": Example({"with_header": True}, done),
    "GetNewPhoneNumbers": Example({**REGION, "count": 3, "phone_number_mask": "1628*"}, counted),
    "GetPhoneNumberCategories": Example({"country_code": ["US"]}, only(phone_prefix="1", can_list_phone_numbers=True)),
    "GetPhoneNumberCountryStates": Example(
        {"country_code": "US", "phone_category_name": "GEOGRAPHIC", "country_state": "NY"}, only(country_state="NY")
    ),
    "GetPhoneNumberRegions": Example({"country_code": "US", "phone_category_name": "GEOGRAPHIC"}, some),
    "GetActualPhoneNumberRegion": Example(REGION, lambda a: a["result"]["phone_region_name"] == "San Francisco"),
    "GetAccountPhoneNumberCountries": Example({}, lambda a: a["result"] == ["US"]),
    "LinkregulationAddress": Example(
        lambda t: {
            "regulation_address_id": t.first("GetRegulationsAddress", "regulation_address_id", verified=True),
            "phone_number": t.first("GetPhoneNumbers", "phone_number", phone_region_name=["Miami"]),
        },
        lambda a: a["result"] is True,
    ),
    "GetZIPCodes": Example({"country_code": "US", "phone_region_code": "628"}, counted),
    "GetRegulationsAddress": Example({"in_progress": True}, only(status="IN_PROGRESS", city="Miami")),
    "GetAvailableRegulations": Example(
        {"country_code": "US", "phone_category_name": "GEOGRAPHIC"},
        lambda a: a["result"] is True and a["available_address"] and a["count_in_progress"] == 1,
    ),
    "GetCountries": Example({"country_code": "US"}, only(country_code="US", country_name="United States")),
    "GetRegions": Example({"country_code": "US", "phone_category_name": "GEOGRAPHIC", "city_name": "mia"}, counted),
    "AddOutboundTestPhoneNumber": Example(lambda t: t.test_number(0) or {"phone_number": OUTSIDE}, done),
    "VerifyOutboundTestPhoneNumber": Example(lambda t: t.test_number(1), lambda a: a["daily_attempts_left"] == 4),
    "ActivateOutboundTestPhoneNumber": Example(lambda t: {**t.test_number(2), "verification_code": "1357"}, done),
    "DelOutboundTestPhoneNumber": Example(lambda t: t.test_number(1), done),
    "GetOutboundTestPhoneNumbers": Example(
        lambda t: t.test_number(1), only(phone_number=OUTSIDE, is_verified=False, country_code="US")
    ),
}
TEXTS_AND_CALLS = {
    "SendSmsMessage": Example(
        lambda t: {"source": t.line, "destination": OUTSIDE, "sms_body": "Bonjour é", "store_body": True},
        lambda a: a["result"] == 1 and a["message_id"] > 0 and a["fragments_count"] == 1,
    ),
    "A2PSendSms": Example(
        {"src_number": "LACHANCE", "dst_numbers": [OUTSIDE, "999"], "text": "Hello"},
        lambda a: a["result"][0]["destination_number"] == OUTSIDE and a["failed"][0]["error_code"] == 506,
    ),
    "ControlSms": Example(lambda t: {"phone_number": t.line, "command": "enable"}, done),
    "GetSmsHistory": Example({"direction": "IN", "count": 5, "from_date": LONG_AGO, "to_date": SOON}, texted),
    "A2PGetSmsHistory": Example({"delivery_status": 5, "count": 5}, texted),
    "GetCallHistory": Example(
        {"with_calls": True, "with_records": True, "with_other_resources": True, "desc_order": True, "count": 5},
        lambda a: counted(a) and a["timezone"] == "America/Toronto" and a["result"][0]["calls"],
    ),
    "GetCallHistoryAsync": Example({"with_calls": True, "output": "csv"}, numbered("history_report_id")),
    "GetBriefCallHistory": Example({"output": "csv"}, numbered("history_report_id")),
    "GetHistoryReports": Example(lambda t: {"history_report_id": t.report()}, only(history_type="calls", format="csv")),
    "DownloadHistoryReport": Example(
        lambda t: {"history_report_id": t.report()}, file("call_session_history_id,start_date,")
    ),
    "GetTransactionHistory": Example(
        {"transaction_type": ["resource_charge"], "desc_order": True, "with_extended_info": True},
        lambda a: counted(a) and a["result"][0]["amount"] < 0,
    ),
    "GetTransactionHistoryAsync": Example({"with_header": True}, numbered("history_report_id")),
    "DeleteRecord": Example(lambda t: {"record_id": t.recorded()}, done),
    "GetAuditLog": Example(
        lambda t: t.new_app() and {"filtered_cmd": ["AddApplication"]},
        lambda a: counted(a) and a["result"][0]["cmd_name"] == "AddApplication",
    ),
    "GetAuditLogAsync": Example({"output": "csv"}, numbered("history_report_id")),
}
SIP_AND_LISTS = {
    "CreateSipRegistration": Example(
        lambda t: {"sip_username": t.name("sip"), "proxy": "sip.carrier.example", "password": "s1p-word"},
        lambda a: a["sip_registration_id"] > 0 and a["account_info"]["currency"] == "USD",
    ),
    "UpdateSipRegistration": Example(lambda t: {"sip_registration_id": t.new_sip(), "proxy": "b.example"}, done),
    "BindSipRegistration": Example(lambda t: {"sip_registration_id": t.new_sip(), "application_id": t.app}, done),
    "DeleteSipRegistration": Example(lambda t: {"sip_registration_id": t.new_sip()}, done),
    "GetSipRegistrations": Example(
        {"sip_username": "trunk-lachance", "status_code": "200:299"}, only(successful=True, subscription_price="1")
    ),
    "DelCallerID": Example(lambda t: {"callerid_id": t.callerid()}, done),
    "GetCallerIDs": Example({"active": True}, only(active=True)),
    "AddAuthorizedAccountIP": Example({"authorized_ip": "198.51.100.0/24", "description": "office"}, done),
    "DelAuthorizedAccountIP": Example(lambda t: t.authorized(), done),
    "GetAuthorizedAccountIPs": Example(lambda t: t.authorized(), only(authorized_ip="198.51.100.7", allowed=True)),
    "CheckAuthorizedAccountIP": Example(
        lambda t: t.authorized(), lambda a: a == {"result": True, "authorized_ip": "198.51.100.7"}
    ),
    "AddPstnBlackListItem": Example({"pstn_blacklist_phone": "19295550112"}, numbered("pstn_blacklist_id")),
    "SetPstnBlackListItem": Example(
        lambda t: {"pstn_blacklist_id": t.black(), "pstn_blacklist_phone": "19295550113"}, done
    ),
    "DelPstnBlackListItem": Example(lambda t: {"pstn_blacklist_id": t.black()}, done),
    "GetPstnBlackList": Example({"count": 1}, counted),
    "AddSipWhiteListItem": Example({"sip_whitelist_network": "203.0.113.0/24"}, numbered("sip_whitelist_id")),
    "DelSipWhiteListItem": Example(lambda t: {"sip_whitelist_id": t.white()}, done),
    "SetSipWhiteListItem": Example(
        lambda t: {"sip_whitelist_id": t.white(), "sip_whitelist_network": "203.0.113.8/32"}, done
    ),
    "GetSipWhiteList": Example(lambda t: {"sip_whitelist_id": t.white()}, only(sip_whitelist_network="203.0.113.0/24")),
}
ROLES = {
    "CreateKey": Example(
        {"key_name": "bookkeeper", "role_name": ["Accountant"]},
        lambda a: "BEGIN PRIVATE KEY" in a["result"]["private_key"],
    ),
    "GetKeys": Example({"with_roles": True}, lambda a: a["result"][0]["roles"][0]["role_name"] == "Owner"),
    "UpdateKey": Example(lambda t: {"key_id": t.key, "description": "for reports"}, done),
    "DeleteKey": Example(lambda t: {"key_id": t.new_key()}, done),
    "SetKeyRoles": Example(lambda t: {"key_id": t.key, "role_name": ["Payer"]}, done),
    "GetKeyRoles": Example(
        lambda t: {"key_id": t.new_key(), "with_expanded_roles": True}, only(role_name="Accountant")
    ),
    "RemoveKeyRoles": Example(lambda t: {"key_id": t.key, "role_name": ["Payer"]}, done),
    "AddSubUser": Example(
        lambda t: {"new_subuser_name": t.name("person"), "new_subuser_password": PASSWORD},
        lambda a: a["result"]["subuser_id"] > 0,
    ),
    "GetSubUsers": Example({"with_roles": True}, some),
    "SetSubUserInfo": Example(
        lambda t: {
            "subuser_id": t.new_subuser(),
            "old_subuser_password": PASSWORD,
            "new_subuser_password": f"{PASSWORD}x",
        },
        done,
    ),
    "DelSubUser": Example(lambda t: {"subuser_id": t.new_subuser()}, done),
    "SetSubUserRoles": Example(lambda t: {"subuser_id": t.new_subuser(), "role_id": [1]}, done),
    "GetSubUserRoles": Example(lambda t: {"subuser_id": t.new_subuser()}, only(role_name="Payer")),
    "RemoveSubUserRoles": Example(
        lambda t: {"subuser_id": t.new_subuser(), "role_name": ["Payer"], "force": True}, done
    ),
    "GetRoles": Example({}, some),
    "GetRoleGroups": Example({}, some),
}
APPLICATIONS = {
    "AddApplication": Example(lambda t: {"application_name": t.name("app")}, numbered("application_id")),
    "DelApplication": Example(lambda t: {"application_id": [t.new_app()]}, done),
    "SetApplicationInfo": Example(
        lambda t: {"application_id": t.new_app(), "application_name": t.name("other"), "secure_record_storage": True},
        lambda a: a["application_name"].startswith("other-") and a["secure_record_storage"] is True,
    ),
    "GetApplications": Example({"with_rules": True}, counted),
    "AddUser": Example(
        lambda t: {
            "user_name": t.name("user"),
            "user_display_name": "A Person",
            "user_password": PASSWORD,
            "application_id": t.app,
        },
        numbered("user_id"),
    ),
    "DelUser": Example(lambda t: {"user_id": [t.new_user(t.app)]}, done),
    "SetUserInfo": Example(lambda t: {"user_id": t.new_user(t.app), "user_active": False}, done),
    "GetUsers": Example(lambda t: {"application_id": t.app, "order_by": "user_name"}, counted),
    "AddRule": Example(
        lambda t: {
            "rule_name": t.name("rule"),
            "rule_pattern": "1929.*",
            "application_id": t.app,
            "scenario_id": [3301],
        },
        numbered("rule_id"),
    ),
    "DelRule": Example(lambda t: (a := t.new_app()) and {"application_id": [a], "rule_id": [t.new_rule(a)]}, done),
    "SetRuleInfo": Example(lambda t: {"rule_id": t.new_rule(t.app), "rule_pattern": "1628.*"}, done),
    "GetRules": Example(lambda t: {"application_id": t.app, "with_scenarios": True}, counted),
    "ReorderRules": Example(lambda t: (a := t.new_app()) and {"rule_id": [t.new_rule(a), t.new_rule(a)]}, done),
}


EXAMPLES = {**ACCOUNT, **NUMBERS, **TEXTS_AND_CALLS, **SIP_AND_LISTS, **ROLES, **APPLICATIONS}
