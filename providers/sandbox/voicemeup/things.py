"""Configuration objects that all work alike: listed, created, replaced whole, deleted.

A `Kind` says what is special about one sort of them (peers, mailboxes, queues ...); the account keeps each sort
as a list of dicts with at least `id` and `client_subaccount_id`.
"""

import dataclasses
from collections.abc import Callable

from . import catalogue, metadata
from .desk import Answer, Refusal
from .wire import E, row

# What a parameter refers to. Each value is the sort of thing, or a function of the desk that gives the known ids.
REFERENCES = {
    "client_peer_id": "peers",
    "client_peer_ids": "peers",
    "notification_peers": "peers",
    "client_mailbox_id": "mailboxes",
    "client_channel_id": "channels",
    "client_queue_ids": "queues",
    "agents": "queue_agents",
    "client_director_profile_id": "directors",
    "client_callerid_profile_id": "callerid_profiles",
    "client_schedule_id": "schedules",
    "client_office_hour_id": "schedules",
    "client_extension_id": "extensions",
    "pre_ivr_extension": "extensions",
    "client_media_file_id": "media_files",
    "announce_media_file_id": "media_files",
    "confirm_media_file_id": "media_files",
    "announce_media_id": "media_files",
    "confirm_media_id": "media_files",
    "client_subaccount_id": lambda desk: [int(number) for number in desk.account["subaccounts"]],
    "client_did_id": lambda desk: did_ids(desk),
    "client_did_ids": lambda desk: did_ids(desk),
    "default_client_did_id": lambda desk: did_ids(desk),
    "proxy_id": lambda desk: [proxy["proxy_id"] for proxy in catalogue.PROXIES],
    "device_id": lambda desk: [device["device_id"] for device in catalogue.DEVICES],
    "country_id": lambda desk: catalogue.COUNTRY_IDS,
    "state_id": lambda desk: catalogue.STATE_IDS,
}
REFERENCE_CODES = {"client_peer_ids": "client_peer_id_invalid", "client_did_ids": "client_did_id_invalid"}


@dataclasses.dataclass(frozen=True)
class Kind:
    store: str  # the account's key
    thing: str  # its name in messages and effects
    id_field: str
    wrapper: str
    defaults: dict  # every field that is shown, in its order, with what it is when left out
    metadata: bool = False  # whether the row has a metadata element
    hidden: tuple = ()  # kept, never shown
    stays: tuple = ("status",)  # facts that a replacement leaves alone when it does not name them
    created: tuple = ()  # settable only while creating
    id_kind: str = ""  # its counter, when it is not the name of the thing
    check: Callable | None = None  # (desk, row, old) -> codes of what is wrong beyond the table and the references
    finish: Callable | None = None  # (desk, row, old) fills in what follows from the rest; returns notices
    parts: Callable | None = None  # (desk, thing) -> further elements of a row
    gone: Callable | None = None  # (desk, thing) -> codes that forbid to delete it

    @property
    def row(self):
        return f"{self.thing}_details"

    @property
    def counter(self):
        return self.id_kind or self.thing


def did_ids(desk):
    return [did["client_did_id"] for did in desk.account["dids"].values() if did["status"] != "deleted"]


def shelf(account, store):
    """The account's list of a sort; worlds saved by an older sandbox may lack it."""
    return account.setdefault(store, [])


def find(account, store, number):
    return next((one for one in shelf(account, store) if str(one["id"]) == str(number)), None)


def known_ids(desk, name):
    source = REFERENCES[name]
    return [one["id"] for one in shelf(desk.account, source)] if isinstance(source, str) else source(desk)


def unknown(desk, values):
    """Codes of the references that lead nowhere, in the order of the values; 0 and nothing are no references.

    An id may carry a label behind a bar.
    """
    codes = []
    for name, value in values.items():
        if name not in REFERENCES:
            continue
        wanted = {str(one).partition("|")[0] for one in (value if isinstance(value, list) else [value])}
        wanted -= {"", "0", "None"}
        if not wanted <= {str(one) for one in known_ids(desk, name)}:
            codes.append(REFERENCE_CODES.get(name, f"{name}_invalid"))
    return codes


# -- listing


def shown(kind, desk, thing):
    values = {kind.id_field: thing["id"]}
    values.update((name, thing.get(name, fresh)) for name, fresh in kind.defaults.items() if name not in kind.hidden)
    if kind.metadata:
        values["metadata"] = metadata.element(thing.get("metadata", ""))
    found = row(kind.row, kind.id_field, values)
    if kind.parts:
        found.children += kind.parts(desk, thing)
    return found


def fits(kind, thing, name, wanted):
    if name == kind.id_field:
        return str(thing["id"]) == str(wanted)
    return str(thing.get(name, kind.defaults.get(name, ""))).lower() == str(wanted).lower()


def listing(kind):
    """The function that serves get_...: every filter that was sent must fit; an unknown id is refused."""

    def serve(desk):
        filters = {name: value for name, value in desk.values.items() if value not in ("", [])}
        things = shelf(desk.account, kind.store)
        wrong = unknown(desk, {n: v for n, v in filters.items() if n != kind.id_field})
        if kind.id_field in filters and not any(fits(kind, t, kind.id_field, filters[kind.id_field]) for t in things):
            wrong.insert(0, f"{kind.id_field}_invalid")
        if wrong:
            raise Refusal(*wrong)
        rows = [shown(kind, desk, t) for t in things if all(fits(kind, t, n, v) for n, v in filters.items())]
        return [E(kind.wrapper, rows)]

    return serve


# -- saving


def creating(values, params):
    """For tables: what is mandatory only for a new thing."""
    return values.get("mode") == "create"


def updating(values, params):
    return values.get("mode") != "create"


def the_thing(kind, desk):
    """The thing that the request names."""
    found = find(desk.account, kind.store, desk.values[kind.id_field])
    if found is None:
        raise Refusal(f"{kind.id_field}_invalid")
    return found


def kept(value):
    """Numbers are kept as text, except in lists."""
    return list(dict.fromkeys(value)) if isinstance(value, list) else str(value)


def blank(kind):
    return {name: list(value) if isinstance(value, list) else value for name, value in kind.defaults.items()}


def wanted_row(kind, desk, old):
    """The row as it will be: what was sent, the rest as it is when left out."""
    sent = {
        name: kept(value)
        for name, value in desk.values.items()
        if name in kind.defaults and value != "" and not (old and name in kind.created)
    }
    base = blank(kind)
    if old:
        preserved = desk.values.get("preserve_missing_data") is True
        still = kind.defaults if preserved else (*kind.stays, *kind.created)
        base.update({name: old[name] for name in still if name in old and (preserved or name not in sent)})
        if preserved:
            base.update({name: blank(kind)[name] for name in kind.defaults if desk.values.get(name) == ""})
    wanted = {**base, **sent}
    if kind.metadata:
        meta = metadata.from_params(desk.params)
        wanted["metadata"] = meta if meta is not None else ""
    return wanted


def judged(kind, desk):
    """(the row as it will be, the row as it is or None), or the refusal of what cannot be."""
    old = None if desk.values.get("mode") == "create" else the_thing(kind, desk)
    wanted = wanted_row(kind, desk, old)
    codes = unknown(desk, {name: wanted[name] for name in kind.defaults})
    codes += kind.check(desk, wanted, old) if kind.check else []
    if codes:
        raise Refusal(*dict.fromkeys(codes))
    return wanted, old


def saving(kind):
    """The function that serves update_... in both modes."""

    def serve(desk):
        wanted, old = judged(kind, desk)
        notices = kind.finish(desk, wanted, old) if kind.finish else []
        return save(kind, desk, wanted, old, notices)

    return serve


def save(kind, desk, wanted, old, notices=()):
    thing = old if old is not None else {"id": desk.new_id(kind.counter), "client_subaccount_id": "0"}
    changed = {name: [thing.get(name), value] for name, value in wanted.items() if thing.get(name) != value}
    thing.update(wanted)
    if desk.call.fault("read_back_differs") is not None and thing.get("friendly_name"):
        thing["friendly_name"] = thing["friendly_name"].upper()
    if old is None:
        shelf(desk.account, kind.store).append(thing)
    if thing.get("status") == "deleted":
        remove(kind, desk, thing)
    desk.effect(
        f"{kind.thing}_{'created' if old is None else 'updated'}",
        **{kind.id_field: thing["id"]},
        changed={name: pair for name, pair in changed.items() if name not in kind.hidden},
    )
    return Answer(E(kind.id_field, thing["id"]), messages=[f"{kind.thing}_updated", *notices])


# -- deleting


def remove(kind, desk, thing):
    things = shelf(desk.account, kind.store)
    things[:] = [one for one in things if one is not thing]


def deleting(kind):
    """The function that serves delete_...; doing it again finds nothing."""

    def serve(desk):
        thing = the_thing(kind, desk)
        codes = kind.gone(desk, thing) if kind.gone else []
        if codes:
            raise Refusal(*codes)
        remove(kind, desk, thing)
        desk.effect(f"{kind.thing}_deleted", **{kind.id_field: thing["id"]})
        return Answer(E(kind.id_field, thing["id"]), messages=[f"{kind.thing}_deleted"])

    return serve
