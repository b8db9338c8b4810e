"""Every request type of the manual: answered, in both formats, with its own refusals, and effects where it writes."""

import re

import pytest

from providers.sandbox.voicemeup import SERVED
from providers.sandbox.voicemeup.requests import DOCUMENTED, REQUESTS
from tests.providers.sandbox.caller import codes, status_of

NEEDED = {  # what a reading request cannot do without
    "get_calls": {"latest_hours": "48"},
    "get_states": {"country_id": "38"},
    "get_rates": {"code": "1514"},
    "check_e911": {
        "civic_number": "1250",
        "street": "Rue Sherbrooke Ouest",
        "city": "Montréal",
        "state_code": "QC",
        "country_code": "CA",
        "postal_code": "H3G 1H6",
        "e911_language": "fr",
        "full_name": "Plomberie Lachance",
    },
}
READS = [name for name in DOCUMENTED if REQUESTS[name].read]
WRITES = [name for name in DOCUMENTED if not REQUESTS[name].read]
CODE = re.compile(r"[a-z0-9_-]+")


def test_all_97_request_types_are_served():
    assert len(DOCUMENTED) == 97 and tuple(DOCUMENTED) == SERVED and set(REQUESTS) == set(DOCUMENTED)


@pytest.mark.parametrize("name", READS)
def test_every_reading_request_answers_with_its_rows(api, name):
    answer = api.call(name, **NEEDED.get(name, {}))
    assert status_of(answer) == "success" and (codes(answer) == [] or name == "check_e911")
    assert len(answer) > 1 or name == "check_e911"  # a wrapper beside the details
    status, headers, body = api.raw(name, output="xml", **NEEDED.get(name, {}))
    assert status == 200 and headers["Content-Type"].startswith("text/xml") and body.endswith(b"</response>")
    assert api.see(f"journal?call={name}")[-1]["effect_id"] is None


@pytest.mark.parametrize("name", WRITES)
def test_a_writing_request_without_its_parameters_says_what_is_missing(api, name):
    """Nothing is "not implemented", and nothing is written."""
    before = len(api.see("ledger"))
    answer = api.call(name)
    found = codes(answer)
    assert status_of(answer) == "error" and found
    assert not {"request_type_not_implemented", "request_type_invalid"} & set(found)
    assert all(code.endswith(("_required", "_found", "_undefined", "could_not_send")) for code in found), found
    assert len(api.see("ledger")) == before


@pytest.mark.parametrize("name", [name for name in DOCUMENTED if REQUESTS[name].table])
def test_nonsense_in_every_parameter_is_refused_by_name(api, name):
    """Free text may be anything; every other parameter is refused by the code that its table has."""
    table = REQUESTS[name].table
    given = {p.name: "\x01?\x01" for p in table if p.name not in ("language", "currency")}
    found = codes(api.call(name, **given))
    assert found and all(CODE.fullmatch(code) for code in found)
    refused = {p.invalid for p in table if p.name in given} & set(found)
    free = ("comments", "district", "street", "city", "make", "reason")
    strict = [p for p in table if p.name in given and not p.name.startswith(free) and is_strict(p)]
    assert {p.invalid for p in strict} <= refused


def is_strict(p):
    """Whether the kind of the parameter refuses the nonsense."""
    try:
        p.kind("\x01?\x01")
    except Exception:
        return True
    return False


@pytest.mark.parametrize(
    "name", ["delete_faxes", "delete_recordings", "delete_voicemails", "dispatch_call", "queue_fax"]
)
def test_a_request_with_a_limit_of_its_own_does_not_use_the_pool(api, name):
    api.do("limits", per_hour={name: 2})
    assert "requests_hard_limit_exceeded" not in [code for _ in range(4) for code in codes(api.call(name))]
    assert codes(api.call(name)) == ["requests_hard_limit_exceeded"]


def test_each_assumption_has_its_sentence(api):
    known = api.see("assumptions")["voicemeup"]
    assert {"calls_selector", "queue_fax_states", "dispatch_ends", "pbx_names", "object_update"} <= set(known)
    assert all(isinstance(text, str) and text for text in known.values())


def test_the_texts_of_codes_are_in_two_languages(api):
    def text(language):
        answer = api.call("delete_peer", client_peer_id=api.account["peers"][0]["id"], language=language)
        return answer["response_details"]["response_messages"]["message"]

    assert text("en") == {"code": "peer_did_dependency", "_content": "A number rings at this peer."}
    assert text("fr")["_content"] == "Un numéro sonne à ce poste."


def test_the_world_is_built_quickly_and_always_the_same(running):
    from providers.sandbox import voicemeup

    one, two = voicemeup.build(7, 1_780_000_000.0), voicemeup.build(7, 1_780_000_000.0)
    assert one == two
    calls = one["accounts"]["lachance"]["calls"]
    assert (
        len(calls) > 2000 and calls[0][1] < 1_780_000_000 - 360 * 86400 and calls == sorted(calls, key=lambda c: c[1])
    )
