"""Taking numbers over from other carriers: the check, the order, what became of it, and the PINs that guard our own.

Neither drafts nor documents nor changes exist upstream: an order is handed in whole and then followed.
"""

import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import ClassVar

from providers.clients.errors import Cause, NotFound, Notice, Problem, Rejected, Unreadable, Unsupported
from providers.clients.records import Attachment, PortDraft, PortRecord, PortRules, PortStatus, ResourceRecord
from providers.clients.speaking import Repeat, speaks
from providers.clients.voicetel import streets, values
from providers.clients.voicetel.refusals import refused_here
from providers.clients.voicetel.wire import Wire

# portStatus.value.status, without case. A date of its own says whether one was committed.
STATUSES = {
    "submitted": PortStatus.SENT_TO_STAFF,
    "validating": PortStatus.SENT_TO_STAFF,
    "pending": PortStatus.SENT_TO_PROVIDER,
    "complete": PortStatus.COMPLETED,
    "completed": PortStatus.COMPLETED,
}
_ORDER = (PortStatus.SENT_TO_STAFF, PortStatus.SENT_TO_PROVIDER, PortStatus.COMPLETED)
SERVICES = {"business": "B", "personal": "R"}
DOCUMENTS_KEPT = "documents-not-sent"
_PIN = re.compile(r"^\d{4}$", re.ASCII)
_ALL_IS_WELL = ("", "ok")
_PLACE = ("civic_number", "street", "city", "region", "postal_code")
_NEEDED = ("numbers", "wanted_on", "organization", "account_number", *_PLACE)


class Ports(Wire):
    port_rules: ClassVar[PortRules] = PortRules(
        says=frozenset(
            "numbers wanted_on organization organization_kind account_number account_pin billing_number authorized_by "
            "civic_number street unit city region postal_code".split()
        ),
        needs=frozenset(_NEEDED),
        kinds=("local",),
        countries=("US",),
        drafts=False,
        documents=False,
        repeats=False,
        charged=True,
    )

    @speaks("portStatus")
    def ports(self, **filters) -> Iterator[PortRecord]:
        """The account's orders, newest first; `status` (ours), `external_id` and `number` are filters. Rows with a status
        that we do not know go to `unread`. (voicetel.yaml: portStatus, unpaged)

        `external_id` is the time stamp that `portInOrder` returns: rows that share one are the numbers of one order. What
        the first member of a row's key is, the documents do not say; it is taken for the number where it is one and not
        the account's own name. An order of unknown numbers makes asking for a number `Unsupported`: whether one is
        there must not seem told.
        """
        wanted = {name: value for name, value in filters.items() if value is not None}
        if beyond := set(wanted) - {"status", "external_id", "number"}:
            raise Unsupported(f"VoiceTel's orders do not tell their {', '.join(sorted(beyond))}", code="not-told")
        number = wanted.pop("number", None)
        for record in self._orders():
            if number and not record.draft.numbers:
                raise Unsupported("VoiceTel's orders do not tell their numbers", code="not-told")
            fits = all(getattr(record, name) == value for name, value in wanted.items())
            if fits and (not number or number in record.draft.numbers):
                yield record

    def _orders(self) -> list[PortRecord]:
        rows = values.rows(self.ask("portStatus"), "portStatusSummary")
        found: dict[str, PortRecord] = {}
        for record in self.listing(rows, self._port):
            before = found.get(record.external_id)
            found[record.external_id] = _together(before, record) if before else record
        return list(found.values())

    def port(self, external_id: str) -> PortRecord:
        """One order. Raises `NotFound`. (voicetel.yaml: portStatus)"""
        for record in self.ports(external_id=external_id):
            return record
        raise NotFound("no such port order", call="portStatus", code="not-found")

    @speaks("portInAvailability")
    def port_check(self, numbers: Iterable[str]) -> list[ResourceRecord]:
        """Whether numbers (E.164) can be taken over: isPortable (bool), notPortableReason, serviceProviderName.

        Upstream remembers it for an hour and takes no order without it. (voicetel.yaml: portInAvailability)
        """
        items = [{"tn": values.integer(number, "numbers")} for number in numbers]
        rows = values.rows(self.ask("portInAvailability", {"tnList": {"tnItem": items}}), "serviceAvailable")
        return list(self.listing(rows, self._checked))

    def portable(self, number: str) -> bool:
        """Whether one number can be taken over. Raises `NotFound` when nothing is known of it.

        (voicetel.yaml: portInAvailability)
        """
        for row in self.port_check([number]):
            if row.external_id == number:
                return row.fields["isPortable"]
        raise NotFound("nothing is known of this number", call="portInAvailability", code="not-found")

    @speaks(
        "portInOrder",
        Repeat.NEVER,
        settle="portStatus: an order that was not there before, with our numbers where it tells them",
    )
    def create_port(self, draft: PortDraft, documents: dict[str, Attachment], submit: bool) -> str:
        """Check the numbers, then order their porting; a fee for each is taken at once. Needs an administrator's key.

        There are no drafts, so `submit` must be true. Documents cannot be sent: the notice `documents-not-sent` says
        that they stay here. Returns the external id. Raises `Rejected` with a problem per draft field.
        (voicetel.yaml: portInOrder)
        """
        if not submit:
            raise Unsupported("VoiceTel keeps no drafts of port orders", code="no-drafts")
        order = {"portInOrder": _order(draft)}
        self._all_portable(draft.numbers)
        external_id = self.ask("portInOrder", order, write=True, then=lambda tree: values.required(tree, "orderId"))
        self.notices.items.clear()
        if documents:
            self.notices.items.append(Notice(DOCUMENTS_KEPT))
        return external_id

    def update_port(self, external_id: str, draft: PortDraft, documents: dict[str, Attachment], submit: bool) -> None:
        """Orders cannot be changed: always `Unsupported`."""
        raise Unsupported("VoiceTel's port orders cannot be changed", code="no-changes")

    @speaks("portOutPinUpdate", Repeat.SAFE, settle="no call tells a PIN; set twice the last one counts")
    def set_port_out_pins(self, pins: dict[str, str]) -> dict[str, str]:
        """Set the four digits that another carrier needs to take a number (external id) away; "" makes one up.

        Returns the PINs by external id; they are shown nowhere else. (voicetel.yaml: portOutPinUpdate)
        """
        items = [{"tn": values.digits(own), "portOutPin": _pin(pin)} for own, pin in pins.items()]
        if not items:
            raise refused_here("missing", "numbers", Cause.MISSING)
        body = {"portOutPin": {"tnList": {"tnItem": items}}}
        return self.ask("portOutPinUpdate", body, write=True, then=_pins)

    def _all_portable(self, numbers: Iterable[str]) -> None:
        found = {row.external_id: row.fields for row in self.port_check(numbers)}
        problems = []
        for number in numbers:
            row = found.get(number, {})
            if not row.get("isPortable"):
                words = f"{number}: {row.get('notPortableReason') or 'nothing is known of it'}"
                problems.append(Problem("not-portable", "numbers", words, Cause.INVALID))
        if problems:
            words = tuple(problem.words for problem in problems)
            raise Rejected(
                "not every number can be ported",
                code="not-portable",
                problems=tuple(problems),
                words=words,
                cause=Cause.INVALID,
            )

    def _checked(self, row: dict) -> ResourceRecord:
        e164 = values.number(row, "telephoneNumber")
        fields = {
            "isPortable": values.flag(row, "isPortable"),
            "notPortableReason": values.text(row, "notPortableReason"),
            "serviceProviderName": values.text(row, "serviceProviderName"),
        }
        return ResourceRecord(kind="port_check", external_id=e164, name=e164, fields=fields, raw=self.raw(row))

    def _number_of(self, row: dict) -> tuple[str, ...]:
        first, own = row["key"][0], str(self.credentials.get("username") or "")
        if not own or str(first) == own:
            return ()
        try:
            return (values.number({"key": first}, "key"),)
        except Unreadable:
            return ()

    def _port(self, row: dict) -> PortRecord:
        told, made_at = values.inner(row), values.stamp_of(row)
        word = values.required(told, "status").casefold()
        if word not in STATUSES:
            raise values.unreadable("status", "one that we know")
        said = values.text(told, "message")
        return PortRecord(
            external_id=str(int(made_at.timestamp())),
            pon=values.text(told, "pid"),
            status=STATUSES[word],
            draft=PortDraft(numbers=self._number_of(row)),
            created_on=made_at.astimezone(self.zone).date(),
            firm_on=values.committed_day(told, "foc"),
            rejection="" if said.casefold() in _ALL_IS_WELL else said,
            raw=self.raw(row),
        )


def _together(one: PortRecord, other: PortRecord) -> PortRecord:
    """Two rows of one order: it is as far as the last of its numbers, and keeps the words and the row of each."""
    behind = min(one, other, key=lambda record: _ORDER.index(record.status))
    told = list(dict.fromkeys(filter(None, (one.rejection, other.rejection))))
    return replace(
        behind,
        pon=one.pon,
        draft=PortDraft(numbers=tuple(dict.fromkeys((*one.draft.numbers, *other.draft.numbers)))),
        rejection="; ".join(told),
        raw={"rows": [*one.raw.get("rows", [one.raw]), other.raw]},
    )


def _order(draft: PortDraft) -> dict:
    missing = {
        "numbers": draft.numbers,
        "wanted_on": draft.wanted_on,
        "organization": draft.organization,
        "account_number": draft.account_number or draft.current_reseller_account,
    }
    missing |= {name: getattr(draft.address, name) for name in _PLACE}
    empty = [name for name, value in missing.items() if not value]
    if draft.kind != "local":
        raise refused_here("local-only", "kind", Cause.UNSUPPORTED)
    if empty:
        problems = tuple(Problem("missing", name, "", Cause.MISSING) for name in empty)
        raise Rejected("not sent: values are missing", code="missing", problems=problems, cause=Cause.MISSING)
    items = [_item(draft, number) for number in draft.numbers]
    return {"desiredDueDate": draft.wanted_on.isoformat(), "tnList": {"tnItem": items}}


def _item(draft: PortDraft, number: str) -> dict:
    item = {
        "tn": values.ten(number, "numbers"),
        "atn": values.ten(draft.billing_number or draft.numbers[0], "billing_number"),
        "authName": draft.authorized_by or draft.organization,
        "accountNum": draft.account_number or draft.current_reseller_account,
        "endUser": _end_user(draft),
    }
    return item | ({"accountPin": draft.account_pin} if draft.account_pin else {})


def _end_user(draft: PortDraft) -> dict:
    address, street = draft.address, streets.parts_of(draft.address.street)
    if not street.kind:
        raise refused_here("street-type", "street", Cause.ADDRESS, "its type is missing, such as St or Ave")
    told = {
        "name": draft.organization,
        "typeOfService": SERVICES.get(draft.organization_kind, "B"),
        "streetNum": address.civic_number,
        "streetPreDir": street.before,
        "streetName": street.name,
        "streetType": street.kind,
        "streetPostDir": street.after,
        "locationType1": "UNIT" if address.unit else "",
        "locationValue1": address.unit,
        "city": address.city,
        "state": address.region,
        "postalCode": address.postal_code,
    }
    return {name: value for name, value in told.items() if value}


def _pin(pin: str) -> str:
    """Made up here rather than upstream, so that a repeat sets the same one."""
    if pin and not _PIN.match(pin):
        raise refused_here("not-a-pin", "pin", words="four digits")
    return pin or str(1000 + secrets.randbelow(9000))


def _pins(tree: dict) -> dict[str, str]:
    listed = values.one(values.one(tree, "portOutPin"), "tnList")
    rows = [row for row in values.rows(listed, "tnItem") if isinstance(row, dict)]
    return {values.number(row, "tn")[2:]: values.required(row, "portOutPin") for row in rows}
