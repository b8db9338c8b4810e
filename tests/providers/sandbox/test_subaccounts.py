"""The reseller's subaccounts."""

import pytest

from tests.providers.sandbox.caller import codes, many


@pytest.fixture
def boreal(api):
    return api.other("boreal")


def subs(boreal, **params):
    return many(boreal.call("get_subaccounts", get_associations="1", **params)["subaccounts"], "subaccount_details")


def test_create_and_replace(boreal):
    made = boreal.call(
        "update_subaccount",
        mode="create",
        friendly_name="Café du Coin",
        multi_tenancy_mode="disabled",
        status="enabled",
        call_limit="5",
        raw_metadata="portal-17",
    )
    number = made["client_subaccount_id"]
    row = subs(boreal, client_subaccount_id=number)[0]
    assert (row["friendly_name"], row["call_limit"]) == ("Café du Coin", "5")
    assert row["metadata"] == {"raw_metadata": "portal-17"}
    boreal.call(
        "update_subaccount",
        client_subaccount_id=number,
        friendly_name="Café",
        multi_tenancy_mode="self",
        status="disabled",
    )
    row = subs(boreal, client_subaccount_id=number)[0]
    assert (row["friendly_name"], row["call_limit"], row["metadata"], row["status"]) == ("Café", "", "", "disabled")
    boreal.call(
        "update_subaccount",
        client_subaccount_id=number,
        friendly_name="Café",
        multi_tenancy_mode="self",
        status="deleted",
    )
    assert subs(boreal, client_subaccount_id=number) == []
    assert subs(boreal, status="deleted")[0]["client_subaccount_id"] == number


def test_wrong_values(boreal):
    answer = boreal.call(
        "update_subaccount", mode="create", friendly_name="x", multi_tenancy_mode="shared", status="on"
    )
    assert codes(answer) == ["friendly_name_invalid", "multi_tenancy_subaccount_id_required", "status_invalid"]
    assert codes(boreal.call("update_subaccount")) == [
        "client_subaccount_id_required",
        "friendly_name_required",
        "multi_tenancy_mode_required",
        "status_required",
    ]


def test_lists_replace_and_unsent_lists_stay(boreal):
    one = subs(boreal)[0]
    number, dids = one["client_subaccount_id"], one["associated_dids"].split(",")
    free = boreal.dids(client_subaccount_id="0")[0]["client_did_id"]
    boreal.call("update_subaccount_associations", client_subaccount_id=number, associated_dids=f"{dids[0]},{free}")
    after = subs(boreal, client_subaccount_id=number)[0]
    assert set(after["associated_dids"].split(",")) == {dids[0], free}
    assert after["associated_peers"] == one["associated_peers"]
    assert boreal.dids(client_did_id=dids[1])[0]["client_subaccount_id"] == "0"
    boreal.call("update_subaccount_associations", client_subaccount_id=number, associated_dids="")
    assert subs(boreal, client_subaccount_id=number)[0]["associated_dids"] == ""
    answer = boreal.call("update_subaccount_associations", client_subaccount_id=number, associated_dids="1")
    assert codes(answer) == ["associated_dids_invalid"]


def test_the_address(boreal):
    number = subs(boreal)[0]["client_subaccount_id"]
    where = {
        "client_subaccount_id": number,
        "civic_number": "12",
        "street": "Rue Masson",
        "unit_number": "3",
        "city": "Montréal",
        "country_id": "38",
        "state_id": "11",
        "postal_code": "H1Y 1V8",
    }
    made = boreal.call("update_subaccount_address", mode="create", **where)
    assert subs(boreal, client_subaccount_id=number)[0]["address"]["street"] == "Rue Masson"
    assert codes(boreal.call("update_subaccount_address", **where)) == ["client_address_id_required"]
    assert codes(boreal.call("update_subaccount_address", **where, client_address_id="1")) == [
        "client_address_id_invalid"
    ]
    assert codes(
        boreal.call(
            "update_subaccount_address", **{**where, "state_id": "30"}, client_address_id=made["client_address_id"]
        )
    ) == ["state_id_invalid"]
