"""DIDs: the ones on the account, their settings, and numbers to take from the inventory."""

from collections.abc import Iterator
from typing import ClassVar

from providers.clients import phones
from providers.clients.errors import NotFound
from providers.clients.records import AvailableNumber, NumberRecord, NumberStatus
from providers.clients.speaking import Repeat, speaks
from providers.clients.voicemeup import mapping, metadata, settings, values
from providers.clients.voicemeup.envelope import Meaning
from providers.clients.voicemeup.places import CANADA, USA, Places
from providers.clients.voicemeup.wire import refused_here

STATUSES = {"enabled": NumberStatus.ACTIVE, "disabled": NumberStatus.DISABLED, "deleted": NumberStatus.DELETED}
KINDS = {
    "local": "local",
    "tollfree": "tollfree",
    "international": "international",
    "paypercall": "other",
    "inum": "other",
    "shadow": "other",
    "interexchange": "other",
}
# voicemeup.yaml: get_new_dids.included_patterns ("tripple" is how the wire spells it)
PATTERNS = {
    "any": "all_numbers",
    "none": "no_patterns",
    "rare": "rare_number",
    "double": "pattern_double_digits",
    "double_pair": "pattern_double_digits_pair",
    "double_trio": "pattern_double_digits_trio",
    "triple": "pattern_tripple_digits",
    "quadruple": "pattern_quadruple_digits",
}
# Our filter names; any other name goes to the wire as it is.
FILTERS = {
    "external_id": "client_did_id",
    "number": "phone_number",
    "subaccount_id": "client_subaccount_id",
    "area_code": "npa",
    "kind": "type",
}
_WORDS_OF_STATUS = {ours: theirs for theirs, ours in STATUSES.items()}
_DID = Meaning(
    settings.FIELD_OF | {"client_did_id": "external_id", "phone_number": "number", "status": "status"},
    identity=("client_did_id", "phone_number"),
)
_SEARCH = Meaning(
    {
        "npa": "area_code",
        "nxx": "prefix",
        "state_id": "region",
        "district": "city",
        "included_patterns": "pattern",
    }
)


class Numbers(Places):
    finds_by: ClassVar[frozenset[str]] = frozenset(("area_code", "prefix", "city", "region", "kind", "sms", "pattern"))
    sells: ClassVar[tuple[str, ...]] = ("local", "tollfree")

    @speaks("get_dids")
    def numbers(self, **filters) -> Iterator[NumberRecord]:
        """The account's numbers, all of them without a filter: external_id, number (E.164), subaccount_id, area_code,
        kind, status (ours), or a wire name. Bad rows go to `unread`. (voicemeup.yaml: get_dids, unpaged)
        """
        yield from self.listing(self._dids(**filters), self._number)

    @speaks("get_dids")
    def number(self, external_id: str | None = None, number: str | None = None) -> NumberRecord:
        """One number, by id or E.164. Raises `NotFound`, `Unreadable`. (voicemeup.yaml: get_dids)"""
        return self._number(self._did(external_id=external_id, number=number))

    @speaks("update_did", Repeat.SAFE, settle="get_dids: its settings say whether it took")
    def update_number(self, external_id: str, changes: dict) -> None:
        """Change settings; keys and values as in records.NUMBER_SETTINGS. Nothing else on the number changes.

        Reads the number first and sends everything it has, with preserve_missing_data, since VoiceMeUp resets what is
        left out. Two calls, not atomic: the caller keeps two updates of a number apart. Raises `NotFound`, `Rejected`
        with a problem per setting. (voicemeup.yaml: update_did)
        """
        row = self._did(external_id=external_id)
        fields = {
            "preserve_missing_data": "1",
            "client_did_id": external_id,
            **settings.write(row, changes),
            **metadata.fields("", row),
        }
        self.call("update_did", fields, meaning=_DID)

    @speaks("get_new_dids")
    def available_numbers(
        self,
        area_code: str | None = None,
        city: str | None = None,
        region: str | None = None,
        pattern: str | None = None,
        kind: str | None = None,
        sms: bool | None = None,
        prefix: str | None = None,
    ) -> list[AvailableNumber]:
        """Numbers in the inventory; `prefix` is the exchange. `region` is two letters of Canada or the US or a
        state id; `pattern` one of PATTERNS or several with commas; `kind` local, tollfree or international; fees are
        Decimals where the row has them. (voicemeup.yaml: get_new_dids, unpaged)
        """
        wanted = [PATTERNS.get(word, word) for word in (pattern or "").split(",") if word]
        fields = {
            "npa": area_code,
            "nxx": prefix,
            "district": city,
            "state_id": self._region_id(region) if region else None,
            "included_patterns": wanted or None,
            "type": kind,
            "sms_support": sms,
        }
        rows = values.rows(self.call("get_new_dids", fields, meaning=_SEARCH), "did_details", "did_id")
        to_record = lambda row: mapping.available_number(row, self.currency, self.raw(row))  # noqa: E731
        return list(self.listing(rows, to_record))

    @speaks("activate_new_did", Repeat.NEVER, settle="get_dids by the number: on the account means bought")
    def activate_number(self, number: str) -> str:
        """Take a number of the inventory onto the account; costs money. Returns its external id.

        After `Unclear`, ask `number(number=...)`: owned means done. Raises `NotFound` when it is not to be had.
        (voicemeup.yaml: activate_new_did)
        """
        fields = {"phone_number": self.digits(number)}
        found = self.call(
            "activate_new_did", fields, meaning=_DID, then=lambda tree: values.find(tree, "client_did_id")
        )
        # The answer's shape is not documented; the natural key settles it.
        return found or values.required(self._did(number=number), "client_did_id")

    def _dids(self, **filters) -> list:
        fields = {FILTERS.get(name, name): value for name, value in filters.items() if value is not None}
        if "phone_number" in fields:
            fields["phone_number"] = self.digits(fields["phone_number"])
        if "status" in fields:
            fields["status"] = _WORDS_OF_STATUS.get(fields["status"], fields["status"])
        return values.rows(self.call("get_dids", fields, meaning=_DID), "did_details", "client_did_id")

    def _did(self, external_id: str | None = None, number: str | None = None) -> dict:
        for row in self._dids(external_id=external_id, number=number):
            row = self.row(row)
            if external_id and values.text(row, "client_did_id") == external_id:
                return row
            if not external_id and number and values.number(row, "phone_number") == number:
                return row
        raise NotFound("no such number on the account", call="get_dids", code="not-found")

    def _number(self, row: dict) -> NumberRecord:
        kind = values.chosen(row, "type", KINDS, blank="")
        e164 = values.number(row, "phone_number", international=kind == "international")
        return NumberRecord(
            external_id=values.required(row, "client_did_id"),
            number=e164,
            status=values.chosen(row, "status", STATUSES),
            kind=kind or ("tollfree" if phones.is_toll_free(e164) else "local"),
            subaccount_id=mapping.object_id(row, "client_subaccount_id"),
            city=values.text(row, "district"),
            region=values.text(row, "state_code", "state"),
            country=values.text(row, "country_code", "country"),
            rate_center=values.text(row, "ratecenter", "ratecenter_id"),
            sms=values.flag(row, "sms_support"),
            mms=values.flag(row, "mms_support"),
            fax=values.flag(row, "t38_support"),
            label=values.text(row, "friendly_name"),
            activated_on=values.day(row, "date_activated"),
            settings=settings.read(row),
            raw=self.raw(row),
        )

    def _region_id(self, region: str) -> str:
        if region.isdigit():
            return region
        for country in (CANADA, USA):
            for place in self._states_of(country):
                if region.casefold() in (place.code.casefold(), place.name.casefold()):
                    return place.external_id
        raise refused_here("unknown-region", "region")
