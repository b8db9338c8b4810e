"""What can be set on a number: between our names and VoiceMeUp's fields and options, both ways.

`update_did` resets what is left out, so a change is written into everything that the row has.
"""

from providers.clients import phones
from providers.clients.voicemeup.values import flat, text, unreadable, words
from providers.clients.voicemeup.wire import refused_here

# Ours: (their field, their option). With both, the option says whether the field is in use, and "" means off.
SWITCHES = {
    "forwarding": "enable_forwarding",
    "voicemail": "enable_voicemail",
    "sms": "enable_sms",
    "sms_webhook_retry": "enable_sms_callback_retry",
}
FIELDS = {
    "label": ("friendly_name", ""),
    "forward_to": ("forward_number", ""),
    "forward_after": ("forward_timeout", ""),
    "caller_id_name": ("callerid_name_rewrite", ""),
    "sms_email": ("sms_notify_email", "enable_sms_email_notify"),
    "sms_forward_to": ("sms_forward_number", "enable_sms_forwarding"),
    "sms_webhook": ("sms_callback_url", "enable_sms_callback"),
    "sms_autoreply": ("sms_autoreply_message", "enable_sms_autoreply"),
    "comments": ("comments", ""),
}
NUMBERS = ("forward_to", "sms_forward_to")
TIMEOUTS = (2, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55)
AT_ONCE = "disabled"  # no time-out, so nothing rings before the forwarding
# voicemeup.yaml: update_did.options; a row may carry each as a field of its own instead of the list.
OPTIONS = frozenset(
    (
        "announce_caller announce_monitor confirm_required discard_redirect enable_director enable_fax "
        "enable_filtering enable_forwarding enable_georedundancy enable_ivr enable_notify_callback "
        "enable_peer enable_recording enable_sms enable_sms_autoreply enable_sms_callback "
        "enable_sms_callback_retry enable_sms_email_notify enable_sms_forwarding enable_uri enable_voicemail "
        "force_ring_signal ondemand_recording"
    ).split()
)
# Facts about a number that get_dids tells and update_did does not take.
FACTS = frozenset(
    (
        "npa nxx ratecenter_id ratecenter district state_id state state_code country_id country country_code "
        "t38_support sms_support mms_support date_activated peer_to_rings phone_number client_did_id metadata "
        "options _content monthly_fee setup_fee currency region"
    ).split()
)
FIELD_OF = {wire: ours for ours, (wire, _) in FIELDS.items()} | {
    "callerid_name": "caller_id_name",
    "forward_number_used_by_did": "forward_to",
}


def options(row: dict) -> list[str]:
    """The options of a row, in its own order."""
    listed = words(row.get("options"))
    flags = [name for name in OPTIONS - {"ondemand_recording"} if text(row, name) == "1"]
    return listed + sorted(set(flags) - set(listed))


def read(row: dict) -> dict:
    """All settings of a row under our names."""
    chosen = set(options(row))
    settings = {ours: option in chosen for ours, option in SWITCHES.items()}
    for ours, (wire, option) in FIELDS.items():
        value = text(row, wire) if not option or option in chosen else ""
        settings[ours] = _from_wire(ours, value)
    return settings


def write(row: dict, changes: dict) -> dict:
    """The fields of an update_did that changes only `changes`: all that the row has, its options anew."""
    fields = {
        key: flat(value)
        for key, value in row.items()
        if key not in FACTS and key not in OPTIONS - {"ondemand_recording"}
    }
    fields = {key: value for key, value in fields.items() if value}
    if "client_peer_ids" not in fields and (peers := words(row.get("peer_to_rings"))):
        fields["client_peer_ids"] = ",".join(peers)
    if fields.get("status") == "deleted":
        raise refused_here("number-deleted", "status")
    before = options(row)
    chosen = list(before)
    for ours, value in changes.items():
        _apply(ours, value, fields, chosen)
    if "options" in row or before:
        return fields | {"options": ",".join(chosen)}
    if chosen != before:
        # To send one option would clear those that the row does not tell.
        raise refused_here("options-not-told", next(iter(changes)))
    return fields


def _apply(ours: str, value, fields: dict, chosen: list[str]) -> None:
    if ours in SWITCHES:
        _switch(chosen, SWITCHES[ours], bool(value))
        return
    if ours not in FIELDS:
        raise refused_here("unknown-setting", ours)
    wire, option = FIELDS[ours]
    fields[wire] = _to_wire(ours, value)
    if option:
        _switch(chosen, option, bool(value))


def _switch(chosen: list[str], option: str, on: bool) -> None:
    if on and option not in chosen:
        chosen.append(option)
    elif not on and option in chosen:
        chosen.remove(option)


def _from_wire(ours: str, value: str):
    if ours == "forward_after":
        return _seconds(value)
    if ours in NUMBERS and value:
        try:
            return phones.from_wire(value)
        except phones.PhoneError:
            return value  # a dial string or an extension: the number itself is worth more than a neat setting
    return value


def _seconds(value: str) -> int:
    if value in ("", AT_ONCE):
        return 0
    if value.isascii() and value.isdigit() and len(value) < 5:
        return int(value)
    raise unreadable("forward_timeout", "a number of seconds")


def _to_wire(ours: str, value) -> str:
    if ours == "forward_after":
        if value and value not in TIMEOUTS:
            raise refused_here("not-offered", ours, f"one of {', '.join(map(str, TIMEOUTS))}")
        return str(value) if value else AT_ONCE
    if ours in NUMBERS and value:
        try:
            return phones.to_digits(value)
        except phones.PhoneError:
            reason = refused_here("not-a-number", ours)
        raise reason
    return str(value or "")
