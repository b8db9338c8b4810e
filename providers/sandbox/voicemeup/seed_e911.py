"""Seeds emergency addresses, on most numbers but not on all."""

from ..demo import people, streets
from .geo import STATE_BY_CODE, STATES

COVERED = {"lachance": 9, "velo": 4, "harbour": 4}
SHARE = 0.72  # of the reseller's local numbers


def address(dice, city):
    """A good address in a city, in the fields of an account or subaccount."""
    street = dice.choice(streets.of_city(city))
    state_id = STATE_BY_CODE[street.state]
    return {
        "civic_number": str(dice.randrange(10, street.highest)),
        "street": street.street,
        "city": street.city,
        "state_id": str(state_id),
        "country_id": str(STATES[state_id][2]),
        "postal_code": street.postal_code,
    }


def fill(builder):
    for account in builder.state["accounts"].values():
        local = [d for d in account["dids"].values() if d["type"] == "local"]
        wanted = COVERED.get(account["key"], int(len(local) * SHARE))
        if account["key"] != "lachance":
            builder.dice.shuffle(local)
        for did in local[:wanted]:
            add(builder, account, did)


def caller(builder, account, did):
    sub = account["subaccounts"].get(did["client_subaccount_id"])
    name = sub["organization"] if sub else account["organization"]
    if len(name) <= 32:
        return name
    return f"{people.first(builder.dice, 'en')} {people.last(builder.dice, 'en')}"


def home_of(builder, account, did):
    """Most lines of a shop ring at its own address; the others in the city of their area code."""
    sub = account["subaccounts"].get(did["client_subaccount_id"])
    own = sub["address"] if sub else account["address"]
    if account["key"] == "lachance":
        return own if did["npa"] != "450" else address(builder.dice, "Laval")
    return own if did["district"] == own["city"] else address(builder.dice, did["district"])


def add(builder, account, did):
    home = home_of(builder, account, did)
    state_id = int(home["state_id"])
    _, state_code, country_id = STATES[state_id]
    number = builder.new_id("endpoint")
    french = account["language"] == "fr" and state_code == "QC"
    account["e911"][str(number)] = {
        "client_endpoint_id": number,
        "client_did_id": did["client_did_id"],
        "phone_number": did["phone_number"],
        "client_peer_ids": unused(account, did),
        "is_default": "0" if account["e911"] else "1",
        "status": "enabled",
        "provision_status": "provisioned",
        "full_name": caller(builder, account, did),
        "civic_number": int(home["civic_number"]),
        "street": home["street"],
        "city": home["city"],
        "state_code": state_code,
        "state_id": state_id,
        "country_code": "CA" if country_id == 38 else "US",
        "country_id": country_id,
        "postal_code": home["postal_code"],
        "e911_language": ("fr" if french else "en") if country_id == 38 else "",
        "address_type": "",
        "address_type_number": "",
        "rate_provider_id": "1",
        "created_at": did["date_activated"],
    }


def unused(account, did):
    """The number's peers that call from nowhere else."""
    taken = {peer for entry in account["e911"].values() for peer in entry["client_peer_ids"]}
    return [peer for peer in did["client_peer_ids"] if peer not in taken]
