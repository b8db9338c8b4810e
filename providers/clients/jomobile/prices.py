"""Price lists, and the countries they speak of. The shapes of the answers are not published."""

from collections.abc import Iterator

from providers.clients.errors import Cause, Unreadable
from providers.clients.jomobile import mapping, values
from providers.clients.jomobile.envelope import refused_here
from providers.clients.jomobile.wire import Wire
from providers.clients.records import PlaceRecord, PriceRecord
from providers.clients.speaking import speaks

EVERYWHERE = "full"


class Prices(Wire):
    def prices(self) -> Iterator[PriceRecord]:
        """What the account pays for a text, everywhere. See `account_prices`."""
        yield from self.account_prices()

    @speaks("account-price")
    def account_prices(
        self, country: str = EVERYWHERE, mcc: int | None = None, mnc: int | None = None
    ) -> Iterator[PriceRecord]:
        """The account's own prices, of one country (two letters) or network, or of all. (jomobile.yaml: account-price)"""
        return self._prices("account-price", country, mcc, mnc)

    @speaks("product-price")
    def product_prices(
        self, country: str = EVERYWHERE, mcc: int | None = None, mnc: int | None = None
    ) -> Iterator[PriceRecord]:
        """Prices of each product; its name is in `raw`. (jomobile.yaml: product-price)"""
        return self._prices("product-price", country, mcc, mnc)

    @speaks("country-price")
    def country_prices(self, country: str = EVERYWHERE, mcc: int | None = None) -> Iterator[PriceRecord]:
        """Prices of whole countries. (jomobile.yaml: country-price)"""
        return self._prices("country-price", country, mcc, None)

    @speaks("country-by-continent")
    def countries(self) -> Iterator[PlaceRecord]:
        """Every country; its continent is in `raw`. (jomobile.yaml: country-by-continent)"""
        data = values.part(self.ask("country-by-continent", []))
        rows = (
            {**row, "continent": continent} if isinstance(row, dict) else row
            for continent, countries in data.items()
            for row in (countries if isinstance(countries, list) else [countries])
        )
        yield from self.listing(rows, lambda row: mapping.country(row, self.raw(row)))

    def _prices(self, call: str, country: str, mcc: int | None, mnc: int | None) -> Iterator[PriceRecord]:
        if country != EVERYWHERE and not (len(country) == 2 and country.isascii() and country.isalpha()):
            raise refused_here("country-invalid", "country", Cause.INVALID)
        asked = {"ISO": country if country == EVERYWHERE else country.upper(), "MCC": mcc, "MNC": mnc}
        data = self.ask(call, {key: value for key, value in asked.items() if value is not None})
        return self.listing(_price_rows(data), lambda row: mapping.price(row, self.raw(row)))


def _price_rows(data) -> list:
    """A list of rows, or such lists behind the names of products or countries."""
    if isinstance(data, dict) and "price" not in data:
        lists = [one if isinstance(one, list) else [one] for one in data.values()]
        return [row for rows in lists for row in rows]
    if isinstance(data, dict):
        return [data]
    if not isinstance(data, list):
        raise Unreadable("the answer holds no prices", code="no-rows")
    return data
