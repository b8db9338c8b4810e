"""Countries and states, and the way between two-letter codes and VoiceMeUp's ids."""

from providers.clients.records import PlaceRecord
from providers.clients.speaking import speaks
from providers.clients.voicemeup import mapping, values
from providers.clients.voicemeup.envelope import Meaning
from providers.clients.voicemeup.wire import Wire, refused_here

# voicemeup.yaml: update_port_request (these two need a state_id)
CANADA, USA = "38", "223"
_KNOWN = {"CA": CANADA, "US": USA}


class Places(Wire):
    @speaks("get_countries")
    def countries(self) -> list[PlaceRecord]:
        """All countries; external_id 38 is Canada. (voicemeup.yaml: get_countries: load once and keep)"""
        rows = values.rows(self.call("get_countries"), "country_details", "country_id")
        return list(self.listing(rows, lambda row: mapping.country(row, self.raw(row))))

    @speaks("get_states")
    def states(self, country_id: str) -> list[PlaceRecord]:
        """States or provinces of a country. Raises `NotFound`. (voicemeup.yaml: get_states: load once and keep)"""
        meaning = Meaning({"country_id": "country"}, identity=("country_id",))
        rows = values.rows(
            self.call("get_states", {"country_id": country_id}, meaning=meaning), "state_details", "state_id"
        )
        return list(self.listing(rows, lambda row: mapping.state(row, self.raw(row))))

    def country_id(self, code: str, field: str = "country") -> str:
        """The id of a two-letter code; `Rejected` when there is none. Nothing is asked for Canada and the US."""
        if code.upper() in _KNOWN:
            return _KNOWN[code.upper()]
        return _one_of(self._all_countries(), code, field)

    def state_id(self, country_id: str, code: str, field: str = "region") -> str:
        """The id of a state by its letters or name; `Rejected` when there is none."""
        return _one_of(self._states_of(country_id), code, field)

    def country_code(self, country_id: str) -> str:
        """Two letters for an id; the id itself when VoiceMeUp does not list it."""
        for code, known in _KNOWN.items():
            if country_id == known:
                return code
        return next((place.code for place in self._all_countries() if place.external_id == country_id), country_id)

    def state_code(self, country_id: str, state_id: str) -> str:
        """The letters of a state's id; the id itself when VoiceMeUp does not list it."""
        return next((place.code for place in self._states_of(country_id) if place.external_id == state_id), state_id)

    def _all_countries(self) -> list[PlaceRecord]:
        if "" not in self._places:
            self._places[""] = self.countries()
        return self._places[""]

    def _states_of(self, country_id: str) -> list[PlaceRecord]:
        if country_id not in self._places:
            self._places[country_id] = self.states(country_id)
        return self._places[country_id]


def _one_of(places: list[PlaceRecord], code: str, field: str) -> str:
    for place in places:
        if code.casefold() in (place.code.casefold(), place.name.casefold()):
            return place.external_id
    raise refused_here(f"unknown-{field}", field)
