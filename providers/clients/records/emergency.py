"""911 addresses."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyAddress:
    """A 911 address. Equality of two of them (see `same_as`) is what makes a number green."""

    name: str = ""  # 2 to 32 characters
    civic_number: str = ""
    street: str = ""
    unit_type: str = ""  # one of UNIT_TYPES or ""
    unit: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    postal_code: str = ""
    language: str = ""  # en | fr, Canada only

    def same_as(self, other: "EmergencyAddress") -> bool:
        """True when every field is equal but for case, blanks around words and blanks in the postal code."""
        return self._normal() == other._normal()

    def _normal(self) -> tuple[str, ...]:
        plain = [" ".join(getattr(self, name).split()).casefold() for name in ADDRESS_FIELDS]
        return (*plain, self.postal_code.replace(" ", "").casefold())


ADDRESS_FIELDS = ("name", "civic_number", "street", "unit_type", "unit", "city", "region", "country", "language")


# voicemeup.yaml: enums.address_types
UNIT_TYPES = (
    "apartment basement building department floor front hanger key lobby lot lower office penthouse pier rear room "
    "side slip space stop suite trailer unit upper"
).split()


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyRecord:
    """A provisioned 911 endpoint."""

    external_id: str
    number: str
    address: EmergencyAddress
    peer_ids: tuple[str, ...] = ()
    is_default: bool = False
    provisioned: bool = True
    raw: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRecord:
    """A telephone or exchange that signs in and calls out. Which 911 address it is tied to, the addresses tell: `peer_ids`."""

    external_id: str
    name: str
    username: str = ""
    subaccount_id: str = ""
    raw: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyRules:
    """What an upstream keeps of an address: the kinds of units it lists, and the languages a call can be answered in."""

    units: tuple[str, ...] = tuple(UNIT_TYPES)
    languages: tuple[str, ...] = ()
