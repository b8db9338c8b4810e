"""Parameters as they came become values of their kind, or the error code that says which was wrong."""

import datetime
import decimal
import re

from .refusals import Refusal

# Code for a value that is wrong, by the parameter's name; any other is 496 with its name.
INVALID = {
    "account_id": 115,
    "application_id": 116,
    "user_id": 117,
    "phone_number": 121,
    "amount": 225,
    "rule_id": 147,
    "call_session_history_id": 150,
    "sip_whitelist_id": 169,
    "sip_whitelist_network": 170,
    "parent_account_id": 177,
    "phone_id": 181,
    "callerid_id": 183,
    "callerid_number": 184,
    "child_account_id": 194,
    "transaction_id": 197,
    "child_account_name": 198,
    "child_account_email": 199,
    "new_child_account_email": 201,
    "language_code": 202,
    "billing_address_country_code": 204,
    "transaction_type": 209,
    "currency": 210,
    "country_code": 239,
    "phone_category_name": 240,
    "phone_region_id": 241,
    "country_state": 242,
    "phone_count": 243,
    "subscription_template_id": 244,
    "subscription_template_name": 245,
    "subscription_template_type": 246,
    "sip_username": 273,
    "proxy": 274,
    "sip_registration_id": 275,
    "authorized_ip": 320,
    "contains_ip": 322,
    "verification_name": 324,
    "verification_status": 326,
    "history_report_id": 355,
    "history_type": 371,
    "record_storage_id": 396,
    "pstn_blacklist_id": 400,
    "source": 422,
    "destination": 423,
    "pstn_blacklist_phone": 425,
    "plan_type": 426,
    "resource_type": 429,
    "price_group_name": 430,
    "key_id": 433,
    "subuser_id": 434,
    "role_id": 440,
    "role_name": 441,
    "direction": 470,
    "output": 105,
    "src_number": 507,
    "verification_code": 555,
}
# Longest text and the code of one that is longer.
LONGEST = {
    "account_first_name": (49, 163),
    "account_last_name": (49, 164),
    "billing_address_name": (199, 205),
    "billing_address_address": (511, 206),
    "billing_address_zip": (29, 207),
    "billing_address_phone": (29, 208),
    "account_custom_data": (8191, 211),
    "user_custom_data": (8191, 212),
    "user_display_name": (255, 157),
    "rule_name": (99, 156),
    "parent_transaction_description": (119, 236),
    "child_transaction_description": (119, 237),
    "payment_reference": (126, 304),
    "callback_salt": (40, 399),
    "key_name": (50, 496),
    "text": (1600, 508),
    "sms_body": (765, 385),
}
BOOLEANS = {"true": True, "false": False, "1": True, "0": False}
ALL = "all"


def invalid(name):
    return Refusal(INVALID.get(name, 496), name)


def read(spec, params):
    """A dict of the values given; what was not sent is not in it. Raises Refusal."""
    values = {}
    for group in spec.groups:
        given = [param for param in group.params if params.get(param.name) is not None]
        if len([param for param in given if params[param.name] != ""]) > 1:
            raise Refusal(458, ", ".join(group.names))
        if group.needed:
            require(group, given, params)
        for param in given:
            if params[param.name] != "" or (param.kind == "word" and not param.values):
                values[param.name] = value(param, params[param.name])
    return values


def require(group, given, params):
    if not given:
        raise Refusal(485, "', '".join(group.names))
    if all(params[param.name].strip() == "" for param in given):
        raise Refusal(134, given[0].name)


def value(param, text):
    if len(text) > LONGEST.get(param.name, (65536, 499))[0]:
        raise Refusal(LONGEST.get(param.name, (0, 499))[1], param.name)
    try:
        found = READERS[param.kind](text)
    except (ValueError, OverflowError, decimal.InvalidOperation):
        raise invalid(param.name) from None
    if param.values and any(one not in param.values for one in (found if isinstance(found, list) else [found])):
        raise invalid(param.name)
    return found


def words(text):
    return [one.strip() for one in text.split(";") if one.strip()]


def integer(text):
    if not re.fullmatch(r"-?\d{1,18}", text.strip()):
        raise ValueError(text)
    return int(text)


def integers(text):
    """A list of numbers, or the word that selects everything."""
    return ALL if text.strip().lower() == ALL else [integer(one) for one in words(text)]


def boolean(text):
    """The Python library writes True and False, the document true and false."""
    if text.strip().lower() not in BOOLEANS:
        raise ValueError(text)
    return BOOLEANS[text.strip().lower()]


def money(text):
    if not re.fullmatch(r"-?\d{1,12}(\.\d{1,8})?", text.strip()):
        raise ValueError(text)
    return decimal.Decimal(text.strip())


def date(text):
    try:
        return datetime.date.fromisoformat(day_of(text))
    except ValueError:
        raise Refusal(111) from None


def time(text):
    """Naive: whose zone is meant depends on the method."""
    text = text.strip()
    try:
        day_of(text[:10])
        return datetime.datetime.fromisoformat(text if len(text) > 10 else f"{text} 00:00:00")
    except ValueError:
        raise Refusal(111) from None


def day_of(text):
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text.strip()):
        raise ValueError(text)
    return text.strip()


READERS = {
    "word": str,
    "words": words,
    "int": integer,
    "ints": integers,
    "bool": boolean,
    "money": money,
    "date": date,
    "time": time,
}
