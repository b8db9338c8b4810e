"""SIP peers: names, dependencies, notices and the test of their callback address."""

import pytest

from tests.providers.sandbox.caller import codes, many, status_of

NEW = {
    "mode": "create",
    "proxy_id": "3",
    "friendly_name": "Atelier",
    "host_type": "dynamic",
    "peer_username": "atelier2026",
    "password": "motdepasse1",
    "callerid_mode": "global",
    "progress_timeout": "5",
}
SAME = {
    "friendly_name": "Atelier",
    "host_type": "dynamic",
    "callerid_mode": "global",
    "callerid_type": "pid",
    "callerid_format": "e164",
    "codecs": "g729,alaw",
    "dtmf_mode": "info",
    "dnis_mode": "disabled",
    "dnis_format": "e164",
    "status": "enabled",
}


def peers(api, **params):
    return many(api.call("get_peers", **params)["peers"], "peer_details")


@pytest.fixture
def peer(api):
    return api.call("update_peer", **NEW)["client_peer_id"]


def test_a_peer_is_created_and_replaced(api):
    made = api.call("update_peer", **NEW, comments="Établi", enable_recording="1", enable_dnis="1")
    assert codes(made) == ["peer_updated"]
    row = peers(api, client_peer_id=made["client_peer_id"])[0]
    assert (row["username"], row["proxy_host"], row["dnis_mode"]) == ("atelier2026", "tor1.proxy.example", "forced")
    assert (row["comments"], row["enable_recording"], row["codecs"]) == ("Établi", "1", "ulaw,g729")
    assert "password" not in row
    changed = api.call(
        "update_peer", client_peer_id=made["client_peer_id"], **SAME, proxy_id="1", peer_username="another1"
    )
    assert codes(changed) == ["peer_updated"]
    row = peers(api, client_peer_id=made["client_peer_id"])[0]
    assert (row["username"], row["proxy_id"]) == ("atelier2026", "3")  # settable once only
    assert (row["comments"], row["enable_recording"], row["codecs"], row["dtmf_mode"]) == ("", "0", "g729,alaw", "info")
    effect = api.see("ledger")[-1]
    assert effect["kind"] == "peer_updated" and "motdepasse1" not in str(api.see("ledger"))


def test_names_are_unique_over_all_customers(api, peer):
    assert codes(api.call("update_peer", **NEW)) == ["peer_exist"]
    assert codes(api.other("harbour").call("update_peer", **{**NEW, "peer_username": "ATELIER2026"})) == ["peer_exist"]
    without = {name: value for name, value in NEW.items() if name != "peer_username"}
    assert codes(api.call("update_peer", **without)) == ["username_required"]
    assert codes(api.call("update_peer", **without, peer_username="ab")) == ["username_invalid"]
    older = api.call("update_peer", **without, username="oldname77")  # beside a sign-in by number
    assert peers(api, client_peer_id=older["client_peer_id"])[0]["username"] == "oldname77"


def test_what_an_update_wants(api, peer):
    assert codes(api.call("update_peer", client_peer_id=peer, friendly_name="Atelier")) == [
        f"{name}_required"
        for name in "host_type callerid_mode callerid_type callerid_format codecs dtmf_mode dnis_mode dnis_format status".split()
    ]
    wrong = {**SAME, "codecs": "mp3", "dtmf_mode": "loud", "callerid_mode": "smart", "host_type": "static"}
    answer = api.call("update_peer", client_peer_id=peer, **wrong, default_ip="1.2.3", enable_qualify="1", type="h323")
    assert codes(answer) == [
        "type_invalid",
        "client_callerid_profile_id_required",
        "transport_required",
        "codecs_invalid",
        "dtmf_invalid",
        "qualify_required",
        "default_ip_invalid",
    ]
    assert codes(api.call("update_peer", client_peer_id=peer, **SAME, qualify="100")) == ["qualify_invalid"]
    custom = {**SAME, "callerid_mode": "custom"}
    assert codes(api.call("update_peer", client_peer_id=peer, **custom)) == [
        "callerid_name_required",
        "callerid_number_required",
    ]


def test_a_peer_that_a_number_rings_at_stays(api):
    number = api.account["peers"][0]["id"]
    assert codes(api.call("delete_peer", client_peer_id=number)) == ["peer_did_dependency"]
    off = {**SAME, "status": "disabled"}
    assert codes(api.call("update_peer", client_peer_id=number, **off)) == ["peer_did_dependency"]


def test_a_free_peer_goes(api, peer):
    assert codes(api.call("delete_peer", client_peer_id=peer)) == ["peer_deleted"]
    assert codes(api.call("delete_peer", client_peer_id=peer)) == ["client_peer_id_invalid"]
    assert codes(api.call("get_peers", client_peer_id=peer)) == ["client_peer_id_invalid"]


def test_notices_ride_on_a_success(api, peer):
    number = api.call("update_peer", client_peer_id=peer, **SAME, callerid_number="8005550101")
    assert status_of(number) == "success" and codes(number) == ["peer_updated", "callerid_rejection_notice"]
    boreal = api.other("boreal")
    excluded = boreal.account["peers"][-1]
    answer = boreal.call("update_peer", client_peer_id=excluded["id"], **SAME)
    assert codes(answer) == ["peer_updated", "peer_excluded_from_sync"]


def test_the_account_must_have_its_caller_id(api):
    api.sandbox.world.slugs["voicemeup"]["accounts"]["lachance"]["preferences"]["callerid_number"] = ""
    assert codes(api.call("update_peer", **NEW)) == ["global_callerid_infos_undefined"]


def test_there_is_an_end_to_peers(api):
    made = [codes(api.call("update_peer", **{**NEW, "peer_username": f"atelier{i:04d}"})) for i in range(56)]
    assert made[54] == ["peer_updated"] and made[55] == ["peers_limit_reached"]


def test_a_new_callback_address_is_tried(api, peer, listener):
    wants = {
        "enable_notify_callback": "1",
        "notify_callback_triggers": "on_answer",
        "notify_callback_url": listener.url,
    }
    assert codes(api.call("update_peer", client_peer_id=peer, **SAME, **wants)) == ["peer_updated"]
    assert listener.bodies[0]["trigger"] == "on_test" and listener.bodies[0]["client_peer_id"] == peer
    api.call("update_peer", client_peer_id=peer, **SAME, **wants)
    assert len(listener.bodies) == 1
    listener.answers = [404]
    other = {**wants, "notify_callback_url": f"{listener.url}&other=1"}
    assert codes(api.call("update_peer", client_peer_id=peer, **SAME, **other)) == ["notify_callback_url_invalid"]
    assert peers(api, client_peer_id=peer)[0]["notify_callback_url"] == listener.url
