"""What an account is set up with: every sort of object is created, shown, replaced whole, and deleted."""

import json

import pytest

from tests.providers.sandbox.caller import codes, many

HOURS = '{"month4":{"day22":[{"start":"00:00:00","end":"10:30:00","type":"exception"}]}}'
SHIFTS = {"shift[0][status]": "on", "shift[0][days]": "2", "shift[1][status]": "off", "shift[1][days]": "3"}
# area: (get, update, delete, id, wrapper, row, what a new one says, what it says when left out)
AREAS = {
    "mailbox": (
        "get_mailboxes update_mailbox delete_mailbox client_mailbox_id mailboxes mailbox_details",
        {"friendly_name": "Nadia", "passcode": "4711", "email": "n@lachance.example", "comments": "x"},
        {"email": "", "comments": "", "passcode": "4711"},
    ),
    "extension": (
        "get_extensions update_extension - client_extension_id extensions extension_details",
        {"extension": "2001", "friendly_name": "Nadia", "peer_timeout": "25", "options": "confirm_required", "voice_language": "en"},
        {"peer_timeout": "", "options": "", "extension": "2001", "voice_language": "fr"},
    ),
    "channel": (
        "get_channels update_channel delete_channel client_channel_id channels channel_details",
        {"friendly_name": "Camions", "quantity_inbound": "1", "quantity_outbound": "2", "quantity_bidirectional": "3"},
        {},
    ),
    "queue": (
        "get_queues update_queue - client_queue_id queues queue_details",
        {"friendly_name": "Ventes", "max_wait_time": "60", "options": "enable_tiers_escalation", "datetime_suspended_until": "2030-01-01 08:00:00"},
        {"max_wait_time": "300", "options": "", "datetime_suspended_until": "0000-00-00 00:00:00"},
    ),
    "agent": (
        "get_queue_agents update_queue_agent - client_queue_agent_id queue_agents queue_agent_details",
        {"friendly_name": "Marc", "ring_delay": "20", "agent_status": "break"},
        {"ring_delay": "10", "agent_status": ""},
    ),
    "ivr": (
        "get_ivr_profiles update_ivr_profile - client_ivr_profile_id ivr_profiles ivr_profile_details",
        {"friendly_name": "Soir", "status": "enabled", "default_language": "fr", "pre_ivr_delay": "5", "options": "disable_moh"},
        {"default_language": "", "pre_ivr_delay": "10", "options": ""},
    ),
    "schedule": (
        "get_schedules update_schedule - client_schedule_id schedules schedule_details",
        {"friendly_name": "Hiver", "range_date": "custom", "business_hours": HOURS, "shift_start_date": "2026-01-05"},
        {"range_date": "daily", "business_hours": ""},
    ),
    "sms profile": (
        "get_sms_profiles update_sms_profile delete_sms_profile client_sms_profile_id sms_profiles sms_profile_details",
        {"friendly_name": "Textos", "options": "enable_autoreply", "autoreply_message": "Merci!", "comments": "x"},
        {"comments": "", "friendly_name": "Textos"},
    ),
    "callerid": (
        "get_callerid_profiles update_callerid_profile - client_callerid_profile_id callerid_profiles callerid_profile_details",
        {"friendly_name": "Sortants", "status": "enabled", "privacy": "enable", "callerid_number": "5145550101"},
        {"privacy": "keep", "callerid_number": ""},
    ),
    "device": (
        "get_device_endpoints update_device_endpoint delete_device_endpoint client_device_endpoint_id device_endpoints device_endpoint_details",
        {"friendly_name": "Entrepôt", "device_id": "101", "device_mac": "00:15:65:aa:bb:cc", "call_waiting": "inactive", "vlan": "12"},
        {"device_mac": "", "call_waiting": "active", "vlan": ""},
    ),
    "3cx": (
        "get_3cx_servers update_3cx_server delete_3cx_server pbx3cx_server_id pbx3cx_servers pbx3cx_server_details",
        {"friendly_name": "PBX", "server_fqdn": "pbx.lachance.example", "level": "3", "backup_frequency": "1_week"},
        {"server_fqdn": "", "level": "1", "backup_frequency": "3_day", "server_port": "443"},
    ),
}  # fmt: skip
KEPT_IN_UPDATE = {
    "mailbox": ("friendly_name",),
    "extension": ("friendly_name",),
    "channel": ("friendly_name", "quantity_inbound", "quantity_outbound", "quantity_bidirectional"),
    "ivr": ("friendly_name", "status"),
    "sms profile": ("friendly_name", "options", "autoreply_message"),
    "callerid": ("friendly_name", "status"),
    "device": ("friendly_name", "device_id"),
}


@pytest.mark.parametrize("area", AREAS)
def test_create_show_replace_delete(api, area):
    """A replacement resets what it leaves out, the write is in the ledger, and a second delete finds nothing."""
    names, fields, reset = AREAS[area]
    getter, updater, deleter, id_field, wrapper, row_name = names.split()
    before = many(api.call(getter)[wrapper], row_name)
    assert codes(api.call(updater, **fields)) == [f"{id_field}_required"]
    made = api.call(updater, mode="create", **fields)
    thing = row_name.removesuffix("_details")
    assert codes(made) == [f"{thing}_updated"]
    number = {id_field: made[id_field]}
    row = api.call(getter, **number)[wrapper][row_name]
    shown = {name: row[name] for name in fields}
    assert shown == {**fields, **({"device_mac": "001565AABBCC"} if area == "device" else {})}
    assert len(many(api.call(getter)[wrapper], row_name)) == len(before) + 1
    assert api.see("ledger")[-1]["kind"] == f"{thing}_created"
    again = {name: fields[name] for name in KEPT_IN_UPDATE.get(area, ("friendly_name",))}
    assert codes(api.call(updater, **number, **again)) == [f"{thing}_updated"]
    row = api.call(getter, **number)[wrapper][row_name]
    assert {name: row[name] for name in reset} == reset
    assert codes(api.call(updater, **{id_field: "1"}, **again)) == [f"{id_field}_invalid"]
    assert codes(api.call(getter, **{id_field: "1"})) == [f"{id_field}_invalid"]
    if deleter != "-":
        assert codes(api.call(deleter, **number)) == [f"{thing}_deleted"]
        assert codes(api.call(deleter, **number)) == [f"{id_field}_invalid"]
        assert many(api.call(getter)[wrapper], row_name) == before
        assert codes(api.call(deleter)) == [f"{id_field}_required"]


def test_a_thing_moves_back_to_the_main_account_when_its_subaccount_is_left_out(api):
    boreal = api.other("boreal")
    sub = next(iter(boreal.account["subaccounts"]))
    made = boreal.call("update_queue", mode="create", friendly_name="Soutien", client_subaccount_id=sub)[
        "client_queue_id"
    ]
    rows = many(boreal.call("get_queues", client_subaccount_id=sub)["queues"], "queue_details")
    assert made in {row["client_queue_id"] for row in rows}
    boreal.call("update_queue", client_queue_id=made, friendly_name="Soutien")
    assert boreal.call("get_queues", client_queue_id=made)["queues"]["queue_details"]["client_subaccount_id"] == "0"
    assert codes(boreal.call("update_queue", mode="create", friendly_name="Non", client_subaccount_id="9")) == [
        "client_subaccount_id_invalid"
    ]


def test_status_deleted_by_an_update(api):
    made = api.call("update_sms_profile", mode="create", options="outbound_failed_notification")[
        "client_sms_profile_id"
    ]
    gone = api.call(
        "update_sms_profile", client_sms_profile_id=made, options="outbound_failed_notification", status="deleted"
    )
    assert codes(gone) == ["sms_profile_updated"]
    assert codes(api.call("get_sms_profiles", client_sms_profile_id=made)) == ["client_sms_profile_id_invalid"]


def test_metadata_goes_in_and_comes_out(api):
    mailbox = api.call("update_mailbox", mode="create", friendly_name="Nadia", raw_metadata='{"portal": 7}')[
        "client_mailbox_id"
    ]
    row = api.call("get_mailboxes", client_mailbox_id=mailbox)["mailboxes"]["mailbox_details"]
    assert row["metadata"] == {"raw_metadata": '{"portal": 7}'}
    api.call("update_mailbox", client_mailbox_id=mailbox, friendly_name="Nadia")
    assert api.call("get_mailboxes", client_mailbox_id=mailbox)["mailboxes"]["mailbox_details"]["metadata"] == ""


# -- mailboxes, extensions


def test_dependencies_of_a_mailbox(api):
    first, second = many(api.call("get_mailboxes")["mailboxes"], "mailbox_details")
    assert codes(api.call("update_mailbox", client_mailbox_id=first["client_mailbox_id"], status="disabled")) == [
        "default_mailbox_dependency",
        "mailbox_did_dependency",
    ]
    assert codes(api.call("delete_mailbox", client_mailbox_id=second["client_mailbox_id"])) == [
        "mailbox_did_dependency"
    ]
    wrong = api.call(
        "update_mailbox", mode="create", passcode="12", enable_mail_notification="1", enable_peer_notification="1"
    )
    assert codes(wrong) == [
        "passcode_invalid",
        "contact_name_required",
        "notification_peers_required",
        "notification_duration_required",
    ]
    assert codes(api.call("update_mailbox", mode="create", enable_peer_notification="1", notification_peers="1")) == [
        "notification_peers_invalid"
    ]


def test_there_is_an_end_to_mailboxes_and_peers(api):
    made = [codes(api.call("update_mailbox", mode="create", friendly_name=f"Box {i}")) for i in range(39)]
    assert made[-1] == ["voice_mailboxes_limit_reached"] and made[0] == ["mailbox_updated"]


def test_greetings_are_spoken_chosen_or_posted(api):
    box = many(api.call("get_mailboxes")["mailboxes"], "mailbox_details")[0]["client_mailbox_id"]
    said = api.call(
        "update_mailbox_greeting",
        mode="text_to_speech",
        client_mailbox_id=box,
        text="Bonjour et bienvenue",
        voice_name="fr-CA-Standard-B",
    )
    assert codes(said) == ["mailbox_greeting_updated"]
    file = api.call("get_media_files", client_media_file_id=said["client_media_file_id"])["media_files"][
        "media_file_details"
    ]
    assert (file["friendly_name"], file["text"]) == (f"greeting_mailbox_{box}", "Bonjour et bienvenue")
    assert len(api.http("GET", file["url"].split(api.host)[1])[2]) == int(file["size"])
    other = many(api.call("get_media_files")["media_files"], "media_file_details")[0]["client_media_file_id"]
    api.call("update_mailbox_greeting", mode="existing_file", client_mailbox_id=box, client_media_file_id=other)
    row = api.call("get_mailboxes", client_mailbox_id=box)["mailboxes"]["mailbox_details"]
    assert row["greeting_media_file_id"] == other
    posted = api.upload(
        "update_mailbox_greeting",
        [("attachments", "a.wav", "audio/wav", b"RIFFxxxx")],
        mode="post_file",
        client_mailbox_id=box,
        friendly_name="Accueil 2",
    )
    file = api.call("get_media_files", client_media_file_id=posted["client_media_file_id"])["media_files"][
        "media_file_details"
    ]
    assert file["friendly_name"] == "Accueil 2" and api.http("GET", file["url"].split(api.host)[1])[2] == b"RIFFxxxx"


def test_refusals_of_a_greeting(api):
    box = many(api.call("get_mailboxes")["mailboxes"], "mailbox_details")[0]["client_mailbox_id"]
    assert codes(api.call("update_mailbox_greeting")) == ["mode_required", "client_mailbox_id_required"]
    assert codes(
        api.call("update_mailbox_greeting", mode="text_to_speech", client_mailbox_id=box, voice_name="xx")
    ) == ["text_required", "voice_name_invalid"]
    assert codes(api.call("update_mailbox_greeting", mode="existing_file", client_mailbox_id=box)) == [
        "client_media_file_id_required"
    ]
    assert codes(api.call("update_mailbox_greeting", mode="post_file", client_mailbox_id=box)) == [
        "attachments_required"
    ]
    assert codes(
        api.call("update_mailbox_greeting", mode="existing_file", client_mailbox_id="1", client_media_file_id="2")
    ) == ["client_mailbox_id_invalid"]
    letter = [("attachments", "a.exe", "audio/wav", b"MZ")]
    assert codes(api.upload("update_mailbox_greeting", letter, mode="post_file", client_mailbox_id=box)) == [
        "attachments_invalid"
    ]


def test_extensions_are_unique(api):
    taken = many(api.call("get_extensions")["extensions"], "extension_details")[0]["extension"]
    assert codes(api.call("update_extension", mode="create", extension=taken)) == ["extension_already_in_use"]
    assert codes(api.call("update_extension", mode="create")) == ["extension_required"]
    wrong = api.call("update_extension", mode="create", extension="999", client_peer_ids="1", options="announce_caller")
    assert codes(wrong) == ["extension_invalid", "announce_media_file_id_required"]
    assert codes(
        api.call("update_extension", mode="create", extension="3000", client_peer_ids="1", client_queue_ids="2")
    ) == [
        "client_peer_id_invalid",
        "client_queue_ids_invalid",
    ]


# -- objects with parts


def action(peer, **changes):
    parts = {"usage_type": "peer", "offset": "0", "duration": "20", "client_peer_id": peer, **changes}
    return {f"action[0][{name}]": value for name, value in parts.items()}


def test_a_call_director_and_its_actions(api):
    peer = api.account["peers"][0]["id"]
    second = {
        "action[1][usage_type]": "forward",
        "action[1][offset]": "20",
        "action[1][duration]": "30",
        "action[1][forward_number]": "4185550120",
    }
    made = api.call(
        "update_call_director_profile", mode="create", friendly_name="Nuit", comments="x", **action(peer), **second
    )
    number = {"client_director_profile_id": made["client_director_profile_id"]}

    def row():
        return api.call("get_call_director_profiles", **number)["call_director_profiles"][
            "call_director_profile_details"
        ]

    assert [one["usage_type"] for one in row()["action"]] == ["peer", "forward"] and row()["action"][0][
        "client_peer_id"
    ] == str(peer)
    api.call("update_call_director_profile", **number, friendly_name="Jour", preserve_missing_data="1")
    assert (row()["friendly_name"], row()["comments"], len(row()["action"])) == ("Jour", "x", 2)
    assert codes(api.call("update_call_director_profile", **number, friendly_name="Jour")) == ["action_required"]
    api.call("update_call_director_profile", **number, friendly_name="Jour", **action(peer))
    assert (row()["comments"], row()["action"]["offset"]) == ("", "0")
    assert codes(api.call("delete_call_director_profile", **number)) == ["call_director_profile_deleted"]


def test_wrong_actions_are_named_after_their_parts(api):
    peer = api.account["peers"][0]["id"]

    def refused(**changes):
        return codes(
            api.call("update_call_director_profile", mode="create", friendly_name="Nuit", **action(peer, **changes))
        )

    assert refused(offset="7") == ["offset_invalid"]
    assert refused(offset="110", duration="20") == ["duration_invalid"]
    assert refused(usage_type="fax") == ["usage_type_invalid"]
    assert refused(client_peer_id="1") == ["client_peer_id_invalid"]
    assert refused(usage_type="forward") == ["forward_number_required"]
    assert refused(usage_type="sip_uri", options="dance") == ["sip_uri_required", "options_invalid"]


def test_shifts_in_both_forms(api):
    made = api.call("update_schedule", mode="create", friendly_name="Hiver", **SHIFTS)["client_schedule_id"]
    row = api.call("get_schedules", client_schedule_id=made)["schedules"]["schedule_details"]
    assert (
        row["shift"] == [{"status": "on", "days": "2"}, {"status": "off", "days": "3"}] and row["time_zone_id"] == "1"
    )
    as_json = json.dumps([{"status": "on", "days": 5}])
    api.call("update_schedule", client_schedule_id=made, friendly_name="Hiver", shift=as_json)
    assert api.call("get_schedules", client_schedule_id=made)["schedules"]["schedule_details"]["shift"] == {
        "status": "on",
        "days": "5",
    }
    wrong = api.call("update_schedule", mode="create", friendly_name="Hiver", shift='[{"status":"one"}]')
    assert codes(wrong) == ["status_invalid", "days_required"]
    assert codes(api.call("update_schedule", mode="create", friendly_name="Hiver", shift="[1]")) == ["shift_invalid"]
    late = HOURS.replace("10:30:00", "25:00:00")
    assert codes(api.call("update_schedule", mode="create", friendly_name="Hiver", business_hours=late)) == [
        "business_hours_invalid"
    ]


def test_conditions_are_added_changed_and_purged(api):
    did = api.dids()[0]["client_did_id"]
    one = {"client_did_id": did, "match_methods": "region", "country_id": "38", "order_index": 2}
    two = {
        "callerid_number": "5145550101",
        "destination_regexp": "^1514",
        "match_methods": ["destination_regexp"],
        "order_index": 1,
    }
    base = {"friendly_name": "Sortants", "status": "enabled"}
    made = api.call("update_callerid_profile", mode="create", **base, conditions_data=json.dumps([one, two]))
    number = {"client_callerid_profile_id": made["client_callerid_profile_id"]}

    def conditions():
        row = api.call("get_callerid_profiles", **number)["callerid_profiles"]["callerid_profile_details"]
        return many({"c": row["conditions_data"]}, "c")

    assert [c["match_methods"] for c in conditions()] == ["destination_regexp", "region"] and conditions()[0][
        "privacy"
    ] == "keep"
    key = "client_callerid_profile_data_id"
    changed = {key: conditions()[0][key], "privacy": "enable", "order_index": 5}
    api.call("update_callerid_profile", **number, **base, conditions_data=json.dumps([changed]))
    assert [c["privacy"] for c in conditions()] == ["keep", "enable"]
    api.call("update_callerid_profile", **number, **base, conditions_data=json.dumps([changed]), purge_conditions="1")
    assert [c[key] for c in conditions()] == [changed[key]]
    wrong = json.dumps([{"client_did_id": 1, "country_id": 999, "privacy": "no", "source_regexp": "("}])
    assert codes(api.call("update_callerid_profile", **number, **base, conditions_data=wrong)) == [
        "privacy_invalid",
        "source_regexp_invalid",
        "client_did_id_invalid",
        "country_id_invalid",
    ]
    assert codes(api.call("update_callerid_profile", **number, **base, conditions_data=json.dumps([{key: 7}]))) == [
        f"{key}_invalid"
    ]


# -- channels, telephones, servers, texts


def test_the_system_channels_are_the_limit(api):
    rows = many(api.call("get_channels")["channels"], "channel_details")
    system = next(row for row in rows if row["friendly_name"] == "System")
    amounts = {"quantity_inbound": "99", "quantity_outbound": "0", "quantity_bidirectional": "0"}
    assert codes(api.call("update_channel", mode="create", friendly_name="Trop", **amounts)) == [
        "quantity_inbound_invalid"
    ]
    assert codes(api.call("delete_channel", client_channel_id=system["client_channel_id"])) == [
        "client_channel_id_invalid"
    ]


def test_a_deleted_channel_is_taken_from_its_users(api):
    group = next(
        r for r in many(api.call("get_channels")["channels"], "channel_details") if r["friendly_name"] != "System"
    )["client_channel_id"]
    did = api.dids()[0]["client_did_id"]
    api.call("update_did", client_did_id=did, preserve_missing_data="1", client_channel_id=group)
    api.call("delete_channel", client_channel_id=group)
    assert api.dids(client_did_id=did)[0]["client_channel_id"] == "0"


def test_telephones_with_labels_and_buttons(api):
    peer, buttons = (
        api.account["peers"][0]["id"],
        '{"1":{"feature":"line","label":"Bureau","line":"1","feature_value":""}}',
    )
    made = api.call(
        "update_device_endpoint",
        mode="create",
        device_id="102",
        client_peer_ids=f"{peer}|Bureau",
        button_config=buttons,
        is_vlan_enabled="allow",
    )
    row = api.call("get_device_endpoints", client_device_endpoint_id=made["client_device_endpoint_id"])[
        "device_endpoints"
    ]["device_endpoint_details"]
    assert (row["client_peer_ids"], row["button_config"], row["is_vlan_enabled"]) == (
        f"{peer}|Bureau",
        buttons,
        "allow",
    )
    wrong = api.call(
        "update_device_endpoint", mode="create", device_id="102", client_peer_ids="1|x", device_mac=api_mac(api)
    )
    assert codes(wrong) == ["client_peer_id_invalid", "device_mac_invalid"]
    assert codes(api.call("update_device_endpoint", mode="create", device_id="1")) == ["device_id_invalid"]
    assert codes(
        api.call("update_device_endpoint", mode="create", device_id="102", is_vlan_enabled="1", button_config="[]")
    ) == ["vlan_required", "button_config_invalid"]
    makes = many(api.call("get_devices", make="yealink")["devices"], "device_details")
    assert makes and {row["make"] for row in makes} == {"Yealink"}
    assert codes(api.call("get_devices", make="Nokia")) == ["make_invalid"]


def api_mac(api):
    return many(api.call("get_device_endpoints")["device_endpoints"], "device_endpoint_details")[0]["device_mac"]


def test_what_a_server_needs(api):
    base = {"mode": "create", "friendly_name": "PBX"}
    assert codes(
        api.call("update_3cx_server", **base, is_connection_allowed="1", options="encrypt_backup", dns_service="dns_cf")
    ) == [
        "server_name_required",
        "server_password_required",
        "encrypt_backup_password_required",
        "certificate_token_required",
    ]
    assert codes(
        api.call(
            "update_3cx_server", **base, options="sync_calls", monitoring_status="enabled", subscribed_alerts="ssl"
        )
    ) == [
        "options_invalid",
        "monitoring_status_invalid",
        "subscribed_alerts_invalid",
    ]
    rows = many(api.other("boreal").call("get_3cx_servers", level="2")["pbx3cx_servers"], "pbx3cx_server_details")
    assert len(rows) == 1 and rows[0]["server_fqdn"].startswith("pbx2.")


def test_a_profile_for_texts_is_put_on_the_number_it_names(api):
    did = api.dids()[0]["client_did_id"]
    made = api.call(
        "update_sms_profile", mode="create", options="enable_forwarding", forward_number="4185550120", client_did_id=did
    )
    assert api.dids(client_did_id=did)[0]["client_sms_profile_id"] == made["client_sms_profile_id"]
    wrong = api.call(
        "update_sms_profile", mode="create", options="inbound_completed_notification,enable_callback,enable_autoreply"
    )
    assert codes(wrong) == [
        "notify_name_required",
        "notify_email_required",
        "callback_url_required",
        "autoreply_message_required",
    ]
    assert codes(api.call("update_sms_profile", mode="create")) == ["options_required"]
