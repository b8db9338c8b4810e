"""Guarding a number against being ported away: a PIN where its upstream has one, and who is told when it is gone (row D19)."""

from django.db import transaction
from django.utils.crypto import salted_hmac

from accounts.actor import Actor, audit
from accounts.models import Account, Membership
from accounts.roles import ROLES, May
from numbering.models import Number, PortOutPin
from numbering.services.intents import Busy, earlier, fingerprint
from numbering.upstream.port_outs import SET
from providers import operations, vault
from providers.clients.base import Capability


def can_set_pin(number: Number) -> bool:
    return number.is_here and number.connection.can(Capability.PORT_OUT_PIN)


def latest(number: Number) -> PortOutPin | None:
    mine = number.port_out_pins.filter(operation__arguments__account_id=number.account_id)
    return mine.select_related("operation").first()


@transaction.atomic
def set_pin(actor: Actor, number: Number, digits: str, intent: str) -> PortOutPin:
    """Ask upstream to set it. Raises `Busy` while another one is on its way, `IntentUsed`."""
    key, seal = f"{SET}:{actor.user.pk}:{intent}", fingerprint(number.pk, salted_hmac(SET, digits).hexdigest())
    Number.objects.select_for_update().get(pk=number.pk)
    if operation := earlier(key, seal):
        return PortOutPin.objects.get(operation=operation)
    if (newest := latest(number)) and newest.operation.is_open:
        raise Busy
    arguments = {"external_id": number.external_id, "account_id": number.account_id, "fingerprint": seal}
    operation, _ = operations.ask(
        number.connection,
        SET,
        arguments,
        key=key,
        subject=f"port-out:{number.number}",
        actor_name=actor.name,
        asker=actor.asker,
    )
    audit(actor, "number.port_out_pin_asked", number.number, account=number.account)
    return PortOutPin.objects.create(
        number=number,
        operation=operation,
        sealed_digits=vault.seal({"digits": digits}),
        user=actor.user,
        actor_name=actor.name[:160],
    )


def people_told(account: Account) -> list[str]:
    """Who gets a mail when a provider lists a number no more that nobody here released."""
    roles = [role for role, allowed in ROLES.items() if May.CHANGE_NUMBERS in allowed]
    rows = Membership.objects.for_account(account).filter(role__in=roles, user__is_active=True)
    return [str(row.user) for row in rows.select_related("user").order_by("pk")[:20]]
