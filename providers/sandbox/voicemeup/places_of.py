"""State and country of an address, which requests give by id or by code."""

from .geo import COUNTRIES, COUNTRY_BY_CODE, STATE_BY_CODE, STATES


def resolve(values):
    """(state and country in both forms, codes of what is unknown); an id wins over a code."""
    country_id = values.get("country_id") or COUNTRY_BY_CODE.get((values.get("country_code") or "").upper())
    state_id = values.get("state_id") or STATE_BY_CODE.get((values.get("state_code") or "").upper())
    codes = []
    if country_id not in COUNTRIES:
        codes.append("country_id_invalid" if values.get("country_id") else "country_code_invalid")
    if state_id not in STATES or (not codes and STATES[state_id][2] != country_id):
        codes.append("state_id_invalid" if values.get("state_id") else "state_code_invalid")
    if codes:
        return {}, codes
    found = {"state_id": state_id, "state_code": STATES[state_id][1]}
    return {**found, "country_id": country_id, "country_code": COUNTRIES[country_id][1]}, []
