"""Every call of Voximplant: how the client is asked for it, what must be sent, and an answer of the reference's shape.

`CALLS` maps a call to (ask, fields that must be sent and no others, answer). Numbers and names are composed.
"""

from datetime import UTC, date, datetime
from decimal import Decimal

from providers.clients.records import ResourceRecord
from providers.clients.voximplant.children import NewChild
from providers.clients.voximplant.sip import SipAccess
from tests.providers.clients.voximplant_made import ACCOUNT, API_KEY, PEM, PHONE, listing

OURS, THEIRS = "+16285550134", "+19295550177"
SINCE, UNTIL = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 7, 3, 12, 30, tzinfo=UTC)
WHEN = {"from_date": "2026-07-01 00:00:00", "to_date": "2026-07-03 12:30:00"}
FIRST = {"count": "1000", "offset": "0"}
PLACE = ResourceRecord(
    kind="numbers region", external_id="3612", name="San Francisco", fields={"is_sms_supported": True}
)
PASSWORD = "Canary-Pa55word!"
CHILD = NewChild(name="lachance-est", email="est@lachance.example", password=PASSWORD, reference="portal-7")
DONE = {"result": 1}
PACKAGE = {
    "price_group_id": [7711],
    "may_overrun": True,
    "overrun_price": 5,
    "overrun_resources": 10,
    "package_size": 99,
}
PLAN = {"plan_subscription_template_id": 2101, "plan_type": "IM", "plan_name": "IM basic", "periodic_charge": 20.5}
ROLE = {"role_name": "Accountant", "role_id": 5, "inherited": False, "child_ids": [6], "gui_only": False}
REGION = {"phone_region_id": 3612, "phone_region_name": "San Francisco", "phone_region_code": "628", "phone_count": 4}
ADDRESS = {"regulation_address_id": 14, "country_code": "US", "street": "Rue X", "city": "Laval", "status": "VERIFIED"}
REPORT = {"history_report_id": 40071, "history_type": "calls", "created": "2026-07-02 09:12:45", "file_name": "c.csv"}
SMS = {
    "message_id": 901,
    "source_number": "16285550134",
    "destination_number": "19295550177",
    "direction": "OUT",
    "fragments": 1,
    "cost": 0.0079,
    "status_id": "1",
    "processed_date": "2026-07-02 11:40:07",
    "text": "Hello",
}
A2P = {
    "message_id": 902,
    "source_number": "LACHANCE",
    "destination_number": "19295550177",
    "fragments": 1,
    "cost": 0.0079,
    "status_id": "1",
    "processing_date": "2026-07-02",
    "transaction_id": 6,
    "delivery_status": "DELIVERED",
    "text": "Hello",
}
SESSION = {
    "call_session_history_id": 3104,
    "account_id": 4400901,
    "start_date": "2026-07-02 08:00:02",
    "duration": 74,
    "finish_reason": "Normal termination",
    "calls": [
        {
            "call_id": 440,
            "start_time": "2026-07-02 08:00:03",
            "duration": 74,
            "local_number": "16285550134",
            "remote_number": "19295550177",
            "remote_number_type": "pstn",
            "incoming": True,
            "successful": True,
            "transaction_id": 6,
            "record_url": "https://storage.example/9.mp3",
            "cost": 0.0079,
            "end_reason": "200 OK",
        }
    ],
    "records": [
        {
            "record_id": 9,
            "start_time": "2026-07-02 08:00:03",
            "duration": 70,
            "record_url": "https://storage.example/9.mp3",
            "transcription_status": "Not required",
        }
    ],
}
TRANSACTION = {
    "transaction_id": 66,
    "account_id": 4400901,
    "performed_at": "2026-07-02 08:01:20",
    "amount": -0.0231,
    "currency": "USD",
    "transaction_type": "resource_charge",
    "transaction_description": "PSTN call",
}
MONEY = {"tax_amount": 1.9, "total_amount": 26.4, "amount_to_pay": 26.4, "discount_amount": 0, "currency": "USD"}
INVOICE = {
    "invoice_id": 8812,
    "invoice_number": "INV-2026-0188",
    "invoice_date": "2026-07-01",
    "status": "PAID",
    "period": {"from": "2026-06-01", "to": "2026-06-30"},
    "amount": MONEY,
}
PRICES = {
    "resource_type": "PSTNOUT",
    "price_groups": [
        {
            "price_group_name": "Canada",
            "price_group_id": 77,
            "price": 0.012,
            "num_resources_per_price": 30,
            "quantum": 1,
        }
    ],
}
SUBSCRIPTION = {
    "subscription_template_id": 1894,
    "currency": "USD",
    "price": 1,
    "price_in_currency": 1.25,
    "period": "0-1-0 0:0:0",
    "subscription_template_type": "PHONE_NUM",
    "subscription_template_name": "Phone US",
}
REGISTRATION = {
    "sip_registration_id": 1407,
    "sip_username": "trunk1",
    "proxy": "sip.carrier.example",
    "successful": True,
    "status_code": 200,
    "deactivated": False,
    "subscription_price": "1.0",
    "next_subscription_renewal": "2026-12-14",
}
ZONED = {"timezone": "Etc/GMT"}
HISTORY = {"desc_order": "false", "with_total_count": "true", **FIRST, **WHEN}
ORDER = {**WHEN, "with_header": "true", "output": "csv"}
NEW_CHILD = {
    "account_name": "lachance-est",
    "account_email": "est@lachance.example",
    "account_password": PASSWORD,
    "account_custom_data": "portal-7",
}
PARENT = {"parent_account_id": "4400901", "parent_account_api_key": API_KEY}

CALLS = {
    # --- the document
    "AddAccount": (
        lambda c: c.add_subaccount(CHILD),
        {**PARENT, **NEW_CHILD, "active": "true"},
        {"result": 1, "account_id": 4400987, "api_key": "c1d7e0aa-5f3b", "active": True},
    ),
    "CloneAccount": (
        lambda c: c.clone_subaccount("4400987", CHILD),
        {
            "account_id": "4400987",
            "parent_account_api_key": API_KEY,
            "new_account_name": "lachance-est",
            "new_account_email": "est@lachance.example",
            "new_account_password": PASSWORD,
            "account_custom_data": "portal-7",
        },
        {
            "result": {
                "account_id": 4400988,
                "account_name": "lachance-est",
                "api_key": "k",
                "users": [],
                "active": True,
            }
        },
    ),
    "GetAccountInfo": (lambda c: c.balance(), {"return_live_balance": "true"}, {"result": ACCOUNT}),
    "SetAccountInfo": (
        lambda c: c.set_webhook("https://portal.example/vox", "s4lt"),
        {"callback_url": "https://portal.example/vox", "callback_salt": "s4lt", "store_inbound_sms": "true"},
        DONE,
    ),
    "SetChildAccountInfo": (
        lambda c: c.update_subaccount("4400987", {"status": "disabled", "low_balance": Decimal("7.50")}),
        {"child_account_id": "4400987", "active": "false", "min_balance_to_notify": "7.50"},
        DONE,
    ),
    "GetCurrencyRate": (
        lambda c: c.currency_rates(["EUR", "RUR"], date(2026, 7, 1)),
        {"currency": "EUR;RUR", "date": "2026-07-01"},
        {"result": {"EUR": 0.9137, "RUR": 88.4013}},
    ),
    "GetResourcePrice": (
        lambda c: c.resource_prices(["PSTNOUT"], parameters=["19295550177"]),
        {"resource_type": "PSTNOUT", "resource_param": "19295550177"},
        {"result": [PRICES]},
    ),
    "GetSubscriptionPrice": (
        lambda c: c.subscription_prices(kind="PHONE_NUM"),
        {"subscription_template_type": "PHONE_NUM", **FIRST},
        {"result": [SUBSCRIPTION]},
    ),
    "GetChildrenAccounts": (
        lambda c: c.subaccounts(),
        {"child_account_id": "all", "order_by": "child_account_id", **FIRST},
        listing(ACCOUNT),
    ),
    "GetMoneyAmountToCharge": (
        lambda c: c.money_due("USD", date(2026, 8, 1)),
        {"currency": "USD", "charge_date": "2026-08-01"},
        {"result": {"amount": 24.5, "min_amount": 0, "subscriptions": [{"subscription_amount": 1.25}]}},
    ),
    "ChargeAccount": (
        lambda c: c.renew_numbers(["7301", "7302"]),
        {"phone_id": "7301;7302"},
        {"result": {"charged_amount": 1.25, "phones": [{"phone_id": 7301, "is_charged": True}]}},
    ),
    "ChangeAccountPlan": (
        lambda c: c.change_plan("IM", "2102"),
        {"plan_type": "IM", "plan_subscription_template_id": "2102"},
        {"result": 1, "account_info": {"account_id": 4400901, "frozen": False, "balance": 21.5, "currency": "USD"}},
    ),
    "GetAccountPlans": (
        lambda c: c.plans(["IM"]),
        {"plan_type": "IM"},
        {"result": [PLAN | {"next_charge": "2026-08-01", "packages": [PACKAGE]}]},
    ),
    "GetAvailablePlans": (lambda c: c.available_plans(), {}, {"result": [PLAN | {"packages": [PACKAGE]}]}),
    "GetAccountDocuments": (
        lambda c: c.documents(with_details=True, statuses=["VERIFIED", "REQUIRED"]),
        {"with_details": "true", "verification_status": "VERIFIED;REQUIRED"},
        {"result": [{"account_id": 4400901, "verifications": [{"verification_name": "US"}]}]},
    ),
    # --- accounts, numbers
    "GetAccountVerifications": (
        lambda c: c.verifications(),
        {"account_id": "4400901"},
        {"result": [{"verification_id": 55, "status": "VERIFIED", "credentials": {"legal_status": "LEGAL_ENTITY"}}]},
    ),
    "GetPhoneNumberReports": (
        lambda c: c.numbers_reports(types=["phone_numbers"], since=SINCE),
        {"report_type": "phone_numbers", "created_from": WHEN["from_date"], **FIRST},
        listing({"report_id": 512, "type": "phone_numbers", "created": "2026-07-02 09:12:45"}),
    ),
    "AttachPhoneNumber": (
        lambda c: c.activate_number(OURS),
        {"phone_number": "16285550134"},
        {"result": 1, "phone_numbers": [{"phone_id": 7301, "phone_number": "16285550134"}]},
    ),
    "BindPhoneNumberToApplication": (
        lambda c: c.route_numbers(["7301"], "20551", "88120"),
        {"phone_id": "7301", "application_id": "20551", "rule_id": "88120", "bind": "true"},
        DONE,
    ),
    "DeactivatePhoneNumber": (lambda c: c.release_number("7301"), {"phone_id": "7301"}, DONE),
    "SetPhoneNumberInfo": (
        lambda c: c.update_number("7301", {"sms_webhook": "https://portal.example/vox"}),
        {"phone_id": "7301", "incoming_sms_callback_url": "https://portal.example/vox"},
        DONE,
    ),
    "GetPhoneNumbers": (lambda c: c.numbers(area_code="628"), {"phone_template": "1628", **FIRST}, listing(PHONE)),
    "IsAccountPhoneNumber": (lambda c: c.owns_number(OURS), {"phone_number": "16285550134"}, {"result": True}),
    "GetPhoneNumbersAsync": (lambda c: c.order_numbers_report(), {"with_header": "true"}, DONE),
    "GetNewPhoneNumbers": (
        lambda c: c.numbers_in(PLACE, "US", "GEOGRAPHIC", pattern="1628555*", limit=10),
        {
            "country_code": "US",
            "phone_category_name": "GEOGRAPHIC",
            "phone_region_id": "3612",
            "phone_number_mask": "1628555*",
            "count": "10",
        },
        listing({"phone_id": 0, "phone_number": "16285550199", "phone_price": 1.25, "phone_period": "0-1-0 0:0:0"}),
    ),
    "GetPhoneNumberCategories": (
        lambda c: c.number_categories("US"),
        {"country_code": "US"},
        {"result": [{"country_code": "US", "phone_categories": [{"phone_category_name": "GEOGRAPHIC"}]}]},
    ),
    "GetPhoneNumberCountryStates": (
        lambda c: c.number_states("US"),
        {"country_code": "US", "phone_category_name": "GEOGRAPHIC"},
        {"result": [{"country_state": "CA", "country_state_name": "California"}]},
    ),
    "GetPhoneNumberRegions": (
        lambda c: c.number_regions("US", code="628", in_stock=True),
        {"country_code": "US", "phone_category_name": "GEOGRAPHIC", "phone_region_code": "628", "omit_empty": "true"},
        {"result": [REGION]},
    ),
    "GetActualPhoneNumberRegion": (
        lambda c: c.number_region("US", "3612"),
        {"country_code": "US", "phone_category_name": "GEOGRAPHIC", "phone_region_id": "3612"},
        {"result": REGION},
    ),
    "GetAccountPhoneNumberCountries": (lambda c: c.number_countries(), {}, {"result": ["US", "CA"]}),
    # --- texts
    "SendSmsMessage": (
        lambda c: c.send_message(OURS, THEIRS, "Bonjour, ça va?"),
        {"source": "16285550134", "destination": "19295550177", "sms_body": "Bonjour, ça va?", "store_body": "true"},
        {"result": 1, "message_id": 901, "fragments_count": 1},
    ),
    "A2PSendSms": (
        lambda c: c.send_message("LACHANCE", THEIRS, "Bonjour"),
        {"src_number": "LACHANCE", "dst_numbers": "19295550177", "text": "Bonjour", "store_body": "true"},
        {"result": [{"message_id": 902, "destination_number": "19295550177"}], "failed": [], "fragments_count": 1},
    ),
    "ControlSms": (
        lambda c: c.switch_sms(OURS, False),
        {"phone_number": "16285550134", "command": "disable"},
        DONE,
    ),
    "GetSmsHistory": (
        lambda c: c.two_way_messages(SINCE, UNTIL, "outbound", source=OURS),
        {**WHEN, **FIRST, "direction": "OUT", "source_number": "16285550134"},
        {"result": [SMS], "total_count": 1},
    ),
    "A2PGetSmsHistory": (
        lambda c: c.one_way_messages(SINCE, UNTIL, source="LACHANCE"),
        {**WHEN, **FIRST, "source_number": "LACHANCE"},
        {"result": [A2P], "total_count": 1},
    ),
    # --- history
    "GetCallHistory": (
        lambda c: c.sessions(SINCE, UNTIL),
        {**HISTORY, "count": "200", "with_calls": "true", "with_records": "true"},
        listing(SESSION, **ZONED),
    ),
    "GetCallHistoryAsync": (
        lambda c: c.order_calls_report(SINCE, UNTIL, with_calls=True),
        {**ORDER, "with_calls": "true"},
        {"result": 1, "history_report_id": 40071},
    ),
    "GetBriefCallHistory": (
        lambda c: c.order_brief_calls_report(SINCE, UNTIL),
        ORDER,
        {"result": 1, "history_report_id": 40071},
    ),
    "GetHistoryReports": (
        lambda c: c.history_reports(types=["calls", "audit"], completed=True),
        {"history_type": "calls;audit", "is_completed": "true", **FIRST},
        listing(REPORT),
    ),
    "DownloadHistoryReport": (lambda c: c.report_file("40071"), {"history_report_id": "40071"}, None),
    "GetTransactionHistory": (
        lambda c: c.ledger(date(2026, 7, 1), date(2026, 7, 3)),
        {**HISTORY, "to_date": "2026-07-03 23:59:59"},
        listing(TRANSACTION, **ZONED),
    ),
    "GetTransactionHistoryAsync": (
        lambda c: c.order_ledger_report(SINCE, UNTIL),
        ORDER,
        {"result": 1, "history_report_id": 40071},
    ),
    "DeleteRecord": (lambda c: c.delete_recording("9"), {"record_id": "9"}, DONE),
    "GetAuditLog": (
        lambda c: c.audit_log(SINCE, UNTIL),
        HISTORY,
        listing({"audit_log_id": 71, "requested": "2026-07-02 07:59:00", "cmd_name": "SetAccountInfo"}, **ZONED),
    ),
    "GetAuditLogAsync": (
        lambda c: c.order_audit_report(SINCE, UNTIL),
        ORDER,
        {"result": 1, "history_report_id": 40071},
    ),
    "GetAccountInvoices": (lambda c: c.invoices(), {"count": "100", "offset": "0"}, listing(INVOICE)),
    "DownloadInvoice": (lambda c: c.invoice_file("8812"), {"invoice_id": "8812"}, None),
    # --- sip
    "CreateSipRegistration": (
        lambda c: c.create_registration(SipAccess(user="trunk1", proxy="sip.carrier.example", password=PASSWORD)),
        {"sip_username": "trunk1", "proxy": "sip.carrier.example", "password": PASSWORD, "is_persistent": "true"},
        {"result": 1, "sip_registration_id": 1407},
    ),
    "UpdateSipRegistration": (
        lambda c: c.update_registration("1407", SipAccess(proxy="sip2.carrier.example")),
        {"sip_registration_id": "1407", "proxy": "sip2.carrier.example"},
        DONE,
    ),
    "BindSipRegistration": (
        lambda c: c.route_registration("1407", application_id="20551", bind=False),
        {"sip_registration_id": "1407", "application_id": "20551", "bind": "false"},
        DONE,
    ),
    "DeleteSipRegistration": (lambda c: c.delete_registration("1407"), {"sip_registration_id": "1407"}, DONE),
    "GetSipRegistrations": (lambda c: c.registrations(), FIRST, {"result": [REGISTRATION], "count": 1}),
    "AddSipWhiteListItem": (
        lambda c: c.add_sip_network("198.51.100.0/24", "office"),
        {"sip_whitelist_network": "198.51.100.0/24", "description": "office"},
        {"result": 1, "sip_whitelist_id": 77},
    ),
    "DelSipWhiteListItem": (lambda c: c.remove_sip_network("77"), {"sip_whitelist_id": "77"}, DONE),
    "SetSipWhiteListItem": (
        lambda c: c.update_sip_network("77", "198.51.100.0/25"),
        {"sip_whitelist_id": "77", "sip_whitelist_network": "198.51.100.0/25"},
        DONE,
    ),
    "GetSipWhiteList": (
        lambda c: c.sip_networks(),
        FIRST,
        listing({"sip_whitelist_id": 77, "sip_whitelist_network": "198.51.100.0/24"}),
    ),
    # --- access
    "DelCallerID": (lambda c: c.delete_caller_id("6604"), {"callerid_id": "6604"}, DONE),
    "GetCallerIDs": (
        lambda c: c.caller_ids(active=True),
        {"active": "true", **FIRST},
        listing({"callerid_id": 6604, "callerid_number": "4940555014", "verified_until": "2026-08-14"}),
    ),
    "AddAuthorizedAccountIP": (
        lambda c: c.add_interface_address("198.51.100.7"),
        {"authorized_ip": "198.51.100.7", "allowed": "true"},
        DONE,
    ),
    "DelAuthorizedAccountIP": (
        lambda c: c.remove_interface_address("198.51.100.7"),
        {"authorized_ip": "198.51.100.7"},
        DONE,
    ),
    "GetAuthorizedAccountIPs": (
        lambda c: c.interface_addresses(),
        FIRST,
        listing({"authorized_ip": "198.51.100.0/24", "allowed": True, "created": "2026-01-14 09:12:45"}),
    ),
    "CheckAuthorizedAccountIP": (
        lambda c: c.may_use_interface("198.51.100.7"),
        {"authorized_ip": "198.51.100.7"},
        {"result": False, "authorized_ip": "198.51.100.7"},
    ),
    "AddPstnBlackListItem": (
        lambda c: c.block_telephone(THEIRS),
        {"pstn_blacklist_phone": "19295550177"},
        {"result": 1, "pstn_blacklist_id": 31},
    ),
    "SetPstnBlackListItem": (
        lambda c: c.change_blocked_telephone("31", THEIRS),
        {"pstn_blacklist_id": "31", "pstn_blacklist_phone": "19295550177"},
        DONE,
    ),
    "DelPstnBlackListItem": (lambda c: c.unblock_telephone("31"), {"pstn_blacklist_id": "31"}, DONE),
    "GetPstnBlackList": (
        lambda c: c.blocked_telephones(THEIRS),
        {"pstn_blacklist_phone": "19295550177", **FIRST},
        listing({"pstn_blacklist_id": 31, "pstn_blacklist_phone": "19295550177"}),
    ),
    "AddOutboundTestPhoneNumber": (lambda c: c.add_test_number(OURS), {"phone_number": "16285550134"}, DONE),
    "VerifyOutboundTestPhoneNumber": (lambda c: c.call_test_number(), {}, {"daily_attempts_left": 4}),
    "ActivateOutboundTestPhoneNumber": (lambda c: c.verify_test_number(" 4711 "), {"verification_code": "4711"}, DONE),
    "DelOutboundTestPhoneNumber": (lambda c: c.delete_test_number(), {}, DONE),
    "GetOutboundTestPhoneNumbers": (
        lambda c: c.test_numbers(),
        {},
        {"result": [{"phone_number": "16285550134", "is_verified": True, "country_code": "US"}]},
    ),
    # --- roles
    "CreateKey": (
        lambda c: c.create_key(["Accountant", "Payer"], name="portal"),
        {"role_name": "Accountant;Payer", "key_name": "portal"},
        {"result": {"account_email": "x@y.example", "account_id": 4400901, "key_id": "0f2d", "private_key": PEM}},
    ),
    "GetKeys": (
        lambda c: c.keys(),
        {"with_roles": "true", **FIRST},
        {"result": [{"key_id": "0f2d", "key_name": "portal", "roles": [ROLE]}]},
    ),
    "UpdateKey": (
        lambda c: c.update_key("0f2d", "of the portal"),
        {"key_id": "0f2d", "description": "of the portal"},
        DONE,
    ),
    "DeleteKey": (lambda c: c.delete_key("0f2d"), {"key_id": "0f2d"}, DONE),
    "SetKeyRoles": (
        lambda c: c.set_key_roles("0f2d", ["Payer"]),
        {"key_id": "0f2d", "role_name": "Payer"},
        DONE,
    ),
    "GetKeyRoles": (
        lambda c: c.key_roles("0f2d", expanded=True),
        {"key_id": "0f2d", "with_expanded_roles": "true"},
        {"result": [ROLE]},
    ),
    "RemoveKeyRoles": (
        lambda c: c.remove_key_roles("0f2d", ["Payer"]),
        {"key_id": "0f2d", "role_name": "Payer"},
        DONE,
    ),
    "AddSubUser": (
        lambda c: c.add_login("bureau", PASSWORD, ["Payer"]),
        {"new_subuser_name": "bureau", "new_subuser_password": PASSWORD, "role_name": "Payer"},
        {"result": {"subuser_id": 318}},
    ),
    "GetSubUsers": (
        lambda c: c.logins(),
        {"with_roles": "true", **FIRST},
        {"result": [{"subuser_id": 318, "subuser_name": "bureau", "roles": [ROLE]}]},
    ),
    "SetSubUserInfo": (
        lambda c: c.update_login("318", old_password=PASSWORD, new_password=PASSWORD + "2"),
        {"subuser_id": "318", "old_subuser_password": PASSWORD, "new_subuser_password": PASSWORD + "2"},
        DONE,
    ),
    "DelSubUser": (lambda c: c.delete_login("318"), {"subuser_id": "318"}, DONE),
    "SetSubUserRoles": (
        lambda c: c.set_login_roles("318", ["Payer"]),
        {"subuser_id": "318", "role_name": "Payer"},
        DONE,
    ),
    "GetSubUserRoles": (
        lambda c: c.login_roles("318"),
        {"subuser_id": "318", "with_expanded_roles": "false"},
        {"result": [ROLE]},
    ),
    "RemoveSubUserRoles": (
        lambda c: c.remove_login_roles("318", ["Payer"], force=True),
        {"subuser_id": "318", "role_name": "Payer", "force": "true"},
        DONE,
    ),
    "GetRoles": (lambda c: c.roles(), {}, {"result": [ROLE]}),
    "GetRoleGroups": (lambda c: c.role_groups(), {}, {"result": [{"id": 1, "name": "Money"}]}),
    # --- applications
    "AddApplication": (
        lambda c: c.add_application("reception"),
        {"application_name": "reception"},
        {"result": 1, "application_id": 20551, "application_name": "reception.lachance.n2.example"},
    ),
    "DelApplication": (lambda c: c.delete_application("20551"), {"application_id": "20551"}, DONE),
    "SetApplicationInfo": (
        lambda c: c.update_application("20551", name="bureau"),
        {"application_id": "20551", "application_name": "bureau"},
        DONE,
    ),
    "GetApplications": (
        lambda c: c.applications(),
        {"with_rules": "false", **FIRST},
        listing({"application_id": 20551, "application_name": "reception", "modified": "2026-02-14 10:02:31"}),
    ),
    "AddUser": (
        lambda c: c.add_user("20551", "agent1", "Agent One", PASSWORD),
        {
            "application_id": "20551",
            "user_name": "agent1",
            "user_display_name": "Agent One",
            "user_password": PASSWORD,
            "parent_accounting": "true",
            "user_active": "true",
        },
        {"result": 1, "user_id": 5561},
    ),
    "DelUser": (lambda c: c.delete_user("5561"), {"user_id": "5561"}, DONE),
    "SetUserInfo": (
        lambda c: c.update_user("5561", active=False),
        {"user_id": "5561", "user_active": "false"},
        DONE,
    ),
    "GetUsers": (
        lambda c: c.users("20551"),
        {"application_id": "20551", **FIRST},
        listing({"user_id": 5561, "user_name": "agent1", "balance": 1.5, "created": "2026-01-14 09:12:45"}),
    ),
    "AddRule": (
        lambda c: c.add_rule("20551", "inbound", ".*", ["3301"]),
        {"application_id": "20551", "rule_name": "inbound", "rule_pattern": ".*", "scenario_id": "3301"},
        {"result": 1, "rule_id": 88120},
    ),
    "DelRule": (
        lambda c: c.delete_rule("88120", "20551"),
        {"rule_id": "88120", "application_id": "20551"},
        DONE,
    ),
    "SetRuleInfo": (
        lambda c: c.update_rule("88120", pattern="1628.*"),
        {"rule_id": "88120", "rule_pattern": "1628.*"},
        DONE,
    ),
    "GetRules": (
        lambda c: c.rules("20551"),
        {"application_id": "20551", "with_scenarios": "false", **FIRST},
        listing({"rule_id": 88120, "rule_name": "inbound", "scenarios": [{"scenario_id": 3301}]}),
    ),
    "ReorderRules": (lambda c: c.reorder_rules(["2", "1"]), {"rule_id": "2;1"}, DONE),
    "GetRecordStorages": (
        lambda c: c.record_storages(),
        {},
        {"result": {"record_storage_id": 1, "record_storage_name": "default"}},
    ),
    # --- regulation
    "LinkregulationAddress": (
        lambda c: c.link_regulation_address("14", "7301"),
        {"regulation_address_id": "14", "phone_id": "7301"},
        {"result": True},
    ),
    "GetZIPCodes": (
        lambda c: c.postal_codes("CA"),
        {"country_code": "CA", **FIRST},
        {"result": [{"city": "Laval", "zip_code": "H7A"}], "count": 1},
    ),
    "GetRegulationsAddress": (
        lambda c: c.regulation_addresses("US", verified=True),
        {"country_code": "US", "verified": "true"},
        {"result": [ADDRESS], "count": 1},
    ),
    "GetAvailableRegulations": (
        lambda c: c.available_regulations("US"),
        {"country_code": "US", "phone_category_name": "GEOGRAPHIC"},
        {"result": True, "available_address": [ADDRESS], "count_in_progress": 0},
    ),
    "GetCountries": (
        lambda c: c.regulation_countries(),
        {},
        {"result": [{"country_code": "DE", "country_name": "Germany"}], "count": 1},
    ),
    "GetRegions": (
        lambda c: c.regulation_regions("DE"),
        {"country_code": "DE", "phone_category_name": "GEOGRAPHIC", **FIRST},
        {"result": [REGION], "count": 1},
    ),
}
