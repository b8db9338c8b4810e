"""VoiceMeUp's configuration objects: for each, what to make one of, one change, and the calls that do it."""

from providers.clients.records import Attachment, ResourceRecord
from tests.providers.contract.example import Example, give, nothing, rows, text

WAV = Attachment(name="hello.wav", content=b"RIFF\x24\x00\x00\x00WAVEfmt ", mime_type="audio/wav")
# kind -> (listing, its call, call that writes, call that deletes, settings, a change)
OBJECTS = {
    "fax_profile": (
        "fax_profiles",
        ("get_fax_profiles", "update_fax_profile", "delete_fax_profile"),
        {
            "friendly_name": "Comptoir fax",
            "local_ident": "Lachance",
            "fax_header": "Plomberie",
            "callerid_name": "LACHANCE",
            "callerid_number": "5145550134",
            "email": "fax@lachance.example",
            "language": "fr",
            "allowed_senders": ["a@lachance.example"],
            "page_format": "letter",
            "resolution": "fine",
            "options": ["inbound_completed_notification"],
            "status": "enabled",
        },
        {"page_format": "legal"},
    ),
    "sms_profile": (
        "sms_profiles",
        ("get_sms_profiles", "update_sms_profile", "delete_sms_profile"),
        {
            "friendly_name": "Comptoir",
            "options": ["enable_autoreply"],
            "autoreply_message": "Merci",
            "status": "enabled",
        },
        {"autoreply_message": "Thank you"},
    ),
    "peer": (
        "peers",
        ("get_peers", "update_peer", "delete_peer"),
        {
            "friendly_name": "Bench phone",
            "host_type": "dynamic",
            "peer_username": "bench9",
            "password": "s3cret-phone",
            "callerid_mode": "global",
            "progress_timeout": 5,
        },
        {"comments": "in the shop"},
    ),
    "mailbox": (
        "mailboxes",
        ("get_mailboxes", "update_mailbox", "delete_mailbox"),
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
    "extension": (
        "extensions",
        ("get_extensions", "update_extension", None),
        {"extension": 4801, "friendly_name": "Bench", "status": "enabled", "enable_voicemail": True},
        {"comments": "quiet"},
    ),
    "call_director_profile": (
        "call_director_profiles",
        ("get_call_director_profiles", "update_call_director_profile", "delete_call_director_profile"),
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
    "channel": (
        "channels",
        ("get_channels", "update_channel", "delete_channel"),
        {"friendly_name": "Shop lines", "quantity_inbound": 2, "quantity_outbound": 1, "quantity_bidirectional": 0},
        {"quantity_outbound": 2},
    ),
    "queue": (
        "queues",
        ("get_queues", "update_queue", None),
        {
            "friendly_name": "Urgences",
            "max_wait_time": 600,
            "options": ["enable_tiers_escalation"],
            "status": "enabled",
        },
        {"max_wait_time": 300},
    ),
    "queue_agent": (
        "queue_agents",
        ("get_queue_agents", "update_queue_agent", None),
        {"friendly_name": "Chantal", "ring_delay": 20, "agent_status": "online", "status": "enabled"},
        {"ring_delay": 30},
    ),
    "callerid_profile": (
        "callerid_profiles",
        ("get_callerid_profiles", "update_callerid_profile", None),
        {
            "friendly_name": "By region",
            "privacy": "disable",
            "status": "enabled",
            "conditions_data": [{"callerid_name": "Lachance", "match_methods": ["region"], "country_id": 38}],
        },
        {"comments": "regions"},
    ),
    "ivr_profile": (
        "ivr_profiles",
        ("get_ivr_profiles", "update_ivr_profile", None),
        {"friendly_name": "Main menu", "default_language": "fr", "pre_ivr_delay": 5, "status": "enabled"},
        {"pre_ivr_delay": 10},
    ),
    "schedule": (
        "schedules",
        ("get_schedules", "update_schedule", None),
        {
            "friendly_name": "Opening hours",
            "range_date": "custom",
            "shift": [{"status": "on", "days": 2}, {"status": "off", "days": 5}],
            "business_hours": {"month4": {"day22": [{"start": "00:00:00", "end": "10:30:00", "type": "exception"}]}},
            "status": "enabled",
        },
        {"comments": "summer"},
    ),
    "device_endpoint": (
        "device_endpoints",
        ("get_device_endpoints", "update_device_endpoint", "delete_device_endpoint"),
        {
            "friendly_name": "Desk",
            "device_mac": "AA:BB:CC:DD:EE:FF",
            "admin_password": "s3cret-admin",
            "language": "fr",
            "button_config": {"1": {"feature": "presence", "label": "Steve", "line": "1", "feature_value": "x"}},
            "status": "enabled",
        },
        {"friendly_name": "Front desk"},
    ),
    "threecx_server": (
        "threecx_servers",
        ("get_3cx_servers", "update_3cx_server", "delete_3cx_server"),
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


def settings_of(stage, kind: str) -> dict:
    """What to make one of, with the things that it must name."""
    settings = OBJECTS[kind][2]
    if kind == "peer":
        return settings | {"proxy_id": stage.first("proxies")}
    if kind == "device_endpoint":
        named = {"device_id": "device_models", "client_mailbox_id": "mailboxes"}
        extension = stage.client.create_extension({"extension": 4811})
        return (
            settings
            | {key: stage.first(listing) for key, listing in named.items()}
            | {"client_extension_id": extension}
        )
    return settings


def made(stage, kind: str) -> str:
    return getattr(stage.client, f"create_{kind}")(settings_of(stage, kind))


def of_kind(kind: str) -> list[Example]:
    """Listing, creating, changing and (where there is such a call) deleting one."""
    listing, (read, write, delete), _, change = OBJECTS[kind]
    found = [
        Example(read, listing, rows(ResourceRecord), lambda s: give(made(s, kind))),
        Example(write, f"create_{kind}", text, lambda s: give(settings_of(s, kind))),
        Example(write, f"update_{kind}", nothing, lambda s: give(made(s, kind), change), (read, write)),
    ]
    return found + ([Example(delete, f"delete_{kind}", nothing, lambda s: give(made(s, kind)))] if delete else [])


def greetings() -> list[Example]:
    call = "update_mailbox_greeting"
    return [
        Example(call, "set_greeting", nothing, lambda s: give(s.first("mailboxes"), s.first("media_files"))),
        Example(call, "speak_greeting", nothing, lambda s: give(s.first("mailboxes"), "Bonjour")),
        Example(call, "upload_greeting", nothing, lambda s: give(s.first("mailboxes"), WAV)),
    ]


EXAMPLES = [example for kind in OBJECTS for example in of_kind(kind)] + greetings()
