"""Calls that VoiceMeUp places for us: two people connected, or a message spoken into a voicemail."""

from collections.abc import Iterable
from dataclasses import dataclass, fields

from providers.clients import phones
from providers.clients.speaking import Repeat, speaks
from providers.clients.voicemeup import values
from providers.clients.voicemeup.envelope import Meaning
from providers.clients.voicemeup.parameters import (
    always,
    dtmf,
    flag,
    missing,
    one_of,
    phone,
    some_of,
    text,
    unless,
    url,
    whole,
    written,
)
from providers.clients.voicemeup.structures import bracketed, spread
from providers.clients.voicemeup.wire import Wire, not_sent, refused_here


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnd:
    """One side of a call: a number (E.164), a peer (its user name) or a SIP uri; what is None is VoiceMeUp's default."""

    value: str
    type: str = "number"  # number | peer | uri
    callerid_name: str | None = None
    callerid_number: str | None = None
    language: str | None = None  # of the prompts: en | fr
    send_dtmf: str | None = None
    announce_media_id: str | None = None
    confirm_required: bool | None = None  # a key must be pressed before it counts as answered
    confirm_media_id: str | None = None
    retries: int | None = None
    accept_key: int | None = None
    reject_key: int | None = None


END = (
    one_of("type", "number peer uri", needed=always),
    text("value", 1, 240, needed=always),
    text("callerid_name", 3, 15),
    phone("callerid_number", foreign=True),
    one_of("language", "en fr"),
    dtmf("send_dtmf"),
    whole("announce_media_id"),
    flag("confirm_required"),
    whole("confirm_media_id"),
    whole("retries", 0, 99),
    whole("accept_key", 0, 9),
    whole("reject_key", 0, 9),
)
DISPATCH = (
    whole("client_subaccount_id"),
    text("callerid_name", 3, 15),
    phone("callerid_number"),
    flag("enable_recording"),
    whole("wait_time", 5, 60),  # seconds
    text("meta_data"),
    bracketed("sources", *END, least=1, needed=always),
    bracketed("destinations", *END, least=1, needed=always),
)
BROADCAST = (
    phone("destination_number", foreign=True, needed=always),
    text("callerid_name", 3, 15),
    phone("callerid_number"),
    flag("privacy"),
    flag("enable_recording"),
    whole("wait_time", 5, 60),
    whole("client_media_file_id", needed=unless("media_url")),
    url("media_url"),
    flag("voicemail_detect"),
    flag("fork_call"),
    dtmf("pre_dtmf"),
    dtmf("post_dtmf"),
    whole("dtmf_duration", 100, 1500),
    some_of("notify_callback_triggers", "on_create on_ring on_answer on_hangup on_record"),
    url("notify_callback_url", needed=lambda fields: bool(fields.get("notify_callback_triggers"))),
    text("meta_data"),
)
# A caller's number that VoiceMeUp refuses, although it is a good number. (voicemeup.yaml: voicemail_broadcast)
_TOLL_FREE = ("800", "888", "877", "866", "855")
_ENDS = Meaning(
    {param.name: param.name for param in DISPATCH}
    | {"source": "sources", "source_type": "sources", "destination": "destinations", "destination_type": "destinations"}
    | {"global_callerid_name_undefined": "callerid_name"}
)
_BROADCAST = Meaning({param.name: param.name for param in BROADCAST})
_BY_OUR_MARK = "get_calls of the day: `meta_data` has our mark"


class Dispatch(Wire):
    @speaks("dispatch_call", Repeat.NEVER, settle=_BY_OUR_MARK)
    def call_back(self, caller: str, receiver: str) -> None:
        """Call two people, both E.164, and connect them; both calls are billed. Raises `Rejected`, `Unclear`.

        (voicemeup.yaml: dispatch_call)
        """
        self.dispatch_call([CallEnd(value=caller)], [CallEnd(value=receiver)])

    @speaks("dispatch_call", Repeat.NEVER, settle=_BY_OUR_MARK)
    def dispatch_call(
        self, sources: Iterable[CallEnd], destinations: Iterable[CallEnd], settings: dict[str, object] | None = None
    ) -> str:
        """Call `sources` and connect who answers to `destinations`. `settings`: callerid_name, callerid_number,
        enable_recording, wait_time (5 to 60 seconds), meta_data (comes back in the history), client_subaccount_id.

        Returns the call's hash, "" when none is told. Bucket dispatch_call. (voicemeup.yaml: dispatch_call)
        """
        ends = {"sources": [_end(end) for end in sources], "destinations": [_end(end) for end in destinations]}
        fields = _checked(DISPATCH, (settings or {}) | ends)
        find_hash = lambda tree: values.find(tree, "call_hash")  # noqa: E731
        return self.call("dispatch_call", spread(fields), meaning=_ENDS, then=find_hash)

    @speaks("voicemail_broadcast", Repeat.NEVER, settle=_BY_OUR_MARK)
    def voicemail_broadcast(self, destination: str, settings: dict[str, object]) -> str:
        """Speak a recorded message into somebody's voicemail; places two calls. `settings` is named as in the manual:
        client_media_file_id or media_url, callerid_number, pre_dtmf, post_dtmf, meta_data, ...

        Returns the call's hash, "" when none is told. Bucket of its own. (voicemeup.yaml: voicemail_broadcast)
        """
        fields = _checked(BROADCAST, settings | {"destination_number": destination})
        shown = str(fields.get("callerid_number", ""))
        if shown.startswith(_TOLL_FREE):
            raise refused_here("toll-free", "callerid_number")
        if fields.get("privacy") == "1" and not shown:
            raise refused_here("needed", "callerid_number")
        find_hash = lambda tree: values.find(tree, "call_hash")  # noqa: E731
        return self.call("voicemail_broadcast", fields, meaning=_BROADCAST, then=find_hash)


def _end(end: CallEnd) -> dict:
    told = {part.name: getattr(end, part.name) for part in fields(end)}
    if end.type == "number":
        try:
            told["value"] = phones.to_digits(end.value)
        except phones.PhoneError as problem:
            reason = problem.reason.replace("_", "-")
        else:
            reason = ""
        if reason:
            raise refused_here(reason, "value")
    return {name: value for name, value in told.items() if value is not None}


def _checked(params: tuple, settings: dict) -> dict:
    found, problems = written(params, settings)
    problems += missing(params, found)
    if problems:
        raise not_sent(problems)
    return {name: value for name, value in found.items() if value != ""}
