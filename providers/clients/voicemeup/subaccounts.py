"""Subaccounts and the numbers that belong to them."""

from collections.abc import Iterable, Iterator

from providers.clients.errors import NotFound, Unclear, Unreadable
from providers.clients.records import SubaccountRecord
from providers.clients.speaking import Repeat, speaks
from providers.clients.voicemeup import metadata, values
from providers.clients.voicemeup.envelope import Meaning
from providers.clients.voicemeup.parameters import always, one_of, text, when, whole
from providers.clients.voicemeup.places import CANADA, USA
from providers.clients.voicemeup.resources import Resource, Resources
from providers.clients.voicemeup.wire import refused_here

STATUSES = {"enabled": "enabled", "disabled": "disabled", "deleted": "deleted"}
TEXTS = {
    "name": "friendly_name",
    "status": "status",
    "organization": "organization",
    "custom_id": "custom_id",
    "comments": "comments",
}
LANGUAGES = ("voice_language", "notification_language")  # one language in the portal is both
# Where a row with associations may keep its numbers; only that it has them is documented.
ASSOCIATED = ("associated_dids", "client_did_ids", "did_ids", "dids")
_FACTS = frozenset(
    (*ASSOCIATED, "client_subaccount_id", "metadata", "raw_metadata", "_content", "date_created", "balance")
)
_SUBACCOUNT = Meaning(
    {theirs: ours for ours, theirs in TEXTS.items()}
    | dict.fromkeys(LANGUAGES, "language")
    | {"client_subaccount_id": "external_id", "associated_dids": "number_ids", "client_did_id": "number_ids"},
    identity=("client_subaccount_id",),
)


_NORTH_AMERICA = when("country_id", CANADA, USA)
ADDRESS = Resource(
    kind="subaccount_address",
    read="get_subaccounts",
    row="address_details",
    id="client_address_id",
    write="update_subaccount_address",
    params=(
        one_of("type", "billing"),
        text("box_number"),
        whole("civic_number", needed=always),
        text("street", needed=always),
        whole("unit_number", needed=always),
        text("city", needed=always),
        whole("country_id", needed=always),
        whole("state_id", needed=_NORTH_AMERICA),
        text("state_other", needed=lambda fields: not _NORTH_AMERICA(fields)),
        text("postal_code", needed=always),
        text("precision"),
    ),
    modes=False,  # the mode depends on the address, not on the method
)


class Subaccounts(Resources):
    @speaks("get_subaccounts")
    def subaccounts(self, with_numbers: bool = False) -> Iterator[SubaccountRecord]:
        """All subaccounts; `number_ids` is None unless asked for. Bad rows go to `unread`.

        (voicemeup.yaml: get_subaccounts, unpaged)
        """
        yield from self.listing(self._subaccounts(with_numbers), lambda row: self._subaccount(row, with_numbers))

    @speaks("update_subaccount", Repeat.NEVER, settle="get_subaccounts: our reference is in its metadata")
    def create_subaccount(
        self,
        name: str,
        organization: str = "",
        language: str = "",
        reference: str = "",
        custom_id: str = "",
        tenancy: str = "disabled",
    ) -> str:
        """Create an enabled subaccount and return its external id. `tenancy` is VoiceMeUp's multi_tenancy_mode.

        `reference` is stored with it: after `Unclear`, look for it in `subaccounts()`. Raises `Rejected`.
        (voicemeup.yaml: update_subaccount)
        """
        fields = {
            "mode": "create",
            "friendly_name": name,
            "multi_tenancy_mode": tenancy,
            "status": "enabled",
            "organization": organization or None,
            "custom_id": custom_id or None,
            **dict.fromkeys(LANGUAGES, language or None),
            **metadata.fields(reference),
        }
        find_id = lambda tree: values.find(tree, "client_subaccount_id")  # noqa: E731
        return self.call("update_subaccount", fields, meaning=_SUBACCOUNT, then=find_id) or self._created_subaccount(
            reference
        )

    @speaks("update_subaccount", Repeat.SAFE, settle="get_subaccounts by id")
    def update_subaccount(self, external_id: str, changes: dict) -> None:
        """Change name, status (enabled, disabled, deleted), organization, custom_id, comments, language or reference.

        Reads it first and sends everything back, since what is left out may be reset. Raises `NotFound`, `Rejected`.
        (voicemeup.yaml: update_subaccount)
        """
        row = self._subaccount_row(external_id)
        fields = {key: values.flat(value) for key, value in row.items() if key not in _FACTS}
        fields = {key: value for key, value in fields.items() if value}
        for name, value in changes.items():
            fields |= _change(name, value)
        fields |= metadata.fields(changes.get("reference", ""), row)
        fields |= {"mode": "update", "client_subaccount_id": external_id}
        self.call("update_subaccount", fields, meaning=_SUBACCOUNT)

    @speaks("update_subaccount_associations", Repeat.SAFE, settle="get_subaccounts with associations")
    def set_subaccount_numbers(self, external_id: str, number_ids: Iterable[str]) -> None:
        """Replace the list of numbers of a subaccount: numbers left out are detached. Other lists stay as they are.

        Raises `NotFound`, `Rejected`. (voicemeup.yaml: update_subaccount_associations)
        """
        fields = {"client_subaccount_id": external_id, "associated_dids": ",".join(number_ids)}
        self.call("update_subaccount_associations", fields, meaning=_SUBACCOUNT)

    @speaks("update_subaccount_associations", Repeat.SAFE, settle="get_subaccounts with associations")
    def add_subaccount_numbers(self, external_id: str, number_ids: Iterable[str]) -> None:
        """Add numbers to a subaccount: reads its list, then replaces it by the longer one. Not atomic: the caller keeps
        two such changes apart. Raises as `set_subaccount_numbers`, and `Unreadable` when the list is not told.
        """
        row = self._subaccount_row(external_id, with_numbers=True)
        present = _number_ids(row)
        self.set_subaccount_numbers(external_id, dict.fromkeys((*present, *number_ids)))

    @speaks("update_subaccount_address", Repeat.SAFE, settle="a subaccount has one address: send it again, wholly")
    def save_subaccount_address(self, subaccount_id: str, settings: dict[str, object], address_id: str = "") -> str:
        """Give a subaccount its billing address, or replace it wholly by `address_id`: no request tells what it is.

        `settings` is named as in the manual (civic_number, street, unit_number, city, country_id, state_id, ...).
        Returns the address's id, "" when none is told. (voicemeup.yaml: update_subaccount_address)
        """
        mode = {"mode": "update", ADDRESS.id: address_id} if address_id else {"mode": "create"}
        return self.save_new(ADDRESS, settings, client_subaccount_id=subaccount_id, **mode)

    def _subaccounts(self, with_numbers: bool = False, external_id: str | None = None) -> list:
        fields = {"client_subaccount_id": external_id, "get_associations": True if with_numbers else None}
        tree = self.call("get_subaccounts", fields, meaning=_SUBACCOUNT)
        return values.rows(tree, "subaccount_details", "client_subaccount_id")

    def _subaccount_row(self, external_id: str, with_numbers: bool = False) -> dict:
        for row in self._subaccounts(with_numbers, external_id):
            if values.text(self.row(row), "client_subaccount_id") == external_id:
                return row
        raise NotFound("no such subaccount", call="get_subaccounts", code="not-found")

    def _created_subaccount(self, reference: str) -> str:
        found = [record for record in self.subaccounts() if reference and record.reference == reference]
        if len(found) != 1:
            raise Unclear("the subaccount was accepted and named no id", call="update_subaccount", code="no-id")
        return found[0].external_id

    def _subaccount(self, row: dict, with_numbers: bool) -> SubaccountRecord:
        return SubaccountRecord(
            external_id=values.required(row, "client_subaccount_id"),
            name=values.text(row, "friendly_name"),
            status=values.chosen(row, "status", STATUSES),
            organization=values.text(row, "organization"),
            language=values.text(row, *LANGUAGES),
            custom_id=values.text(row, "custom_id"),
            number_ids=_number_ids(row) if with_numbers else None,
            reference=metadata.reference(row),
            raw=self.raw(row),
        )


def _number_ids(row: dict) -> tuple[str, ...]:
    for key in ASSOCIATED:
        if key in row:
            ids = tuple(values.words(row[key]))
            if all(found.isascii() and found.isdigit() for found in ids):
                return ids
    # An empty list here would detach every number at the next change.
    raise Unreadable("the row does not tell its numbers", code="no-associations")


def _change(name: str, value: str) -> dict:
    if name == "language":
        return dict.fromkeys(LANGUAGES, value)
    if name == "reference":
        return {}
    if name not in TEXTS:
        raise refused_here("unknown-setting", name)
    return {TEXTS[name]: value}
