"""A number's record as columns of ours, and back: who owns it, and our own webhook address kept out of the store."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor, audit
from numbering.models import EmergencyEndpoint, Number
from numbering.models.numbers import HERE, NOTES
from providers.clients.base import Capability
from providers.clients.records import NumberRecord
from providers.clients.redaction import MASK
from providers.mirroring import digest_of
from providers.models import Connection


@dataclass(frozen=True, slots=True)
class Webhooks:
    """The addresses under which this portal takes a connection's texts; each holds a secret."""

    current: str
    paths: frozenset[str]

    def is_ours(self, address: str) -> bool:
        """By its path: the host may have been renamed, the token is what counts."""
        return any(path in address for path in self.paths)


def webhook_addresses(connection: Connection) -> Webhooks:
    tokens = [connection.webhook_token, connection.old_webhook_token]
    # By their own list of doors: the portal's would load every page into a worker that shows none.
    paths = [reverse("webhook", "providers.urls", [connection.slug, token]) for token in tokens if token]
    return Webhooks(settings.PORTAL_URL + paths[0], frozenset(paths))


def webhook_to_set(connection: Connection, wanted: dict) -> dict:
    """Settings as the client takes them: the word for "here" becomes the address."""
    if wanted.get("sms_webhook") != HERE:
        return wanted
    return {**wanted, "sms_webhook": webhook_addresses(connection).current}


def values_of(record: NumberRecord, connection: Connection, owner: Callable[[str], int], webhooks: Webhooks) -> dict:
    """The columns of a number; `digits_reversed` too, since bulk writes go past `save`.

    Where texting cannot be switched, a number that can text does. Pictures count where they can be handed over.
    """
    told = dict(record.settings)
    if webhooks.is_ours(told.get("sms_webhook", "")):
        told["sms_webhook"] = HERE
    return {
        "account_id": owner(record.subaccount_id),
        "number": record.number,
        "digits_reversed": record.number[::-1],
        "status": record.status.value,
        "kind": record.kind[:15],
        "subaccount_id": record.subaccount_id[:64],
        "label": record.label[:60],
        "city": record.city[:80],
        "region": record.region[:40],
        "country": record.country[:40],
        "voice": record.voice,
        "sms": record.sms,
        "mms": record.mms and connection.can(Capability.SEND_MMS),
        "fax": record.fax,
        "sms_enabled": bool(told.get("sms", record.sms)),
        "activated_on": record.activated_on,
        "settings": told,
        "raw": _without_secret(record.raw, webhooks),
    }


def _without_secret(raw: dict, webhooks: Webhooks) -> dict:
    return {name: MASK if isinstance(value, str) and webhooks.is_ours(value) else value for name, value in raw.items()}


def as_json(values: dict) -> dict:
    """The same columns as an operation's result can hold them."""
    day = values["activated_on"]
    return {**values, "activated_on": day.isoformat() if day else None}


def leave_notes_behind(connection: Connection, owners: dict[str, int]) -> None:
    """`owners` has the account of each number from now on. What another one wrote down about it stays in that one's log."""
    noted = Number.objects.filter(connection=connection, external_id__in=list(owners))
    noted = noted.exclude(**dict.fromkeys(NOTES, "")).select_related("account")
    for row in noted:
        if row.account_id != owners[row.external_id]:
            before = {name: getattr(row, name) for name in NOTES if getattr(row, name)}
            audit(Actor(account=row.account), "number.left", row.number, account=row.account, before=before)
            Number.objects.filter(pk=row.pk).update(**dict.fromkeys(NOTES, ""))


def store(connection: Connection, external_id: str, values: dict) -> None:
    """Make one number what was just read; a 911 address of it goes with it to its account."""
    leave_notes_behind(connection, {external_id: values["account_id"]})
    row = {**values, "digest": digest_of(values), "synced_at": timezone.now(), "gone_at": None}
    Number.objects.filter(connection=connection, external_id=external_id).update(**row)
    endpoints = EmergencyEndpoint.objects.filter(connection=connection, number=values["number"])
    endpoints.exclude(account_id=values["account_id"]).update(account_id=values["account_id"])
