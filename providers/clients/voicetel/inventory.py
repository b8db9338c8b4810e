"""Numbers for sale, ordering them, and the registration of brands and campaigns that texts to the US need."""

import re
from collections.abc import Iterable
from typing import ClassVar

from providers.clients.records import AvailableNumber, ResourceRecord
from providers.clients.speaking import Repeat, speaks
from providers.clients.voicetel import values
from providers.clients.voicetel.refusals import refused_here
from providers.clients.voicetel.wire import CURRENCY, Wire

ANY = "x"
DIGITS = 10
MOST = 100  # numbers in one search; upstream states no most
DEFAULT = 20
COUNT_BY = ("state", "rateCenter", "npaNxx", "block")
LONGEST_TEXT = 255
_MASK = re.compile(r"^[2-9x][\dx]{9}$", re.ASCII)
_AREA = re.compile(r"^[2-9]\d\d$", re.ASCII)


class Inventory(Wire):
    finds_by: ClassVar[frozenset[str]] = frozenset(("area_code", "prefix", "ending", "city", "region", "kind"))

    @speaks("tnInventory")
    def available_numbers(
        self,
        area_code: str | None = None,
        city: str | None = None,
        region: str | None = None,
        pattern: str | None = None,
        kind: str | None = None,
        sms: bool | None = None,
        quantity: int = DEFAULT,
        lata: int | None = None,
        prefix: str | None = None,
        ending: str | None = None,
    ) -> list[AvailableNumber]:
        """Numbers that can be ordered, at most `quantity`. `prefix` is the exchange, `ending` the last digits, both for
        want of a `pattern`. `region` is a state's two letters, `city` a rate centre as
        carriers write it, `pattern` ten characters with x for any digit. Local numbers only; whether they will text is
        not told. (voicetel.yaml: tnInventory)
        """
        if kind not in (None, "", "local"):
            return []
        body: dict[str, object] = {
            "tnMask": _mask(area_code, pattern or _drawn(area_code, prefix, ending)),
            "quantity": min(max(quantity, 1), MOST),
        }
        told = {"rateCenter": (city or "").upper(), "province": (region or "").upper(), "lata": lata}
        body |= {name: value for name, value in told.items() if value}
        return list(self.listing(values.rows(self.ask("tnInventory", body), "tnResult"), self._available))

    @speaks("tnInventoryCoverage")
    def coverage(
        self,
        count_by: str = "npaNxx",
        area_code: str = "",
        region: str = "",
        rate_center: str = "",
        lata: str = "",
    ) -> list[ResourceRecord]:
        """How many numbers there are to order, by state, rateCenter, npaNxx or block. (voicetel.yaml: tnInventoryCoverage)"""
        if count_by not in COUNT_BY:
            raise refused_here("not-offered", "count_by", words=", ".join(COUNT_BY))
        told = {"countBy": count_by, "npa": area_code, "locState": region.upper(), "rcAbbre": rate_center, "lata": lata}
        body = {name: value for name, value in told.items() if value}
        rows = values.rows(self.ask("tnInventoryCoverage", body), "tnInventoryCoverageList")
        return list(self.listing(rows, self._covered))

    @speaks("tnOrder", Repeat.NEVER, settle="numbersList: the number is on the account")
    def order_numbers(self, numbers: Iterable[str], route: str = "", reference: str = "") -> str:
        """Buy numbers (E.164) that were found available, routed to a gateway or not; costs money at once and monthly.

        Returns the order's id, a time stamp that no other call takes. (voicetel.yaml: tnOrder)
        """
        items: list[dict] = [{"tn": values.integer(number)} for number in numbers]
        if not items:
            raise refused_here("missing", "numbers")
        if route:
            items = [item | {"route": values.route_id(route)} for item in items]
        order: dict[str, object] = {"tnList": {"tnItem": items}}
        if reference:
            order["customerOrderReference"] = values.plain(reference, "reference", 64)
        return self.ask("tnOrder", {"tnOrder": order}, write=True, then=lambda tree: values.required(tree, "orderId"))

    def activate_number(self, number: str) -> str:
        """Buy one number that was found available; costs money. Returns its external id, the ten digits.

        After `Unclear`, ask `number(number=...)`: on the account means done. (voicetel.yaml: tnOrder)
        """
        external_id = values.ten(number)
        self.order_numbers([number])
        return external_id

    # --- brands and campaigns

    @speaks("addMessagingBrand", Repeat.NEVER, settle="asked again it is refused (470) when it was done")
    def add_brand(self, brand_id: str, name: str, description: str) -> None:
        """Register a brand under its id at the registry. (voicetel.yaml: addMessagingBrand)"""
        body = {"messagingBrandId": brand_id, "messagingBrandName": name, "messagingBrandDescription": description}
        self.ask("addMessagingBrand", _texts(body), write=True)

    @speaks("addMessagingCampaign", Repeat.NEVER, settle="campaigns: the campaign is listed")
    def add_campaign(self, campaign_id: str, brand_id: str, description: str) -> None:
        """Register a campaign under a brand. (voicetel.yaml: addMessagingCampaign)"""
        body = {"externalCampaignId": campaign_id, "messagingBrandId": brand_id, "campaignDescription": description}
        self.ask("addMessagingCampaign", _texts(body), write=True)

    @speaks("tnMessagingCampaign", Repeat.SAFE, settle="campaigns: the campaign's numbers")
    def assign_campaign(self, campaigns: dict[str, str]) -> str:
        """Put numbers (external ids) under campaigns. Returns the order's id. (voicetel.yaml: tnMessagingCampaign)"""
        items = [
            {
                "tn": str(values.digits(own)),
                "tnFeature": {"messaging": {"tnCampaign": values.plain(campaign, "campaign_id", 64)}},
            }
            for own, campaign in campaigns.items()
        ]
        if not items:
            raise refused_here("missing", "numbers")
        body = {"tnCampaign": {"tnList": {"tnItem": items}}}
        return self.ask("tnMessagingCampaign", body, write=True, then=lambda tree: values.required(tree, "orderId"))

    @speaks("campaigns")
    def campaigns(self, campaign_ids: Iterable[str] = ()) -> list[ResourceRecord]:
        """Campaigns, all without ids: `name` is the state, `fields["numbers"]` its numbers (E.164).

        (voicetel.yaml: campaigns)
        """
        wanted = [{"campaignID": values.plain(one, "campaign_id", 64)} for one in campaign_ids]
        tree = self.ask("campaigns", {"campaignIDs": wanted} if wanted else {})
        numbers, states = _mapping(tree, "campaign_numbers"), _mapping(tree, "campaign_event_status")
        rows = [{"id": one, "numbers": numbers.get(one), "state": states.get(one)} for one in {**states, **numbers}]
        return list(self.listing(rows, self._campaign))

    def _available(self, row: dict) -> AvailableNumber:
        e164 = values.number(row, "telephoneNumber")
        return AvailableNumber(
            external_id=e164[2:],
            number=e164,
            city=values.text(row, "city"),
            region=values.text(row, "province"),
            rate_center=values.text(row, "rateCenter"),
            currency=CURRENCY,
            raw=self.raw(row),
        )

    def _covered(self, row: dict) -> ResourceRecord:
        masked = self.raw(row) | {"count": values.whole(row, "count")}
        name = " ".join(filter(None, (values.text(row, key) for key in ("locState", "rcAbbre", "npa", "nxx"))))
        return ResourceRecord(kind="coverage", external_id=name, name=name, fields=masked, raw=self.raw(row))

    def _campaign(self, row: dict) -> ResourceRecord:
        listed = row["numbers"] or []
        if not isinstance(listed, list):
            raise values.unreadable("campaign_numbers", "a list")
        numbers = [values.number({"number": one}, "number") for one in listed]
        fields = {"numbers": numbers, "state": values.text(row, "state")}
        return ResourceRecord(
            kind="campaign", external_id=row["id"], name=fields["state"], fields=fields, raw=self.raw(row)
        )


def _drawn(area_code: str | None, prefix: str | None, ending: str | None) -> str | None:
    """A mask of what is known of a number, None when that is nothing beyond its area code."""
    if not prefix and not ending:
        return None
    start = (area_code or ANY * 3) + (prefix or ANY * 3)
    last = (ending or "")[-4:]
    return start + ANY * (DIGITS - len(start) - len(last)) + last


def _mask(area_code: str | None, pattern: str | None) -> str:
    """Ten characters: the pattern, or the area code and seven of any digit."""
    mask = (pattern or "").lower() or (area_code or ANY * 3) + ANY * (DIGITS - 3)
    if area_code and not _AREA.match(area_code):
        raise refused_here("not-an-area-code", "area_code")
    if not _MASK.match(mask) or not mask.startswith(area_code or ""):
        raise refused_here("not-a-mask", "pattern", words="ten characters, digits or x")
    return mask


def _texts(body: dict[str, str]) -> dict[str, str]:
    return {name: values.plain(value, name, LONGEST_TEXT) for name, value in body.items()}


def _mapping(tree: dict, key: str) -> dict:
    found = tree.get(key)
    if found in (None, []):
        return {}
    if not isinstance(found, dict):
        raise values.unreadable(key, "a structure")
    return found
