"""Rented numbers: listing, settings, routing to applications, giving back."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from providers.clients import phones
from providers.clients.errors import NotFound, Unreadable
from providers.clients.records import NumberRecord, NumberStatus, ResourceRecord
from providers.clients.speaking import Repeat, speaks
from providers.clients.voximplant import values
from providers.clients.voximplant.envelope import Meaning, done
from providers.clients.voximplant.wire import Kind, Wire, refused_here

# Of a number that is rented: whether it works. Those that wait for something, or are cancelled, do not.
STATUSES = {
    "": NumberStatus.ACTIVE,
    "ACTIVE": NumberStatus.ACTIVE,
    "ACTIVATING": NumberStatus.DISABLED,
    "DEACTIVATED": NumberStatus.DISABLED,
    "PROVISIONING": NumberStatus.DISABLED,
    "AWAITING_BUSINESS_PHONE_NUMBER_CONFIGURATION": NumberStatus.DISABLED,
    "LEGAL_OWNERSHIP_LIMIT_REACHED": NumberStatus.DISABLED,
    "GOSUSLUGI_DECLINED": NumberStatus.DISABLED,
    "SELF_BAN_ENABLED": NumberStatus.DISABLED,
}
KINDS = {"GEOGRAPHIC": "local", "MOBILE": "local", "TOLLFREE": "tollfree", "NATIONAL": "other"}
# Our filter names; any other name goes to the wire as it is.
FILTERS = {"external_id": "phone_id", "number": "phone_number", "subaccount_id": "child_account_id"}
_PHONE = Meaning(absent=frozenset((121, 181)))
_REPORT = Kind("number report", "CommonReport", id="report_id", name="file_name")


class Numbers(Wire):
    def numbers(self, **filters) -> Iterator[NumberRecord]:
        """The account's numbers, all of them without a filter: external_id, number (E.164), subaccount_id, area_code,
        or a wire name such as `country_code`. Bad rows go to `unread`. (voximplant.yaml: GetPhoneNumbers, pages)
        """
        child = str(filters.get("subaccount_id") or "")
        yield from self.listing(self.attached(**filters), lambda row: self._number(row, child))

    @speaks("GetPhoneNumbers")
    def attached(self, **filters) -> Iterator[dict]:
        """The rows of the numbers, as they are. Filters as for `numbers`. Raises `Rejected`."""
        fields = {FILTERS.get(name, name): value for name, value in filters.items() if value is not None}
        if "phone_number" in fields:
            fields["phone_number"] = self.digits(fields["phone_number"])
        if "area_code" in fields:
            fields["phone_template"] = f"1{fields.pop('area_code')}"
        if "child_account_id" in fields:
            fields["children_phones_only"] = True
        for rows in self.pages("GetPhoneNumbers", fields, meaning=_PHONE):
            yield from rows

    def number(self, external_id: str | None = None, number: str | None = None) -> NumberRecord:
        """One number, by id or E.164. Raises `NotFound`, `Unreadable`. (voximplant.yaml: GetPhoneNumbers)"""
        for row in self.attached(external_id=external_id, number=None if external_id else number):
            record = self._number(self.row(row), "")
            if record.external_id == external_id or (not external_id and record.number == number):
                return record
        raise NotFound("no such number on the account", call="GetPhoneNumbers", code="not-found")

    def update_number(self, external_id: str, changes: dict) -> None:
        """Change `sms` (on or off) and `sms_webhook` (a URL, "" for the account's own callback) of a number.

        One call for each, so that a failure of the second leaves the first done; both are safe to repeat.
        """
        for name in changes:
            if name not in ("sms", "sms_webhook"):
                raise refused_here("unknown-setting", name)
        if "sms_webhook" in changes:
            self.set_number_webhook([external_id], str(changes["sms_webhook"] or ""))
        if "sms" in changes:
            self.switch_sms(self.number(external_id=external_id).number, bool(changes["sms"]))

    @speaks(
        "SetPhoneNumberInfo", Repeat.SAFE, settle="the same address set twice is the same; GetPhoneNumbers shows it"
    )
    def set_number_webhook(self, number_ids: Iterable[str], url: str) -> None:
        """Where texts to these numbers are announced in place of the account's callback. Raises `NotFound`.

        (voximplant.yaml: SetPhoneNumberInfo)
        """
        fields = {"phone_id": list(number_ids), "incoming_sms_callback_url": url}
        self.command("SetPhoneNumberInfo", fields, meaning=_PHONE)

    @speaks("ControlSms", Repeat.SAFE, settle="switched twice is switched once; GetPhoneNumbers shows is_sms_enabled")
    def switch_sms(self, number: str, enabled: bool) -> None:
        """Let a number send and receive texts, or stop it. Raises `NotFound`, `Rejected` (528: it cannot text at all).

        (voximplant.yaml: ControlSms)
        """
        fields = {"phone_number": self.digits(number), "command": "enable" if enabled else "disable"}
        self.command("ControlSms", fields, meaning=_PHONE)

    @speaks("DeactivatePhoneNumber", Repeat.SAFE, settle="GetPhoneNumbers: the number is gone or canceled")
    def release_number(self, external_id: str) -> None:
        """Stop renting a number. Raises `NotFound`, also when it was given back before.

        (voximplant.yaml: DeactivatePhoneNumber)
        """
        self.command("DeactivatePhoneNumber", {"phone_id": external_id}, meaning=_PHONE)

    @speaks("BindPhoneNumberToApplication", Repeat.SAFE, settle="bound twice is bound once; GetPhoneNumbers shows it")
    def route_numbers(
        self,
        number_ids: Iterable[str],
        application_id: str,
        rule_id: str | None = None,
        bind: bool = True,
    ) -> None:
        """Lead the calls of these numbers to an application, or (`bind` false) no longer. Raises `NotFound`, `Rejected`.

        (voximplant.yaml: BindPhoneNumberToApplication)
        """
        fields = {
            "phone_id": list(number_ids),
            "application_id": application_id,
            "rule_id": rule_id,
            "bind": bind,
        }
        self.command("BindPhoneNumberToApplication", fields, meaning=_PHONE)

    @speaks("IsAccountPhoneNumber")
    def owns_number(self, number: str) -> bool:
        """Whether a number is one of the account's. (voximplant.yaml: IsAccountPhoneNumber)"""
        return self.call("IsAccountPhoneNumber", {"phone_number": self.digits(number)}, then=yes_or_no)

    @speaks("GetAccountPhoneNumberCountries")
    def number_countries(self, application_ids: Iterable[str] = ()) -> list[str]:
        """Two letters of each country that the account has numbers of. (voximplant.yaml: GetAccountPhoneNumberCountries)"""
        fields = {"application_id": list(application_ids) or None}
        rows = self.call("GetAccountPhoneNumberCountries", fields, then=values.rows)
        return [values.required({"country": code}, "country") for code in rows]

    @speaks("GetPhoneNumbersAsync", Repeat.SAFE, settle="GetPhoneNumberReports; a second report does no harm")
    def order_numbers_report(self, with_header: bool = True) -> None:
        """Have a CSV of the numbers made; `numbers_reports` tells when it is there. (voximplant.yaml: GetPhoneNumbersAsync)"""
        self.call("GetPhoneNumbersAsync", {"with_header": with_header}, then=done)

    @speaks("GetPhoneNumberReports")
    def numbers_reports(
        self,
        report_id: str | None = None,
        types: Iterable[str] = (),
        since: datetime | None = None,
        until: datetime | None = None,
        completed: bool | None = None,
    ) -> Iterator[ResourceRecord]:
        """Reports of the numbers that were ordered. (voximplant.yaml: GetPhoneNumberReports, pages)"""
        fields = {
            "report_id": report_id,
            "report_type": list(types) or None,
            "created_from": since,
            "created_to": until,
            "is_completed": completed,
        }
        yield from self.resources("GetPhoneNumberReports", _REPORT, fields)

    def _number(self, row: dict, child: str) -> NumberRecord:
        number = values.number(row, "phone_number")
        asleep = values.flag(row, "deactivated") or values.flag(row, "canceled")
        bought: date | None = values.day(row, "phone_purchase_date")
        return NumberRecord(
            external_id=values.identity(row, "phone_id"),
            number=number,
            status=NumberStatus.DISABLED if asleep else values.chosen(row, "activation_status", STATUSES),
            kind=_kind(row, number),
            subaccount_id=child,
            region=values.text(row, "phone_region_name"),
            country=values.text(row, "phone_country_code"),
            sms=bool(values.flag(row, "is_sms_supported")),
            label=values.text(row, "application_name").partition(".")[0],  # the rest names account and host
            activated_on=bought,
            settings={
                "sms": bool(values.flag(row, "is_sms_enabled")),
                "sms_webhook": values.text(row, "incoming_sms_callback_url"),
            },
            raw=self.raw(row),
        )


def _kind(row: dict, number: str) -> str:
    if phones.is_toll_free(number):
        return "tollfree"
    if not phones.is_nanp(number):
        return "international"
    return KINDS.get(values.text(row, "category_name"), "other")


def yes_or_no(tree: dict) -> bool:
    """The answer of a call that only says yes or no."""
    found = tree.get("result")
    if not isinstance(found, bool):
        raise Unreadable("the answer says neither yes nor no", code="contradiction")
    return found
