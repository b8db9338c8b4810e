"""Every error code of the manual has a cause, and says whether anything can have been done (FEATURES I5)."""

import pytest

from providers.clients.errors import Cause, Effect, NotFound, Rejected, Unclear, Unsupported
from providers.clients.voicemeup.client import VoiceMeUp
from providers.clients.voicemeup.refusals import NOTICES, TABLE, cause_of, refuses

# voicemeup.yaml: error_catalog and error_codes_outside_the_guide
DOCUMENTED = """
auth_username_invalid auth_username_required authentication_failed authentication_token_required
requests_soft_limit_reached requests_hard_limit_exceeded callerid_name_invalid callerid_name_required
callerid_number_invalid callerid_number_required callerid_rejection_notice client_account_id_invalid
client_account_id_required client_did_id_invalid client_extension_id_invalid client_mailbox_id_invalid
client_peer_id_invalid country_id_invalid country_id_required date_from_invalid date_to_invalid email_invalid
email_required forward_number_invalid forward_number_required forward_timeout_invalid forward_timeout_required
friendly_name_invalid friendly_name_required internal_error-database_error internal_error-invalid_argument
language_invalid mailbox_invalid mode_invalid npa_invalid nxx_invalid npa_required nxx_required options_invalid
password_invalid password_mismatch password_required peer_required peer_timeout_invalid peer_timeout_required
peers_to_ring_limit_reached phone_number_invalid request_type_invalid request_type_not_implemented
request_type_required required_parameter_not_found result_limit_invalid result_offset_invalid state_id_invalid
status_invalid status_required username_invalid username_required destination_invalid destination_required
destination_type_invalid destination_type_required enable_recording_invalid global_callerid_name_undefined
max_retries_invalid retry_delay_invalid socket_error source_invalid source_required source_type_invalid
source_type_required wait_time_invalid direction_invalid call_hash_invalid code_invalid search_parameters_required
call_issue_id_invalid call_recording_id_invalid recording_hash_invalid amount_invalid amount_required
bank_account_number_invalid bank_account_number_required bank_account_type_invalid bank_account_type_required
bank_name_invalid bank_name_required bank_routing_number_invalid bank_routing_number_required
billing_contact_not_found credit_card_cvd_invalid credit_card_cvd_required credit_card_expiration_month_invalid
credit_card_expiration_month_required credit_card_type_invalid credit_card_type_required
credit_card_expiration_year_invalid credit_card_expiration_year_required credit_card_number_invalid
credit_card_number_required currency_invalid currency_not_supported currency_required minimum_amount_required
payment_attempt_failed payment_denied payment_method_invalid payment_method_required forward_number_used_by_did
extension_already_in_use extension_invalid extension_required default_mailbox_dependency mailbox_did_dependency
passcode_invalid passcode_required voice_mailboxes_limit_reached callerid_mode_invalid callerid_mode_required
codecs_invalid codecs_required default_ip_invalid dtmf_invalid global_callerid_infos_undefined host_type_invalid
host_type_required peer_did_dependency peer_excluded_from_sync peer_exist peers_limit_reached qualify_invalid
qualify_required type_invalid alternate_address_provided client_endpoint_id_not_found client_peer_id_not_found
client_did_id_not_found phone_number_not_found no_e911_endpoint_found civic_number_not_found street_not_found
city_not_found state_not_found country_not_found first_name_not_found last_name_not_found postal_code_not_found
last_endpoint_was_deleted entry_is_default_endpoint prefix_required prefix_invalid ratecenter_id_invalid
quantity_required quantity_invalid prefix_preference_invalid sequential_invalid t38_support_invalid capacity_invalid
prefix_not_found ratecenter_id_not_found could_not_send duplicate_entry permission_refused
""".split()
# After these, part of the request may have been carried out.
DOUBTFUL = {"internal_error-database_error", "socket_error", "could_not_send", "payment_attempt_failed"}


def test_there_are_a_hundred_and_sixty_one_codes_and_two_from_outside():
    assert len(set(DOCUMENTED)) == 163


@pytest.mark.parametrize("code", DOCUMENTED)
def test_each_documented_code_has_a_cause_and_says_whether_it_refused(code):
    assert code in NOTICES or cause_of(code) is not Cause.UNKNOWN
    assert refuses(code) is (code not in NOTICES and code not in DOUBTFUL)


def test_every_row_of_the_table_is_a_documented_code():
    assert set(TABLE) <= set(DOCUMENTED)


@pytest.mark.parametrize(
    ("code", "cause"),
    (
        ("friendly_name_required", Cause.MISSING),
        ("friendly_name_invalid", Cause.INVALID),
        ("ratecenter_id_not_found", Cause.NOT_FOUND),
        ("peers_limit_reached", Cause.NOT_NOW),
        ("mailbox_did_dependency", Cause.TAKEN),
        ("source_number_invalid", Cause.SOURCE),
        ("source_number_required", Cause.MISSING),
        ("destination_number_invalid", Cause.DESTINATION),
        ("message_invalid", Cause.CONTENT),
        ("loa_invalid", Cause.FILE),
        ("payment_denied", Cause.FUNDS),
        ("authentication_failed", Cause.CREDENTIALS),
        ("something_new", Cause.UNKNOWN),
        ("", Cause.UNKNOWN),
    ),
)
def test_the_cause_is_the_ending_s_unless_the_name_tells_more(code, cause):
    assert cause_of(code) is cause


@pytest.mark.parametrize(
    ("codes", "error_type", "cause"),
    (
        (["duplicate_entry"], Rejected, Cause.DUPLICATE),
        (["permission_refused"], Rejected, Cause.PERMISSION),
        (["destination_number_invalid", "message_required"], Rejected, Cause.DESTINATION),
        (["request_type_not_implemented"], Unsupported, Cause.UNSUPPORTED),
        (["internal_error-database_error"], Unclear, Cause.THEIR_FAULT),
        (["something_new"], Unclear, Cause.UNKNOWN),
        ([], Unclear, Cause.UNKNOWN),
    ),
)
def test_an_error_carries_its_cause(client, error, codes, error_type, cause):
    with pytest.raises(error_type) as caught:
        client(error(*codes)).send_message("+15145550134", "+15145550135", "hello")
    assert caught.value.cause is cause


def test_an_unknown_id_is_not_found_whatever_the_ending_says(client, error):
    with pytest.raises(NotFound) as caught:
        client(error("client_did_id_invalid")).release_number("7")
    assert caught.value.cause is Cause.NOT_FOUND and caught.value.effect is Effect.NONE


def test_all_97_request_types_are_spoken_and_each_write_says_how_it_is_settled():
    spoken = VoiceMeUp.spoken()
    assert len(VoiceMeUp.document) == 97
    assert {mark.call for mark in spoken} == set(VoiceMeUp.document)
    reads = ("get_", "check_")
    for mark in spoken:
        assert mark.writes is not mark.call.startswith(reads), mark


def test_no_two_areas_of_the_client_have_a_method_of_the_same_name():
    areas = [area for area in VoiceMeUp.__mro__ if ".voicemeup." in area.__module__]
    names = [name for area in areas for name in vars(area) if not name.startswith("__")]
    assert len(names) == len(set(names))
