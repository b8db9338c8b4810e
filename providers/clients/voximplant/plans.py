"""What things cost: usage, subscriptions, plans, and the charges that come every month."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from providers.clients.errors import Cause, Unreadable
from providers.clients.records import ChargeRecord, PriceRecord, ResourceRecord
from providers.clients.speaking import Repeat, speaks
from providers.clients.voximplant import values
from providers.clients.voximplant.envelope import done
from providers.clients.voximplant.numbers import Numbers
from providers.clients.voximplant.sip import Sip
from providers.clients.voximplant.wire import Kind, refused_here

PLAN_TYPES = ("IM", "MAU")
SERVICES = {"SMSINPUT": "sms", "SMSOUT": "sms", "SMSOUT_INTERNATIONAL": "sms", "A2P_SMS_E212": "sms"}
SUBSCRIPTIONS = {"PHONE_NUM": "number", "SIP_REGISTRATION": "sip registration"}
# "Y-M-D H:m:s" as it stands in prices
PERIODS = {"0-1-0 0:0:0": "month", "1-0-0 0:0:0": "year", "0-0-1 0:0:0": "day"}
_PLAN = Kind("plan", "AccountPlan", id="plan_subscription_template_id", name="plan_name")
_OFFER = Kind("offered plan", "Plan", id="plan_subscription_template_id", name="plan_name")
_RENEWAL = Kind("renewal", "ChargeAccountResult")


class Plans(Numbers, Sip):
    def prices(self) -> Iterator[PriceRecord]:
        """What usage costs, then what subscriptions do."""
        yield from self.resource_prices()
        yield from self.subscription_prices()

    @speaks("GetResourcePrice")
    def resource_prices(
        self,
        resource_types: Iterable[str] = (),
        group_ids: Iterable[str] = (),
        group_name: str | None = None,
        parameters: Iterable[str] = (),
    ) -> Iterator[PriceRecord]:
        """Prices of usage: one record for each price group, `destination` its name; a text costs by the message, calls
        by the minute (scaled from the upstream's units), the rest by its own unit, which `raw` has. `parameters` are
        full numbers to find the price of. (voximplant.yaml: GetResourcePrice)
        """
        fields = {
            "resource_type": list(resource_types) or None,
            "price_group_id": list(group_ids) or None,
            "price_group_name": group_name,
            "resource_param": list(parameters) or None,
        }
        currency = self.currency()
        rows = self.call("GetResourcePrice", fields, then=values.rows)
        for prices in self.listing(rows, lambda row: self._resource_prices(row, currency)):
            yield from prices

    @speaks("GetSubscriptionPrice")
    def subscription_prices(
        self, template_ids: Iterable[str] = (), kind: str | None = None, name: str | None = None
    ) -> Iterator[PriceRecord]:
        """Prices of numbers and SIP registrations; `kind` PHONE_NUM or SIP_REGISTRATION, `amount` in the account's
        currency. (voximplant.yaml: GetSubscriptionPrice)
        """
        fields = {
            "subscription_template_id": list(template_ids) or None,
            "subscription_template_type": kind,
            "subscription_template_name": name,
        }
        for rows in self.pages("GetSubscriptionPrice", fields):
            yield from self.listing(rows, self._subscription_price)

    def charges(self) -> list[ChargeRecord]:
        """What renews by itself: numbers, SIP registrations and plans. Rows do not say their period; all that are known
        are monthly.
        """
        currency = self.currency()
        charges = [
            *self.listing(self.attached(), lambda row: self._number_charge(row, currency)),
            *self.listing(self.registered(), lambda row: self._registration_charge(row, currency)),
            *(self._plan_charge(plan, currency) for plan in self.plans()),
        ]
        return [charge for charge in charges if charge.amount and not _ended(charge.raw)]

    @speaks("GetAccountPlans")
    def plans(self, types: Iterable[str] = (), plan_ids: Iterable[str] = ()) -> Iterator[ResourceRecord]:
        """The account's plans (IM, MAU) with what is left of their packages. (voximplant.yaml: GetAccountPlans)"""
        yield from self.resources("GetAccountPlans", _PLAN, _plan_fields(types, plan_ids), paged=False)

    @speaks("GetAvailablePlans")
    def available_plans(self, types: Iterable[str] = (), plan_ids: Iterable[str] = ()) -> Iterator[ResourceRecord]:
        """Plans that the account may change to. (voximplant.yaml: GetAvailablePlans)"""
        yield from self.resources("GetAvailablePlans", _OFFER, _plan_fields(types, plan_ids), paged=False)

    @speaks("ChangeAccountPlan", Repeat.NEVER, settle="GetAccountPlans tells which plan the account has now")
    def change_plan(self, plan_type: str, plan_id: str | None = None) -> ResourceRecord:
        """Take a dearer plan of a type; the next month's fee is reserved at once. Returns the account's money as it is
        then. Raises `Rejected` (379 when it may not be). (voximplant.yaml: ChangeAccountPlan)
        """
        if plan_type not in PLAN_TYPES:
            raise refused_here("invalid-choice", "plan_type")
        fields = {"plan_type": plan_type, "plan_subscription_template_id": plan_id}
        return self.call("ChangeAccountPlan", fields, then=lambda tree: self._money_now(done(tree)))

    @speaks("ChargeAccount", Repeat.NEVER, settle="GetPhoneNumbers tells whether the number still waits to be renewed")
    def renew_numbers(self, number_ids: Iterable[str]) -> ResourceRecord:
        """Pay for numbers that do not renew by themselves, which thaws those frozen. `fields` has charged_amount and
        the numbers with what became of them. (voximplant.yaml: ChargeAccount)
        """
        wanted = list(number_ids)
        if not wanted:
            raise refused_here("value-required", "external_id", cause=Cause.MISSING)
        return self.call(
            "ChargeAccount", {"phone_id": wanted}, then=lambda tree: self.resource(values.one(tree), _RENEWAL)
        )

    def _money_now(self, tree: dict) -> ResourceRecord:
        info = tree.get("account_info")
        return self.resource(info if isinstance(info, dict) else {}, Kind("account money", "ShortAccountInfo"))

    def _resource_prices(self, row: dict, currency: str) -> list[PriceRecord]:
        resource = values.required(row, "resource_type")
        return [self._group_price(resource, group, currency) for group in values.inner(row, "price_groups")]

    def _group_price(self, resource: str, group: dict, currency: str) -> PriceRecord:
        # `price` buys `num_resources_per_price` units: seconds for calls, messages for texts.
        amount, units = values.amount(group, "price"), values.whole(group, "num_resources_per_price") or 1
        record = PriceRecord(
            service=SERVICES.get(resource, resource),
            destination=values.text(group, "price_group_name"),
            amount=amount,
            currency=currency,
            unit="message" if resource in SERVICES else f"{units} units",
            raw=self.raw(group | {"resource_type": resource}),
        )
        if not resource.startswith(("PSTN", "SIP", "VOIP")):
            return replace(record, amount=amount / units) if units > 0 and record.unit == "message" else record
        return replace(record, service="voice", unit="minute", amount=amount * 60 / units) if units > 0 else record

    def _subscription_price(self, row: dict) -> PriceRecord:
        kind = values.text(row, "subscription_template_type")
        amount = values.money(row, "price_in_currency")
        return PriceRecord(
            service=SUBSCRIPTIONS.get(kind, kind),
            destination=values.required(row, "subscription_template_name"),
            amount=values.amount(row, "price") if amount is None else amount,
            currency=values.currency(row),
            unit=PERIODS.get(values.text(row, "period"), values.text(row, "period") or "month"),
            raw=self.raw(row),
        )

    def _number_charge(self, row: dict, currency: str) -> ChargeRecord:
        number = values.number(row, "phone_number")
        return ChargeRecord(
            external_id=f"phone-{values.identity(row, 'phone_id')}",
            description=" ".join(filter(None, ("Phone number", values.text(row, "phone_region_name")))),
            amount=values.amount(row, "phone_price"),
            currency=currency,
            number=number,
            next_on=values.day(row, "phone_next_renewal"),
            raw=self.raw(row),
        )

    def _registration_charge(self, row: dict, currency: str) -> ChargeRecord:
        return ChargeRecord(
            external_id=f"sip-{values.identity(row, 'sip_registration_id')}",
            description=f"SIP registration {values.text(row, 'sip_username')}",
            amount=values.amount(row, "subscription_price"),
            currency=currency,
            next_on=values.day(row, "next_subscription_renewal"),
            raw=self.raw(row),
        )

    def _plan_charge(self, plan: ResourceRecord, currency: str) -> ChargeRecord:
        amount = plan.fields.get("periodic_charge")
        if amount is None:
            raise Unreadable("a plan does not say what it costs", code="unreadable-value")
        return ChargeRecord(
            external_id=f"plan-{plan.external_id}",
            description=plan.name,
            amount=amount,
            currency=currency,
            next_on=plan.fields.get("next_charge"),
            raw=plan.raw,
        )


def _ended(row: dict) -> bool:
    return bool(values.flag(row, "canceled") or values.flag(row, "deactivated"))


def _plan_fields(types: Iterable[str], plan_ids: Iterable[str]) -> dict[str, object]:
    return {"plan_type": list(types) or None, "plan_subscription_template_id": list(plan_ids) or None}
