"""What upstreams post to us about texts, and putting our address on the numbers so that they do."""

import ipaddress
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from messaging.upstream.records import Owners, ours_of
from messaging.upstream.storing import may_be_ours_yet, report, store
from numbering.models import Number
from numbering.models.numbers import HERE
from numbering.upstream.numbers import UPDATE, subject_of
from providers import inbound, operations, quota, sync, waking
from providers.clients.base import Client
from providers.clients.records import Delivery
from providers.models import Connection, Feed, Operation, WebhookRequest
from providers.tally import Tally

FEED = "webhooks"
MOST_AT_ONCE = 40
CALLS_EACH = 3  # read, write, read back
KEPT_FREE = 0.6  # of the hour, for people


def read(request: WebhookRequest, *, wake: Callable[[int], object]) -> None:
    """Store what was posted. It is only a hint that may come twice or never: the log brings the same rows home."""
    connection = request.connection
    delivery = Delivery(body=bytes(request.body), content_type=request.content_type, query=request.query)
    news = connection.client_class.read_webhook(delivery, connection.credentials, connection.time_zone)
    if news.messages:
        owners = Owners(connection)
        # Where nothing is signed, a delivery for a number that is not on this connection makes no row.
        ours = [record for record in news.messages if ours_of(record) in owners.by_number]
        for pk in store(connection, ours, owners).media:
            waking.wake(wake, pk)
    if news.feeds:
        sync.hurry(connection, news.feeds)
    if news.reports:
        report(connection, news.reports)
        if may_be_ours_yet(connection, news.reports):
            raise inbound.TooEarly("about a text that is not known here yet")


def arm_numbers(client: Client, feed: Feed, tally: Tally) -> None:
    """Ask for our address on texting numbers that have none, a few at a time and never at the expense of people."""
    connection = feed.connection
    if not _can_reach_us(connection):
        return
    for number in _unarmed(connection)[: _room(connection)]:
        tally.seen += 1
        tally.changed += arm(number)


def arm(number: Number) -> bool:
    """Ask for our address on one number. A customer's own address is never replaced. True when it was asked for now."""
    if not _lacks_address(number) or not _can_reach_us(number.connection):
        return False
    key = f"arm:{number.connection_id}:{number.external_id}:{timezone.now():%Y%m%d}"  # at most once a day
    if Operation.objects.filter(idempotency_key=key).exists():
        return False
    wanted = {"sms_webhook": HERE, "sms_webhook_retry": True}
    arguments = {
        "external_id": number.external_id,
        "account_id": number.account_id,
        "wanted": {name: value for name, value in wanted.items() if name in number.settings},
    }
    subject = subject_of(number.external_id)
    return operations.ask(
        number.connection, UPDATE, arguments, key=key, subject=subject, actor_name="portal", asker=None
    )[1]


def _unarmed(connection: Connection) -> list[Number]:
    numbers = Number.objects.can_text().filter(connection=connection).select_related("connection").order_by("pk")
    return [number for number in numbers if _lacks_address(number)]


def _lacks_address(number: Number) -> bool:
    """Whether it could be told an address and has none. Where the upstream does not tell the setting, it is not armed."""
    return number.settings.get("sms_webhook") == ""


def _room(connection: Connection) -> int:
    left = quota.left(connection)
    spare = min((free - limit * KEPT_FREE for free, limit in left.values()), default=MOST_AT_ONCE * CALLS_EACH)
    return max(0, min(MOST_AT_ONCE, int(spare // CALLS_EACH)))


def _can_reach_us(connection: Connection) -> bool:
    """An upstream elsewhere cannot post to an address of this machine only; it is polled then."""
    return not _is_local(settings.PORTAL_URL) or _is_local(connection.base_url)


def _is_local(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
