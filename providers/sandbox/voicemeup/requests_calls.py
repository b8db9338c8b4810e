"""The request types around calls: their log, recordings, messages, faxes, statistics, and where numbers can be had."""

from . import (
    calls,
    coverage,
    dispatch,
    fax_profiles,
    faxes,
    issues,
    recordings,
    reselling,
    stats,
    voicemails,
    whitepages,
)
from .spec import Spec


def write(table, function):
    return Spec(table, function, read=False)


CALLS = {
    "get_calls": Spec(calls.GET_CALLS, calls.get_calls),
    "get_calls_stats": Spec(stats.CALLS_STATS, stats.get_calls_stats),
    "get_recordings": Spec(recordings.GET_RECORDINGS, recordings.get_recordings),
    "delete_recordings": write(recordings.DELETE_RECORDINGS, recordings.delete_recordings),
    "get_voicemails": Spec(voicemails.GET_VOICEMAILS, voicemails.get_voicemails),
    "delete_voicemails": write(voicemails.DELETE_VOICEMAILS, voicemails.delete_voicemails),
    "get_faxes": Spec(faxes.GET_FAXES, faxes.get_faxes),
    "delete_faxes": write(faxes.DELETE_FAXES, faxes.delete_faxes),
    "get_fax_profiles": Spec(fax_profiles.GET_FAX_PROFILES, fax_profiles.get_fax_profiles),
    "update_fax_profile": write(fax_profiles.UPDATE_FAX_PROFILE, fax_profiles.update_fax_profile),
    "delete_fax_profile": write(fax_profiles.DELETE_FAX_PROFILE, fax_profiles.delete_fax_profile),
    "queue_fax": write(faxes.QUEUE_FAX, faxes.queue_fax),
    "get_did_areacodes": Spec(coverage.GET_AREACODES, coverage.get_did_areacodes),
    "get_did_exchanges": Spec(coverage.GET_EXCHANGES, coverage.get_did_exchanges),
    "get_ratecenters": Spec(coverage.GET_RATECENTERS, coverage.get_ratecenters),
    "get_sms_stats": Spec(stats.SMS_STATS, stats.get_sms_stats),
    "get_whitepages": Spec(whitepages.GET_WHITEPAGES, whitepages.get_whitepages),
    "update_whitepages": write(whitepages.UPDATE_WHITEPAGES, whitepages.update_whitepages),
    "delete_whitepages": write(whitepages.DELETE_WHITEPAGES, whitepages.delete_whitepages),
    "report_call_issue": write(issues.REPORT, issues.report_call_issue),
    "get_call_issues": Spec(issues.GET_ISSUES, issues.get_call_issues),
    "dispatch_call": write(dispatch.DISPATCH, dispatch.dispatch_call),
    "voicemail_broadcast": write(dispatch.BROADCAST, dispatch.voicemail_broadcast),
    "get_resellers_transactions": Spec(reselling.GET_TRANSACTIONS, reselling.get_resellers_transactions),
    "get_resellers_invoices": Spec(reselling.GET_INVOICES, reselling.get_resellers_invoices),
    "get_storage_stats": Spec(stats.STORAGE_STATS, stats.get_storage_stats),
}
