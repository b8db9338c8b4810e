"""The methods: those of the document in its order, and the others of this upstream."""

import dataclasses

from . import (
    accounts,
    applications,
    audit,
    charging,
    history,
    lists,
    numbers,
    papers,
    prices,
    regulation,
    reports,
    roles,
    rules,
    sip,
    sms,
    stock,
    transactions,
)

DOCUMENT = (
    *("AddAccount", "CloneAccount", "GetAccountInfo", "SetAccountInfo", "SetChildAccountInfo", "GetCurrencyRate"),
    *("GetResourcePrice", "GetSubscriptionPrice", "GetChildrenAccounts", "GetMoneyAmountToCharge", "ChargeAccount"),
    *("ChangeAccountPlan", "GetAccountPlans", "GetAvailablePlans", "GetAccountDocuments"),
)
MODULES = (
    *(accounts, prices, charging, papers, reports, numbers, stock, sms, history, transactions, audit, sip, lists),
    *(roles, applications, rules, regulation),
)
KNOWN = {name: spec for module in MODULES for name, spec in module.CALLS.items()}
for _name, _kind in (("GetCallHistory", "calls"), ("GetTransactionHistory", "transactions"), ("GetAuditLog", "audit")):
    KNOWN[_name] = dataclasses.replace(KNOWN[_name], function=reports.or_order(_kind, KNOWN[_name].function))
CALLS = {name: KNOWN[name] for name in (*DOCUMENT, *(name for name in KNOWN if name not in DOCUMENT))}
SERVED = tuple(CALLS)
