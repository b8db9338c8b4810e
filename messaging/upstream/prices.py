"""What a text costs at an upstream that tells its prices."""

import logging
from dataclasses import dataclass
from decimal import Decimal

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


def read(connection: Connection) -> PriceList:
    """Of an upstream that tells none, or does not answer, an empty list: a campaign's check does not fail for it."""
    if Capability.PRICES not in connection.client_class.capabilities:
        return PriceList()
    try:
        return PriceList(list(gateway.client_for(connection, Priority.INTERACTIVE).prices()))
    except (UpstreamError, CannotDecrypt, ValueError) as error:  # ValueError: credentials of the wrong shape
        log.info("no prices from connection %s: %s", connection.pk, type(error).__name__)
        return PriceList()
