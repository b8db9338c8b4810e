"""Scenarios: whole days of trouble by name."""

import contextlib
import http.client

import pytest

from providers.sandbox import scenarios
from tests.providers.sandbox.caller import codes


def states(api):
    return api.raw("get_states", country_id="38")


@pytest.mark.parametrize("name", sorted(scenarios.SCENARIOS))
def test_every_scenario_can_be_put_in_force(api, name):
    made = api.do("scenario", name=name, seed=7, slug="voicemeup", account="lachance")
    assert api.see("faults") == made and bool(made) == (name not in ("calm", "midnight-dst"))
    assert {rule["slug"] for rule in made} <= {"voicemeup"} and {rule["account"][0] for rule in made} <= {"lachance"}


def test_scenarios_replace_each_other(api):
    assert set(api.see("scenario")) == set(scenarios.SCENARIOS)
    api.do("scenario", name="dead-30min")
    with pytest.raises(OSError):
        api.dids()
    api.do("clock", advance=1801)
    assert api.dids()
    api.do("scenario", name="credential-revoked", account="velo")
    assert api.dids() and codes(api.other("velo").call("get_dids")) == ["authentication_failed"]
    api.do("scenario", name="calm")
    assert api.other("velo").dids() and api.control("POST", "scenario", {"name": "war"})[0] == 400


def test_limit_hit(api):
    api.do("scenario", name="limit-hit")
    seen = [codes(api.call("get_dids")) for _ in range(5)]
    assert seen == [["requests_soft_limit_reached"]] * 3 + [["requests_hard_limit_exceeded"]] * 2


def test_garbage_is_something_else_each_time(api):
    made = api.do("scenario", name="garbage")
    for _ in range(12):
        with contextlib.suppress(OSError, http.client.HTTPException):
            states(api)
    seen = [entry["fault"] for entry in api.see("journal?call=get_states")[-12:]]
    assert seen == [rule["fault"] for rule in made[:12]]


def test_a_quarter_of_the_answers_is_spoilt_and_the_dice_can_be_told(api):
    api.do("scenario", name="r1-24pct", seed=3, options={"seconds": 0.01, "lag": 0})

    def run():
        for _ in range(60):
            with contextlib.suppress(OSError, http.client.HTTPException):
                states(api)
        return [entry["fault"] for entry in api.see("journal?call=get_states")[-60:]]

    first = run()
    share = sum(fault != "log_lag" for fault in first) / 60
    assert 0.08 < share < 0.45
    api.do("scenario", name="r1-24pct", seed=3, options={"seconds": 0.01, "lag": 0})
    assert run() == first


def test_the_minute_before_an_hour_comes_twice(api):
    api.do("clock", set=1_772_000_000)  # February 2026
    api.do("scenario", name="midnight-dst")
    assert 0 <= api.see("clock")["now"] - 1_793_512_740 < 5  # 2026-11-01 05:59 UTC
