"""Numbers to rent: what there is, where, at what price, and taking one."""

from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar

from providers.clients.errors import NotFound
from providers.clients.records import AvailableNumber, PlaceRecord, ResourceRecord
from providers.clients.speaking import Repeat, speaks
from providers.clients.voximplant import values
from providers.clients.voximplant.envelope import Meaning, done
from providers.clients.voximplant.numbers import Numbers
from providers.clients.voximplant.wire import Kind

GEOGRAPHIC = "GEOGRAPHIC"
CATEGORIES = {"local": GEOGRAPHIC, "tollfree": "TOLLFREE", "mobile": "MOBILE"}
MOST_REGIONS = 5  # how many regions of an area code one search looks into
_COUNTRY = Kind("numbers country", "PhoneNumberCountryInfo", id="country_code", name="localized_country_name")
_REGION = Kind("numbers region", "PhoneNumberCountryRegionInfo", id="phone_region_id", name="phone_region_name")
_ORDER = Meaning(fields={"phone_number": "number", "phone_count": "count"})


class Inventory(Numbers):
    finds_by: ClassVar[frozenset[str]] = frozenset(("area_code", "city", "region", "kind", "sms"))
    sells: ClassVar[tuple[str, ...]] = ("local", "tollfree")

    def available_numbers(
        self,
        area_code: str | None = None,
        city: str | None = None,
        region: str | None = None,
        pattern: str | None = None,
        kind: str | None = None,
        sms: bool | None = None,
        country: str = "US",
        limit: int = 50,
    ) -> list[AvailableNumber]:
        """Numbers to rent, at most `limit`, of the regions that have stock: by their dialling code (`area_code`), name
        (`city`), state (`region`, two letters), `kind` local, tollfree or mobile. In `pattern` * stands for any digits.
        """
        category = CATEGORIES.get(kind or "local", kind or GEOGRAPHIC)
        places = self.number_regions(country, category, state=region, code=area_code, name=city, in_stock=True)
        found: list[AvailableNumber] = []
        texting = [place for place in places if not sms or place.fields.get("is_sms_supported")]
        for place in texting[:MOST_REGIONS]:
            if len(found) < limit:
                found += self.numbers_in(place, country, category, region, pattern, limit - len(found))
        return found

    @speaks("GetNewPhoneNumbers")
    def numbers_in(
        self,
        place: ResourceRecord,
        country: str,
        category: str,
        state: str | None = None,
        pattern: str | None = None,
        limit: int = 50,
    ) -> list[AvailableNumber]:
        """Numbers of one region to rent. Raises `Rejected`, 529 where a category cannot be listed.

        (voximplant.yaml: GetNewPhoneNumbers)
        """
        fields = {
            "country_code": country,
            "phone_category_name": category,
            "phone_region_id": place.external_id,
            "country_state": state,
            "phone_number_mask": pattern,
            "count": limit,
        }
        rows = self.call("GetNewPhoneNumbers", fields, then=values.rows)
        currency = self.currency() if rows else ""
        return list(self.listing(rows[:limit], lambda row: self._available(row, place, currency)))

    @speaks("AttachPhoneNumber", Repeat.NEVER, settle="IsAccountPhoneNumber, then GetPhoneNumbers by the number")
    def attach_numbers(
        self,
        number: str | None = None,
        country: str | None = None,
        category: str | None = None,
        region_id: str | None = None,
        state: str | None = None,
        count: int | None = None,
        regulation_address_id: str | None = None,
    ) -> dict[str, str]:
        """Rent one number by name, or `count` that Voximplant picks in a region. Returns external id by E.164.

        Raises `Rejected`: 127 no money, 182 taken, 281 the account must be verified first, 366 the address still is
        being checked. (voximplant.yaml: AttachPhoneNumber)
        """
        fields = {
            "phone_number": self.digits(number) if number else None,
            "country_code": country,
            "phone_category_name": category,
            "phone_region_id": region_id,
            "country_state": state,
            "phone_count": None if number else count,
            "regulation_address_id": regulation_address_id,
        }
        return self.call("AttachPhoneNumber", fields, meaning=_ORDER, then=_attached)

    def activate_number(self, number: str) -> str:
        """Rent a number that was found available; costs money. Returns its external id.

        After `Unclear`, ask `owns_number`: owned means done.
        """
        found = self.attach_numbers(number=number)
        return found.get(number) or self.number(number=number).external_id

    @speaks("GetPhoneNumberCategories")
    def number_categories(self, country: str | None = None, sandbox: str | None = None) -> Iterator[ResourceRecord]:
        """Countries and the categories that each has; `sandbox` all, true or false.

        (voximplant.yaml: GetPhoneNumberCategories)
        """
        fields = {"country_code": country, "sandbox": sandbox}
        yield from self.resources("GetPhoneNumberCategories", _COUNTRY, fields, paged=False)

    @speaks("GetPhoneNumberCountryStates")
    def number_states(self, country: str, category: str = GEOGRAPHIC) -> list[PlaceRecord]:
        """States of a country that has such. (voximplant.yaml: GetPhoneNumberCountryStates)"""
        fields = {"country_code": country, "phone_category_name": category}
        rows = self.call("GetPhoneNumberCountryStates", fields, then=values.rows)
        return list(self.listing(rows, self._state))

    @speaks("GetPhoneNumberRegions")
    def number_regions(
        self,
        country: str,
        category: str = GEOGRAPHIC,
        state: str | None = None,
        code: str | None = None,
        name: str | None = None,
        in_stock: bool | None = None,
    ) -> list[ResourceRecord]:
        """Regions with their stock and prices. (voximplant.yaml: GetPhoneNumberRegions)"""
        fields = {
            "country_code": country,
            "phone_category_name": category,
            "country_state": state,
            "phone_region_code": code,
            "phone_region_name": name,
            "omit_empty": in_stock,
        }
        return list(self.resources("GetPhoneNumberRegions", _REGION, fields, paged=False))

    @speaks("GetActualPhoneNumberRegion")
    def number_region(
        self, country: str, region_id: str, category: str = GEOGRAPHIC, state: str | None = None
    ) -> ResourceRecord:
        """One region as it is now. Raises `NotFound`. (voximplant.yaml: GetActualPhoneNumberRegion)"""
        fields = {
            "country_code": country,
            "phone_category_name": category,
            "phone_region_id": region_id,
            "country_state": state,
        }
        gone = Meaning(absent=frozenset((241,)))
        rows = self.call("GetActualPhoneNumberRegion", fields, meaning=gone, then=values.rows)
        if not rows:
            raise NotFound("no such region", call="GetActualPhoneNumberRegion", code="not-found")
        return self.resource(self.row(rows[0]), _REGION)

    def _available(self, row: dict, place: ResourceRecord, currency: str) -> AvailableNumber:
        return AvailableNumber(
            external_id=values.text(row, "phone_id"),
            number=values.number(row, "phone_number"),
            city=values.text(row, "phone_region_name") or place.name,
            sms=bool(place.fields.get("is_sms_supported")),
            setup_fee=values.money(row, "phone_installation_price"),
            monthly_fee=_monthly(values.money(row, "phone_price"), values.text(row, "phone_period")),
            currency=currency,
            raw=self.raw(row),
        )

    def _state(self, row: dict) -> PlaceRecord:
        code = values.required(row, "country_state")
        return PlaceRecord(
            external_id=code, code=code, name=values.text(row, "country_state_name") or code, raw=self.raw(row)
        )


def _monthly(price: Decimal | None, period: str) -> Decimal | None:
    """A price of another period than a month is left to `raw`."""
    return price if period in ("", "0-1-0 0:0:0") else None


def _attached(tree: dict) -> dict[str, str]:
    rows = values.inner(done(tree), "phone_numbers")
    return {values.number(row, "phone_number"): values.identity(row, "phone_id") for row in rows}
