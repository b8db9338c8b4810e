"""The names of Voximplant's calls: the account section that its document has, and the sections beside it."""

DOCUMENT = (
    "AddAccount",
    "CloneAccount",
    "GetAccountInfo",
    "SetAccountInfo",
    "SetChildAccountInfo",
    "GetCurrencyRate",
    "GetResourcePrice",
    "GetSubscriptionPrice",
    "GetChildrenAccounts",
    "GetMoneyAmountToCharge",
    "ChargeAccount",
    "ChangeAccountPlan",
    "GetAccountPlans",
    "GetAvailablePlans",
    "GetAccountDocuments",
)

_SECTIONS = {
    "accounts": "GetAccountVerifications",
    "numbers": (
        "GetPhoneNumberReports AttachPhoneNumber BindPhoneNumberToApplication DeactivatePhoneNumber SetPhoneNumberInfo "
        "GetPhoneNumbers IsAccountPhoneNumber GetPhoneNumbersAsync GetNewPhoneNumbers GetPhoneNumberCategories "
        "GetPhoneNumberCountryStates GetPhoneNumberRegions GetActualPhoneNumberRegion GetAccountPhoneNumberCountries"
    ),
    "texts": "SendSmsMessage A2PSendSms ControlSms GetSmsHistory A2PGetSmsHistory",
    "history": (
        "GetCallHistory GetCallHistoryAsync GetBriefCallHistory GetHistoryReports DownloadHistoryReport "
        "GetTransactionHistory GetTransactionHistoryAsync DeleteRecord GetAuditLog GetAuditLogAsync"
    ),
    "invoices": "GetAccountInvoices DownloadInvoice",
    "sip": (
        "CreateSipRegistration UpdateSipRegistration BindSipRegistration DeleteSipRegistration GetSipRegistrations "
        "AddSipWhiteListItem DelSipWhiteListItem SetSipWhiteListItem GetSipWhiteList"
    ),
    "caller ids": "DelCallerID GetCallerIDs",
    "addresses": "AddAuthorizedAccountIP DelAuthorizedAccountIP GetAuthorizedAccountIPs CheckAuthorizedAccountIP",
    "black list": "AddPstnBlackListItem SetPstnBlackListItem DelPstnBlackListItem GetPstnBlackList",
    "roles": (
        "CreateKey GetKeys UpdateKey DeleteKey SetKeyRoles GetKeyRoles RemoveKeyRoles AddSubUser GetSubUsers "
        "SetSubUserInfo DelSubUser SetSubUserRoles GetSubUserRoles RemoveSubUserRoles GetRoles GetRoleGroups"
    ),
    "applications": (
        "AddApplication DelApplication SetApplicationInfo GetApplications AddUser DelUser SetUserInfo GetUsers "
        "AddRule DelRule SetRuleInfo GetRules ReorderRules"
    ),
    "regulation": (
        "LinkregulationAddress GetZIPCodes GetRegulationsAddress GetAvailableRegulations GetCountries GetRegions"
    ),
    "test numbers": (
        "AddOutboundTestPhoneNumber VerifyOutboundTestPhoneNumber ActivateOutboundTestPhoneNumber "
        "DelOutboundTestPhoneNumber GetOutboundTestPhoneNumbers"
    ),
    "storages": "GetRecordStorages",
}
# Not among them: TransferMoneyToChildAccount, which Voximplant has withdrawn.
SIBLINGS = tuple(name for section in _SECTIONS.values() for name in section.split())

_ORDERS = ("Async", "GetBriefCallHistory")  # named like reads, but they have a report made
_READS = ("Get", "A2PGet", "Is", "Check", "Download")


def writes(name: str) -> bool:
    """Whether a call changes anything upstream."""
    return name.endswith(_ORDERS) or not name.startswith(_READS)
