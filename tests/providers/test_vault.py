"""Credentials at rest: encrypted, rotated, never in a form or a dump (H4, RELIABILITY B.1 item 50)."""

import pytest
from cryptography.fernet import Fernet
from django.core import serializers

from providers import vault
from tests.factories import ConnectionFactory

CANARY = "canary-4e8f0b1c"


@pytest.mark.django_db
def test_the_database_never_holds_a_credential_in_the_clear():
    connection = ConnectionFactory(credentials={"username": "a", "auth_token": CANARY})
    connection.refresh_from_db()
    assert connection.credentials["auth_token"] == CANARY
    assert CANARY not in serializers.serialize("json", [connection])


def test_an_old_key_still_opens_and_rotation_moves_to_the_new_one(settings):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.CREDENTIAL_KEYS = [old]
    sealed = vault.seal({"key": CANARY})
    settings.CREDENTIAL_KEYS = [new, old]
    moved = vault.rotate(sealed)
    settings.CREDENTIAL_KEYS = [new]
    assert vault.unseal(moved) == {"key": CANARY}
    with pytest.raises(vault.CannotDecrypt):
        vault.unseal(sealed)


def test_without_the_key_the_error_tells_no_secret(settings):
    settings.CREDENTIAL_KEYS = [Fernet.generate_key().decode()]
    sealed = vault.seal({"key": CANARY})
    settings.CREDENTIAL_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(vault.CannotDecrypt) as caught:
        vault.unseal(sealed)
    assert CANARY not in str(caught.value) and sealed not in str(caught.value)
