"""Questions to upstreams that change nothing: numbers for sale, rate centres, whether a number can be ported.

They cost no money, but every account of a connection shares its calls of an hour: none may use them all up.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from numbering.upstream.port_checks import CHECK
from numbering.upstream.searching import PLACES, SEARCH
from providers import operations
from providers.models import Connection, Operation

AN_HOUR = timedelta(hours=1)
MOST = {
    SEARCH: 60,
    PLACES: 30,
    CHECK: 30,
}  # of an account in that time, at one upstream; a check is of up to 20 numbers


class TooOften(Exception):
    """The account has asked as often as it may within an hour."""

    @property
    def words(self) -> str:
        return _("You have asked this very often within the last hour. Others need to ask too: try again in a while.")


def ask(actor: Actor, connection: Connection, verb: str, arguments: dict, *, key: str, subject: str) -> Operation:
    """Have a worker ask, in the name of the actor's account. Raises `TooOften`."""
    lately = Operation.objects.filter(verb=verb, created_at__gt=timezone.now() - AN_HOUR, connection=connection)
    if lately.filter(arguments__account_id=actor.account.pk).count() >= MOST[verb]:
        raise TooOften
    arguments = {"account_id": actor.account.pk, **arguments}
    with transaction.atomic():
        return operations.ask(
            connection, verb, arguments, key=key, subject=subject, actor_name=actor.name, asker=actor.asker
        )[0]
