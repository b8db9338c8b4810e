"""The 411 directory: how a number is listed."""

from collections.abc import Iterator
from dataclasses import replace

from providers.clients.errors import NotFound
from providers.clients.records import UNIT_TYPES, DirectoryRecord, ListingState, ResourceRecord
from providers.clients.speaking import Repeat, speaks
from providers.clients.voicemeup import values
from providers.clients.voicemeup.parameters import always, digits, one_of, text, unless, whole
from providers.clients.voicemeup.resources import Resource, Resources

PROVISION_STATUSES = ("pending", "activated", "rejected", "removed")
LISTING = Resource(
    kind="directory_listing",
    read="get_whitepages",
    row="whitepage_details",
    id="client_411_listing_id",
    write="update_whitepages",
    delete="delete_whitepages",
    params=(
        digits("phone_number", 10, needed=always),
        one_of("type", "business residential government", needed=always),
        text("sort_word", 2, 30, needed=always),
        text("sub_word", 2, 106, needed=always),
        whole("civic_number", needed=always),
        text("street", needed=always),
        text("city", needed=always),
        text("state_code", 2, 2, needed=unless("state_id"), instead_of=("state_id",)),
        whole("state_id", needed=unless("state_code"), instead_of=("state_code",)),
        text("country_code", 2, 2, needed=unless("country_id"), instead_of=("country_id",)),
        whole("country_id", needed=unless("country_code"), instead_of=("country_code",)),
        text("postal_code", needed=always),
        one_of("address_type", " ".join(UNIT_TYPES)),
        text("address_type_number"),
    ),
    facts=frozenset(("client_did_id", "provision_status", "status")),
    name="sort_word",
    modes=False,
    # The errors about the two words of a name are called after a person's names.
    aliases={"first_name": "sort_word", "last_name": "sub_word"},
)
# Ours and theirs.
ENTRY = {
    "kind": "type",
    "sort_name": "sort_word",
    "rest": "sub_word",
    **values.PLACE,
}
STATES = {
    "pending": ListingState.PENDING,
    "activated": ListingState.ACTIVE,
    "rejected": ListingState.REJECTED,
    "removed": ListingState.REMOVED,
}
# The same requests with refusals that name our fields.
LISTED = replace(
    LISTING,
    aliases={theirs: ours for ours, theirs in ENTRY.items()}
    | {"first_name": "sort_name", "last_name": "rest", "state_id": "region", "country_id": "country"}
    | {"phone_number": "number"},
)


class Whitepages(Resources):
    @speaks("get_whitepages")
    def listed_numbers(self) -> Iterator[DirectoryRecord]:
        """Entries that are not deleted, each with where it stands. (voicemeup.yaml: get_whitepages)"""
        yield from self.listing(self.resource_rows(LISTED, {}), self._entry_of)

    @speaks("update_whitepages", Repeat.SAFE, settle="get_whitepages: the entry of the number")
    def list_number(self, number: str, entry: dict[str, str]) -> None:
        """Street and city must match the directory's exactly. Raises `Rejected`. (voicemeup.yaml: update_whitepages)"""
        self._put_entry(LISTED, number, {ENTRY[name]: value for name, value in entry.items()})

    @speaks("delete_whitepages", Repeat.SAFE, settle="get_whitepages: what is gone is not listed")
    def unlist_number(self, number: str) -> None:
        """Raises `NotFound` when it is not in the directory. (voicemeup.yaml: delete_whitepages)"""
        found = next((record for record in self.listed_numbers() if record.number == number), None)
        if found is None:
            raise NotFound("the number is not in the directory", call="get_whitepages", code="not-found")
        self.delete_resource(LISTED, found.external_id)

    def _entry_of(self, row: dict) -> DirectoryRecord:
        entry = {ours: values.text(row, theirs) for ours, theirs in ENTRY.items()}
        return DirectoryRecord(
            external_id=values.required(row, LISTING.id),
            number=values.number(row, "phone_number"),
            state=values.chosen(row, "provision_status", STATES),
            entry=entry | {"region": entry["region"].upper(), "country": entry["country"].upper()},
            raw=self.raw(row),
        )

    @speaks("get_whitepages")
    def directory_listings(self, provision_status: str = "", status: str = "") -> Iterator[ResourceRecord]:
        """Listings, enabled ones unless `status` says deleted; `provision_status` one of PROVISION_STATUSES or several
        with commas. (voicemeup.yaml: get_whitepages)
        """
        yield from self.resources(LISTING, provision_status=provision_status, status=status)

    @speaks("update_whitepages", Repeat.SAFE, settle="get_whitepages: the listing of the number")
    def save_directory_listing(self, number: str, settings: dict[str, object]) -> None:
        """List a number (E.164), or change how it is listed: what is not in `settings` stays as it was read.

        `settings` is named as in the manual; street and city must match the directory's exactly. Raises `NotFound`,
        `Rejected`. (voicemeup.yaml: update_whitepages)
        """
        self._put_entry(LISTING, number, settings)

    @speaks("delete_whitepages", Repeat.SAFE, settle="get_whitepages: what is gone is not listed")
    def delete_directory_listing(self, external_id: str) -> None:
        """Take a number out of the directory. Raises `NotFound`. (voicemeup.yaml: delete_whitepages)"""
        self.delete_resource(LISTING, external_id)

    def _put_entry(self, resource: Resource, number: str, settings: dict[str, object]) -> None:
        wire_number = self.ten_digits(number)
        settings = settings | {"phone_number": wire_number}
        for row in self.resource_rows(resource, {}):
            if values.text(self.row(row), "phone_number")[-10:] == wire_number:
                self.change_row(resource, lambda found=row: found, "", settings)
                return
        self.save_new(resource, settings)
