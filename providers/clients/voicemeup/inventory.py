"""Numbers that are not ours: looking one up, what can be had where, ordering what is not in stock."""

from collections.abc import Iterator
from datetime import date

from providers.clients import phones
from providers.clients.errors import Unreadable
from providers.clients.records import LookupRecord, ResourceRecord
from providers.clients.speaking import Repeat, speaks
from providers.clients.voicemeup import mapping, values
from providers.clients.voicemeup.envelope import Meaning
from providers.clients.voicemeup.parameters import always, digits, flag, missing, one_of, text, unless, whole, written
from providers.clients.voicemeup.resources import Resource, Resources
from providers.clients.voicemeup.wire import not_sent, refused_here

AREA_CODE = Resource(kind="area_code", read="get_did_areacodes", row="areacode_details", id="npa", name="state")
EXCHANGE = Resource(kind="exchange", read="get_did_exchanges", row="exchange_details", id="nxx", name="ratecenter")
RATE_CENTER = Resource(
    kind="rate_center", read="get_ratecenters", row="ratecenter_details", id="ratecenter_id", name="ratecenter"
)
ORDER = (
    digits("prefix", 1, 15, needed=unless("ratecenter_id")),
    digits("ratecenter_id", 6, needed=unless("prefix")),
    one_of("type", "local international"),
    whole("quantity", 1, 999, needed=always),
    one_of("prefix_preference", "in_ratecenter prefix_only"),
    one_of("sequential", "random sequential"),
    flag("t38_support"),
    flag("sms_support"),
    flag("mms_support"),
    one_of("capacity", "0 1-2 2-5 5-10 10-15 15-25 25-50 50+"),
    text("comments"),
)
_ORDER = Meaning({param.name: param.name for param in ORDER})
_LOOKUP = Meaning({"phone_number": "number"})
_RELEASE = Meaning({"client_did_id": "external_id", "phone_number": "number"}, identity=("client_did_id",))


class Inventory(Resources):
    @speaks("lookup_did", Repeat.NEVER, settle="nothing tells: asked again, it is charged again")
    def lookup(self, number: str) -> LookupRecord:
        """Carrier and place of any number (E.164). Each request is charged. Raises `Rejected`, `Unreadable`.

        (voicemeup.yaml: lookup_did)
        """
        fields = {"phone_number": self.digits(number)}
        tree = self.call("lookup_did", fields, meaning=_LOOKUP)
        row = self.row(mapping.only_row(values.rows(tree, "did_details", "phone_number"), "did_details"))
        if values.text(row, "phone_number").lstrip("+") not in ("", fields["phone_number"], number[1:]):
            raise Unreadable("the answer is about another number", code="other-answer")
        return LookupRecord(
            number=number,
            carrier=values.text(row, "carrier"),
            line_type=values.text(row, "type"),
            caller_name=values.text(row, "callerid_name"),
            city=values.text(row, "district"),
            region=values.text(row, "state_code", "state"),
            country=values.text(row, "country_code", "country"),
            routing_number=values.text(row, "lrn"),
            raw=self.raw(row),
        )

    @speaks("get_did_areacodes")
    def area_codes(
        self, npa: str = "", rate_center_id: str = "", country_id: str = "", state_id: str = ""
    ) -> Iterator[ResourceRecord]:
        """Area codes in which VoiceMeUp has numbers. (voicemeup.yaml: get_did_areacodes)"""
        place = _place(npa, "", rate_center_id, country_id, state_id)
        yield from self.resources(AREA_CODE, **place)

    @speaks("get_did_exchanges")
    def exchanges(
        self,
        npa: str = "",
        nxx: str = "",
        rate_center_id: str = "",
        country_id: str = "",
        state_id: str = "",
        portable: bool | None = None,
        available: bool | None = None,
        updated_since: date | None = None,
    ) -> Iterator[ResourceRecord]:
        """Exchanges, with what can be ported and had there. `external_id` is the six digits. To be asked once a day at
        most. (voicemeup.yaml: get_did_exchanges, page by page)
        """
        fields = _place(npa, nxx, rate_center_id, country_id, state_id)
        fields |= {"portability": portable, "availability": available, "updated_since": updated_since}
        for rows in self.pages("get_did_exchanges", fields, EXCHANGE.row, EXCHANGE.id, EXCHANGE.meaning):
            yield from self.listing(rows, self._exchange)

    @speaks("get_ratecenters")
    def rate_centers(
        self,
        npa: str = "",
        nxx: str = "",
        external_id: str = "",
        country_id: str = "",
        state_id: str = "",
        updated_since: date | None = None,
    ) -> Iterator[ResourceRecord]:
        """Rate centres by area code, prefix or id. (voicemeup.yaml: get_ratecenters, page by page)"""
        fields = _place(npa, nxx, external_id, country_id, state_id) | {"updated_since": updated_since}
        for rows in self.pages("get_ratecenters", fields, RATE_CENTER.row, RATE_CENTER.id, RATE_CENTER.meaning):
            yield from self.listing(rows, lambda row: self.resource(RATE_CENTER, row))

    @speaks("get_did_exchanges")
    def portable(self, number: str) -> bool:
        """Whether VoiceMeUp can port from the exchange of a local number. Toll-free numbers have none: `Rejected`."""
        local = self.ten_digits(number)
        if phones.is_toll_free(number):
            raise refused_here("toll-free", "number")
        found = list(self.exchanges(npa=local[:3], nxx=local[3:6]))
        return any(_yes(row) for row in found if row.external_id == local[:6])

    @speaks("order_new_dids", Repeat.NEVER, settle="staff answer by e-mail: ask them before ordering again")
    def order_numbers(self, settings: dict[str, object]) -> None:
        """Ask VoiceMeUp's staff for numbers that are not in stock; costs money once they come. `settings` is named as in
        the manual: quantity (1 to 999), prefix (six digits, or a foreign code) or ratecenter_id, type, capacity, ...

        Raises `Rejected`; `could_not_send` is `Unclear`. (voicemeup.yaml: order_new_dids)
        """
        fields, problems = written(ORDER, settings)
        problems += missing(ORDER, fields)
        if problems:
            raise not_sent(problems)
        if fields.get("prefix_preference") == "prefix_only" and (
            not fields.get("prefix") or fields.get("type") == "international"
        ):
            raise refused_here("not-offered", "prefix_preference")
        self.call("order_new_dids", {name: value for name, value in fields.items() if value != ""}, meaning=_ORDER)

    def back_order_places(self, area_code: str) -> list[ResourceRecord]:
        """Rate centres of an area code, by name. (voicemeup.yaml: get_ratecenters)"""
        return sorted(self.rate_centers(npa=area_code), key=lambda place: place.name)

    def back_order(self, place_id: str, quantity: int, sequential: bool, sms: bool) -> None:
        """Ask VoiceMeUp's staff for numbers of a rate centre. Raises as `order_numbers`."""
        settings: dict[str, object] = {
            "ratecenter_id": place_id,
            "quantity": quantity,
            "sequential": "sequential" if sequential else "random",
        }
        self.order_numbers(settings | ({"sms_support": True} if sms else {}))

    @speaks("delete_did", Repeat.SAFE, settle="get_dids by id: deleted or gone means released")
    def release_number(self, external_id: str) -> None:
        """Give a number back, for good. Raises `NotFound`, `Rejected`. (voicemeup.yaml: delete_did)"""
        self.call("delete_did", {"client_did_id": external_id}, meaning=_RELEASE)

    def _exchange(self, row: dict) -> ResourceRecord:
        whole_code = values.required(row, "npa") + values.required(row, "nxx")
        return self.resource(EXCHANGE, row, whole_code)


def _yes(exchange: ResourceRecord) -> bool:
    values.required(exchange.raw, "portability")
    return values.flag(exchange.raw, "portability")


def _place(npa: str, nxx: str, rate_center_id: str, country_id: str, state_id: str) -> dict:
    given = {
        "npa": npa,
        "nxx": nxx,
        "ratecenter_id": rate_center_id,
        "country_id": country_id,
        "state_id": state_id,
    }
    return {name: value or None for name, value in given.items()}
