"""The request types of configuration objects: each is listed, saved and, where the manual has it, deleted."""

from . import (
    callerids,
    catalogue,
    channels,
    devices,
    directors,
    extensions,
    mailboxes,
    media,
    pbx,
    peers,
    queues,
    schedules,
    sms_profiles,
)
from .spec import Spec


def write(table, function, before=None):
    return Spec(table, function, read=False, before=before)


OBJECTS = {
    "get_peers": Spec(peers.GET_PEERS, peers.get_peers),
    "update_peer": write(peers.UPDATE_PEER, peers.update_peer, peers.test_callback),
    "delete_peer": write(peers.DELETE_PEER, peers.delete_peer),
    "get_mailboxes": Spec(mailboxes.GET_MAILBOXES, mailboxes.get_mailboxes),
    "update_mailbox": write(mailboxes.UPDATE_MAILBOX, mailboxes.update_mailbox),
    "delete_mailbox": write(mailboxes.DELETE_MAILBOX, mailboxes.delete_mailbox),
    "get_tts_voice_name": Spec((), catalogue.get_tts_voice_name),
    "update_mailbox_greeting": write(mailboxes.GREETING, mailboxes.update_mailbox_greeting),
    "get_extensions": Spec(extensions.GET_EXTENSIONS, extensions.get_extensions),
    "update_extension": write(extensions.UPDATE_EXTENSION, extensions.update_extension),
    "get_sms_profiles": Spec(sms_profiles.GET_SMS_PROFILES, sms_profiles.get_sms_profiles),
    "update_sms_profile": write(sms_profiles.UPDATE_SMS_PROFILE, sms_profiles.update_sms_profile),
    "delete_sms_profile": write(sms_profiles.DELETE_SMS_PROFILE, sms_profiles.delete_sms_profile),
    "get_call_director_profiles": Spec(directors.GET_DIRECTORS, directors.get_call_director_profiles),
    "update_call_director_profile": write(directors.UPDATE_DIRECTOR, directors.update_call_director_profile),
    "delete_call_director_profile": write(directors.DELETE_DIRECTOR, directors.delete_call_director_profile),
    "get_issues_types": Spec((), catalogue.get_issues_types),
    "get_plans": Spec(catalogue.GET_PLANS, catalogue.get_plans),
    "get_proxies": Spec(catalogue.GET_PROXIES, catalogue.get_proxies),
    "get_devices": Spec(catalogue.GET_DEVICES, catalogue.get_devices),
    "get_channels": Spec(channels.GET_CHANNELS, channels.get_channels),
    "update_channel": write(channels.UPDATE_CHANNEL, channels.update_channel),
    "delete_channel": write(channels.DELETE_CHANNEL, channels.delete_channel),
    "get_queues": Spec(queues.GET_QUEUES, queues.get_queues),
    "update_queue": write(queues.UPDATE_QUEUE, queues.update_queue),
    "get_queue_agents": Spec(queues.GET_AGENTS, queues.get_queue_agents),
    "update_queue_agent": write(queues.UPDATE_AGENT, queues.update_queue_agent),
    "get_callerid_profiles": Spec(callerids.GET_CALLERIDS, callerids.get_callerid_profiles),
    "update_callerid_profile": write(callerids.UPDATE_CALLERID, callerids.update_callerid_profile),
    "get_ivr_profiles": Spec(schedules.GET_IVR, schedules.get_ivr_profiles),
    "update_ivr_profile": write(schedules.UPDATE_IVR, schedules.update_ivr_profile),
    "get_schedules": Spec(schedules.GET_SCHEDULES, schedules.get_schedules),
    "update_schedule": write(schedules.UPDATE_SCHEDULE, schedules.update_schedule),
    "get_media_files": Spec(media.GET_MEDIA, media.get_media_files),
    "get_device_endpoints": Spec(devices.GET_ENDPOINTS, devices.get_device_endpoints),
    "update_device_endpoint": write(devices.UPDATE_ENDPOINT, devices.update_device_endpoint),
    "delete_device_endpoint": write(devices.DELETE_ENDPOINT, devices.delete_device_endpoint),
    "get_3cx_servers": Spec(pbx.GET_SERVERS, pbx.get_3cx_servers),
    "update_3cx_server": write(pbx.UPDATE_SERVER, pbx.update_3cx_server),
    "delete_3cx_server": write(pbx.DELETE_SERVER, pbx.delete_3cx_server),
}
