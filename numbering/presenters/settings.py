"""A number's settings in a person's words: each line of a card, and what a refusal means."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.presenting import phone
from numbering.models.numbers import HERE

# What each setting is called, on cards and in the history.
LABELS = {
    "label": gettext_lazy("Name"),
    "caller_id_name": gettext_lazy("Caller ID name"),
    "forwarding": gettext_lazy("Forward calls"),
    "forward_to": gettext_lazy("Forward to"),
    "forward_after": gettext_lazy("Forward when"),
    "voicemail": gettext_lazy("Voicemail"),
    "sms": gettext_lazy("Texting"),
    "sms_webhook": gettext_lazy("Texts arrive at"),
    "sms_webhook_retry": gettext_lazy("Try again when the address does not answer"),
    "sms_email": gettext_lazy("Copy by e-mail to"),
    "sms_forward_to": gettext_lazy("Forward texts to"),
    "sms_autoreply": gettext_lazy("Automatic reply"),
    "comments": gettext_lazy("Comment at the provider"),
}


@dataclass(frozen=True, slots=True)
class LineKind:
    """A line of a card: the settings it speaks of, and how it says their values."""

    names: tuple[str, ...]
    label: str
    say: Callable[[dict], str]
    shown: Callable[[dict], bool] = lambda values: True


def on_off(value) -> str:
    return _("On") if value else _("Off")


def delay(seconds) -> str:
    if not seconds:
        return _("at once")
    return ngettext("after %(count)s second", "after %(count)s seconds", seconds) % {"count": seconds}


def forwarding(values: dict) -> str:
    if not values.get("forwarding"):
        return _("Off")
    to = phone(values["forward_to"]) if values.get("forward_to") else "—"
    return _("To %(number)s, %(delay)s") % {"number": to, "delay": delay(values.get("forward_after"))}


def arrival(address: str) -> str:
    if address == HERE:
        return _("Delivered to your inbox")
    return address or _("Looked for every few minutes")


def _text(name: str, empty: str) -> Callable[[dict], str]:
    return lambda values: values.get(name) or str(empty)


def _switch(name: str) -> Callable[[dict], str]:
    return lambda values: on_off(values.get(name))


def _has_own_address(values: dict) -> bool:
    return values.get("sms_webhook") not in ("", None, HERE)


LINES: dict[str, tuple[LineKind, ...]] = {
    "name": (
        LineKind(("label",), LABELS["label"], _text("label", gettext_lazy("No name yet"))),
        LineKind(("caller_id_name",), LABELS["caller_id_name"], _text("caller_id_name", gettext_lazy("As it comes"))),
        LineKind(("comments",), LABELS["comments"], _text("comments", "—")),
    ),
    "calls": (
        LineKind(("forwarding", "forward_to", "forward_after"), gettext_lazy("Forwarding"), forwarding),
        LineKind(("voicemail",), LABELS["voicemail"], _switch("voicemail")),
    ),
    "texts": (
        LineKind(("sms",), LABELS["sms"], _switch("sms")),
        LineKind(("sms_webhook",), LABELS["sms_webhook"], lambda values: arrival(values.get("sms_webhook") or "")),
        LineKind(("sms_webhook_retry",), LABELS["sms_webhook_retry"], _switch("sms_webhook_retry"), _has_own_address),
        LineKind(("sms_email",), LABELS["sms_email"], _text("sms_email", gettext_lazy("Nobody"))),
        LineKind(
            ("sms_forward_to",), LABELS["sms_forward_to"],
            lambda values: phone(values["sms_forward_to"]) if values.get("sms_forward_to") else _("Nobody"),
        ),
        LineKind(("sms_autoreply",), LABELS["sms_autoreply"], _text("sms_autoreply", gettext_lazy("Off"))),
    ),
}  # fmt: skip


def say_setting(name: str, value) -> str:
    """One setting's value, alone."""
    if name in ("forward_to", "sms_forward_to"):
        return phone(value) if value else "—"
    if name == "forward_after":
        return delay(value)
    if name == "sms_webhook":
        return arrival(value or "")
    return on_off(value) if isinstance(value, bool) else str(value or "—")


# Refusals that deserve a sentence of their own: upstream's codes have underscores, ours a dash.
REASONS = {
    "forward_number_used_by_did": gettext_lazy("%(upstream)s cannot forward to another number of this account."),
    "not-allowed": gettext_lazy("Who asked for it may no longer do that here."),
    "account-suspended": gettext_lazy("This account is suspended, so nothing was changed."),
    "not-yours": gettext_lazy("This number is no longer on your account."),
    "not-found": gettext_lazy("%(upstream)s no longer lists this number."),
    "number-deleted": gettext_lazy("This number was released."),
    "unknown-setting": gettext_lazy("%(upstream)s does not have this setting."),
    "permission_refused": gettext_lazy("%(upstream)s does not allow this for this number."),
    "absent": gettext_lazy("%(upstream)s does not show this change."),
    "too_many_tries": gettext_lazy("%(upstream)s could not be reached often enough to finish this."),
}


def say_reason(code: str, upstream: str) -> str:
    """Why a change was refused, for the person who asked for it; the upstream's own words are for staff."""
    if code in REASONS:
        return REASONS[code] % {"upstream": upstream}
    if code.endswith(("_required", "-required")):
        return _("%(upstream)s needs a value here.") % {"upstream": upstream}
    return _("%(upstream)s does not accept this value.") % {"upstream": upstream}
