"""Addresses as records and as the plain values that we keep, and whether two of them are the same place."""

from providers.clients.records import EmergencyAddress


def address_of(plain: dict) -> EmergencyAddress:
    """An address from the plain values we keep; what we do not know is left out."""
    known = EmergencyAddress.__dataclass_fields__
    return EmergencyAddress(
        **{name: str(value) for name, value in plain.items() if name in known and value is not None}
    )


def agree(asked: dict, told: dict) -> bool:
    """Whether two addresses are the same place. The language of a call exists in Canada only."""
    pair = [address_of(_without_language(plain)) for plain in (asked, told)]
    return pair[0].same_as(pair[1])


def _without_language(plain: dict) -> dict:
    return plain if plain.get("country", "").upper() == "CA" else {**plain, "language": ""}
