"""The address book: addresses written once and given to many numbers (E6)."""

from django.db import IntegrityError, transaction

from accounts.actor import Actor, audit
from accounts.models import Account
from numbering.models import EmergencyPlace

MOST = 500  # entries of one account
_PLACE = ("civic_number", "street", "unit_type", "unit", "city", "region", "country", "postal_code")


class NameTaken(Exception):
    """Another entry has this name."""


class Changed(Exception):
    """Somebody changed the entry after the form was made."""


class Full(Exception):
    """The book has as many entries as it can hold."""


def places_of(account: Account):
    return EmergencyPlace.objects.for_account(account)


def usual_place(account: Account) -> EmergencyPlace | None:
    """The entry that a person most often means: the one marked, or the only one there is."""
    first = list(places_of(account)[:2])
    return first[0] if first and (first[0].is_usual or len(first) == 1) else None


@transaction.atomic
def write(actor: Actor, label: str, address: dict, *, is_usual: bool = False) -> EmergencyPlace:
    """A new entry. Raises `NameTaken`, `Full`."""
    if places_of(actor.account).count() >= MOST:
        raise Full
    if is_usual:
        places_of(actor.account).filter(is_usual=True).update(is_usual=False)
    try:
        with transaction.atomic():
            place = EmergencyPlace.objects.create(
                account=actor.account, label=label, address=address, is_usual=is_usual, user=actor.user
            )
    except IntegrityError:
        raise NameTaken from None
    audit(actor, "e911_place.written", label, after=address)
    return place


@transaction.atomic
def change(actor: Actor, pk: int, label: str, address: dict, *, is_usual: bool, version: int) -> EmergencyPlace:
    """Write an entry anew. Numbers that have its address keep the old one. Raises `Changed`, `NameTaken`."""
    place = places_of(actor.account).select_for_update(of=("self",)).get(pk=pk)
    if place.version != version:
        raise Changed
    if is_usual:
        places_of(actor.account).filter(is_usual=True).exclude(pk=pk).update(is_usual=False)
    before = {"label": place.label, **place.address}
    place.label, place.address, place.is_usual, place.user = label, address, is_usual, actor.user
    place.version += 1
    try:
        with transaction.atomic():
            place.save()
    except IntegrityError:
        raise NameTaken from None
    audit(actor, "e911_place.changed", label, before=before, after={"label": label, **address})
    return place


@transaction.atomic
def remove(actor: Actor, place: EmergencyPlace) -> None:
    """Take it out of the book; the numbers that have its address keep it."""
    audit(actor, "e911_place.removed", place.label, before=place.address)
    place.delete()


def is_taken(account: Account, label: str, address: dict) -> bool:
    """Whether another address has this name already."""
    return places_of(account).filter(label=label).exclude(address=address).exists()


def learn(actor: Actor, asked: dict, picked: dict) -> None:
    """An entry whose words the upstream did not know takes the words that a person picked instead."""
    for place in places_of(actor.account).select_for_update(of=("self",)):
        if all(place.address.get(name, "") == asked.get(name, "") for name in _PLACE):
            before = place.address
            place.address = {**before, **{name: picked[name] for name in _PLACE if name in picked}}
            place.version += 1
            place.save(update_fields=["address", "version", "changed_at"])
            audit(actor, "e911_place.changed", place.label, before=before, after=place.address)
