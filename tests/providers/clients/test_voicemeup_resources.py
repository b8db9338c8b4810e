"""Configuration objects: a change of one setting never clears another, whatever the object (FEATURES B9, H6)."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from providers.clients.errors import Cause, NotFound, Rejected, Unclear
from providers.clients.voicemeup.call_director import DIRECTOR_PROFILE
from providers.clients.voicemeup.callerid import CALLERID_PROFILE
from providers.clients.voicemeup.channels import CHANNEL
from providers.clients.voicemeup.devices import ENDPOINT
from providers.clients.voicemeup.extensions import EXTENSION
from providers.clients.voicemeup.ivr import IVR_PROFILE
from providers.clients.voicemeup.mailboxes import MAILBOX
from providers.clients.voicemeup.parameters import Wrong
from providers.clients.voicemeup.peers import PEER
from providers.clients.voicemeup.profiles import FAX_PROFILE, SMS_PROFILE
from providers.clients.voicemeup.queues import AGENT, QUEUE
from providers.clients.voicemeup.schedules import SCHEDULE
from providers.clients.voicemeup.threecx import SERVER

TOKEN = "deadbeefcafe0123456789abcdef4242"
TABLES = (
    FAX_PROFILE,
    SMS_PROFILE,
    PEER,
    MAILBOX,
    EXTENSION,
    DIRECTOR_PROFILE,
    QUEUE,
    AGENT,
    CALLERID_PROFILE,
    IVR_PROFILE,
    SCHEDULE,
    CHANNEL,
    ENDPOINT,
    SERVER,
)
PARTS = {
    "action": [{"usage_type": "peer", "offset": "0", "duration": "30", "client_peer_id": "3"}],
    "conditions_data": [{"client_callerid_profile_data_id": "3", "callerid_name": "Shop", "later_part": "kept"}],
    "shift": [{"status": "on", "days": "2"}, {"status": "off", "days": "5"}],
    "business_hours": {"month4": {"day22": [{"start": "00:00:00", "end": "10:30:00", "type": "exception"}]}},
    "button_config": {"1": {"feature": "presence", "label": "Steve"}},
}
SAMPLES = ("Front desk", "7", "30", "2000", "5145550134", "a@b.example", "https://x.example/a", "2026-01-02")
SAMPLES += ("2026-01-02 03:04:05", "AABBCCDDEEFF", "QC", "192.0.2.7")


def sample(param) -> str:
    """Some value that the parameter takes."""
    if param.name in PARTS:
        return PARTS[param.name]
    for candidate in SAMPLES:
        try:
            return param.wire(candidate)
        except Wrong as wrong:
            if wrong.code == "not-offered":
                return wrong.words.removeprefix("one of ").split(", ")[0]
    raise AssertionError(param.name)


def full_row(resource) -> dict:
    """A row that tells every setting, in JSON's forms."""
    told = {param.name: sample(param) for param in resource.params if param.told and not param.only_new}
    return told | {resource.id: "7", "a_new_setting": "kept", "username": "intruder", "auth_token": "intruder"}


def upstream(resource, row):
    """Tells one row; takes anything."""
    details = {"response_details": {"response_status": "success", "response_messages": ""}}
    return lambda sent: details | ({"things": {resource.row: row}} if sent["call"] == resource.read else {})


def change(client, resource, row, changes, **options) -> dict:
    """What is sent when an object is changed, its identity left out."""
    asked = client(upstream(resource, row), **options)
    asked.change_resource(resource, "7", changes)
    sent = asked.sent[-1]
    assert [request["call"] for request in asked.sent] == [resource.read, resource.write]
    assert (sent.pop("client_user_id"), sent.pop("auth_token"), sent.pop("call")) == ("123456", TOKEN, resource.write)
    return sent


def expected(resource, row) -> dict:
    fields = {}
    for name, value in row.items():
        if name == "action":
            fields |= {f"action[{n}][{key}]": part for n, step in enumerate(value) for key, part in step.items()}
        elif name not in ("username", "auth_token"):
            fields[name] = json.dumps(value, separators=(",", ":")) if isinstance(value, (dict, list)) else value
    fields["mode"] = "update"
    return fields | ({"preserve_missing_data": "1"} if resource.preserve else {})


@pytest.mark.parametrize("resource", TABLES, ids=lambda resource: resource.kind)
def test_a_change_of_one_setting_sends_all_the_others_as_they_were_told(client, resource):
    row = full_row(resource)
    sent = change(client, resource, row, {"friendly_name": "Back office"})
    assert sent == expected(resource, row) | {"friendly_name": "Back office"}


@pytest.mark.parametrize("resource", TABLES, ids=lambda resource: resource.kind)
def test_a_setting_that_the_row_does_not_tell_is_refused_before_it_is_lost(client, resource):
    for param in resource.params:
        if not param.told or param.only_new or param.secret or param.name == "friendly_name":
            continue
        row = {name: value for name, value in full_row(resource).items() if name != param.name}
        asked = client(upstream(resource, row))
        with pytest.raises(Rejected) as caught:
            asked.change_resource(resource, "7", {"friendly_name": "Back office"})
        assert ("not-told", param.name) in [(problem.code, problem.field) for problem in caught.value.problems]
        assert [request["call"] for request in asked.sent] == [resource.read]


@given(data=st.data())
@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_set_of_changes_leaves_every_other_setting_alone(client, data):
    resource = data.draw(st.sampled_from(TABLES))
    row = full_row(resource)
    names = [param.name for param in resource.params if param.name in row and param.name != "conditions_data"]
    chosen = data.draw(st.sets(st.sampled_from(names), min_size=1))
    sent = change(client, resource, row, {name: row[name] for name in chosen})
    written = expected(resource, row)
    for name in written.keys() - chosen:
        if not name.startswith("action["):
            assert sent[name] == written[name]


def test_a_list_of_one_told_in_xml_is_sent_back_as_a_list(client):
    row = full_row(SCHEDULE) | {
        "business_hours": {"month4": {"day22": PARTS["business_hours"]["month4"]["day22"][0]}},
        "shift": {"shift_details": {"status": "on", "days": "2"}},
    }
    sent = change(client, SCHEDULE, row, {"comments": "x"})
    assert json.loads(sent["business_hours"]) == PARTS["business_hours"]
    assert json.loads(sent["shift"]) == [{"status": "on", "days": "2"}]
    row = full_row(DIRECTOR_PROFILE) | {"action": {"action_details": PARTS["action"][0]}}
    assert change(client, DIRECTOR_PROFILE, row, {"comments": "x"})["action[0][duration]"] == "30"
    row = full_row(QUEUE) | {"agents": {"agent": [{"client_queue_agent_id": "3"}, {"client_queue_agent_id": "4"}]}}
    assert change(client, QUEUE, row, {"comments": "x"})["agents"] == "3,4"


def test_conditions_without_their_ids_are_not_sent_back_to_double(client):
    row = full_row(CALLERID_PROFILE) | {"conditions_data": [{"callerid_name": "Shop"}]}
    sent = change(client, CALLERID_PROFILE, row, {"comments": "x"})
    assert "conditions_data" not in sent and "purge_conditions" not in sent


def test_a_secret_that_is_told_as_stars_is_left_out(client):
    row = full_row(PEER) | {"password": "********"}
    assert "password" not in change(client, PEER, row, {"comments": "x"})
    told = full_row(PEER) | {"password": "hunter22"}
    assert change(client, PEER, told, {"comments": "x"})["password"] == "hunter22"


def test_an_old_parameter_that_would_force_another_is_not_sent_back(client):
    assert "enable_dnis" not in change(client, PEER, full_row(PEER) | {"enable_dnis": "1"}, {"comments": "x"})


def test_foreign_metadata_goes_back_as_it_came(client):
    php = 'a:1:{s:1:"a";s:1:"b";}'
    row = full_row(PEER) | {"metadata": {"raw_metadata": php, "metadata_attributes": {"attribute_count": "1"}}}
    assert change(client, PEER, row, {"comments": "x"})["serialized_metadata"] == php
    mine = change(client, PEER, row, {"raw_metadata": '{"ref":"r"}'})
    assert mine["raw_metadata"] == '{"ref":"r"}' and "serialized_metadata" not in mine


def test_a_setting_is_emptied_by_an_empty_text(client):
    sent = change(client, QUEUE, full_row(QUEUE), {"comments": "", "agents": []})
    assert sent == expected(QUEUE, full_row(QUEUE)) | {"comments": "", "agents": ""}


def test_the_language_of_an_object_is_not_drowned_by_the_language_of_the_answer(client):
    french = client(upstream(FAX_PROFILE, full_row(FAX_PROFILE)), language="fr")
    french.update_fax_profile("7", {"comments": "x"})
    assert [pair for pair in french.requests[-1].fields if pair[0] == "language"] == [("language", "en")]


def test_an_aware_time_is_sent_as_the_account_s_clock_shows_it(client):
    until = datetime(2026, 7, 16, 3, 30, tzinfo=UTC)
    sent = change(client, QUEUE, full_row(QUEUE), {"datetime_suspended_until": until})
    assert sent["datetime_suspended_until"] == "2026-07-15 23:30:00"


@pytest.mark.parametrize(
    ("resource", "changes", "problem"),
    (
        (CHANNEL, {"quantity_inbound": 1000}, ("out-of-range", "quantity_inbound")),
        (CHANNEL, {"teleport": 1}, ("unknown-setting", "teleport")),
        (FAX_PROFILE, {"page_format": "a5"}, ("not-offered", "page_format")),
        (FAX_PROFILE, {"email": "nobody"}, ("not-an-email", "email")),
        (FAX_PROFILE, {"options": "enable_callback,fly"}, ("not-offered", "options")),
        (FAX_PROFILE, {"callback_url": "javascript:alert(1)"}, ("not-an-url", "callback_url")),
        (PEER, {"peer_username": "another1"}, ("unknown-setting", "peer_username")),
        (PEER, {"codecs": ""}, ("needed", "codecs")),
        (QUEUE, {"friendly_name": "x"}, ("length", "friendly_name")),
        (QUEUE, {"comments": "nul\x00"}, ("not-text", "comments")),
        (QUEUE, {"agents": ["1", "x"]}, ("not-ids", "agents")),
        (DIRECTOR_PROFILE, {"action": []}, ("needed", "action")),
        (DIRECTOR_PROFILE, {"action": [{"usage_type": "forward", "offset": 0, "duration": 60}]}, ("needed", "action")),
        (DIRECTOR_PROFILE, {"action": [{"usage_type": "peer", "offset": 3}]}, ("out-of-range", "action")),
        (SCHEDULE, {"business_hours": "{"}, ("not-json", "business_hours")),
    ),
)
def test_a_value_that_would_be_refused_is_not_sent(client, resource, changes, problem):
    asked = client(upstream(resource, full_row(resource)))
    with pytest.raises(Rejected) as caught:
        asked.change_resource(resource, "7", changes)
    assert problem in [(found.code, found.field) for found in caught.value.problems]
    assert resource.write not in [sent["call"] for sent in asked.sent]


def test_what_an_option_needs_is_asked_for(client):
    row = full_row(SMS_PROFILE) | {"callback_url": "", "options": ""}
    asked = client(upstream(SMS_PROFILE, row))
    with pytest.raises(Rejected) as caught:
        asked.update_sms_profile("7", {"options": ["enable_callback"]})
    assert [(found.code, found.field) for found in caught.value.problems] == [("needed", "callback_url")]
    assert caught.value.cause is Cause.MISSING


def test_creating_names_every_missing_setting_at_once(client, success):
    asked = client(success(client_channel_id="9"))
    with pytest.raises(Rejected) as caught:
        asked.create_channel({"quantity_inbound": 1})
    assert [found.field for found in caught.value.problems] == [
        "friendly_name",
        "quantity_outbound",
        "quantity_bidirectional",
    ]
    assert asked.sent == []
    whole = {"friendly_name": "Shop", "quantity_inbound": 1, "quantity_outbound": 0, "quantity_bidirectional": 2}
    assert asked.create_channel(whole) == "9"
    sent = asked.sent[0]
    assert (sent["mode"], sent["quantity_outbound"], sent["call"]) == ("create", "0", "update_channel")


def test_a_creation_that_names_no_id_is_found_by_its_name_or_stays_unclear(client, success):
    settings = {"friendly_name": "Shop", "quantity_inbound": 1, "quantity_outbound": 0, "quantity_bidirectional": 2}
    rows = [{"client_channel_id": "8", "friendly_name": "Shop"}]
    named = client(success(), success(channels={"channel_details": rows}))
    assert named.create_channel(settings) == "8"
    twice = client(success(), success(channels={"channel_details": rows * 2}))
    with pytest.raises(Unclear):
        twice.create_channel(settings)


def test_an_object_that_is_gone_is_not_found(client, success, error):
    with pytest.raises(NotFound):
        client(success(queues="")).update_queue("7", {"comments": "x"})
    with pytest.raises(NotFound):
        client(error("client_channel_id_invalid")).delete_channel("7")
    with pytest.raises(NotFound):
        list(client(error("client_queue_id_not_found")).queues("7"))


def test_a_record_has_plain_fields_and_no_secret(client, success):
    row = full_row(SERVER) | {
        "server_password": "hunter22",
        "license_key": "ABCD-EFGH",
        "options": {"option": ["a", "b"]},
    }
    record = next(client(success(servers={"pbx3cx_server_details": row})).threecx_servers())
    assert (record.kind, record.external_id, record.name) == ("3cx_server", "7", "Front desk")
    assert record.fields["options"] == ["a", "b"] and record.fields["server_port"] == "7"
    assert "hunter22" not in repr(record) and "ABCD-EFGH" not in repr(record)


def test_a_refusal_names_the_setting_it_is_about(client, error):
    row = full_row(EXTENSION)
    asked = client(
        lambda sent: upstream(EXTENSION, row)(sent) if "get" in sent["call"] else error("extension_already_in_use")
    )
    with pytest.raises(Rejected) as caught:
        asked.update_extension("7", {"extension": 1001})
    assert caught.value.cause is Cause.TAKEN and asked.sent[-1]["extension"] == "1001"


def test_a_default_that_would_be_refused_if_sent_is_left_out(client):
    row = full_row(MAILBOX) | {"notification_duration": "0", "notification_peers": "0", "enable_peer_notification": "0"}
    sent = change(client, MAILBOX, row, {"comments": "x"})
    assert not {"notification_duration", "notification_peers"} & sent.keys()


def test_secrets_that_are_sent_are_not_in_what_staff_may_read(client, notebook):
    asked = client(upstream(SERVER, full_row(SERVER)), observer=notebook)
    secrets = {"server_password": "canary-one", "license_key": "canary-two", "certificate_token": "canary-three"}
    asked.update_threecx_server("7", secrets | {"encrypt_backup_password": "canary-four"})
    assert asked.sent[-1]["license_key"] == "canary-two"
    asked = client(upstream(MAILBOX, full_row(MAILBOX) | {"passcode": "90210canary"}), observer=notebook)
    asked.update_mailbox("7", {"comments": "x"})
    assert len(notebook.exchanges) == 4 and "canary" not in repr(notebook.exchanges)
