"""Makes an account with nothing in it yet; the seeds and AddAccount fill it."""

import uuid

LISTS = (
    "numbers sms a2p sessions transactions applications users rules sips callerids blacklist whitelist ips keys "
    "subusers reports phone_reports invoices documents verifications addresses storages audit"
).split()
FIRST = {  # where the counting of each kind begins
    "account": 4_470_200,
    "phone": 730_000,
    "subscription": 551_000,
    "transaction": 660_020_000,
    "session": 310_440_000,
    "call": 440_000_000,
    "record": 98_000,
    "resource": 1_200_000,
    "message": 90_114_000,
    "callback": 1000,
    "application": 20_500,
    "rule": 88_100,
    "user": 5_500,
    "scenario": 3_300,
    "sip": 1_400,
    "callerid": 6_600,
    "blacklist": 30,
    "whitelist": 70,
    "key": 0,
    "subuser": 300,
    "report": 40_000,
    "phone_report": 500,
    "invoice": 8_800,
    "audit": 70,
    "storage": 0,
}


def new_id(state, kind):
    state["ids"][kind] += 1
    return state["ids"][kind]


def identifier(name):
    """A UUID that follows from a name."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"sandbox:{name}"))


def account(state, key, name, organization, email, password, now, parent=None, currency="USD"):
    number = new_id(state, "account")
    made = {
        "key": key,
        "organization": organization,
        "account_id": number,
        "parent": parent,
        "account_name": name,
        "account_email": email,
        "api_key": identifier(f"{key}/{name}/{number}"),
        "account_password": password,
        "old_passwords": [],
        "active": True,
        "frozen": False,
        "warned": False,
        "created": int(now),
        "balance": "0",
        "credit_limit": "0",
        "currency": currency,
        "profile": profile(),
        "plans": {"IM": 2101, "MAU": 2201},
        "plans_from": int(now),
        "test_number": None,
        "senders": [],
        "autopay": None,
        "bodies": {"store_outbound_sms": False, "store_inbound_sms": False},
        "sms_dates": "datetime",
        "used": {},
    }
    made |= {kind: [] for kind in LISTS}
    made["storages"].append({"record_storage_id": new_id(state, "storage"), "record_storage_name": "default"})
    state["accounts"][str(number)] = made
    return made


def profile():
    return {
        "account_first_name": "",
        "account_last_name": "",
        "language_code": "en",
        "location": "Etc/GMT",
        "min_balance_to_notify": None,
        "account_notifications": False,
        "tariff_changing_notifications": False,
        "news_notifications": False,
        "billing_address_name": "",
        "billing_address_country_code": "",
        "billing_address_address": "",
        "billing_address_zip": "",
        "billing_address_phone": "",
        "billing_address_state": "",
        "support_robokassa": False,
        "support_bank_card": True,
        "support_invoice": False,
        "account_custom_data": "",
        "callback_url": "",
        "callback_salt": "",
        "send_js_error": False,
        "a2p_sms_enabled": False,
        "max_sip_registrations": 10,
        "mobile_phone": "",
        "can_use_restricted": False,
    }


def key(state, owner, name, roles, description="", pair=None):
    """A service account's key; its RSA pair follows from `made_from`, which a crowd has in common (pairs take time)."""
    number = new_id(state, "key")
    own = f"{owner['key']}/{owner['account_name']}/{number}"
    made_from = pair or own
    row = {
        "key_id": identifier(f"key/{own}"),
        "key_name": name,
        "description": description,
        "role_ids": list(roles),
        "made_from": made_from,
    }
    owner["keys"].append(row)
    return row


def application(state, owner, short, at):
    row = {
        "application_id": new_id(state, "application"),
        "application_name": full_name(owner, short),
        "secure_record_storage": False,
        "modified": int(at),
    }
    owner["applications"].append(row)
    return row


def full_name(owner, short):
    """Applications have host names, of which clients may say the first part."""
    return short if "." in short else f"{short}.{owner['account_name']}.n2.voximplant.com"


def rule(state, owner, app, name, at, pattern=".*", **more):
    row = {
        "rule_id": new_id(state, "rule"),
        "application_id": app["application_id"],
        "rule_name": name,
        "rule_pattern": pattern,
        "rule_pattern_exclude": "",
        "video_conference": False,
        "scenarios": [],
        "bind_key_id": "",
        "modified": int(at),
        **more,
    }
    owner["rules"].append(row)
    return row


def user(state, owner, app, name, shown, at, **more):
    row = {
        "user_id": new_id(state, "user"),
        "application_id": app["application_id"],
        "user_name": name,
        "user_display_name": shown,
        "user_password": "",
        "user_active": True,
        "parent_accounting": True,
        "user_custom_data": "",
        "acd_status": "OFFLINE",
        "created": int(at),
        "modified": int(at),
        **more,
    }
    owner["users"].append(row)
    return row


def phone(state, owner, number, region, bought, renewal, **more):
    """`bought` seconds, `renewal` a day as text."""
    row = {
        "phone_id": new_id(state, "phone"),
        "phone_number": number,
        "subscription_id": new_id(state, "subscription"),
        "region": region.number,
        "price": region.price,
        "activation_status": "ACTIVE",
        "next_renewal": renewal,
        "bought": int(bought),
        "modified": int(bought),
        "deactivated": False,
        "canceled": False,
        "auto_charge": True,
        "application_id": None,
        "rule_id": None,
        "sms_enabled": False,
        "sms_url": "",
        "regulation_address_id": None,
        **more,
    }
    owner["numbers"].append(row)
    return row
