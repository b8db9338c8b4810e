"""Changing, buying and releasing numbers."""

from tests.providers.sandbox.caller import codes, many, status_of


def internal(api, did):
    return api.see(f"did?phone_number={did['phone_number']}")


def differences(before, after):
    return {name for name in before if before[name] != after[name]}


def test_preserving_changes_just_the_one_field(api):
    did = api.dids()[0]
    before = internal(api, did)
    assert (
        status_of(
            api.call(
                "update_did", client_did_id=did["client_did_id"], preserve_missing_data="1", friendly_name="Réception"
            )
        )
        == "success"
    )
    assert differences(before, internal(api, did)) == {"friendly_name"}
    assert api.see("ledger")[-1]["data"]["changed"] == {"friendly_name": ["Bureau", "Réception"]}


def test_without_preserving_everything_else_is_reset(api):
    did = api.dids()[0]
    before = internal(api, did)
    api.call("update_did", phone_number=did["phone_number"], friendly_name="Seul")
    after = internal(api, did)
    assert {"friendly_name", "options", "client_peer_ids", "client_mailbox_id", "comments"} <= differences(
        before, after
    )
    assert after["options"] == [] and after["client_peer_ids"] == [] and after["status"] == "enabled"
    same = differences(before, after) & {"phone_number", "client_did_id", "type", "district", "date_activated"}
    assert not same


def test_every_wrong_parameter_is_named_in_table_order(api):
    answer = api.call(
        "update_did",
        client_did_id=api.dids()[0]["client_did_id"],
        status="gone",
        options="enable_nothing",
        friendly_name="x",
        forward_timeout="7",
        callerid_name_rewrite="A",
    )
    assert codes(answer) == [
        "friendly_name_invalid",
        "forward_timeout_invalid",
        "callerid_name_rewrite_invalid",
        "options_invalid",
        "status_invalid",
    ]
    assert codes(api.call("update_did", friendly_name="Nobody")) == ["required_parameter_not_found"]
    assert codes(api.call("update_did", client_did_id="1")) == ["client_did_id_invalid"]
    foreign = api.other("boreal").dids()[0]["client_did_id"]
    assert codes(api.call("update_did", client_did_id=foreign)) == ["client_did_id_invalid"]


def test_options_that_need_a_companion(api):
    did = api.dids()[4]["client_did_id"]
    keep = {"client_did_id": did, "preserve_missing_data": "TRUE"}
    assert codes(api.call("update_did", **keep, options="enable_sms,enable_sms_callback,enable_sms_email_notify")) == [
        "sms_notify_email_required",
        "sms_callback_url_required",
    ]
    url = "http://127.0.0.1:9/in/?k=1"
    good = api.call("update_did", **keep, **{"options[]": "enable_sms_callback"}, sms_callback_url=url)
    assert codes(good) == ["did_updated"]
    assert codes(api.call("update_did", **keep, options="enable_sms_callback")) == [
        "did_updated"
    ]  # the stored URL counts
    assert api.dids(client_did_id=did)[0]["options"] == "enable_sms_callback"


def test_forwarding_to_an_own_number_is_refused(api):
    one, two = api.dids()[:2]
    answer = api.call(
        "update_did", client_did_id=one["client_did_id"], preserve_missing_data="1", forward_number=two["phone_number"]
    )
    assert codes(answer) == ["forward_number_used_by_did"]


def test_metadata_comes_back(api):
    did = api.dids()[0]["client_did_id"]
    php = 'a:2:{s:4:"name";s:7:"Éva X";s:1:"n";i:3;}'
    php = php.replace("s:7", f"s:{len('Éva X'.encode())}")
    api.call("update_did", client_did_id=did, preserve_missing_data="1", serialized_metadata=php)
    shown = api.dids(client_did_id=did)[0]["metadata"]
    assert shown == {"raw_metadata": php, "metadata_attributes": {"attribute_count": "2", "name": "Éva X", "n": "3"}}
    api.call("update_did", client_did_id=did, preserve_missing_data="1", raw_metadata='{"a": 1}')
    assert api.dids(client_did_id=did)[0]["metadata"] == {"raw_metadata": '{"a": 1}'}
    answer = api.call("update_did", client_did_id=did, preserve_missing_data="1", serialized_metadata="a:1:{broken")
    assert codes(answer) == ["internal_error-invalid_argument"]


def test_a_changed_notify_address_is_tried_at_once(api, listener):
    did = api.dids()[0]["client_did_id"]
    keep = {"client_did_id": did, "preserve_missing_data": "1"}
    assert codes(api.call("update_did", **keep, notify_callback_url=listener.url)) == ["did_updated"]
    assert listener.bodies[0]["trigger"] == "on_test" and listener.paths == ["/hook/?key=secret"]
    api.call("update_did", **keep, notify_callback_url=listener.url)
    assert len(listener.bodies) == 1  # unchanged, so not tried again
    listener.answers = [500]
    assert codes(api.call("update_did", **keep, notify_callback_url=listener.url + "&x=2")) == [
        "notify_callback_url_invalid"
    ]
    abroad = api.call("update_did", **keep, notify_callback_url="http://192.0.2.1/x")
    assert codes(abroad) == ["notify_callback_url_invalid"]


def test_buying_and_releasing(api):
    stock = many(api.call("get_new_dids", npa="514", sms_support="1")["dids"], "did_details")
    number = stock[0]["phone_number"]
    bought = api.call("activate_new_did", phone_number=number)
    assert codes(bought) == ["did_activated"] and bought["phone_number"] == number
    assert api.dids(phone_number=number)[0]["client_did_id"] == bought["client_did_id"]
    assert codes(api.call("activate_new_did", phone_number=number)) == ["phone_number_invalid"]
    assert api.call("get_funding_details")["funding_details"]["account_balance"] == "16.17 CR"
    assert codes(api.call("delete_did", phone_number=number)) == ["did_deleted"]
    assert api.dids(phone_number=number) == [] and api.dids(phone_number=number, status="deleted")
    assert codes(api.call("delete_did", phone_number=number)) == ["phone_number_invalid"]
    assert [e["kind"] for e in api.see("ledger")][-2:] == ["did_bought", "did_deleted"]


def test_stock_filters(api):
    rows = many(
        api.call("get_new_dids", included_patterns="pattern_tripple_digits,pattern_double_digits_pair")["dids"],
        "did_details",
    )
    assert rows and {r["pattern"] for r in rows} <= {"pattern_tripple_digits", "pattern_double_digits_pair"}
    rows = many(api.call("get_new_dids", district="montreal")["dids"], "did_details")
    assert {r["district"] for r in rows} == {"Montréal"}
    assert many(api.call("get_new_dids", type="tollfree")["dids"], "did_details")[0]["type"] == "tollfree"
    assert codes(api.call("get_new_dids", ratecenter_id="12")) == ["ratecenter_id_invalid"]


def test_ordering_what_is_not_in_stock(api):
    assert codes(api.call("order_new_dids", quantity="5", prefix="514555", capacity="50+")) == ["dids_ordered"]
    assert api.see("ledger")[-1]["data"]["capacity"] == "50+"
    assert codes(api.call("order_new_dids", quantity="5")) == ["prefix_required"]
    assert codes(api.call("order_new_dids", prefix="514555")) == ["quantity_required"]
    assert codes(api.call("order_new_dids", quantity="1000", prefix="514555", capacity="1")) == [
        "quantity_invalid",
        "capacity_invalid",
    ]
    assert codes(api.call("order_new_dids", quantity="1", prefix="999555")) == ["prefix_not_found"]
    assert codes(api.call("order_new_dids", quantity="1", ratecenter_id="100100", prefix_preference="prefix_only")) == [
        "prefix_preference_invalid"
    ]


def test_looking_up_costs(api):
    row = api.call("lookup_did", phone_number="4165550142")["did"]["did_details"]
    assert row["district"] == "Toronto" and row["portability"] == "yes"
    assert api.call("get_funding_details")["funding_details"]["account_balance"] == "18.40 CR"


def test_the_control_door_sets_fields(api):
    did = api.dids()[3]
    api.do("did", phone_number=did["phone_number"], set={"friendly_name": "Par la porte"})
    assert internal(api, did)["friendly_name"] == "Par la porte"
    assert api.control("POST", "did", {"phone_number": did["phone_number"], "set": {"nonsense": 1}})[0] == 400
