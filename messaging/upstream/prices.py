"""What a text costs at an upstream that tells its prices."""

import logging
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from messaging.models import TextPrices
from providers import gateway
from providers.clients import phones
from providers.clients.base import Capability
from providers.clients.errors import UpstreamError
from providers.clients.records import PriceRecord
from providers.models import Connection
from providers.quota import Priority
from providers.vault import CannotDecrypt

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Price:
    amount: Decimal
    currency: str


class PriceList:
    """Prices of texts by country. Of several for one country the highest counts, so nothing costs more than foretold."""

    def __init__(self, records: list[PriceRecord] = ()):
        self.by_country: dict[str, Price] = {}
        texts = [record for record in records if record.service == "sms" and record.unit == "message"]
        for record in texts:
            country, price = record.destination.partition("-")[0].upper(), Price(record.amount, record.currency)
            known = self.by_country.get(country)
            if known is None or (known.currency == price.currency and known.amount < price.amount):
                self.by_country[country] = price
        found = {Price(record.amount, record.currency) for record in texts}
        self.everywhere = found.pop() if len(found) == 1 else None

    def of(self, number: str) -> Price | None:
        """What one part to this number costs; None where that is not told."""
        if self.everywhere or not self.by_country:
            return self.everywhere
        return self.by_country.get(phones.region(number))


def kept(connection: Connection) -> PriceList:
    """As last read, without asking the upstream."""
    row = TextPrices.objects.filter(connection=connection).first()
    found = row.rows if row else ()
    return PriceList(
        [
            PriceRecord(service="sms", destination=place, amount=Decimal(amount), currency=currency)
            for place, amount, currency in found
        ]
    )


def stale() -> list[Connection]:
    """Connections that tell prices, answer, and have not been asked lately."""
    rows = Connection.objects.exclude(pk__in=TextPrices.objects.fresh().values("connection"))
    rows = rows.exclude(pk__in=Connection.objects.shut(timezone.now()).values("pk")).order_by("pk")
    return [row for row in rows.iterator() if row.can(Capability.PRICES)]


def keep(connection: Connection) -> None:
    """Read its prices for the pages; what is not told leaves what was known."""
    records = _ask(connection, Priority.BACKGROUND)
    values = {"tried_at": timezone.now()}
    if records is not None:
        texts = [record for record in records if record.service == "sms" and record.unit == "message"]
        rows = [[record.destination, str(record.amount), record.currency] for record in texts]
        values |= {"rows": rows, "read_at": values["tried_at"]}
    TextPrices.objects.update_or_create(connection=connection, defaults=values)


def read(connection: Connection) -> PriceList:
    """Of an upstream that tells none, or does not answer, an empty list: a campaign's check does not fail for it."""
    return PriceList(_ask(connection, Priority.INTERACTIVE) or ()) if connection.can(Capability.PRICES) else PriceList()


def _ask(connection: Connection, priority: Priority) -> list[PriceRecord] | None:
    try:
        return list(gateway.client_for(connection, priority).prices())
    except (UpstreamError, CannotDecrypt, ValueError) as error:  # ValueError: credentials of the wrong shape
        log.info("no prices from connection %s: %s", connection.pk, type(error).__name__)
        return None
