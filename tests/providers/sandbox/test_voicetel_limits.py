"""VoiceTel's six an hour: for each method and address, whoever asks. And the crowd of a simulated day."""

import time

import pytest

from tests.providers.sandbox.voicetel_caller import PACKAGES, VoiceTel  # noqa: F401 - PACKAGES is for the fixture `running`

ONE, TWO = "198.51.100.7", "198.51.100.8"


@pytest.fixture
def api(running):
    caller = VoiceTel(running, ip=ONE)
    caller.do("reset", seed=1)
    return caller


@pytest.mark.parametrize("name", ["accountInfo", "accountCdr", "accountMrc"])
def test_the_seventh_of_an_hour_is_refused_whoever_asks(api, name):
    for _ in range(3):
        api.good(name)
        api.other("saranac").good(name)
    api.bad(name, 429)
    answer = api.other("saranac").bad(name, 429)
    assert answer == {"statusCode": "429", "status": "Error", "message": "Too Many Requests"}
    api.other("lachance", ip=TWO).good(name)
    assert api.see("limits?slug=voicetel")["used"][name] == {ONE: 6, TWO: 1}


def test_each_method_has_its_own_counter_and_others_have_none(api):
    for _ in range(6):
        api.good("accountInfo")
    api.good("accountMrc")
    for _ in range(12):
        api.good("numbersList")


def test_the_window_rolls_and_refusals_do_not_lengthen_it(api):
    for i in range(6):
        api.good("accountInfo")
        api.do("clock", advance=60 * (i < 5))
    for _ in range(4):
        api.bad("accountInfo", 429)
    api.do("clock", advance=3600 - 300 + 1)
    api.good("accountInfo")
    api.bad("accountInfo", 429)
    api.do("clock", advance=60)
    api.good("accountInfo")


def test_a_wrong_password_uses_the_share_up_too(api):
    username = int(api.account["username"])
    for _ in range(6):
        assert api.raw("accountApiKey", {"username": username, "password": "wrong123"})[0] == 401
    assert api.raw("accountApiKey", {"username": username, "password": api.account["password"]})[0] == 429


def test_the_share_can_be_set_and_cleared(api):
    api.do("limits", slug="voicetel", per_hour={"accountInfo": 1})
    api.good("accountInfo")
    api.bad("accountInfo", 429)
    api.do("limits", slug="voicetel", clear=True, per_hour={"accountInfo": 6})
    api.good("accountInfo")


def test_a_crowd_is_made_quickly_and_each_of_it_can_sign_in(api):
    start = time.monotonic()
    rows = api.do("crowd", slug="voicetel", count=400)
    assert len(rows) == 400 and time.monotonic() - start < 3
    assert len({row["username"] for row in rows}) == len({row["apikey"] for row in rows}) == 400
    last = api.other(rows[-1]["key"], ip="203.0.113.200")
    assert last.good("accountInfo")["account"][0]["name"] == rows[-1]["organization"]
    assert len(last.good("accountCdr")["cdr"]) == 3
    numbers = [n for row in rows for n in api.sandbox.world.slugs["voicetel"]["accounts"][row["key"]]["numbers"]]
    assert len(numbers) == len(set(numbers)) > 200
    assert all("5550100" <= number[3:] <= "5550198" for number in numbers)
    assert api.do("crowd", slug="voicetel", count=1)[0]["key"] == "crowd-0401"
