"""The account's numbers: the listing, what can be set on them, and taking them over or giving them back."""

import re
from collections.abc import Iterable, Iterator

from providers.clients import phones
from providers.clients.errors import Cause, NotFound, Rejected, Unreadable
from providers.clients.records import NumberRecord, NumberStatus, ResourceRecord
from providers.clients.speaking import Repeat, speaks
from providers.clients.voicetel import partial, values
from providers.clients.voicetel.access import Access
from providers.clients.voicetel.account import Account
from providers.clients.voicetel.partial import Outcome
from providers.clients.voicetel.refusals import refused_here

LONGEST_CALLER_NAME = 15
CHUNK = 200  # numbers in one question about messaging
ENABLED = {"Enabled": True, "Not Enabled": False}
_TRANSLATION = re.compile(r"^[\d#]{1,32}$", re.ASCII)
_AGAIN = "no call tells it back; set twice it is as set once"


class Numbers(Access, Account):
    @speaks("numbersList")
    def numbers(self, **filters) -> Iterator[NumberRecord]:
        """The account's numbers, all of them without a filter: `number` (E.164) or `route`. `external_id` is the ten
        digits. Whether each can text is asked with a second call; it is all that `settings` can tell. Bad rows go to
        `unread`. (voicetel.yaml: numbersList and status, unpaged)
        """
        rows = self._rows(**filters)
        texting = self._texting(rows)
        yield from self.listing(rows, lambda row: self._number(row, texting))

    def number(self, external_id: str | None = None, number: str | None = None) -> NumberRecord:
        """One number, by its ten digits or E.164. Raises `NotFound`. (voicetel.yaml: numbersList)"""
        wanted = number if not external_id else phones.from_wire(str(values.digits(external_id, "external_id")))
        for record in self.numbers(number=wanted):
            if record.number == wanted:
                return record
        raise NotFound("no such number on the account", call="numbersList", code="not-found")

    def own_numbers(self) -> set[str]:
        """The account's numbers as E.164, as they are now."""
        return set(_numbers_in(self._rows()))

    def update_number(self, external_id: str, changes: dict) -> None:
        """Change settings; keys and values as in records.NUMBER_SETTINGS: sms, forward_to ("" ends it), forwarding
        (False ends it), caller_id_name, sms_webhook (thought to be a route of texts like any other).

        One call for each, in that order; all are checked before the first is made. Only `sms` can be read back.
        """
        steps = [self._step(external_id, name, value) for name, value in _in_order(changes)]
        for step in steps:
            step()

    # --- settings of one or many numbers, by external id

    @speaks("numbersForwardSet", Repeat.SAFE, settle=_AGAIN)
    def set_forwarding(self, destinations: dict[str, str]) -> Outcome:
        """Forward numbers, each to a North American number (E.164). (voicetel.yaml: numbersForwardSet)"""
        rows = [
            {"number": values.digits(own), "destination": values.integer(to, "forward_to")}
            for own, to in destinations.items()
        ]
        return self._settings("numbersForwardSet", rows, "foward")  # spelled so on the wire

    @speaks("numbersForwardRemove", Repeat.SAFE, settle=_AGAIN)
    def remove_forwarding(self, external_ids: Iterable[str]) -> Outcome:
        """End the forwarding of numbers. (voicetel.yaml: numbersForwardRemove)"""
        return self._settings("numbersForwardRemove", _listed(external_ids), "foward")

    @speaks("numbersCnam", Repeat.SAFE, settle=_AGAIN)
    def set_caller_name_lookup(self, wanted: dict[str, bool]) -> Outcome:
        """Look up the names of those who call a number, or do not. (voicetel.yaml: numbersCnam)"""
        rows = [{"number": values.digits(own), "cnam": bool(on)} for own, on in wanted.items()]
        return self._settings("numbersCnam", rows)

    @speaks("numbersLidb", Repeat.SAFE, settle=_AGAIN)
    def set_caller_names(self, names: dict[str, str]) -> Outcome:
        """The name that those who are called see, at most 15 characters. (voicetel.yaml: numbersLidb)"""
        rows = [{"number": values.digits(own), "cnam": _caller_name(name)} for own, name in names.items()]
        return self._settings("numbersLidb", rows)

    @speaks("numbersRoute", Repeat.SAFE, settle="numbersList: the number's route")
    def route_numbers(self, routes: dict[str, str]) -> Outcome:
        """Send the calls of numbers to gateways, route by number. (voicetel.yaml: numbersRoute)"""
        rows = [{"number": values.digits(own), "route": values.route_id(route)} for own, route in routes.items()]
        return self._settings("numbersRoute", rows)

    @speaks("numbersTranslations", Repeat.SAFE, settle=_AGAIN)
    def translate_numbers(self, translations: dict[str, str]) -> Outcome:
        """What a number is called towards our gateway: digits and # only. (voicetel.yaml: numbersTranslations)"""
        for told in translations.values():
            if not _TRANSLATION.match(told):
                raise refused_here("not-digits", "translation")
        rows = [{"number": values.digits(own), "translation": told} for own, told in translations.items()]
        return self._settings("numbersTranslations", rows, "translation")

    # --- taking over and giving back

    @speaks("numbersAdd", Repeat.NEVER, settle="numbersList: the numbers are there")
    def add_numbers(self, numbers: Iterable[str], route: str = "") -> Outcome:
        """Assign numbers (E.164) that are at VoiceTel already; the balance must cover their monthly fee.

        To buy numbers is `activate_number`. (voicetel.yaml: numbersAdd)
        """
        rows: list[dict] = [{"number": values.integer(number)} for number in numbers]
        if route:
            rows = [row | {"route": values.route_id(route)} for row in rows]
        return self._settings("numbersAdd", rows)

    @speaks("numbersDisconnect", Repeat.SAFE, settle="numbersList: the numbers are gone")
    def disconnect_numbers(self, external_ids: Iterable[str]) -> Outcome:
        """Give numbers back to the pool for good. (voicetel.yaml: numbersDisconnect)"""
        return self._settings("numbersDisconnect", _listed(external_ids))

    def release_number(self, external_id: str) -> None:
        """Give one number back for good. (voicetel.yaml: numbersDisconnect)"""
        self.disconnect_numbers([external_id])

    @speaks("numbersRemove", Repeat.SAFE, settle="numbersList: the numbers are gone")
    def remove_numbers(self, external_ids: Iterable[str]) -> Outcome:
        """Take numbers off the account; they stay at VoiceTel. (voicetel.yaml: numbersRemove)"""
        return self._settings("numbersRemove", _listed(external_ids))

    @speaks("numbersMove", Repeat.NEVER, settle="numbersList: the numbers are gone from here")
    def move_numbers(self, external_ids: Iterable[str], account: str, route: str) -> Outcome:
        """Hand numbers to another account (its user name), routed there. (voicetel.yaml: numbersMove)"""
        there = {"route": values.route_id(route), "account": values.digits(account, "account")}
        return self._settings("numbersMove", [row | there for row in _listed(external_ids)])

    @speaks("status")
    def messaging_status(self, numbers: Iterable[str]) -> list[ResourceRecord]:
        """Whether each number (E.164) can text: `status` Enabled or Not Enabled. Numbers that VoiceTel gives no answer for
        are left out. (voicetel.yaml: status)
        """
        body = {"numbers": [{"number": values.ten(number)} for number in numbers]}
        try:
            return list(self.batch("status", body, "messaging_status", "numbers", write=False).done)
        except Rejected as refusal:
            if refusal.code != partial.NONE_DONE:
                raise
        return []

    def _rows(self, number: str | None = None, route: str | None = None) -> list:
        body: dict[str, object] = {}
        if number:
            body["number"] = values.integer(number)
        if route:
            body["route"] = values.route_id(route)
        try:
            return values.rows(self.ask("numbersList", body), "numbers")
        except NotFound:
            return []

    def _texting(self, rows: list) -> dict[str, bool]:
        """Ten digits and whether they can text, of all rows that name a number."""
        named = _numbers_in(rows)
        found: dict[str, bool] = {}
        for start in range(0, len(named), CHUNK):
            for row in self.messaging_status(named[start : start + CHUNK]):
                found[row.external_id] = ENABLED.get(values.text(row.raw, "status"), False)
        return found

    def _number(self, row: dict, texting: dict[str, bool]) -> NumberRecord:
        """Whether it can text at all is not told: any number that texting is known of may be enabled."""
        e164 = values.number(row, "number")
        on = texting.get(phones.to_digits(e164))
        return NumberRecord(
            external_id=phones.to_digits(e164),
            number=e164,
            status=NumberStatus.ACTIVE,
            kind="tollfree" if phones.is_toll_free(e164) else "local",
            country=phones.region(e164),
            sms=on is not None,
            mms=on is not None,
            settings={} if on is None else {"sms": on},
            raw=self.raw(row),
        )

    def _settings(self, call: str, rows: list[dict], payload: str = "numbers") -> Outcome:
        if not rows:
            raise refused_here("missing", "numbers", Cause.MISSING)
        return self.batch(call, {"numbers": rows}, "number", payload)

    def _step(self, external_id: str, name: str, value):
        """What makes one change, its value checked."""
        values.digits(external_id, "external_id")
        if name == "sms":
            change = self.enable_messaging if value else self.disable_messaging
            return lambda: change([external_id])
        if name == "forward_to" and value:
            values.integer(value, "forward_to")
            return lambda: self.set_forwarding({external_id: value})
        if name == "forward_to" or (name == "forwarding" and not value):
            return lambda: self.remove_forwarding([external_id])
        if name == "caller_id_name":
            _caller_name(value)
            return lambda: self.set_caller_names({external_id: value})
        if name == "sms_webhook" and value:
            return lambda: self.route_messages_in({external_id: value})
        raise refused_here("unknown-setting", name, Cause.UNSUPPORTED)


_ORDER = ("sms", "forward_to", "forwarding", "caller_id_name", "sms_webhook")


def _in_order(changes: dict) -> list[tuple[str, object]]:
    """Without a `forwarding` that says again what `forward_to` does."""
    plain = {name: value for name, value in changes.items() if name != "forwarding" or "forward_to" not in changes}
    if changes.get("forwarding") is False and "forward_to" in changes:
        plain["forward_to"] = ""
    return sorted(plain.items(), key=lambda pair: _ORDER.index(pair[0]) if pair[0] in _ORDER else len(_ORDER))


def _numbers_in(rows: list) -> list[str]:
    """The numbers (E.164) of those rows that name one."""
    found = []
    for row in rows:
        try:
            found.append(values.number(row, "number") if isinstance(row, dict) else "")
        except Unreadable:
            continue
    return list(filter(None, found))


def _listed(external_ids: Iterable[str]) -> list[dict]:
    return [{"number": values.digits(external_id)} for external_id in external_ids]


def _caller_name(name: str) -> str:
    return values.plain(name, "caller_id_name", LONGEST_CALLER_NAME)
