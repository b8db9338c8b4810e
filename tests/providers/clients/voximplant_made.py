"""A Voximplant client without a network, and answers of the shapes that its reference gives."""

from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from providers.clients.voximplant.client import Voximplant
from tests.providers.clients.scripting import script

BASE = "http://sandbox.invalid/voximplant"
API_KEY = "9d0c44be-canary-4a5f-8a2b-0c1d2e3f4a5b"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()
OLD = {"account_id": "4400901", "api_key": API_KEY}
SIGNED = {"account_id": "4400901", "key_id": "0f2d8c14-0000-4e0b-8a3c-5b7f1e2d3c4a", "private_key": PEM}
ACCOUNT = {
    "account_id": 4400901,
    "account_name": "lachance",
    "account_email": "bureau@lachance.example",
    "created": "2025-11-03 14:00:00",
    "language_code": "fr",
    "location": "America/Toronto",
    "billing_address_name": "Plomberie Lachance",
    "min_balance_to_notify": 15,
    "active": True,
    "frozen": False,
    "balance": 41.2075,
    "credit_limit": 10,
    "money_on_hold": 1.2,
    "currency": "USD",
    "a2p_sms_enabled": False,
}
PHONE = {
    "phone_id": 7301,
    "phone_number": "16285550134",
    "phone_price": 1.25,
    "phone_country_code": "US",
    "activation_status": "ACTIVE",
    "phone_next_renewal": "2026-12-03",
    "phone_purchase_date": "2026-01-03 15:20:00",
    "deactivated": False,
    "canceled": False,
    "auto_charge": True,
    "category_name": "GEOGRAPHIC",
    "can_be_used": True,
    "is_sms_supported": True,
    "is_sms_enabled": True,
    "incoming_sms_callback_url": "",
    "phone_region_name": "San Francisco",
    "modified": "2026-01-03 15:20:00",
    "never_documented": "kept",
}


def client(*answers, credentials=OLD, **options):
    """Answers in turn, the last one for ever; `client.requests` has what was sent."""
    return script(Voximplant(BASE, dict(credentials), **options), *answers)


def fields(request) -> dict:
    """The form of a request without who asks."""
    return {key: value for key, value in request.fields if (key, value) not in OLD.items()}


def name(request) -> str:
    """The call that an address names."""
    path = urlsplit(request.url).path
    assert path.startswith("/voximplant/platform_api/") and path.endswith("/"), path
    return path.split("/")[-2]


def listing(*rows, total=None, **beside):
    return {"result": list(rows), "total_count": len(rows) if total is None else total, "count": len(rows), **beside}


def error(code, msg="no", **beside):
    return {"error": {"code": code, "msg": msg, **beside}}
