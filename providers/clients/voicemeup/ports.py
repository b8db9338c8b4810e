"""Port-in requests: listing, drafting, submitting. No call changes a status: cancelling is the upstream staff's act."""

from collections.abc import Iterator
from typing import ClassVar

from providers.clients.errors import NotFound, Unclear
from providers.clients.records import Attachment, PortDraft, PortRecord, PortRules, PortStatus, ServiceAddress
from providers.clients.speaking import Repeat, speaks
from providers.clients.voicemeup import mapping, metadata, port_words, values
from providers.clients.voicemeup.envelope import Meaning
from providers.clients.voicemeup.places import CANADA, USA, Places

STATUSES = {status.value: status for status in PortStatus}
KINDS = {"local": "local", "tollfree": "tollfree"}
DOCUMENTS = ("loa", "bill", "other")
FILTERS = {
    "external_id": "port_request_id",
    "subaccount_id": "client_subaccount_id",
    "number": "phone_number",
    "organization": "current_owner",
}
# Our draft's fields and theirs, for plain text.
TEXTS = {
    "title": "friendly_name",
    "capacity": "capacity",
    "organization": "organization",
    "organization_kind": "organization_type",
    "current_provider": "current_provider",
    "current_reseller": "current_reseller",
    "current_reseller_account": "current_reseller_account",
    "instructions": "client_instructions",
    "comments": "comments",
}
NUMBER_LISTS = {
    "numbers": "phone_numbers",
    "numbers_to_keep": "phone_numbers_to_keep",
    "numbers_to_cancel": "phone_numbers_to_cancel",
}
ADDRESS = {"civic_number": "civic_number", "street": "street", "unit": "unit_number", "city": "city"}
# What a row tells and update_port_request does not take.
_FACTS = frozenset(
    "pon status tentative_date firm_date rejection_reason current_owner date_created metadata _content state country "
    "state_code country_code port_request_id documents date_updated send_to_staff raw_metadata loa bill other".split()
)
_DRAFTED = frozenset((*TEXTS.values(), *NUMBER_LISTS.values(), *ADDRESS.values())) | frozenset(
    "phone_number_type requested_firm_date extra_recipients features country_id state_id state_other postal_code "
    "client_subaccount_id".split()
)
_PORT = Meaning(
    {theirs: ours for ours, theirs in (TEXTS | NUMBER_LISTS | ADDRESS).items()}
    | {
        "phone_number_type": "kind",
        "requested_firm_date": "wanted_on",
        "extra_recipients": "recipients",
        "features": "features",
        "country_id": "country",
        "state_id": "region",
        "state_other": "region",
        "postal_code": "postal_code",
        "client_subaccount_id": "subaccount_id",
        "port_request_id": "external_id",
        "phone_number": "numbers",
        "notification_client_user_id": "recipients",
        "loa": "loa",
        "bill": "bill",
        "other": "other",
    },
    identity=("port_request_id",),
)


class Ports(Places):
    port_rules: ClassVar[PortRules] = PortRules(
        says=frozenset(
            (
                *TEXTS,
                *NUMBER_LISTS,
                *ADDRESS,
                *port_words.LINES,
                "postal_code",
                "region",
                "kind",
                "wanted_on",
                "recipients",
            )
        )
        | {"features"},
        needs=frozenset(
            "numbers organization organization_kind current_provider civic_number street city region postal_code "
            "capacity".split()
        ),
    )

    @speaks("get_port_requests")
    def ports(self, **filters) -> Iterator[PortRecord]:
        """All port requests, or those of external_id (or PON), number (one being ported), subaccount_id, organization,
        status, or a wire name. Bad rows, and rows with a status we do not know, go to `unread`.
        (voicemeup.yaml: get_port_requests, unpaged)
        """
        yield from self.listing(self._ports(**filters), self._port)

    @speaks("get_port_requests")
    def port(self, external_id: str) -> PortRecord:
        """One request, by id or PON. Raises `NotFound`, `Unreadable`. (voicemeup.yaml: get_port_requests)"""
        return self._port(self._port_row(external_id))

    @speaks("update_port_request", Repeat.NEVER, settle="get_port_requests by number: our reference is in its metadata")
    def create_port(self, draft: PortDraft, documents: dict[str, Attachment], submit: bool) -> str:
        """Create a draft, or with `submit` hand it to VoiceMeUp's staff at once. Returns its external id.

        `documents` has the keys loa, bill, other. `draft.reference` is stored with it: after `Unclear`, look for it
        with `ports(number=...)`. Raises `Rejected` with a problem per draft field.
        (voicemeup.yaml: update_port_request)
        """
        fields = {"mode": "create"} | self._draft_fields(draft) | metadata.fields(draft.reference)
        found = self._save(fields, documents, submit)
        return found or self._created_port(draft)

    @speaks("update_port_request", Repeat.SAFE, settle="get_port_requests by id")
    def update_port(self, external_id: str, draft: PortDraft, documents: dict[str, Attachment], submit: bool) -> None:
        """Replace what the request says by `draft`, wholly: fields empty there are emptied upstream.

        Reads it first and sends back what a draft does not know (box number, ticket settings, foreign metadata);
        documents not given stay. Raises `NotFound`, `Rejected`. (voicemeup.yaml: update_port_request)
        """
        row = self._port_row(external_id)
        told = {key: values.flat(value) for key, value in row.items() if key not in _FACTS}
        kept = {key: value for key, value in told.items() if value}
        drafted = self._draft_fields(draft)
        emptied = {key: "" for key in kept if key in _DRAFTED and key not in drafted}
        known = {"mode": "update", "port_request_id": values.text(row, "port_request_id")}
        fields = kept | emptied | drafted | metadata.fields(draft.reference, row) | known
        self._save(fields, documents, submit)

    def _save(self, fields: dict, documents: dict[str, Attachment], submit: bool) -> str:
        if strange := set(documents) - set(DOCUMENTS):
            raise ValueError(f"documents are {', '.join(DOCUMENTS)}, not {', '.join(sorted(strange))}")
        if submit and not fields.get("notification_client_user_id"):
            fields["notification_client_user_id"] = self._ticket_user()
        fields["send_to_staff"] = submit
        files = [(name, documents[name]) for name in DOCUMENTS if name in documents]
        find_id = lambda tree: values.find(tree, "port_request_id")  # noqa: E731
        return self.call("update_port_request", fields, files=files, meaning=_PORT, then=find_id)

    def _ticket_user(self) -> str | None:
        """Whom VoiceMeUp's staff write to about the request: the API's own user unless another is configured."""
        return self.credentials.get("notification_client_user_id") or self.credentials.get("client_user_id")

    def _created_port(self, draft: PortDraft) -> str:
        """The id of a request whose creation named none: its shape is not documented, our reference is."""
        if draft.reference and draft.numbers:
            for record in self.ports(number=draft.numbers[0]):
                if record.reference == draft.reference:
                    return record.external_id
        raise Unclear("the port request was accepted and named no id", call="update_port_request", code="no-id")

    def _ports(self, **filters) -> list:
        fields = {FILTERS.get(name, name): value for name, value in filters.items() if value is not None}
        if "phone_number" in fields:
            fields["phone_number"] = self.digits(fields["phone_number"])
        tree = self.call("get_port_requests", fields, meaning=_PORT)
        return values.rows(tree, "port_request_details", "port_request_id")

    def _port_row(self, external_id: str) -> dict:
        for row in self._ports(external_id=external_id):
            if external_id in (values.text(self.row(row), "port_request_id"), values.text(row, "pon")):
                return row
        raise NotFound("no such port request", call="get_port_requests", code="not-found")

    def _draft_fields(self, draft: PortDraft) -> dict:
        self.redactor.learn(draft.account_pin)
        fields = {theirs: getattr(draft, ours) for ours, theirs in TEXTS.items()}
        fields["client_instructions"] = port_words.together(draft)
        for ours, theirs in NUMBER_LISTS.items():
            fields[theirs] = ",".join(self.ten_digits(number, ours) for number in getattr(draft, ours))
        fields |= {
            "phone_number_type": draft.kind,
            "features": ",".join(draft.features),
            "requested_firm_date": draft.wanted_on.isoformat() if draft.wanted_on else "",
            "extra_recipients": ",".join(draft.recipients),
            "client_subaccount_id": draft.subaccount_id,
        }
        fields |= self._address_fields(draft.address)
        return {key: value for key, value in fields.items() if value}

    def _address_fields(self, address: ServiceAddress) -> dict:
        fields = {theirs: getattr(address, ours) for ours, theirs in ADDRESS.items()}
        fields["postal_code"] = address.postal_code
        if not address.country:
            return fields
        fields["country_id"] = country = self.country_id(address.country)
        if address.region and country in (CANADA, USA):
            fields["state_id"] = self.state_id(country, address.region)
        else:
            fields["state_other"] = address.region
        return fields

    def _port(self, row: dict) -> PortRecord:
        reference = metadata.reference(row)
        return PortRecord(
            external_id=values.required(row, "port_request_id"),
            pon=values.text(row, "pon"),
            status=values.chosen(row, "status", STATUSES),
            draft=self._draft(row, reference),
            created_on=values.day(row, "date_created"),
            tentative_on=values.day(row, "tentative_date"),
            firm_on=values.day(row, "firm_date"),
            rejection=values.text(row, "rejection_reason"),
            reference=reference,
            raw=self.raw(_without_pin(row)),
        )

    def _draft(self, row: dict, reference: str) -> PortDraft:
        lists = {
            ours: tuple(values.number({theirs: digits}, theirs) for digits in values.words(row.get(theirs)))
            for ours, theirs in NUMBER_LISTS.items()
        }
        draft = PortDraft(
            kind=values.chosen(row, "phone_number_type", KINDS, blank="local"),
            features=tuple(values.words(row.get("features"))),
            wanted_on=values.day(row, "requested_firm_date"),
            address=self._address(row),
            recipients=tuple(values.words(row.get("extra_recipients"))),
            subaccount_id=mapping.object_id(row, "client_subaccount_id"),
            reference=reference,
            **{ours: values.text(row, theirs) for ours, theirs in TEXTS.items()},
            **lists,
        )
        return port_words.read(draft)

    def _address(self, row: dict) -> ServiceAddress:
        country_id, state_id = mapping.object_id(row, "country_id"), mapping.object_id(row, "state_id")
        country = values.text(row, "country_code") or (self.country_code(country_id) if country_id else "")
        region = values.text(row, "state_code") or values.text(row, "state_other")
        if not region and state_id and country_id:
            region = self.state_code(country_id, state_id)
        plain = {ours: values.text(row, theirs) for ours, theirs in ADDRESS.items()}
        return ServiceAddress(region=region, country=country, postal_code=values.text(row, "postal_code"), **plain)


def _without_pin(row: dict) -> dict:
    told = values.text(row, "client_instructions")
    return row | {"client_instructions": port_words.masked(told)} if port_words.LINES["account_pin"] in told else row
