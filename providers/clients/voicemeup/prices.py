"""Rates of calls, and the plans."""

from collections.abc import Iterator

from providers.clients.records import PriceRecord, ResourceRecord
from providers.clients.speaking import speaks
from providers.clients.voicemeup import values
from providers.clients.voicemeup.envelope import Meaning
from providers.clients.voicemeup.places import CANADA, USA
from providers.clients.voicemeup.resources import Resource, Resources
from providers.clients.voicemeup.wire import refused_here

PLAN = Resource(kind="plan", read="get_plans", row="plan_details", id="plan_id", name="name")
_RATES = Meaning({"country_id": "country_id", "state_id": "state_id", "code": "code", "search_parameters": "code"})


class Prices(Resources):
    @speaks("get_rates")
    def prices(self) -> Iterator[PriceRecord]:
        """What a minute to Canada and the US costs; other countries by `rates`. Two calls."""
        for country in (CANADA, USA):
            yield from self.rates(country_id=country)

    @speaks("get_rates")
    def rates(self, code: str = "", country_id: str = "", state_id: str = "") -> Iterator[PriceRecord]:
        """What a minute costs, by dialling prefix or country. `destination` is the prefix with its description.

        Bad rows go to `unread`. (voicemeup.yaml: get_rates)
        """
        if not code and not country_id:
            raise refused_here("needed", "code")
        fields = {"code": code or None, "country_id": country_id or None, "state_id": state_id or None}
        rows = values.rows(self.call("get_rates", fields, meaning=_RATES), "rate_details", "code")
        yield from self.listing(rows, lambda row: _rate(row, self.currency, self.raw(row)))

    @speaks("get_plans")
    def plans(self, external_id: str = "", group_id: str = "") -> Iterator[ResourceRecord]:
        """Plans and what they include. (voicemeup.yaml: get_plans)"""
        yield from self.resources(PLAN, plan_id=external_id, plan_groups_id=group_id)


def _rate(row: dict, currency: str, raw: dict) -> PriceRecord:
    described = (values.text(row, "code"), values.text(row, "description", "country"))
    return PriceRecord(
        service="voice",
        destination=" ".join(filter(None, described)) or values.required(row, "code"),
        amount=values.amount(values.required(row, "rate")),
        currency=values.currency(row, currency),
        unit="minute",
        raw=raw,
    )
