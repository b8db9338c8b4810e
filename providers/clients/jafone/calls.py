"""Calls that JaFone makes for us, conferences, and the phone book."""

import re
from collections.abc import Iterator
from datetime import date

from providers.clients import phones
from providers.clients.errors import Unreadable
from providers.clients.jafone import values
from providers.clients.jafone.refusals import refused_here
from providers.clients.jafone.wire import Wire
from providers.clients.records import ContactRecord, ResourceRecord
from providers.clients.speaking import Repeat, speaks

LANGUAGES = ("en", "fr")
MOST_RETRIES = 10
LONGEST_INTERVAL = 1440  # minutes
LONGEST_CONFERENCE = 1440  # minutes; the document states no most
LONGEST_VALUE = 500  # bytes of what stands in for one placeholder
# Names of the request itself: a placeholder of that name would change what is asked for.
RESERVED = frozenset(
    name.lower()
    for name in (
        "userId key action msgId number lang cbRetries cbInterval cdInterval cbBusyRetries cbBusyInterval".split()
    )
)
_PLACEHOLDER = re.compile(r"^[A-Za-z][A-Za-z0-9_]{0,31}$", re.ASCII)
_NOBODY_TELLS = "no call tells whether it rang: ask who was to be called"


class Calls(Wire):
    @speaks("createCallback", Repeat.NEVER, settle=_NOBODY_TELLS)
    def call_back(self, caller: str, receiver: str) -> None:
        """Call `caller`, then `receiver`, and connect them; both E.164 and North American. Costs two calls.

        `caller` is thought to have to be one of `callback_numbers`. (jafone.yaml: createCallback)
        """
        fields = {"caller": values.eleven(caller, "caller"), "receiver": values.eleven(receiver, "receiver")}
        self.ask("createCallback", fields, write=True)

    @speaks("getCallBackNumbers")
    def callback_numbers(self) -> list[ResourceRecord]:
        """Who may start a call back: ids 1 to 3, PhoneNumber (E.164 or ""). (jafone.yaml: getCallBackNumbers)"""
        return self._callback_numbers(self.ask("getCallBackNumbers"))

    @speaks("setCallBacknumber", Repeat.SAFE, settle="getCallBackNumbers; set twice is as set once")
    def set_callback_number(self, slot: int, number: str) -> list[ResourceRecord]:
        """Put a number (E.164) into slot 1, 2 or 3. Returns all three. (jafone.yaml: setCallBacknumber)"""
        fields = {"id": values.within(slot, 1, 3, "slot"), "number": values.ten(number, "number")}
        return self.ask("setCallBacknumber", fields, write=True, then=self._callback_numbers)

    @speaks("createTtsCallSvt", Repeat.NEVER, settle=_NOBODY_TELLS)
    def call_with_message(
        self,
        message_id: str,
        number: str,
        language: str = "en",
        placeholders: dict[str, str] | None = None,
        *,
        retries: int = 0,
        interval: int = 15,
        busy_retries: int = 0,
        busy_interval: int = 15,
    ) -> ResourceRecord:
        """Call a number (E.164) and read a stored Servatus message to whoever answers, `placeholders` filled in by name
        (without #). Retries 0 to 10, their intervals 1 to 1440 minutes. Returns the text that will be read.
        (jafone.yaml: createTtsCallSvt)
        """
        if language not in LANGUAGES:
            raise refused_here("not-offered", "language", words=", ".join(LANGUAGES))
        if not message_id.isascii() or not message_id.isdigit():
            raise refused_here("not-an-id", "message_id")
        fields = {
            "msgId": message_id,
            "number": values.eleven(number, "number"),
            "lang": language,
            "cbRetries": values.within(retries, 0, MOST_RETRIES, "retries"),
            "cbInterval": values.within(interval, 1, LONGEST_INTERVAL, "interval"),
            "cbBusyRetries": values.within(busy_retries, 0, MOST_RETRIES, "busy_retries"),
            "cbBusyInterval": values.within(busy_interval, 1, LONGEST_INTERVAL, "busy_interval"),
        }
        return self.ask("createTtsCallSvt", fields | _filled(placeholders or {}), write=True, then=self._spoken)

    # --- conferences

    @speaks("getConferencesInfo")
    def conferences(self) -> list[ResourceRecord]:
        """Bridges to come: ConferenceNumber, PublicPin, Date, Duration (minutes), WebCollaborationEnabled (bool).

        `external_id` is the bridge's number, which may begin with 0. AdminPin stands in `fields` alone, masked in `raw`.
        (jafone.yaml: getConferencesInfo)
        """
        rows = values.rows(self.ask("getConferencesInfo"), "ConferencesInfo")
        return list(self.listing(rows, self._conference))

    @speaks("scheduleConference", Repeat.NEVER, settle="getConferencesInfo: a new bridge on that day")
    def schedule_conference(self, day: date, minutes: int, *, web: bool = False) -> ResourceRecord:
        """Open a bridge on a day for about so many minutes; it does not end by itself. (jafone.yaml: scheduleConference)

        The answer may hold the new bridge alone or all of them: of several, the one of that day and length.
        """
        fields = {
            "date": values.compact(day),
            "duration": values.within(minutes, 1, LONGEST_CONFERENCE, "minutes"),
            "isWebCollabEnabled": values.yes_no(web),
        }
        found = lambda tree: self._new_conference(tree, day, minutes)  # noqa: E731
        return self.ask("scheduleConference", fields, write=True, then=found)

    # --- phone book

    @speaks("getContacts")
    def contacts(self) -> Iterator[ContactRecord]:
        """The account's phone book; `external_id` is the speed dial. Bad rows go to `unread`. (jafone.yaml: getContacts)"""
        yield from self.listing(values.rows(self.ask("getContacts"), "Contacts"), self._contact)

    def _callback_numbers(self, tree: dict) -> list[ResourceRecord]:
        return list(self.listing(values.rows(tree, "CallbackNumbers"), self._callback_number))

    def _callback_number(self, row: dict) -> ResourceRecord:
        fields = {"PhoneNumber": values.number_or_none(row, "PhoneNumber")}
        return ResourceRecord(
            kind="callback_number", external_id=values.required(row, "Id"), fields=fields, raw=self.raw(row)
        )

    def _spoken(self, tree: dict) -> ResourceRecord:
        row = values.one(tree, "TtsCall")
        fields = {
            "PreparedMessage": values.text(row, "PreparedMessage"),
            "PhoneNumber": values.number(row, "PhoneNumber"),
        }
        return ResourceRecord(kind="tts_call", external_id="", fields=fields, raw=self.raw(row))

    def _conference(self, row: dict) -> ResourceRecord:
        fields = {
            "ConferenceNumber": values.required(row, "ConferenceNumber"),
            "PublicPin": values.text(row, "PublicPin"),
            "AdminPin": values.text(row, "AdminPin"),
            "Date": values.day(row, "Date").isoformat(),
            "Duration": values.minutes(row, "Duration"),
            "WebCollaborationEnabled": values.flag(row, "WebCollaborationEnabled"),
        }
        return ResourceRecord(
            kind="conference", external_id=fields["ConferenceNumber"], fields=fields, raw=self.raw(row)
        )

    def _new_conference(self, tree: dict, day: date, minutes: int) -> ResourceRecord:
        rows = list(self.listing(values.rows(tree, "ConferencesInfo"), self._conference))
        same = [row for row in rows if (row.fields["Date"], row.fields["Duration"]) == (day.isoformat(), minutes)]
        found = rows if len(rows) == 1 else same
        if len(found) != 1:
            raise Unreadable("the answer does not tell which bridge is the new one", code="no-rows")
        return found[0]

    def _contact(self, row: dict) -> ContactRecord:
        return ContactRecord(
            external_id=values.text(row, "SpeedDial"),
            number=_with_prefix(row),
            name=values.text(row, "Name"),
            raw=self.raw(row),
        )


def _filled(placeholders: dict[str, str]) -> dict[str, str]:
    for name, value in placeholders.items():
        if not _PLACEHOLDER.match(name) or name.lower() in RESERVED:
            raise refused_here("reserved-name", "placeholders", words=name)
        values.plain(value, "placeholders", LONGEST_VALUE)
    return placeholders


def _with_prefix(row: dict) -> str:
    """A country's prefix and the digits that follow it stand apart."""
    prefix, digits = values.text(row, "Prefix").removeprefix("+"), values.text(row, "PhoneNumber")
    try:
        return phones.from_wire(f"+{prefix}{digits}" if prefix else digits)
    except phones.PhoneError:
        reason = values.unreadable("PhoneNumber", "a phone number")
    raise reason
