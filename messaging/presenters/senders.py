"""What a person should know of a sender before they write."""

from django.utils.translation import gettext as _

from accounts.presenting import number
from messaging.senders import Sender

FEW = 320  # characters: who takes more is told so only by those who write more


def hint_of(sender: Sender | None, *, pictures: bool = False) -> str:
    """That nobody can answer to a name, how little an upstream takes, and, where the form asks for `pictures`, that this
    sender has none; "" where nothing is special."""
    if sender is None:
        return ""
    parts = [one_way(sender)] if sender.is_name else []
    if sender.longest < FEW:
        words = {"upstream": sender.connection.label, "longest": number(sender.longest)}
        parts.append(_("%(upstream)s takes at most %(longest)s characters.") % words)
    if pictures and not sender.mms:
        parts.append(_("No pictures go out from this sender."))
    return " ".join(parts)


def one_way(sender: Sender) -> str:
    words = {"upstream": sender.connection.label, "name": sender.number}
    return _("%(upstream)s sends it under the name %(name)s. Nobody can answer to a name.") % words
