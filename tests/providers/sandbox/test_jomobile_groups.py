"""Jo Mobile: groups and their people, sending to them, the black list, price lists."""

import pytest

from tests.providers.sandbox.jafone_caller import PACKAGES  # noqa: F401
from tests.providers.sandbox.jomobile_caller import OUTSIDE, JoMobile


@pytest.fixture
def api(running):
    caller = JoMobile(running)
    caller.do("reset", seed=1)
    return caller


@pytest.fixture
def group(api):
    number = api.get("group-create", {"name_group": "Promo"})["list"][0]["id_group"]
    people = [{"number": OUTSIDE, "name": "Ana", "surname": "Roy"}, {"number": 14685550102, "name": "Léo"}]
    api.get("group-number-add", {"id_group": number, "numbers": people})
    return number


def test_groups_are_listed_in_pages(api):
    listing = api.get("group", {"id_group": 0, "offset": 0, "limit": 10})
    assert listing["groupDetails"] == {"countAll": 3, "countResult": 3, "limit": 10, "offset": 0}
    assert [set(row) for row in listing["list"]] == [{"id_group", "name_group", "numbers_count", "on_birth"}] * 3
    second = api.get("group", {"limit": 2, "offset": 1})
    assert second["list"] == listing["list"][2:] and second["groupDetails"]["countAll"] == 3
    one = listing["list"][1]["id_group"]
    assert api.get("group", {"id_group": one})["list"] == listing["list"][1:2]
    assert api.refused("group", {"id_group": 7}) == (400, {"id_group": ["Group not found."]})


def test_a_group_is_made_with_its_greeting_and_deleted(api):
    births = {"time_birth": "23:22", "originator_birth": "LACHANCE", "text_birth": "Bonne fête #first_name#!"}
    made = api.get("group-create", {"name_group": "Fêtes", "on_birth": True, **births})
    assert made["groupDetails"] == {"command": "create", "createCount": 1}
    row = made["list"][0]
    assert {name: row[name] for name in births} == births and row["on_birth"] is True and row["numbers_count"] == 0
    gone = api.get("group-delete", {"id_group": [row["id_group"], 999_999]})
    assert gone == {"groupDetails": {"command": "delete", "deleteCount": 1}, "list": [row["id_group"]]}
    assert api.refused("group-delete", {"id_group": [row["id_group"]]})[1] == {"id_group": ["Group not found."]}


def test_false_stands_for_no_greeting(api):
    body = {
        "name_group": "Plain",
        "time_birth": False,
        "originator_birth": False,
        "text_birth": False,
        "on_birth": False,
    }
    row = api.get("group-create", body)["list"][0]
    assert (row["time_birth"], row["originator_birth"], row["text_birth"]) == (None, None, None)
    assert set(api.refused("group-create", {"on_birth": "yes"})[1]) == {"name_group", "on_birth"}


def test_people_are_added_found_and_removed(api, group):
    everything = {
        "number": "46701740650",
        "name": "Eva",
        "surname": "Ek",
        "patronymic": "M",
        "date_birth": "1990-05-17",
        "male": "f",
        **{f"note_{number}": f"n{number}" for number in range(1, 11)},
    }
    details = api.get("group-number-add", {"id_group": group, "numbers": [everything, {"number": OUTSIDE}]})[
        "groupDetails"
    ]
    assert (details["countPhoneBefore"], details["countPhoneAfter"], details["name_group"]) == (2, 3, "Promo")
    found = api.get("group-number-search", {"id_group": group, "numbers": ["46701740650", 14685550199]})
    assert found["groupDetails"]["foundPhone"] == 1
    row = found["list"][0]
    assert (row["phone"], row["name"], row["date_birth"], row["mcc"]) == ("46701740650", "Eva", "1990-05-17", 240)
    gone = api.get("group-number-delete", {"id_group": group, "numbers": ["46701740650", "14685550199"]})
    assert gone["groupDetails"]["deletedPhone"] == 1 and gone["list"][0]["phone"] == "46701740650"
    assert "numbers" in api.refused("group-number-add", {"id_group": group, "numbers": [{"male": "x"}]})[1]
    assert api.refused("group-number-search", {"id_group": group, "numbers": []})[0] == 400


def test_a_text_to_a_group_fills_in_each_name_and_skips_the_excluded(api, group):
    other = api.get("group-create", {"name_group": "Non"})["list"][0]["id_group"]
    api.get("group-number-add", {"id_group": other, "numbers": [{"number": "14685550104"}]})
    body = {"senderID": api.sender, "text": "Hello #first_name#, #number#", "id_group": [group]}
    answer = api.get("send-bulk", {**body, "id_group_excluded": [other], "phone": ["14685550103", "14685550104"]})
    assert answer["details"]["senderID"] == api.sender and answer["details"]["id_group"] == [group]
    api.later()
    texts = {row["phone"]: row["text_sms"] for row in api.log(id_base=[group])}
    assert texts == {
        OUTSIDE: f"Hello Ana, {OUTSIDE}",
        "14685550102": "Hello Léo, 14685550102",
        "14685550103": "Hello , 14685550103",
    }
    assert list(api.get("send-bulk", {**body, "phone": "14685550105"})) == ["details"]


def test_a_text_to_a_group_may_be_spread_over_a_window(api, group):
    api.do("clock", set=1_800_000_000)  # 2027-01-15 08:00 UTC
    window = {"dateStart": "2027-01-15", "timeStart": "10:00", "timeStop": "11:00"}
    api.get("send-bulk", {"senderID": api.sender, "text": "x", "id_group": [group], **window})
    begins = [row["begin"] - 1_800_000_000 for row in api.effects("sms_sent")[-2:]]
    assert begins == [7200, 9000]


@pytest.mark.parametrize(
    ("more", "errors"),
    [
        ({"senderID": "SOMEBODY"}, "not_registr_originator"),
        ({"id_group": [999_999]}, {"id_group": ["Group not found."]}),
        ({"id_group_excluded": [999_999]}, {"id_group_excluded": ["Group not found."]}),
        ({"phone": ["5355501234"]}, "no_client_price"),
        ({"id_group": []}, {"id_group": ["This field is required."]}),
    ],
)
def test_a_text_to_a_group_is_refused_whole(api, group, more, errors):
    body = {"senderID": api.sender, "text": "x", "id_group": [group], **more}
    assert api.refused("send-bulk", body) == (400, errors)


def test_birthdays_are_greeted_once_at_their_hour(api):
    api.do("clock", set=1_800_000_000)  # 2027-01-15 08:00 UTC
    births = {"time_birth": "09:00", "originator_birth": "LACHANCE", "text_birth": "Bonne fête #first_name#!"}
    group = api.get("group-create", {"name_group": "Fêtes", "on_birth": True, **births})["list"][0]["id_group"]
    people = [{"number": OUTSIDE, "name": "Ana", "date_birth": "1990-01-15"}]
    people.append({"number": "14685550102", "name": "Léo", "date_birth": "1990-01-16"})
    api.get("group-number-add", {"id_group": group, "numbers": people})
    api.do("clock", advance=1800)
    assert api.log(id_base=[group]) == []
    api.later(2000, times=3)
    assert [row["text_sms"] for row in api.log(id_base=[group])] == ["Bonne fête Ana!"]


def test_the_black_list_counts_and_finds(api):
    counts = api.get("black-list-add", {"numbers": [OUTSIDE, 14685550102, OUTSIDE]})["blacklistDetails"]
    assert counts == {"countBefore": 3, "countAfter": 5}
    found = api.get("black-list-search", {"numbers": [OUTSIDE, "14685550103"]})
    assert found == {"blacklistDetails": {"foundPhone": 1}, "list": [OUTSIDE]}
    assert api.get("black-list-delete", {"numbers": [OUTSIDE]})["blacklistDetails"]["countAfter"] == 4
    assert api.refused("black-list-add", {"numbers": []}) == (400, {"numbers": ["This field is required."]})
    assert api.refused("black-list-add", {"numbers": ["call me"]})[0] == 400


def test_prices_by_product_account_and_country(api):
    everything = api.get("account-price", {"ISO": "full"})
    assert everything == api.get("account-price") and len(everything) > 20
    assert {row["ISO"] for row in everything} >= {"CA", "US", "SE"} and "CU" not in {row["ISO"] for row in everything}
    canada = api.get("account-price", {"ISO": "CA"})
    assert {row["MCC"] for row in canada} == {302} and {row["price"] for row in canada} == {0.0095}
    assert api.get("account-price", {"MCC": 302, "MNC": 220}) == [row for row in canada if row["MNC"] == 220]
    products = api.get("product-price", {"ISO": "CA"})
    assert {row["product"] for row in products} == {"Standard", "Premium"} and len(products) == 2 * len(canada)
    assert api.get("country-price", {"ISO": "RO"}) == [
        {"ISO": "RO", "country": "Romania", "MCC": 226, "price": 0.029, "currency": "EUR"}
    ]
    assert api.get("country-price", {"ISO": "XX"}) == []
    assert api.refused("product-price", {"MCC": "many"})[1] == {"MCC": ["Must be an integer."]}


def test_countries_by_continent(api):
    found = api.get("country-by-continent", [])
    assert {"ISO": "SE", "country": "Sweden", "MCC": 240} in found["Europe"] and "North America" in found


def test_a_change_may_be_confirmed_and_not_be_there_afterwards(api):
    api.do("faults", slug="jomobile", call="group-create", fault="read_back_differs", count=1)
    assert api.get("group-create", {"name_group": "Ghost"})["groupDetails"]["createCount"] == 1
    assert "Ghost" not in [row["name_group"] for row in api.get("group", {"limit": 50})["list"]]
