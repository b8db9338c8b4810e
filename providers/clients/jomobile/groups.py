"""Groups of contacts kept at Jo Mobile. No call lists the contacts of a group: they are found by their numbers."""

from collections.abc import Iterable, Iterator
from datetime import time, timedelta

from providers.clients.errors import Cause, NotFound, Unreadable
from providers.clients.jomobile import mapping, values
from providers.clients.jomobile.envelope import refused_here
from providers.clients.jomobile.messages import Messages
from providers.clients.jomobile.sending import group_number
from providers.clients.records import ContactGroupRecord, ContactRecord
from providers.clients.speaking import Repeat, speaks

PAGE = 100  # groups
MOST_NUMBERS = 500  # numbers in one search, no limit is documented
LATELY = timedelta(days=7)


class Groups(Messages):
    @speaks("group")
    def groups(self, limit: int = PAGE) -> Iterator[ContactGroupRecord]:
        """All groups, page by page. Bad rows go to `unread`. (jomobile.yaml: group)"""
        seen: set[str] = set()
        page, full = 0, True
        while full:
            asked = {"id_group": 0, "limit": limit, "offset": page}
            rows = values.rows(self.ask("group", asked), "list")
            fresh = False
            for record in self.listing(rows, self._group):
                if record.external_id not in seen:
                    fresh = True
                    seen.add(record.external_id)
                    yield record
            page, full = page + 1, fresh and len(rows) >= limit

    @speaks("group")
    def group(self, group_id: str) -> ContactGroupRecord:
        """One group. Raises `NotFound`. (jomobile.yaml: group)"""
        asked = {"id_group": group_number(group_id), "limit": 10, "offset": 0}
        rows = values.rows(self.ask("group", asked), "list")
        for record in self.listing(rows, self._group):
            if record.external_id == group_id:
                return record
        raise NotFound("no such group", call="group", code="not-found")

    @speaks("group-create", Repeat.NEVER, settle="group lists it by its name")
    def create_group(
        self, name: str, *, birthday_sender: str = "", birthday_text: str = "", birthday_time: time | None = None
    ) -> ContactGroupRecord:
        """A new group. With sender, text (`#first_name#`) and time of day (GMT), contacts get birthday greetings.

        (jomobile.yaml: group-create)
        """
        if not name.strip():
            raise refused_here("name-required", "name", Cause.MISSING)
        greetings = bool(birthday_sender and birthday_text and birthday_time)
        asked = {"name_group": name, "on_birth": greetings}
        if greetings:
            asked["originator_birth"] = values.sender_id(birthday_sender)
            asked |= {"text_birth": birthday_text, "time_birth": birthday_time.strftime("%H:%M")}
        return self.ask("group-create", asked, write=True, then=self._created)

    @speaks("group-delete", Repeat.SAFE, settle="group no longer lists it")
    def delete_groups(self, group_ids: Iterable[str]) -> list[str]:
        """Delete groups with their contacts. Returns the ids that were deleted. (jomobile.yaml: group-delete)"""
        asked = {"id_group": [group_number(group_id) for group_id in group_ids]}
        if not asked["id_group"]:
            return []
        rows = self.ask("group-delete", asked, write=True, then=lambda data: values.rows(data, "list"))
        return [values.required(row if isinstance(row, dict) else {"id_group": row}, "id_group") for row in rows]

    @speaks("group-number-add", Repeat.SAFE, settle="group-number-search of the numbers")
    def add_contacts(self, group_id: str, contacts: Iterable[ContactRecord]) -> ContactGroupRecord:
        """Put contacts into a group; one that is there is not doubled. Returns the group with its new size.

        (jomobile.yaml: group-number-add)
        """
        rows = [_written(contact) for contact in contacts]
        if not rows:
            raise refused_here("contact-required", "numbers", Cause.MISSING)
        asked = {"id_group": group_number(group_id), "numbers": rows}
        return self.ask("group-number-add", asked, write=True, then=self._details)

    @speaks("group-number-search")
    def find_contacts(self, group_id: str, numbers: Iterable[str]) -> Iterator[ContactRecord]:
        """Those of `numbers` (E.164) that are in the group. (jomobile.yaml: group-number-search)"""
        for some in values.in_lots(numbers, MOST_NUMBERS):
            asked = {"id_group": group_number(group_id), "numbers": [values.digits(number) for number in some]}
            rows = values.rows(self.ask("group-number-search", asked), "list")
            yield from self.listing(rows, lambda row: mapping.contact(row, group_id, self.raw(row)))

    @speaks("group-number-delete", Repeat.SAFE, settle="group-number-search of the numbers")
    def remove_contacts(self, group_id: str, numbers: Iterable[str]) -> list[ContactRecord]:
        """Take numbers out of a group. Returns the contacts that were taken out. (jomobile.yaml: group-number-delete)"""
        asked = {"id_group": group_number(group_id), "numbers": [values.digits(number) for number in numbers]}
        if not asked["numbers"]:
            return []
        rows = self.ask("group-number-delete", asked, write=True, then=lambda data: values.rows(data, "list"))
        return list(self.listing(rows, lambda row: mapping.contact(row, group_id, self.raw(row))))

    def contacts(self, numbers: Iterable[str] = ()) -> Iterator[ContactRecord]:
        """Those of `numbers` that are in any group; without numbers, of those who were texted in the last week.

        Nothing lists the contacts of a group, so one who is not told here may well be kept there.
        """
        known = list(dict.fromkeys(numbers)) or self.texted_lately()
        if known:
            for group in list(self.groups()):
                yield from self.find_contacts(group.external_id, known)

    def texted_lately(self) -> list[str]:
        """Everybody who was texted in the last week, E.164, each once."""
        records = self.messages(self.today() - LATELY)
        return list(dict.fromkeys(record.destination for record in records))

    def _group(self, row: dict) -> ContactGroupRecord:
        return mapping.group(row, self.raw(row))

    def _created(self, data) -> ContactGroupRecord:
        rows = values.rows(data, "list")
        if len(rows) != 1:
            raise Unreadable("a success that names no group", code="no-id")
        return self._group(self.row(rows[0]))

    def _details(self, data) -> ContactGroupRecord:
        return self._group(values.part(data, "groupDetails"))


def _written(contact: ContactRecord) -> dict:
    asked = {"number": values.digits(contact.number), "name": contact.name}
    if contact.birthday:
        asked["date_birth"] = contact.birthday.isoformat()
    return {key: value for key, value in asked.items() if value}
