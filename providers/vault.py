"""Encryption of upstream credentials at rest, with keys that can be rotated."""

import json

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models


class CannotDecrypt(Exception):
    """None of CREDENTIAL_KEYS opens this value: the connection needs its credentials again."""


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key.strip()) for key in settings.CREDENTIAL_KEYS])


def seal(values: dict) -> str:
    return _fernet().encrypt(json.dumps(values).encode()).decode()


def unseal(sealed: str) -> dict:
    if not sealed:
        return {}
    try:
        return json.loads(_fernet().decrypt(sealed.encode()))
    except InvalidToken:
        raise CannotDecrypt("No key in CREDENTIAL_KEYS opens these credentials.") from None


def rotate(sealed: str) -> str:
    """The same values under the newest key. Safe to repeat."""
    try:
        return _fernet().rotate(sealed.encode()).decode()
    except InvalidToken:
        raise CannotDecrypt("No key in CREDENTIAL_KEYS opens these credentials.") from None


class SealedField(models.TextField):
    """A dict kept encrypted in the database; never in a form, a dump of the row or a repr."""

    def __init__(self, *args, **kwargs):
        kwargs |= {"editable": False, "blank": True, "default": ""}
        super().__init__(*args, **kwargs)
