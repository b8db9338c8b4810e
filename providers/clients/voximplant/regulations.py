"""Addresses that some countries want before they let anybody rent a number, and which places they count for."""

from collections.abc import Iterator

from providers.clients.records import ResourceRecord
from providers.clients.speaking import Repeat, speaks
from providers.clients.voximplant import values
from providers.clients.voximplant.envelope import Meaning
from providers.clients.voximplant.inventory import GEOGRAPHIC
from providers.clients.voximplant.numbers import yes_or_no
from providers.clients.voximplant.wire import Kind, Wire

_ADDRESS = Kind("regulation address", "RegulationAddress", id="regulation_address_id", name="street")
_COUNTRY = Kind("regulation country", "RegulationCountry", id="country_code", name="country_name")
_REGION = Kind("regulation region", "RegulationRegionRecord", id="phone_region_id", name="phone_region_name")
_POSTAL = Kind("postal code", "ZipCode", id="zip_code", name="city")


class Regulations(Wire):
    @speaks("GetRegulationsAddress")
    def regulation_addresses(
        self,
        country: str | None = None,
        category: str | None = None,
        region_code: str | None = None,
        external_id: str | None = None,
        verified: bool | None = None,
        in_progress: bool | None = None,
    ) -> Iterator[ResourceRecord]:
        """The account's addresses and whether each was accepted. (voximplant.yaml: GetRegulationsAddress)"""
        fields = {
            "country_code": country,
            "phone_category_name": category,
            "phone_region_code": region_code,
            "regulation_address_id": external_id,
            "verified": verified,
            "in_progress": in_progress,
        }
        yield from self.resources("GetRegulationsAddress", _ADDRESS, fields, paged=False)

    @speaks("LinkregulationAddress", Repeat.SAFE, settle="linked twice is linked once; GetRegulationsAddress")
    def link_regulation_address(self, external_id: str, number_id: str) -> bool:
        """Let an accepted address count for a number. Whether it does. Raises `NotFound`, `Rejected` (424).

        (voximplant.yaml: LinkregulationAddress)
        """
        fields = {"regulation_address_id": external_id, "phone_id": number_id}
        return self.call("LinkregulationAddress", fields, meaning=Meaning(absent=frozenset((121, 181))), then=yes_or_no)

    @speaks("GetAvailableRegulations")
    def available_regulations(
        self, country: str, category: str = GEOGRAPHIC, region_code: str | None = None
    ) -> list[ResourceRecord]:
        """Accepted addresses that count for numbers of a place. (voximplant.yaml: GetAvailableRegulations)"""
        fields = {"country_code": country, "phone_category_name": category, "phone_region_code": region_code}
        rows = self.call("GetAvailableRegulations", fields, then=lambda tree: values.inner(tree, "available_address"))
        return list(self.listing(rows, lambda row: self.resource(row, _ADDRESS)))

    @speaks("GetCountries")
    def regulation_countries(self, country: str | None = None) -> Iterator[ResourceRecord]:
        """Countries that want an address. (voximplant.yaml: GetCountries)"""
        yield from self.resources("GetCountries", _COUNTRY, {"country_code": country}, paged=False)

    @speaks("GetRegions")
    def regulation_regions(
        self, country: str, category: str = GEOGRAPHIC, city: str | None = None
    ) -> Iterator[ResourceRecord]:
        """Regions of a country, and what kind of address each wants. (voximplant.yaml: GetRegions, pages without a total)"""
        fields = {"country_code": country, "phone_category_name": category, "city_name": city}
        yield from self.resources("GetRegions", _REGION, fields)

    @speaks("GetZIPCodes")
    def postal_codes(self, country: str, region_code: str | None = None) -> Iterator[ResourceRecord]:
        """Postal codes that an address may have. (voximplant.yaml: GetZIPCodes, pages without a total)"""
        yield from self.resources("GetZIPCodes", _POSTAL, {"country_code": country, "phone_region_code": region_code})
