"""The account itself and its children."""

import copy

from . import checks, ledger, making, wire
from . import values as reading
from .desk import exact
from .refusals import Refusal
from .spec import reads, writes

NOTICES = ("account_notifications", "tariff_changing_notifications", "news_notifications")
OWN = (
    *("language_code", "location", "account_first_name", "account_last_name", *NOTICES, "send_js_error"),
    *("billing_address_name", "billing_address_country_code", "billing_address_address", "billing_address_zip"),
    *("billing_address_phone", "account_custom_data", "callback_url", "callback_salt"),
)
CHILDS = (
    *(*NOTICES, "language_code", "location", "support_robokassa", "support_bank_card", "support_invoice"),
    *("can_use_restricted", "callback_url", "callback_salt"),
)
NEW = ("language_code", "location", "account_custom_data", "account_first_name", "account_last_name", *NOTICES)
CHILDREN_A_DAY = 50
NEW_ACCOUNT = (
    "parent_account_id:int|parent_account_name|parent_account_email parent_account_api_key|parent_account_password "
    "account_name! account_email! account_password! active:bool language_code location min_balance_to_notify:money "
    "account_custom_data account_first_name account_last_name account_notifications:bool "
    "tariff_changing_notifications:bool news_notifications:bool record_storage_id|record_storage_name"
)
CLONE = (
    "account_id:int|account_name|account_email! parent_account_api_key|parent_account_password new_account_name! "
    "new_account_email! new_account_password! language_code location account_custom_data account_first_name "
    "account_last_name"
)
SET = (
    "new_account_email new_account_password language_code location account_first_name account_last_name "
    "min_balance_to_notify:money account_notifications:bool tariff_changing_notifications:bool news_notifications:bool "
    "send_js_error:bool billing_address_name billing_address_country_code billing_address_address billing_address_zip "
    "billing_address_phone account_custom_data callback_url callback_salt store_outbound_sms:bool store_inbound_sms:bool"
)
SET_CHILD = (
    "child_account_id:ints|child_account_name:words|child_account_email:words! new_child_account_email "
    "new_child_account_password account_notifications:bool tariff_changing_notifications:bool news_notifications:bool "
    "active:bool language_code location min_balance_to_notify:money support_robokassa:bool support_bank_card:bool "
    "support_invoice:bool can_use_restricted:bool callback_url callback_salt"
)
CHILDREN = (
    "child_account_id:ints|child_account_name|child_account_email! active:bool frozen:bool ignore_invalid_accounts:bool "
    "brief_output:bool medium_output:bool count:int offset:int "
    "order_by=child_account_id,child_account_name,child_account_email return_live_balance:bool"
)
BRIEF = ("account_id",)
MEDIUM = ("account_id", "account_name", "account_email")


def info(desk, account, live=True):
    """AccountInfo."""
    profile, balance = account["profile"], ledger.balance(account)
    held = sum((exact(amount) for amount in account.get("holds", ())), exact(0))
    level = profile["min_balance_to_notify"]
    return wire.known(
        {
            **{name: account[name] for name in ("account_id", "account_name", "account_email", "active", "frozen")},
            **{name: value for name, value in profile.items() if name != "can_use_restricted"},
            "created": wire.moment(account["created"]),
            "min_balance_to_notify": None if level is None else exact(level),
            "balance": balance if live else balance + held,
            "live_balance": balance,
            "fixed_balance": balance + held,
            "money_on_hold": held,
            "credit_limit": exact(account["credit_limit"]),
            "currency": account["currency"],
            **extras(account),
            "api_key": account["api_key"] if desk.caller.key is None else None,
        }
    )


def extras(account):
    """What an account has besides its own choices."""
    limit = {"min_amount": 10, "currency": "USD", "max_day_payment": 500}
    return {
        "billing_limits": {"bank_card": limit} if account["profile"]["support_bank_card"] else {},
        "bank_card_provider": "stripe",
        "enabled_3ds": True,
        "allow_invoice": account["profile"]["support_invoice"],
        "is_bank_card_auto_charge_prohibited": False,
        "taxpayer_type": "individual",
        "custom_pricing": False,
        "grace_credit": False,
        "credit_limit_aware_balance_notifications": False,
        **account["storages"][0],
    }


def get_account_info(desk):
    shown = info(desk, desk.account, desk.get("return_live_balance", True))
    return {"result": shown, "api_address": "api.voximplant.com", "debugger_address": "debug.voximplant.com"}


def set_account_info(desk):
    if "new_account_email" in desk.values and not desk.caller.by_password:
        raise Refusal(537)
    change(desk, desk.account, OWN, desk.get("new_account_email"), desk.get("new_account_password"))
    desk.account["bodies"].update(desk.given("store_outbound_sms", "store_inbound_sms"))
    return {"result": 1}


def change(desk, account, names, email, password):
    """Everything is checked before anything is changed."""
    given = desk.given(*names)
    checks.profile(given)
    if email is not None:
        free_email(desk, email, 136)
    if password is not None:
        checks.password(password, [account["account_password"], *account["old_passwords"]])
        account["old_passwords"].append(account["account_password"])
        account["account_password"] = password
    account["account_email"] = email or account["account_email"]
    account["profile"].update(given)
    if "min_balance_to_notify" in desk.values:
        account["profile"]["min_balance_to_notify"] = str(desk.values["min_balance_to_notify"])
    desk.effect("account_changed", account_id=account["account_id"], fields=sorted(desk.values))


def free_email(desk, email, code):
    checks.email(email, code)
    if any(account["account_email"] == email for account in desk.upstream.accounts_all()):
        raise Refusal(128)


# -- children


def children(desk):
    mine = [a for a in desk.upstream.accounts_all() if a["parent"] == desk.account["account_id"]]
    wanted = desk.get("child_account_id")
    if isinstance(wanted, list):
        known = {account["account_id"] for account in mine}
        if not set(wanted) <= known and not desk.get("ignore_invalid_accounts"):
            raise reading.invalid("child_account_id")
        return [account for account in mine if account["account_id"] in wanted]
    return desk.matching(mine, child_account_name="account_name", child_account_email="account_email")


def with_children(desk, only):
    """The accounts a history is asked of: this one, or the children named."""
    if "child_account_id" not in desk.values:
        return [desk.account]
    return children(desk) if desk.get(only) else [desk.account, *children(desk)]


def get_children_accounts(desk):
    rows = [a for a in children(desk) if a["active"] == desk.get("active", a["active"])]
    rows = [a for a in rows if a["frozen"] == desk.get("frozen", a["frozen"])]
    member = desk.get("order_by", "child_account_name").removeprefix("child_")
    answer = desk.page(sorted(rows, key=lambda account: account[member]))
    names = BRIEF if desk.get("brief_output") else MEDIUM if desk.get("medium_output") else None
    shown = [info(desk, account, desk.get("return_live_balance", True)) for account in answer["result"]]
    return {**answer, "result": [{name: row[name] for name in names or row} for row in shown]}


def set_child_account_info(desk):
    chosen = children(desk)
    if not chosen:
        raise reading.invalid(next(name for name in desk.values if name.startswith("child_account_")))
    email = desk.get("new_child_account_email")
    if email is not None:
        checks.email(email, 201)
        if len(chosen) > 1:
            raise Refusal(201, "new_child_account_email")
    for account in chosen:
        change(desk, account, CHILDS, email, desk.get("new_child_account_password"))
        account["active"] = desk.get("active", account["active"])
    return {"result": 1}


def add_account(desk):
    name, email = desk.get("account_name"), desk.get("account_email")
    account = adopt(desk, name, email, desk.get("account_password"))
    account["active"] = desk.get("active", False)
    if "min_balance_to_notify" in desk.values:
        account["profile"]["min_balance_to_notify"] = str(desk.values["min_balance_to_notify"])
    desk.effect("account_added", account_id=account["account_id"], account_name=name)
    return {
        "result": 1,
        "account_id": account["account_id"],
        "api_key": account["api_key"],
        "active": account["active"],
    }


def adopt(desk, name, email, password):
    """A new child of the caller, whatever its things."""
    checks.account_name(name)
    if any(account["account_name"] == name for account in desk.upstream.accounts_all()):
        raise Refusal(106)
    free_email(desk, email, 136)
    checks.password(password)
    checks.profile(desk.given(*NEW))
    storage = desk.get("record_storage_id") or desk.get("record_storage_name")
    if storage and storage not in [str(v) for row in desk.account["storages"] for v in row.values()]:
        raise Refusal(396, "record_storage_id")
    mine = [a for a in desk.upstream.accounts_all() if a["parent"] == desk.account["account_id"]]
    if len([account for account in mine if account["created"] > desk.now - 86400]) >= CHILDREN_A_DAY:
        raise Refusal(397)
    number, currency = desk.account["account_id"], desk.account["currency"]
    state = desk.upstream.state
    account = making.account(state, f"child-{name}", name, name, email, password, desk.now, number, currency)
    account["profile"].update(desk.given(*NEW))
    desk.upstream.index()
    return account


def clone_account(desk):
    mine = [a for a in desk.upstream.accounts_all() if a["parent"] == desk.account["account_id"]]
    found = desk.matching(mine, "account_id", "account_name", "account_email")
    if not found:
        raise Refusal(115, "account_id")
    template = found[0]
    name, email = desk.get("new_account_name"), desk.get("new_account_email")
    account = adopt(desk, name, email, desk.get("new_account_password"))
    account["profile"] |= copy.deepcopy(template["profile"]) | desk.given(*NEW)
    account["active"] = template["active"]
    copy_things(desk, template, account)
    desk.effect("account_cloned", account_id=account["account_id"], template=template["account_id"])
    return {"result": cloned(account, desk.upstream.quirks)}


def copy_things(desk, template, account):
    state, now = desk.upstream.state, desk.now
    for app in template["applications"]:
        new = making.application(state, account, app["application_name"].split(".")[0], now)
        for rule in [row for row in template["rules"] if row["application_id"] == app["application_id"]]:
            making.rule(state, account, new, rule["rule_name"], now, rule["rule_pattern"])
        for user in [row for row in template["users"] if row["application_id"] == app["application_id"]]:
            making.user(state, account, new, user["user_name"], user["user_display_name"], now)


def cloned(account, quirks):
    """ClonedAccount. The document takes the users of an application for rules; with quirks so does the answer."""
    apps = []
    for app in account["applications"]:
        rules = [row for row in account["rules"] if row["application_id"] == app["application_id"]]
        names = {name: app[name] for name in ("application_id", "application_name")}
        shown = [{name: rule[name] for name in ("rule_id", "rule_name")} for rule in rules]
        apps.append({**names, "rules": shown, **({"users": shown} if quirks else {})})
    return {
        **{name: account[name] for name in ("account_id", "account_name", "account_email", "active", "api_key")},
        "users": [{name: user[name] for name in ("user_id", "user_name")} for user in account["users"]],
        "scenarios": [],
        "applications": apps,
        "acd_queues": [],
        "acd_skills": [],
        "admin_roles": [],
        "admin_users": [],
    }


CALLS = {
    "AddAccount": writes(NEW_ACCOUNT, add_account, "Owner", "Admin"),
    "CloneAccount": writes(CLONE, clone_account, "Admin"),
    "GetAccountInfo": reads("return_live_balance:bool", get_account_info),
    "SetAccountInfo": writes(SET, set_account_info, "Owner", "Admin", "Developer", "Accountant", "Payer"),
    "SetChildAccountInfo": writes(SET_CHILD, set_child_account_info),
    "GetChildrenAccounts": reads(CHILDREN, get_children_accounts, "Owner"),
}
