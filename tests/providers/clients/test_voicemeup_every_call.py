"""Each of the 97 request types over a real socket against the sandbox, in both formats: what it received, what came back.

The sandbox was written from the manual by other hands. What is not tried here is in test_voicemeup_on_sandbox.py.
"""

from datetime import UTC, datetime, timedelta

import pytest

from providers.clients.errors import NotFound, Rejected
from providers.clients.records import Attachment
from providers.clients.voicemeup.client import VoiceMeUp
from providers.clients.voicemeup.dispatch import CallEnd
from tests.sandboxes import sandbox  # noqa: F401 - a fixture

NOW = datetime.now(UTC)
LONG_AGO = NOW - timedelta(days=120)
PDF = Attachment(name="order.pdf", content=b"%PDF-1.7\n%%EOF", mime_type="application/pdf")
WAV = Attachment(name="hello.wav", content=b"RIFF\x24\x00\x00\x00WAVEfmt ", mime_type="audio/wav")


@pytest.fixture(scope="module", params=("json", "xml"))
def format(request):
    return request.param


def speaking(sandbox, key: str, format: str) -> VoiceMeUp:  # noqa: F811
    account = next(row for row in sandbox.control("accounts?slug=voicemeup") if row["key"] == key)
    names = (*VoiceMeUp.credential_fields, "client_user_id")
    return VoiceMeUp(sandbox.voicemeup, {name: account[name] for name in names} | {"format": format})


@pytest.fixture(scope="module")
def client(sandbox, format) -> VoiceMeUp:  # noqa: F811
    """A plumbing company with telephones and fax."""
    return speaking(sandbox, "lachance", format)


@pytest.fixture(scope="module")
def reseller(sandbox, format) -> VoiceMeUp:  # noqa: F811
    """A company with subaccounts, which it bills."""
    return speaking(sandbox, "boreal", format)


@pytest.fixture
def received(sandbox):  # noqa: F811
    """What the upstream received since the test began, by call."""
    start = sandbox.now()
    return lambda call: sandbox.journal(call, start)


# Settings to create with, one change, and whether it can be deleted.
OBJECTS = {
    "fax_profile": (
        {
            "friendly_name": "Comptoir fax",
            "local_ident": "Lachance",
            "fax_header": "Plomberie",
            "callerid_name": "LACHANCE",
            "callerid_number": "5145550134",
            "email": "fax@lachance.example",
            "language": "fr",
            "allowed_senders": ["a@lachance.example", "b@lachance.example"],
            "page_format": "letter",
            "resolution": "fine",
            "options": ["inbound_completed_notification", "enable_cover_page"],
            "status": "enabled",
        },
        {"page_format": "legal"},
    ),
    "sms_profile": (
        {
            "friendly_name": "Comptoir",
            "options": ["enable_autoreply"],
            "autoreply_message": "Merci",
            "status": "enabled",
        },
        {"autoreply_message": "Thank you"},
    ),
    "peer": (
        {
            "friendly_name": "Bench phone",
            "proxy_id": None,
            "host_type": "dynamic",
            "peer_username": None,
            "password": "s3cret-phone",
            "callerid_mode": "global",
            "progress_timeout": 5,
        },
        {"comments": "in the shop"},
    ),
    "mailbox": (
        {
            "friendly_name": "Night box",
            "passcode": "4821",
            "email": "night@lachance.example",
            "enable_mail_notification": True,
            "contact_name": "Night desk",
            "status": "enabled",
        },
        {"email": "day@lachance.example"},
    ),
    "call_director_profile": (
        {
            "friendly_name": "Ring plan",
            "action": [
                {"usage_type": "forward", "forward_number": "+15145550134", "offset": 0, "duration": 20},
                {"usage_type": "sip_uri", "sip_uri": "sip:desk@lachance.example", "offset": 20, "duration": 30},
            ],
            "status": "enabled",
        },
        {"comments": "two steps"},
    ),
    "queue": (
        {
            "friendly_name": "Urgences",
            "max_wait_time": 600,
            "options": ["enable_tiers_escalation"],
            "status": "enabled",
        },
        {"max_wait_time": 300},
    ),
    "queue_agent": (
        {"friendly_name": "Chantal", "ring_delay": 20, "agent_status": "online", "status": "enabled"},
        {"ring_delay": 30},
    ),
    "callerid_profile": (
        {
            "friendly_name": "By region",
            "privacy": "disable",
            "status": "enabled",
            "conditions_data": [{"callerid_name": "Lachance", "match_methods": ["region"], "country_id": 38}],
        },
        {"comments": "regions"},
    ),
    "ivr_profile": (
        {"friendly_name": "Main menu", "default_language": "fr", "pre_ivr_delay": 5, "status": "enabled"},
        {"pre_ivr_delay": 10},
    ),
    "schedule": (
        {
            "friendly_name": "Opening hours",
            "range_date": "custom",
            "shift": [{"status": "on", "days": 2}, {"status": "off", "days": 5}],
            "business_hours": {"month4": {"day22": [{"start": "00:00:00", "end": "10:30:00", "type": "exception"}]}},
            "status": "enabled",
        },
        {"comments": "summer"},
    ),
    "channel": (
        {"friendly_name": "Shop lines", "quantity_inbound": 2, "quantity_outbound": 1, "quantity_bidirectional": 0},
        {"quantity_outbound": 2},
    ),
    "device_endpoint": (
        {
            "friendly_name": "Desk",
            "device_id": None,
            "device_mac": "AA:BB:CC:DD:EE:FF",
            "client_extension_id": None,
            "client_mailbox_id": None,
            "admin_password": "s3cret-admin",
            "language": "fr",
            "button_config": {"1": {"feature": "presence", "label": "Steve", "line": "1", "feature_value": "x"}},
            "status": "enabled",
        },
        {"friendly_name": "Front desk"},
    ),
    "threecx_server": (
        {
            "friendly_name": "Shop 3CX",
            "server_fqdn": "pbx.lachance.example",
            "is_connection_allowed": True,
            "server_name": "shop",
            "server_password": "s3cret-pbx",
            "options": ["sync_calls"],
            "status": "enabled",
        },
        {"level": 2},
    ),
}
DELETED = "fax_profile sms_profile peer mailbox call_director_profile channel device_endpoint threecx_server".split()


def listing(client, kind):
    return getattr(client, f"{kind}es" if kind == "mailbox" else f"{kind}s")


def settings_of(client, kind, format) -> tuple[dict, dict]:
    settings, change = OBJECTS[kind]
    if kind == "peer":
        settings = settings | {"proxy_id": next(client.proxies()).external_id, "peer_username": f"bench{format}"}
    if kind == "device_endpoint":
        settings = settings | {
            "device_id": next(client.device_models()).external_id,
            "client_extension_id": client.create_extension({"extension": 4811 if format == "json" else 4812}),
            "client_mailbox_id": next(client.mailboxes()).external_id,
        }
    return settings | {"friendly_name": f"{settings['friendly_name']} {format}"}, change


@pytest.mark.parametrize("kind", OBJECTS)
def test_an_object_is_created_listed_changed_in_one_place_and_deleted(client, kind, format):
    settings, change = settings_of(client, kind, format)
    external_id = getattr(client, f"create_{kind}")(settings)
    (before,) = listing(client, kind)(external_id)
    assert before.name == settings["friendly_name"]
    getattr(client, f"update_{kind}")(external_id, change)
    (after,) = listing(client, kind)(external_id)
    (name, value), stamps = next(iter(change.items())), {"date_updated", "date_modified"}
    changed = {key for key in before.fields | after.fields if before.fields.get(key) != after.fields.get(key)} - stamps
    assert changed == ({"name", name} & after.fields.keys()) and str(after.fields[name]) == str(value)
    assert any(record.external_id == external_id for record in listing(client, kind)())
    if kind in DELETED:
        getattr(client, f"delete_{kind}")(external_id)
        assert external_id not in [record.external_id for record in listing(client, kind)()]
    assert client.unread == []


@pytest.mark.parametrize("kind", DELETED)
def test_an_object_that_was_never_there_is_not_found(client, kind):
    with pytest.raises(NotFound):
        getattr(client, f"delete_{kind}")("99999999")


def test_an_extension_is_created_and_changed_and_its_number_is_taken(client, format):
    number = 4801 if format == "json" else 4802
    settings = {"extension": number, "friendly_name": "Bench", "status": "enabled", "enable_voicemail": True}
    external_id = client.create_extension(settings)
    client.update_extension(external_id, {"comments": "quiet"})
    (record,) = client.extensions(external_id)
    assert (record.fields["extension"], record.fields["enable_voicemail"]) == (str(number), "1")
    with pytest.raises(Rejected) as caught:
        client.create_extension(settings)
    assert caught.value.code == "extension_already_in_use"


def test_no_secret_of_an_object_is_told(client, format):
    settings, _ = settings_of(client, "threecx_server", format)
    external_id = client.create_threecx_server(settings)
    (record,) = client.threecx_servers(external_id)
    assert "s3cret" not in repr(record)
    client.delete_threecx_server(external_id)


def test_greetings_voices_and_media(client, received):
    mailbox = next(client.mailboxes()).external_id
    voice = next(client.voices())
    client.speak_greeting(mailbox, "Bonjour", voice.name)
    client.set_greeting(mailbox, next(client.media_files()).external_id)
    client.upload_greeting(mailbox, WAV)
    assert [row["params"]["mode"] for row in received("update_mailbox_greeting")] == [
        "text_to_speech",
        "existing_file",
        "post_file",
    ]


def test_the_call_history_is_read_and_polled(client):
    found = sorted(client.calls(LONG_AGO), key=lambda call: call.started_at)
    assert len(found) > 20 and client.unread == []
    assert all(LONG_AGO <= call.started_at for call in found)
    assert len({call.external_id for call in found}) == len(found)
    assert {call.direction for call in found} == {"inbound", "outbound"}
    newer = {call.external_id for call in client.calls_after(found[-5].external_id)}
    assert found[-1].external_id in newer and found[-5].external_id not in newer


def test_a_problem_with_a_call_is_reported_once_and_listed(client):
    call = next(client.calls(LONG_AGO)).external_id
    kind = next(client.call_issue_types()).external_id
    report = client.report_call(call, kind, comments="echo")
    assert report in [record.external_id for record in client.call_issues(call)]
    with pytest.raises(NotFound):
        client.report_call("0" * 32, kind)


def test_statistics_have_both_accounts_and_those_asked_for(reseller):
    day = (NOW - timedelta(days=60)).date()
    for ask in (reseller.call_statistics, reseller.message_statistics, reseller.storage_statistics):
        assert {record.external_id for record in ask(day)} == {"main_account", "whole_account"}
    subaccount = next(reseller.subaccounts()).external_id
    assert {record.external_id for record in reseller.call_statistics(day, subaccount_ids=[subaccount])} == {subaccount}


def test_recordings_are_listed_and_deleted(client):
    found = list(client.recordings(LONG_AGO))
    assert found and client.unread == []
    assert client.recording(found[0].external_id).external_id == found[0].external_id
    client.delete_recordings([found[0].external_id])
    left = {record.external_id: record.state for record in client.recordings(LONG_AGO)}
    assert left.get(found[0].external_id, "deleted") == "deleted"
    client.delete_recordings_before((NOW - timedelta(days=4000)).date())
    with pytest.raises(NotFound):
        client.recording("99999999")


def test_voicemails_are_listed_and_deleted(client):
    found = list(client.voicemails(LONG_AGO))
    assert found and client.unread == [] and all(record.mailbox for record in found)
    client.delete_voicemails([found[0].external_id])
    client.delete_voicemails_before((NOW - timedelta(days=4000)).date())
    left = {record.external_id: record.state for record in client.voicemails(LONG_AGO)}
    assert left.get(found[0].external_id, "deleted") == "deleted"


def test_a_fax_is_sent_listed_and_deleted(client, received, format):
    profile = next(client.fax_profiles()).external_id
    sent = client.send_fax(profile, "+15145550199", [PDF], {"unique_id": f"bench-{format}"})
    assert received("queue_fax")[0]["params"]["destination_number"] == "5145550199"
    found = {record.external_id: record for record in client.faxes(LONG_AGO, NOW + timedelta(days=1))}
    assert client.unread == []
    fax = client.fax(sent.external_id)
    assert fax.external_id in found and fax.direction == "outbound"
    with pytest.raises(Rejected):
        client.send_fax(profile, "+15145550199", [PDF], {"unique_id": f"bench-{format}"})
    client.delete_faxes([fax.external_id])
    client.delete_faxes_of((NOW - timedelta(days=4000)).date())


def test_calls_are_placed_and_stand_in_the_history(client, sandbox, received, format):  # noqa: F811
    client.call_back("+15145550134", "+15145550135")
    mark = f"bench-{format}"
    client.dispatch_call([CallEnd(value="+15145550134")], [CallEnd(value="+15145550136")], {"meta_data": mark})
    media = next(client.media_files()).external_id
    client.voicemail_broadcast("+15145550137", {"client_media_file_id": media, "callerid_number": "+15145550134"})
    assert received("dispatch_call")[1]["params"]["destinations[0][value]"] == "5145550136"
    sandbox.control("clock", {"advance": 600})  # until they hung up
    assert any(mark in repr(call.raw) for call in client.calls(NOW - timedelta(hours=1), NOW + timedelta(days=1)))


def test_the_inventory_is_read_and_a_number_bought_and_released(client):
    assert {record.external_id for record in client.area_codes()} >= {"514"}
    exchange = next(client.exchanges(npa="514"))
    assert len(exchange.external_id) == 6
    assert next(client.rate_centers(npa="514")).external_id
    assert client.portable(f"+1{exchange.external_id}0134") in (True, False)
    number = client.available_numbers(area_code="514")[0].number
    external_id = client.activate_number(number)
    client.release_number(external_id)
    with pytest.raises(NotFound):
        client.release_number("99999999")


def test_numbers_are_ordered_and_looked_up(client, received):
    client.order_numbers({"prefix": "514555", "quantity": 3, "capacity": "50+"})
    assert received("order_new_dids")[0]["params"]["capacity"] == "50+"
    found = client.lookup("+15145550134")
    assert found.number == "+15145550134" and found.carrier


def test_prices_plans_invoices_and_what_resellers_bill(client, reseller):
    assert all(price.amount >= 0 for price in client.prices())
    assert list(client.rates(code="44")) or list(client.rates(code="1514"))
    assert next(client.plans()).external_id
    assert all(invoice.total > 0 for invoice in client.invoices())
    assert list(reseller.reseller_transactions()) and list(reseller.reseller_invoices())
    assert client.unread == [] and reseller.unread == []


def test_a_411_listing_is_saved_changed_and_deleted(client):
    number = next(number.number for number in client.numbers(kind="local") if number.status == "active")
    settings = {
        "type": "business",
        "sort_word": "Plomberie",
        "sub_word": "Lachance",
        "civic_number": 1250,
        "street": "Rue Sherbrooke Ouest",
        "city": "Montréal",
        "state_code": "QC",
        "country_code": "CA",
        "postal_code": "H3G 1H6",
    }
    client.save_directory_listing(number, settings)
    mine = lambda: next(r for r in client.directory_listings() if r.fields["phone_number"][-10:] == number[2:])  # noqa: E731
    client.save_directory_listing(number, {"sub_word": "Lachance et fils"})
    assert (mine().fields["sub_word"], mine().fields["sort_word"]) == ("Lachance et fils", "Plomberie")
    client.delete_directory_listing(mine().external_id)
    assert number[2:] not in [record.fields["phone_number"][-10:] for record in client.directory_listings()]


def test_a_subaccount_s_address_is_saved_and_replaced(reseller, received, format):
    subaccount = reseller.create_subaccount(f"Bench {format}")
    address = {"civic_number": 1, "street": "Rue X", "unit_number": 2, "city": "Laval", "country_id": 38}
    address |= {"state_id": reseller.state_id("38", "QC"), "postal_code": "H7X 1X1"}
    external_id = reseller.save_subaccount_address(subaccount, address)
    reseller.save_subaccount_address(subaccount, address | {"civic_number": 3}, external_id)
    assert [row["params"]["mode"] for row in received("update_subaccount_address")] == ["create", "update"]


def test_the_api_names_every_request_that_we_speak(client):
    assert set(client.request_types()) >= set(VoiceMeUp.document)
