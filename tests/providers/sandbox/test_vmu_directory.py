"""Where numbers can be had and ordered, prices, the 411 directory, plans, and a reseller's books."""

from decimal import Decimal

from tests.providers.sandbox.caller import codes, many

LISTING = {
    "type": "business",
    "sort_word": "Plomberie",
    "sub_word": "Lachance d'Outremont",
    "civic_number": "1250",
    "street": "Rue Sherbrooke Ouest",
    "city": "Montréal",
    "state_code": "QC",
    "country_id": "38",
    "postal_code": "H3G 1H6",
}


def listings(api, **params):
    return many(api.call("get_whitepages", **params)["whitepages"], "whitepage_details")


def test_a_listing_is_activated_replaced_and_removed(api):
    number = api.dids()[1]["phone_number"]
    made = api.call("update_whitepages", phone_number=number, **LISTING, address_type="suite", address_type_number="4")
    assert codes(made) == ["whitepage_updated"]
    mine = next(row for row in listings(api) if row["client_411_listing_id"] == made["client_411_listing_id"])
    assert (mine["provision_status"], mine["state_id"], mine["country_code"], mine["address_type"]) == (
        "pending",
        "11",
        "CA",
        "suite",
    )
    api.do("clock", advance=61)
    assert {row["provision_status"] for row in listings(api)} == {"activated"}
    again = api.call("update_whitepages", phone_number=number, **LISTING)
    assert again["client_411_listing_id"] == made["client_411_listing_id"]  # one for a number
    row = listings(api, provision_status="pending")[0]
    assert row["address_type"] == ""
    gone = api.call("delete_whitepages", client_411_listing_id=made["client_411_listing_id"], phone_number="5145550000")
    assert codes(gone) == ["whitepage_deleted"]  # its own id wins
    assert listings(api, status="deleted")[0]["provision_status"] == "removed"
    assert codes(api.call("delete_whitepages", phone_number=number)) == ["phone_number_invalid"]
    assert [e["kind"] for e in api.see("ledger")][-3:] == [
        "whitepage_updated",
        "whitepage_updated",
        "whitepage_deleted",
    ]


def test_refusals_of_a_listing(api):
    number = api.dids()[1]["phone_number"]

    def refused(**changes):
        return codes(api.call("update_whitepages", phone_number=number, **{**LISTING, **changes}))

    assert refused(sort_word="?", sub_word="") == ["first_name_invalid", "last_name_required"]
    assert refused(street="Sherbrooke O") == ["street_invalid"]
    assert refused(city="Gotham") == ["city_invalid"]
    assert refused(postal_code="V5K 0A1") == ["postal_code_invalid"]
    assert refused(state_code="NY") == ["state_code_invalid"]
    assert refused(country_id="", country_code="") == ["country_code_required"]
    assert codes(api.call("update_whitepages", phone_number="4185550101", **LISTING)) == ["phone_number_invalid"]
    assert codes(api.call("delete_whitepages")) == ["required_parameter_not_found"]


def test_coverage(api):
    codes_of = many(api.call("get_did_areacodes", state_id="11")["areacodes"], "areacode_details")
    assert {"514", "438", "418"} <= {row["npa"] for row in codes_of} and {row["state"] for row in codes_of} == {
        "Quebec"
    }
    rows = many(api.call("get_did_exchanges", npa="514", availability="1")["exchanges"], "exchange_details")
    assert [(row["npa"], row["nxx"], row["ratecenter"]) for row in rows] == [("514", "555", "MONTRÉAL")]
    assert len(many(api.call("get_did_exchanges")["exchanges"], "exchange_details")) == 25
    page = many(api.call("get_did_exchanges", result_limit="1000", result_offset="25")["exchanges"], "exchange_details")
    assert len(page) > 300 and {row["portability"] for row in page} == {"0", "1"}
    centre = api.call("get_ratecenters", npa="902")["ratecenters"]["ratecenter_details"]
    assert (centre["district"], centre["latitude"][:4]) == ("Halifax", "44.6")
    later = many(api.call("get_ratecenters", updated_since="2999-01-01")["ratecenters"], "ratecenter_details")
    assert later == []
    assert codes(api.call("get_ratecenters", state_id="999", country_id="998")) == [
        "country_id_invalid",
        "state_id_invalid",
    ]
    assert codes(api.call("get_did_exchanges", npa="51", nxx="x", portability="2")) == [
        "npa_invalid",
        "nxx_invalid",
        "portability_invalid",
    ]


def test_ordered_numbers_come_to_the_account(api):
    before = {did["phone_number"] for did in api.dids()}
    assert codes(
        api.call("order_new_dids", prefix="902555", quantity="3", sequential="sequential", sms_support="1")
    ) == ["dids_ordered"]
    api.do("clock", advance=50)
    assert {did["phone_number"] for did in api.dids()} == before
    api.do("clock", advance=50)
    fresh = [did for did in api.dids() if did["phone_number"] not in before]
    assert (
        len(fresh) == 3 and {did["npa"] for did in fresh} == {"902"} and {did["sms_support"] for did in fresh} == {"1"}
    )
    effect = next(e for e in reversed(api.see("ledger")) if e["kind"] == "dids_delivered")
    assert sorted(effect["data"]["phone_numbers"]) == sorted(did["phone_number"] for did in fresh)
    fees = [
        row
        for row in many(api.call("get_billing_activity")["billing_activity"], "transaction_details")
        if "fee 902" in row["description"]
    ]
    assert len(fees) == 6


def test_prices_by_code_country_and_province(api):
    france = many(api.call("get_rates", country_id="73")["rates"], "rate_details")
    assert {"33", "336"} <= {row["code"] for row in france} and {row["country"] for row in france} == {"France"}
    quebec = many(api.call("get_rates", state_id="11")["rates"], "rate_details")
    assert {"1514", "1418"} <= {row["code"] for row in quebec}
    dollars = many(api.call("get_rates", code="1514", currency="USD")["rates"], "rate_details")[-1]
    assert Decimal(dollars["rate"]) == Decimal("0.0062") and dollars["currency"] == "USD"
    assert codes(api.call("get_rates", country_id="999")) == ["country_id_invalid"]
    assert codes(api.call("get_rates", code="x")) == ["code_invalid"]


def test_what_is_the_same_for_all(api):
    plans = many(api.call("get_plans", plan_groups_id="1")["plans"], "plan_details")
    assert len(plans) == 4 and plans[1]["services"]["service"][0] == {"name": "channels", "quantity": "4"}
    assert codes(api.call("get_plans", plan_id="1")) == ["plan_id_invalid"]
    assert api.call("get_proxies", proxy_id="3")["proxies"]["proxy_details"]["hostname"] == "tor1.proxy.example"
    assert codes(api.call("get_proxies", proxy_id="99")) == ["proxy_id_invalid"]
    voices = many(api.call("get_tts_voice_name")["tts_voice_names"], "voice_name_details")
    assert "fr-CA-Standard-A" in {row["voice_name"] for row in voices}


def test_the_books_of_a_reseller(api):
    boreal = api.other("boreal")
    sub = next(iter(boreal.account["subaccounts"]))
    invoices = many(
        boreal.call("get_resellers_invoices", client_subaccount_id=sub)["resellers_invoices"],
        "reseller_invoice_details",
    )
    assert len(invoices) == 12 and invoices[-1]["status"] == "paid"
    one = boreal.call("get_resellers_invoices", web_key=invoices[0]["web_key"])["resellers_invoices"][
        "reseller_invoice_details"
    ]
    assert one == invoices[0]
    day = invoices[3]["date_applied"][:10]
    rows = many(
        boreal.call("get_resellers_transactions", client_subaccount_id=sub, date_from=day, date_to=day)[
            "resellers_transactions"
        ],
        "reseller_transaction_details",
    )
    assert [(row["type"], row["amount"]) for row in rows] == [("invoice", invoices[3]["amount"])]
    assert codes(boreal.call("get_resellers_transactions", reseller_transaction_id="1", date_from="x")) == [
        "date_from_invalid"
    ]
    assert codes(boreal.call("get_resellers_invoices", web_key="none")) == ["web_key_invalid"]
    assert api.call("get_resellers_invoices")["resellers_invoices"] == ""
