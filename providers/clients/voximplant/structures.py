"""Voximplant's structures that have no record of their own, as data: each field with the kind of its value.

`name` is a text, `name:n` a whole number, `:m` money, `:b` a yes or no, `:d` a day, `:u` a moment in UTC, `:z` a moment
in the zone of the answer, `:Other` a structure and `:[Other]` a list of them. What a row has beside these stays in
`raw`; what it lacks is left out.
"""

from collections.abc import Callable
from datetime import UTC, tzinfo

from providers.clients.voximplant import values

STRUCTURES = {
    "AccountPlan": (
        "plan_subscription_template_id:n next_charge:d plan_type plan_name periodic_charge:m "
        "packages:[AccountPlanPackage]"
    ),
    "AccountPlanPackage": (
        "price_group_id:[n] package_name may_overrun:b overrun_price:m overrun_resources:n resource_left:n "
        "package_size:n orig_package_size:n"
    ),
    "Plan": "plan_subscription_template_id:n plan_type plan_name periodic_charge:m packages:[PlanPackage]",
    "PlanPackage": "price_group_id:[n] package_name may_overrun:b overrun_price:m overrun_resources:n package_size:n",
    "AccountDocuments": "account_id:n verifications:[AccountVerification]",
    "AccountVerification": (
        "verification_name verification_status unverified_hold_until:d documents:[AccountVerificationDocument]"
    ),
    "AccountVerificationDocument": "account_document_id:n is_individual:b comment uploaded:u account_document_status",
    "AccountVerifications": (
        "verification_id:n status status_scheme creation_type created comments "
        "credentials:AccountVerificationsCredentials default_end_user:[AccountVerificationsDefaultEndUser] "
        "agreements:[AccountVerificationsAgreements]"
    ),
    "AccountVerificationsCredentials": "individual legal_entity entrepreneur legal_status",
    "AccountVerificationsDefaultEndUser": "end_user_uuid credentials",
    "AccountVerificationsAgreements": (
        "agreement_id:n type status agreement_number agreement_date signing_type comments"
    ),
    "GetMoneyAmountToChargeResult": (
        "amount:m min_amount:m bank_card_amount_usd:m min_bank_card_amount_usd:m robokassa_amount_rub:m "
        "min_robokassa_amount_rub:m subscriptions:[SubscriptionsToCharge]"
    ),
    "SubscriptionsToCharge": (
        "subscription_amount:m subscription_type subscription_description subscription_auto_charge:b "
        "subscription_next_renewal:d"
    ),
    "ChargeAccountResult": "charged_amount:m phones:[ChargedPhone]",
    "ChargedPhone": "phone_id:n phone_number deactivated:b is_charged:b",
    "ClonedAccount": (
        "account_id:n account_name account_email active:b users:[ClonedUser] scenarios:[ClonedScenario] "
        "applications:[ClonedApplication] acd_queues:[ClonedACDQueue] acd_skills:[ClonedACDSkill] "
        "admin_roles:[ClonedAdminRole] admin_users:[ClonedAdminUser]"
    ),
    "ClonedUser": "user_id:n user_name",
    "ClonedScenario": "scenario_id:n scenario_name",
    "ClonedApplication": "application_id:n application_name users:[ClonedRule] rules:[ClonedRule]",
    "ClonedRule": "rule_id:n rule_name",
    "ClonedACDQueue": "acd_queue_id:n acd_queue_name",
    "ClonedACDSkill": "skill_id:n skill_name",
    "ClonedAdminRole": "admin_role_id:n admin_role_name",
    "ClonedAdminUser": "admin_user_id:n admin_user_name",
    "CommonReport": (
        "report_id:n type created:u format completed:u file_name file_size:n download_size:n download_count:n "
        "last_downloaded:u store_until:d filters calculated_data"
    ),
    "HistoryReport": (
        "history_report_id:n history_type created:u format completed:u file_name file_size:n download_size:n "
        "download_count:n last_downloaded:u store_until:d filters calculated_data"
    ),
    "PhoneNumberCountryInfo": (
        "country_code localized_country_name phone_prefix can_list_phone_numbers:b "
        "phone_categories:[PhoneNumberCountryCategoryInfo] emergency_calls_to_be_enabled:b"
    ),
    "PhoneNumberCountryCategoryInfo": (
        "phone_category_name country_has_states:b localized_country_name localized_phone_category_name "
        "localized_phone_region_name"
    ),
    "PhoneNumberCountryRegionInfo": (
        "phone_region_id:n phone_region_name phone_region_code phone_count:n verification_status "
        "required_verification phone_period is_need_regulation_address:b regulation_address_type is_sms_supported:b "
        "multiple_numbers_price:[MultipleNumbersPrice] localized_country_name localized_phone_category_name "
        "localized_phone_region_name phone_installation_tax_reserve:m phone_tax_reserve:m local_price:m "
        "local_installation_price:m local_currency account_price:m account_installation_price:m account_currency"
    ),
    "MultipleNumbersPrice": (
        "count:n installation_tax_reserve:m tax_reserve:m local_price:m local_installation_price:m local_currency "
        "account_price:m account_installation_price:m account_currency"
    ),
    "AuditLogInfo": "audit_log_id:n subuser_id:n subuser_name account_id:n requested:z ip cmd_name cmd_args cmd_result",
    "CallerIDInfo": (
        "callerid_id:n callerid_number active:b code_entering_attempts_left:n verification_call_attempts_left:n "
        "verified_until:d"
    ),
    "AuthorizedAccountIP": "authorized_ip allowed:b created:u description",
    "PstnBlackListInfo": "pstn_blacklist_id:n pstn_blacklist_phone",
    "SipWhiteListInfo": "sip_whitelist_id:n sip_whitelist_network description",
    "KeyView": "key_id roles:[RoleView] description subuser:[SubUserView] key_name",
    "RoleView": "role_name role_id:n inherited:b child_ids:[n] parent_role_id:[n] gui_only:b",
    "SubUserView": "subuser_id:n subuser_name description roles:[RoleView]",
    "RoleGroupView": "id:n name",
    "ApplicationInfo": "application_id:n application_name modified:u secure_record_storage:b",
    "UserInfo": (
        "user_id:n user_name user_display_name user_active:b parent_accounting:b live_balance:m balance:m "
        "fixed_balance:m user_custom_data applications:[ApplicationInfo] skills:[SkillInfo] "
        "acd_queues:[ACDQueueOperatorInfo] acd_status acd_status_change_time:u created:u modified:u"
    ),
    "SkillInfo": "skill_id:n skill_name",
    "ACDQueueOperatorInfo": "acd_queue_id:n acd_queue_name auto_link:b",
    "RuleInfo": (
        "rule_id:n application_id:n rule_name rule_pattern rule_pattern_exclude video_conference:b "
        "scenarios:[ScenarioInfo] modified:u"
    ),
    "ScenarioInfo": "scenario_id:n scenario_name scenario_script modified:u parent:b",
    "ZipCode": "city zip_code",
    "RegulationAddress": (
        "regulation_address_id:n external_id country_code phone_category_name salutation company first_name last_name "
        "owner_country_code city zip_code street builder_number builder_latter status reject_message"
    ),
    "RegulationCountry": "country_code country_name",
    "RegulationRegionRecord": (
        "phone_region_id:n phone_region_name phone_region_code is_need_regulation_address:b regulation_address_type"
    ),
    "OutboundTestPhonenumberInfo": "phone_number is_verified:b country_code",
    "RecordStorageInfo": "record_storage_id:n record_storage_name",
    "ShortAccountInfo": "account_id:n frozen:b balance:m currency",
}

_SINGLE: dict[str, Callable] = {
    "": values.text,
    "n": values.whole,
    "m": values.money,
    "b": lambda row, key: values.flag(row, key, None),
    "d": values.day,
    "u": values.moment,
}
_PLAIN = {"text": values.text, "n": values.whole}


def read(structure: str, row: dict, zone: tzinfo = UTC, known: dict[str, str] = STRUCTURES) -> dict:
    """The fields of `row` that the structure has, as Python values. Raises `Unreadable` for a value of another kind."""
    found = {}
    for field in known[structure].split():
        name, _, kind = field.partition(":")
        if row.get(name) is not None:
            found[name] = _value(row, name, kind, zone, known)
    return found


def _value(row: dict, name: str, kind: str, zone: tzinfo, known: dict[str, str]):
    if kind in _SINGLE:
        return _SINGLE[kind](row, name)
    if kind == "z":
        return values.moment(row, name, zone)
    if kind.startswith("["):
        return _several(row, name, kind.strip("[]"), zone, known)
    if not isinstance(row[name], dict):
        raise values.unreadable(name, "a structure")
    return read(kind, row[name], zone, known)


def _several(row: dict, name: str, kind: str, zone: tzinfo, known: dict[str, str]) -> list:
    if kind not in _PLAIN:
        return [read(kind, item, zone, known) for item in values.inner(row, name)]
    if not isinstance(row[name], list):
        raise values.unreadable(name, "a list")
    return [_PLAIN[kind]({name: item}, name) for item in row[name]]
