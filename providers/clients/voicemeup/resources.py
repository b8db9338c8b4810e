"""Configuration objects (profiles, peers, queues, ...): one table for each, and one way to list, create and change them.

Nearly every update_* replaces the whole object: what is left out may be reset. So a change reads the object, puts the
changed values into everything the row told, and sends it all. A value that the row does not tell cannot be kept, and
that is a refusal before sending: saving one field never clears another.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from providers.clients.errors import Cause, NotFound, Problem, Unclear, Unreadable
from providers.clients.records import ResourceRecord
from providers.clients.voicemeup import metadata, values
from providers.clients.voicemeup.envelope import Meaning
from providers.clients.voicemeup.parameters import Param, missing, text, written
from providers.clients.voicemeup.structures import spread
from providers.clients.voicemeup.wire import Wire, not_sent

METADATA = (text("raw_metadata", told=False), text("serialized_metadata", told=False))
# Never sent back as parameters: the caller's identity has some of these names, and the rest are marks of time.
_NEVER_SENT = frozenset(
    "username client_user_id client_account_id auth_token request_type output_format language currency mode metadata "
    "raw_metadata serialized_metadata preserve_missing_data date_created date_updated date_modified datetime_created "
    "datetime_updated _content".split()
)
_STARS = frozenset("*•●")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """`facts` are what rows tell and the update does not take. Names are the manual's, but for `kind`, which is ours."""

    kind: str
    read: str
    row: str
    id: str
    write: str = ""
    delete: str = ""
    params: tuple[Param, ...] = ()
    facts: frozenset[str] = frozenset()
    name: str = "friendly_name"
    preserve: bool = False  # takes preserve_missing_data
    modes: bool = True  # takes mode=create and mode=update
    aliases: dict[str, str] = field(default_factory=dict)  # names in error codes, and the parameters they mean

    @property
    def meaning(self) -> Meaning:
        names = (self.id, *(param.name for param in self.params))
        return Meaning({name: name for name in names} | self.aliases, identity=(self.id,))


class Resources(Wire):
    """The one way, for the areas to build on. All methods raise as `Wire.call` does."""

    def resources(self, resource: Resource, **filters) -> Iterator[ResourceRecord]:
        """All objects, or those that match; filters are the manual's names. Bad rows go to `unread`."""
        yield from self.listing(self.resource_rows(resource, filters), lambda row: self.resource(resource, row))

    def resource(self, resource: Resource, row: dict, external_id: str = "") -> ResourceRecord:
        """The record of a row. `external_id` where the id is made of several of its values."""
        raw = self.raw(row)
        external_id = external_id or values.required(row, resource.id)
        name = values.text(row, resource.name)
        return ResourceRecord(
            kind=resource.kind, external_id=external_id, name=name, fields=plain_fields(resource, raw), raw=raw
        )

    def create_resource(self, resource: Resource, settings: dict[str, object]) -> str:
        """Create an object of `settings`, named as in the manual; returns its id. `Rejected` before sending names every
        setting that is wrong, unknown or missing. After `Unclear`, look for its name in the listing.
        """
        return self.save_new(resource, settings) or self._created_resource(resource, settings)

    def save_new(self, resource: Resource, settings: dict[str, object], **known: str) -> str:
        """Send all `settings` with the `known` fields; returns the id that the answer tells, "" when it tells none."""
        fields, problems = written(resource.params, self._local(settings))
        fields = ({"mode": "create"} if resource.modes else {}) | known | fields
        _refuse(problems + missing(resource.params, fields))
        find_id = lambda tree: values.find(tree, resource.id)  # noqa: E731
        sent = spread({name: value for name, value in fields.items() if value != ""})
        return self.call(resource.write, sent, meaning=resource.meaning, then=find_id)

    def change_resource(self, resource: Resource, external_id: str, changes: dict[str, object]) -> None:
        """Change some settings, named as in the manual; "" empties one. All others stay as they were read just before.

        Two calls, not atomic: the caller keeps two changes of one object apart. `NotFound`; `Rejected` with the code
        `not-told` for settings that cannot be kept, because the row does not tell them: give them among `changes`.
        """
        self.change_row(resource, lambda: self.resource_row(resource, external_id), external_id, changes)

    def change_row(self, resource: Resource, read: Callable[[], dict], external_id: str, changes: dict) -> None:
        """`change_resource` of the row that `read` finds, which is asked for once the changes are known to be good."""
        params = [param for param in resource.params if not param.only_new]
        given, problems = written(params, self._local(changes))
        _refuse(problems)
        row = read()
        kept, problems = kept_fields(resource, row, given)
        fields = kept | _metadata(resource, row, given) | given
        fields |= {"mode": "update", resource.id: external_id} if resource.modes else {}
        _refuse(problems + missing(params, fields))
        if resource.preserve:
            fields["preserve_missing_data"] = "1"
        self.call(resource.write, spread(fields), meaning=resource.meaning)

    def delete_resource(self, resource: Resource, external_id: str) -> None:
        """Remove an object. Raises `NotFound`, `Rejected`."""
        self.call(resource.delete, {resource.id: external_id}, meaning=resource.meaning)

    def resource_row(self, resource: Resource, external_id: str) -> dict:
        """The row of one object as it was read, secrets included. Raises `NotFound`."""
        for row in self.resource_rows(resource, {resource.id: external_id}):
            if values.text(self.row(row), resource.id) == external_id:
                return row
        raise NotFound(f"no such {resource.kind}", call=resource.read, code="not-found")

    def resource_rows(self, resource: Resource, filters: dict) -> list:
        """The rows of a listing; filters without a value are left out."""
        fields = {name: value for name, value in filters.items() if value not in ("", None)}
        tree = self.call(resource.read, fields, meaning=resource.meaning)
        return values.rows(tree, resource.row, resource.id)

    def _created_resource(self, resource: Resource, settings: dict) -> str:
        """The id of an object whose creation named none: the shape of that answer is not documented, the name is ours."""
        wanted = str(settings.get(resource.name, ""))
        found = [record for record in self.resources(resource) if wanted and record.name == wanted]
        if len(found) != 1:
            raise Unclear(f"the {resource.kind} was accepted and named no id", call=resource.write, code="no-id")
        return found[0].external_id

    def _local(self, settings: dict) -> dict:
        """Aware times as the account's clock shows them."""
        return {name: self.stamp(value) if isinstance(value, datetime) else value for name, value in settings.items()}


def kept_fields(resource: Resource, row: dict, given: dict) -> tuple[dict, list[Problem]]:
    """What the row tells and the caller does not change, ready to send; a problem for each value that is not told."""
    void = {name for param in resource.params if param.name in given for name in param.instead_of}
    fields, problems = _unknown_fields(resource, row), []
    for param in resource.params:
        if param.only_new or not param.told or param.name in given or param.name in void:
            continue
        try:
            fields[param.name] = _told(param, row)
        except Unreadable:
            problems.append(Problem("not-told", param.name, cause=Cause.UNREADABLE))
    return {name: value for name, value in fields.items() if value != "" and value != {}}, problems


def plain_fields(resource: Resource, raw: dict) -> dict:
    """The values of a row without parts of their own; lists of words as lists. Secrets are masked as in `raw`."""
    known = {param.name for param in resource.params} | {resource.id}
    fields = {}
    for name, value in raw.items():
        if not isinstance(value, (dict, list)):
            fields[name] = values.flat(value)
        elif name in known:
            fields[name] = _words(value)
    return fields


def _words(value: dict | list):
    try:
        return values.words(value)
    except Unreadable:
        return value  # objects: as they were read


def _told(param: Param, row: dict) -> str | dict[str, str]:
    if param.name not in row:
        if param.secret:
            return ""
        raise values.unreadable(param.name, "told")
    value = param.tell(row[param.name])
    hidden = param.secret and isinstance(value, str) and not set(value) - _STARS
    return "" if hidden or value == param.unsent else value


def _unknown_fields(resource: Resource, row: dict) -> dict:
    """Plain values that the manual does not know: settings newer than it would be reset if they were left out."""
    known = {param.name for param in resource.params} | resource.facts | _NEVER_SENT | {resource.id}
    return {name: values.flat(value) for name, value in row.items() if name not in known}


def _metadata(resource: Resource, row: dict, given: dict) -> dict:
    stores = any(param.name == "raw_metadata" for param in resource.params)
    if not stores or {"raw_metadata", "serialized_metadata"} & given.keys():
        return {}
    return metadata.fields("", row)


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise not_sent(problems)
