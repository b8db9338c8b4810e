"""Why a text did not go out, in the person's words: one sentence per code, of ours and of the upstreams."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.presenting import listed, number
from providers.causes import explain
from providers.clients.errors import Cause

_REASONS = {
    # the form
    "empty": gettext_lazy("Write a text or add a picture."),
    "too-long": gettext_lazy("This text is too long to go out at once. Shorten it."),
    "message-too-long": gettext_lazy("This text is too long to go out at once. Shorten it."),
    "number-gone": gettext_lazy("This number can no longer send texts. Choose another one."),
    "no-mms": gettext_lazy("This number cannot send pictures."),
    "same-number": gettext_lazy("A number cannot text itself."),
    "premium": gettext_lazy("Texts to premium numbers are not allowed."),
    "abroad": gettext_lazy("Texts go to numbers in Canada, the United States and other countries of code +1."),
    "not-nanp": gettext_lazy("Texts go to numbers in Canada, the United States and other countries of code +1."),
    "not-allowed": gettext_lazy("Who wrote this may no longer send texts here, so it was not sent."),
    "account-suspended": gettext_lazy("This account is suspended, so nothing goes out."),
    "opted-out": gettext_lazy("This person asked to get no more texts. They can undo it by texting START."),
    "picture-lost": gettext_lazy("The picture is no longer in the store. Write a new text with it."),
    "nothing-to-retry": gettext_lazy("There is nothing to send again: this text went out or is on its way."),
    # what a person types as a number
    "several": gettext_lazy("One number at a time, please."),
    "extension": gettext_lazy("A text cannot go to an extension. Leave it out."),
    "letters": gettext_lazy("A number has digits only."),
    "characters": gettext_lazy("This is not a phone number."),
    "service": gettext_lazy("Texts cannot go to short numbers such as 911 or 411."),
    "area_code": gettext_lazy("There is no such area code."),
    "exchange": gettext_lazy("The three digits after the area code cannot be right."),
    "country": gettext_lazy("There is no such country code."),
    "invalid": gettext_lazy("This number has too many or too few digits."),
    "too_long": gettext_lazy("This is too long for a phone number."),
    # what upstreams answer
    "permission_refused": gettext_lazy("This number may not send texts at the moment."),
    "destination_number_invalid": gettext_lazy("No text can be sent to this number."),
    "destination_number_required": gettext_lazy("No text can be sent to this number."),
    "source_number_invalid": gettext_lazy("This number may not send texts at the moment."),
    "client_did_id_invalid": gettext_lazy("This number may not send texts at the moment."),
    "duplicate_entry": gettext_lazy(
        "The same text went to this number less than a minute ago, so it was not taken again."
    ),
    "message_required": gettext_lazy("Write a text or add a picture."),
    "message_invalid": gettext_lazy(
        "The text was not accepted. It may be too long or hold characters that cannot be sent."
    ),
    "attachments_invalid": gettext_lazy("The picture was not accepted. Try a smaller JPEG or PNG."),
    "not-delivered": gettext_lazy(
        "It could not be delivered. The number may be switched off, a landline, or block texts."
    ),
    # what became of it here
    "too_many_tries": gettext_lazy("Sending it went wrong again and again, so we stopped."),
    "absent": gettext_lazy("We could not find out whether it went out."),
}

_HELD = {
    "breaker_open": gettext_lazy("It waits until %(upstream)s is back."),
    "unreachable": gettext_lazy("It waits until %(upstream)s is back."),
    "paused": gettext_lazy("It waits: sending over %(upstream)s is paused."),
    "quota": gettext_lazy("It waits: the hour's limit at %(upstream)s is used up."),
    "limited": gettext_lazy("It waits: the hour's limit at %(upstream)s is used up."),
    "requests_hard_limit_exceeded": gettext_lazy("It waits: the hour's limit at %(upstream)s is used up."),
    "credentials": gettext_lazy("It waits: %(upstream)s does not accept our sign-in. Your provider has been told."),
    "no_credentials": gettext_lazy("It waits: %(upstream)s does not accept our sign-in. Your provider has been told."),
}


def reason(code: str, cause: str = "", upstream: str = "") -> str:
    """The sentence for a code; for one we have none for, that of its cause. Staff find the upstream's words in the admin."""
    if code in _REASONS:
        return str(_REASONS[code])
    if code.startswith("destination"):
        return str(_REASONS["destination_number_invalid"])
    if cause and cause != Cause.UNKNOWN:
        return str(explain(cause, upstream))
    return _("It was refused (%(code)s). Ask your provider if it happens again.") % {"code": code or "?"}


def too_long(longest: int) -> str:
    """How much of a text its sender takes."""
    return _("This text is too long: at most %(longest)s characters go out at once.") % {"longest": number(longest)}


def abroad(others: list[str]) -> str:
    """Why a number abroad cannot be reached from a sender, and from whose senders it can."""
    if not others:
        return str(_REASONS["abroad"])
    text = _("This sender reaches numbers of country code +1 only. For this one, choose a sender of %(upstreams)s.")
    return text % {"upstreams": listed(others)}


def held(code: str, upstream: str) -> str:
    """Why a waiting text waits; "" when it is simply next in line."""
    if not code:
        return ""
    return str(_HELD.get(code, _HELD["unreachable"])) % {"upstream": upstream}
