"""Why a row is left out, and what became of one, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from messaging import reasons
from messaging.models import CampaignRow

_LEFT_OUT = {
    "duplicate": gettext_lazy("This number stands further up already."),
    "opted-out": gettext_lazy("This person asked to get no more texts."),
    "blocked": gettext_lazy("This contact is blocked."),
    "excluded": gettext_lazy("In a group that this campaign leaves out."),
    "variable-missing": gettext_lazy("The text needs a value that this row does not have."),
    "too-long": gettext_lazy("With its values put in, the text is too long for this sender."),
    "stopped": gettext_lazy("The campaign was stopped before."),
    "empty": gettext_lazy("There is no phone number in this row."),
    "long-line": gettext_lazy("This row is too long to be one contact."),
    "quote": gettext_lazy("A quotation mark is opened in this row and never closed."),
}
_OUTCOMES = {
    "waiting": gettext_lazy("Waiting"),
    "on_way": gettext_lazy("On its way"),
    "checking": gettext_lazy("Being checked"),
    "sent": gettext_lazy("Sent"),
    "delivered": gettext_lazy("Delivered"),
    "failed": gettext_lazy("Failed"),
    "blocked": gettext_lazy("Blocked by opt-out"),
    "stopped": gettext_lazy("Not sent: stopped"),
    "left_out": gettext_lazy("Left out"),
}
_RESTS = {
    "number-gone": gettext_lazy("The number it is sent from can no longer send texts. Choose another one."),
    "account-suspended": gettext_lazy("This account is suspended, so nothing goes out."),
    "balance": gettext_lazy("The balance at the upstream is used up. Resume it when there is money again."),
    "no-numbers": gettext_lazy(
        "No column of the file has phone numbers. Give one the heading “Phone”, and upload it again."
    ),
    "empty": gettext_lazy("This file is empty."),
    "columns": gettext_lazy("This file has more than 60 columns. Keep those you need."),
    "file-lost": gettext_lazy("The file can no longer be read. Upload it again."),
}


def why_left_out(reason: str) -> str:
    return str(_LEFT_OUT[reason]) if reason in _LEFT_OUT else reasons.reason(reason)


def outcome(name: str) -> str:
    return str(_OUTCOMES[name])


def why_it_rests(error: str) -> str:
    return str(_RESTS[error]) if error in _RESTS else ""


def wrong(row: CampaignRow) -> str:
    """The sentence for a row that was left out or whose text did not go out; "" for any other."""
    if row.reason == "variable-missing" and row.values.get("missing"):
        return _("No value for %(names)s.") % {"names": row.values["missing"]}
    if row.reason:
        return why_left_out(row.reason)
    text = row.message
    if text is None or text.state not in ("failed", "parked", "blocked"):
        return ""
    code = "opted-out" if text.state == "blocked" else text.error_code
    return reasons.reason(code, text.error_cause, text.connection.label)
