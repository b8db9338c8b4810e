"""911 addresses: listing, checking, saving, deleting, and the devices bound to them.

A street and a city must match the upstream's table exactly. On a near miss the request fails and the answer carries the
addresses it knows: a question for a person, never saved and never chosen here.
"""

from collections.abc import Iterator
from dataclasses import replace

from providers.clients.errors import AddressRejected, NotFound, Notice, Rejected, Unclear, Unreadable, UpstreamError
from providers.clients.records import UNIT_TYPES, EmergencyAddress, EmergencyRecord, EmergencyRules
from providers.clients.speaking import Repeat, speaks
from providers.clients.voicemeup import mapping, values
from providers.clients.voicemeup.envelope import Meaning
from providers.clients.voicemeup.refusals import LAST_ENDPOINT
from providers.clients.voicemeup.wire import Wire

LANGUAGES = {"en": "en", "fr": "fr"}
FILTERS = {
    "external_id": "client_endpoint_id",
    "number": "phone_number",
    "number_id": "client_did_id",
    "subaccount_id": "client_subaccount_id",
}
# Being listed says provisioned unless the row says otherwise; what these two fields may say is not documented.
PROVISIONED = {
    "": True,
    "enabled": True,
    "active": True,
    "success": True,
    "completed": True,
    "provisioned": True,
    "pending": False,
    "processing": False,
    "failed": False,
    "error": False,
    "disabled": False,
    "deleted": False,
    "unprovisioned": False,
    "not_provisioned": False,
}
_ENDPOINT = Meaning(
    {theirs: ours for ours, theirs in values.PLACE.items()}
    | {
        "state": "region",
        "state_id": "region",
        "country": "country",
        "country_id": "country",
        "full_name": "name",
        "first_name": "name",
        "last_name": "name",
        "e911_language": "language",
        "language": "language",
        "phone_number": "number",
        "client_did_id": "number",
        "client_peer_id": "peer_id",
        "client_endpoint_id": "external_id",
    },
    identity=("client_endpoint_id", "client_did_id", "phone_number", "client_peer_id"),
)
_OF_THE_ADDRESS = frozenset((*values.PLACE, "name", "language"))


class Emergency(Wire):
    # voicemeup.yaml: enums.address_types; update_e911: e911_language
    emergency_rules = EmergencyRules(units=tuple(UNIT_TYPES), languages=tuple(LANGUAGES))

    @speaks("get_e911")
    def emergency_addresses(self, **filters) -> Iterator[EmergencyRecord]:
        """Provisioned 911 endpoints, all without a filter: number (E.164), external_id, number_id, subaccount_id.

        None found is an empty listing. Bad rows go to `unread`. (voicemeup.yaml: get_e911, pages of 1000)
        """
        fields = {FILTERS.get(name, name): value for name, value in filters.items() if value is not None}
        if "phone_number" in fields:
            fields["phone_number"] = self.ten_digits(fields["phone_number"])
        seen: set[str] = set()
        for rows in self._pages(fields):
            for record in self.listing(rows, self._endpoint):
                if record.external_id not in seen:
                    seen.add(record.external_id)
                    yield record

    @speaks("check_e911")
    def check_emergency_address(self, number: str, address: EmergencyAddress) -> EmergencyAddress:
        """The address as VoiceMeUp confirms it; nothing is saved. Raises `AddressRejected`, perhaps with alternates.

        (voicemeup.yaml: check_e911)
        """
        fields = {"phone_number": self.ten_digits(number), **_place_fields(address)}
        confirmed = lambda tree: _confirmed(tree, address)  # noqa: E731
        return self.call("check_e911", fields, meaning=_ENDPOINT, refused=self._with_alternates, then=confirmed)

    @speaks("update_e911", Repeat.SAFE, settle="get_e911 by the number")
    def save_emergency_address(self, number: str, address: EmergencyAddress) -> None:
        """Provision or change the 911 address of a number, wholly. Read it back before calling it active.

        Raises `AddressRejected` (with alternates), `NotFound`, `Rejected`; after `Unclear` only a read tells.
        (voicemeup.yaml: update_e911)
        """
        fields = {"phone_number": self.ten_digits(number), "full_name": address.name, **_place_fields(address)}
        if address.country.upper() == "CA":
            fields["e911_language"] = address.language or None
        self.call("update_e911", fields, meaning=_ENDPOINT, refused=self._with_alternates)

    @speaks("delete_e911", Repeat.SAFE, settle="get_e911 by the number")
    def delete_emergency_address(self, number: str) -> tuple[Notice, ...]:
        """Remove a 911 address and its devices. Returns the notices; `last_endpoint_was_deleted` means that 911 calls
        are billed from now on. Raises `Rejected` (`entry_is_default_endpoint`), `NotFound`.
        (voicemeup.yaml: delete_e911)
        """
        try:
            self.call("delete_e911", {"phone_number": self.ten_digits(number)}, meaning=_ENDPOINT)
        except Unclear as problem:
            # The manual lists this notice among the errors, but it says that the deletion was made.
            if problem.code != LAST_ENDPOINT:
                raise
            return (Notice(LAST_ENDPOINT, " ".join(problem.words)),)
        return tuple(self.notices.items)

    @speaks("associate_e911", Repeat.SAFE, settle="get_e911: the endpoint lists its devices")
    def tie_device(self, number: str, device_id: str) -> None:
        """Bind a peer to the 911 address of a number. Raises `NotFound`. (voicemeup.yaml: associate_e911)"""
        fields = {"phone_number": self.ten_digits(number), "client_peer_id": device_id}
        self.call("associate_e911", fields, meaning=_ENDPOINT)

    @speaks("disassociate_e911", Repeat.SAFE, settle="get_e911: the endpoint lists its devices")
    def untie_device(self, device_id: str) -> None:
        """Unbind a peer from its 911 address. Raises `NotFound`. (voicemeup.yaml: disassociate_e911)"""
        self.call("disassociate_e911", {"client_peer_id": device_id}, meaning=_ENDPOINT)

    def _pages(self, fields: dict) -> Iterator[list]:
        try:
            yield from self.pages("get_e911", fields, "e911_details", "client_endpoint_id", _ENDPOINT)
        except NotFound:
            return

    def _endpoint(self, row: dict) -> EmergencyRecord:
        states = [
            values.chosen({key: values.text(row, key).lower()}, key, PROVISIONED, blank=True)
            for key in ("status", "provision_status")
        ]
        return EmergencyRecord(
            external_id=values.required(row, "client_endpoint_id"),
            number=values.number(row, "phone_number"),
            address=_address(row),
            peer_ids=tuple(values.words(row.get("client_peer_ids") or row.get("client_peer_id"))),
            is_default=values.flag(row, "is_default"),
            provisioned=all(states),
            raw=self.raw(row),
        )

    def _with_alternates(self, tree, error: UpstreamError) -> UpstreamError:
        if not isinstance(error, Rejected):
            return error
        alternates = _alternates(tree)
        about_address = any(problem.field in _OF_THE_ADDRESS for problem in error.problems)
        if not alternates and not about_address and error.code != "alternate_address_provided":
            return error
        said = {"code": error.code, "words": error.words, "problems": error.problems}
        return AddressRejected("VoiceMeUp did not accept the address", alternates=alternates, **said)


def _place_fields(address: EmergencyAddress) -> dict:
    return {theirs: getattr(address, ours) or None for ours, theirs in values.PLACE.items()}


def _address(row: dict) -> EmergencyAddress:
    names = (values.text(row, "first_name"), values.text(row, "last_name"))
    unit_type = values.text(row, "address_type")
    if unit_type and unit_type not in UNIT_TYPES:
        raise values.unreadable("address_type", "one we know")
    return EmergencyAddress(
        name=values.text(row, "full_name") or " ".join(filter(None, names)),
        language=values.chosen(row, "e911_language", LANGUAGES, blank=""),
        **{ours: values.text(row, theirs) for ours, theirs in values.PLACE.items()},
    )


def _alternates(tree) -> tuple[EmergencyAddress, ...]:
    """The addresses that an answer offers. Their element's name is not documented: any row with a street counts."""
    rows = [row for row in values.with_key(tree, "street") if isinstance(row, dict)]
    try:
        return tuple(_address(row) for row in rows)
    except Unreadable:
        return ()


def _confirmed(tree, asked: EmergencyAddress) -> EmergencyAddress:
    """The address asked for, with whatever the answer repeats put in its place."""
    rows = list(values.with_key(tree, "street"))
    if not rows:
        return asked
    echoed = _address(mapping.only_row(rows, "address"))
    told = {name: value for name in values.PLACE if (value := getattr(echoed, name))}
    return replace(asked, **told)
