"""Emergency addresses: exact matches, near misses, saving, deleting."""

import pytest

from tests.providers.sandbox.caller import codes, many, status_of

GOOD = {
    "civic_number": "1250",
    "street": "Rue Sherbrooke Ouest",
    "city": "Montréal",
    "state_code": "QC",
    "country_code": "CA",
    "postal_code": "H3G 1H6",
}


def entries(api, **params):
    return many(api.call("get_e911", **params)["e911_endpoints"], "e911_details")


def uncovered(api):
    covered = {e["phone_number"] for e in entries(api)}
    return next(d["phone_number"] for d in api.dids(type="local") if d["phone_number"] not in covered)


def check(api, **changes):
    return api.call("check_e911", **{**GOOD, **changes})


def alternates(answer):
    return [(one["street"], one["city"]) for one in many(answer["alternate_addresses"], "alternate_address")]


def test_a_good_address(api):
    assert codes(check(api)) == ["e911_valid"]
    assert codes(check(api, state_code="", state_id="11", country_code="", country_id="38")) == ["e911_valid"]
    assert codes(check(api, street="King Street West", city="Toronto", state_code="ON", postal_code="M5H 3T4")) == [
        "e911_valid"
    ]


@pytest.mark.parametrize(
    ("street", "city"),
    [
        ("Sherbrooke Ouest", "Montréal"),
        ("rue Sherbrooke O", "Montréal"),
        ("Boulevard Sherbrooke Ouest", "Montréal"),
        ("Rue Sherbrooke Ouest", "Montreal"),
        ("Rue Sherbroke Ouest", "Montréal"),
        ("Rue Sherbrooke Ouest", "Laval"),
    ],
)
def test_near_misses_come_with_alternates(api, street, city):
    answer = check(api, street=street, city=city)
    assert status_of(answer) == "error" and codes(answer) == ["alternate_address_provided"]
    assert alternates(answer)[0] == ("Rue Sherbrooke Ouest", "Montréal")
    chosen = many(answer["alternate_addresses"], "alternate_address")[0]
    assert codes(check(api, **chosen)) == ["e911_valid"]


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"street": "Rue de Nulle Part"}, ["street_not_found"]),
        ({"city": "Gotham", "street": "Rue de Nulle Part"}, ["city_not_found"]),
        ({"civic_number": "99999"}, ["civic_number_not_found"]),
        ({"postal_code": "V5H 2A9"}, ["postal_code_not_found"]),
        ({"state_code": "NY"}, ["state_not_found"]),
        ({"country_code": "ZZ"}, ["country_not_found"]),
        ({"civic_number": "x", "street": ""}, ["civic_number_invalid", "street_required"]),
        ({"state_code": "", "country_code": ""}, ["state_code_required", "country_code_required"]),
        ({"address_type": "castle"}, ["address_type_invalid"]),
    ],
)
def test_failures(api, changes, wanted):
    assert codes(check(api, **changes)) == wanted


def test_saving_and_reading_back(api):
    number = uncovered(api)
    saved = api.call(
        "update_e911",
        **GOOD,
        phone_number=number,
        full_name="Plomberie Lachance",
        e911_language="fr",
        address_type="suite",
        address_type_number="200",
    )
    assert codes(saved) == ["e911_updated"]
    row = entries(api, phone_number=number)[0]
    assert row["client_endpoint_id"] == saved["client_endpoint_id"]
    assert {name: row[name] for name in GOOD} == GOOD and row["state_id"] == "11" and row["address_type"] == "suite"
    again = api.call(
        "update_e911", **{**GOOD, "civic_number": "1300"}, phone_number=number, full_name="Plomberie Lachance"
    )
    assert again["client_endpoint_id"] == saved["client_endpoint_id"]
    assert entries(api, phone_number=number)[0]["address_type"] == ""
    assert [e["kind"] for e in api.see("ledger")][-2:] == ["e911_saved", "e911_saved"]


def test_a_near_miss_saves_nothing(api):
    number = uncovered(api)
    answer = api.call("update_e911", **{**GOOD, "street": "Sherbrooke Ouest"}, phone_number=number, full_name="Nous")
    assert codes(answer) == ["alternate_address_provided"]
    assert codes(api.call("get_e911", phone_number=number)) == ["no_e911_endpoint_found"]


def test_numbers_that_are_not_ours_or_have_no_address(api):
    foreign = api.other("boreal").dids()[0]["phone_number"]
    tollfree = api.dids(type="tollfree")[0]["phone_number"]
    assert codes(api.call("update_e911", **GOOD, phone_number=foreign, full_name="Nous")) == ["phone_number_not_found"]
    assert codes(api.call("update_e911", **GOOD, phone_number=tollfree, full_name="Nous")) == ["phone_number_invalid"]
    assert codes(api.call("get_e911", client_endpoint_id="1")) == ["client_endpoint_id_not_found"]
    assert codes(api.call("update_e911", **GOOD, phone_number=foreign)) == ["full_name_required"]


def test_the_default_entry_goes_last(api):
    rows = entries(api)
    default = next(e for e in rows if e["is_default"] == "1")
    assert codes(api.call("delete_e911", client_endpoint_id=default["client_endpoint_id"])) == [
        "entry_is_default_endpoint"
    ]
    for row in rows:
        if row is not default:
            assert codes(api.call("delete_e911", phone_number=row["phone_number"])) == ["e911_deleted"]
    last = api.call("delete_e911", client_endpoint_id=default["client_endpoint_id"])
    assert status_of(last) == "success" and codes(last) == ["e911_deleted", "last_endpoint_was_deleted"]
    assert entries(api) == []


def test_peers_call_from_one_place(api):
    rows = entries(api)
    peer = next(e["client_peer_ids"] for e in rows if e["client_peer_ids"]).split(",")[0]
    target = next(e for e in rows if peer not in e["client_peer_ids"].split(","))
    assert codes(api.call("associate_e911", client_peer_id=peer, phone_number=target["phone_number"])) == [
        "e911_associated"
    ]
    holders = [e["phone_number"] for e in entries(api) if peer in e["client_peer_ids"].split(",")]
    assert holders == [target["phone_number"]]
    assert codes(api.call("disassociate_e911", client_peer_id=peer)) == ["e911_disassociated"]
    assert codes(api.call("disassociate_e911", client_peer_id=peer)) == ["no_e911_endpoint_found"]
    assert codes(api.call("associate_e911", client_peer_id="1", phone_number=target["phone_number"])) == [
        "client_peer_id_not_found"
    ]


def test_a_read_back_that_differs(api):
    number = uncovered(api)
    api.do("faults", call="update_e911", fault="read_back_differs", count=1)
    assert codes(api.call("update_e911", **GOOD, phone_number=number, full_name="Nous")) == ["e911_updated"]
    assert entries(api, phone_number=number)[0]["civic_number"] == "1252"


def test_paging_and_subaccounts(api):
    boreal = api.other("boreal")
    rows = entries(boreal)
    assert entries(boreal, result_limit="5", result_offset="10") == rows[10:15]
    sub = next(d["client_subaccount_id"] for d in boreal.dids() if d["client_subaccount_id"] != "0")
    numbers = {d["phone_number"] for d in boreal.dids(client_subaccount_id=sub)}
    assert {e["phone_number"] for e in entries(boreal, client_subaccount_id=sub)} <= numbers
