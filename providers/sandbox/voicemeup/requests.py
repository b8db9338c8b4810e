"""The request types: which are served by which function, and which are only known by name."""

from . import account, dids, e911, geo, inventory, order_life, ports, rates, sms, subaccounts
from .did_update import UPDATE_DID, test_callback, update_did
from .requests_calls import CALLS
from .requests_objects import OBJECTS
from .spec import Spec

NUMBERS_AND_TEXTS = {
    "get_request_types": Spec((), lambda desk: account.get_request_types(desk, DOCUMENTED)),
    "get_account_details": Spec((), account.get_account_details),
    "get_account_preferences": Spec((), account.get_account_preferences),
    "get_funding_details": Spec((), account.get_funding_details),
    "get_billing_activity": Spec(account.BILLING, account.get_billing_activity),
    "get_network_status": Spec(account.NETWORK, account.get_network_status),
    "get_rates": Spec(rates.GET_RATES, rates.get_rates),
    "get_dids": Spec(dids.GET_DIDS, dids.get_dids),
    "update_did": Spec(UPDATE_DID, update_did, read=False, before=test_callback),
    "delete_did": Spec(dids.ONE_DID, dids.delete_did, read=False),
    "get_new_dids": Spec(inventory.GET_NEW, inventory.get_new_dids),
    "activate_new_did": Spec(inventory.ACTIVATE, inventory.activate_new_did, read=False),
    "order_new_dids": Spec(inventory.ORDER, order_life.order_new_dids, read=False),
    "lookup_did": Spec(inventory.LOOKUP, inventory.lookup_did, read=False),
    "get_sms": Spec(sms.GET_SMS, sms.get_sms),
    "queue_sms": Spec(sms.QUEUE_SMS, sms.queue_sms, read=False),
    "delete_sms": Spec(sms.DELETE_SMS, sms.delete_sms, read=False),
    "get_port_requests": Spec(ports.GET_PORTS, ports.get_port_requests),
    "update_port_request": Spec(ports.UPDATE_PORT, ports.update_port_request, read=False),
    "get_e911": Spec(e911.GET_E911, e911.get_e911),
    "check_e911": Spec(e911.CHECK_E911, e911.check_e911),
    "update_e911": Spec(e911.UPDATE_E911, e911.update_e911, read=False),
    "associate_e911": Spec(e911.ASSOCIATE, e911.associate_e911, read=False),
    "disassociate_e911": Spec(e911.DISASSOCIATE, e911.disassociate_e911, read=False),
    "delete_e911": Spec(e911.DELETE_E911, e911.delete_e911, read=False),
    "get_subaccounts": Spec(subaccounts.GET, subaccounts.get_subaccounts),
    "update_subaccount": Spec(subaccounts.UPDATE, subaccounts.update_subaccount, read=False),
    "update_subaccount_associations": Spec(subaccounts.ASSOCIATE, subaccounts.update_associations, read=False),
    "update_subaccount_address": Spec(subaccounts.ADDRESS, subaccounts.update_address, read=False),
    "get_countries": Spec((), geo.get_countries),
    "get_states": Spec(geo.GET_STATES, geo.get_states),
}

REQUESTS = {**NUMBERS_AND_TEXTS, **CALLS, **OBJECTS}

# Every name in the manual, in its order.
DOCUMENTED = """
get_request_types get_calls get_calls_stats get_recordings delete_recordings get_voicemails
delete_voicemails get_faxes delete_faxes get_fax_profiles update_fax_profile delete_fax_profile
queue_fax get_dids update_did delete_did get_new_dids activate_new_did order_new_dids get_port_requests
update_port_request lookup_did get_did_areacodes get_did_exchanges get_ratecenters get_sms delete_sms
get_sms_stats queue_sms get_sms_profiles update_sms_profile delete_sms_profile get_peers update_peer
delete_peer get_mailboxes update_mailbox delete_mailbox get_tts_voice_name update_mailbox_greeting
get_extensions update_extension get_account_details get_account_preferences get_subaccounts
update_subaccount update_subaccount_associations update_subaccount_address get_funding_details
get_billing_activity get_call_director_profiles update_call_director_profile
delete_call_director_profile get_countries get_states get_issues_types get_rates get_plans get_proxies
get_e911 check_e911 associate_e911 disassociate_e911 update_e911 delete_e911 get_whitepages
update_whitepages delete_whitepages report_call_issue get_call_issues get_network_status get_channels
update_channel delete_channel dispatch_call voicemail_broadcast get_resellers_transactions
get_resellers_invoices get_queues update_queue get_queue_agents update_queue_agent get_callerid_profiles
update_callerid_profile get_ivr_profiles update_ivr_profile get_schedules update_schedule
get_storage_stats get_media_files get_devices get_device_endpoints update_device_endpoint
delete_device_endpoint get_3cx_servers update_3cx_server delete_3cx_server
""".split()
SERVED = tuple(name for name in DOCUMENTED if name in REQUESTS)
