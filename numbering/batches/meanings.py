"""What the columns of a file of numbers mean: their headings in English and French, as our own export writes them too."""

from collections.abc import Mapping
from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.csv_headings import plain
from numbering.presenters.settings import LABELS as SETTINGS
from numbering.services.numbers import NOTES
from providers.clients import phones

NUMBER = "number"
CHANGEABLE = (*SETTINGS, *NOTES)  # settings of the upstream, then what is ours alone
SWITCHES = frozenset({"forwarding", "voicemail", "sms", "sms_webhook_retry"})
CLEAR = frozenset({"-", "–", "—"})  # a cell that empties; an empty cell leaves things as they are
YES = frozenset("yes y true 1 on oui o vrai x active actif".split())
NO = frozenset("no n false 0 off non faux inactive inactif".split())
INBOX = frozenset({"portal", "inbox", "here", "portail", "boite de reception", "ici"})
AT_ONCE = frozenset({"at once", "aussitot", "tout de suite", "immediatement"})
LABELS = {
    NUMBER: pgettext_lazy("column", "Number"),
    **SETTINGS,
    "note": gettext_lazy("Note"),
    "tags": gettext_lazy("Tags"),
    "cost_center": gettext_lazy("Cost centre"),
}
# Headings as the export writes them in either language, and what other lists call the same.
WORDS: Mapping[str, tuple[str, ...]] = {
    NUMBER: (
        "number", "phone", "phone number", "telephone", "telephone number", "did", "dids", "msisdn", "e164", "tn", "numero",
        "numero de telephone", "no de telephone", "no",
    ),
    "label": ("name", "label", "friendly name", "description", "nom", "libelle"),
    "caller_id_name": ("caller id name", "caller id", "cnam", "callerid", "nom de l afficheur", "afficheur"),
    "forwarding": ("forward calls", "forwarding", "call forwarding", "renvoyer les appels", "renvoi", "renvoi d appel"),
    "forward_to": ("forward to", "forward number", "destination", "renvoyer a", "renvoyer vers", "numero de renvoi"),
    "forward_after": ("forward when", "forward after", "ring time", "delai de renvoi", "renvoyer quand", "delai"),
    "voicemail": ("voicemail", "voice mail", "boite vocale", "messagerie vocale"),
    "sms": ("texting", "sms", "texts", "textos"),
    "sms_webhook": ("texts arrive at", "webhook", "sms webhook", "sms url", "les textos arrivent a"),
    "sms_webhook_retry": ("try again when the address does not answer", "webhook retry"),
    "sms_email": ("copy by e mail to", "sms email", "email", "e mail", "courriel", "copie par courriel a"),
    "sms_forward_to": ("forward texts to", "sms forward", "renvoyer les textos a"),
    "sms_autoreply": ("automatic reply", "auto reply", "autoreply", "reponse automatique"),
    "comments": ("comment", "comments", "commentaire", "commentaires"),
    "note": ("note", "notes", "remarque", "remarques"),
    "tags": ("tags", "tag", "labels", "etiquettes", "etiquette"),
    "cost_center": ("cost centre", "cost center", "centre de couts", "centre de cout"),
}  # fmt: skip
_MEANING = {word: meaning for meaning, words in WORDS.items() for word in words}


def meaning_of(heading: str) -> str:
    bare = plain(heading)
    return _own_headings().get(bare, "") or _MEANING.get(bare, "")


@cache
def _own_headings() -> dict[str, str]:
    """What our own export writes above a column, in every language of the portal."""
    found = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found |= {plain(str(label)): name for name, label in LABELS.items()}
    return found


def has_headings(cells: list[str], country: str) -> bool:
    """A first row with a phone number in it is a row already."""
    return not any(is_number(cell, country) for cell in cells)


def guess(headings: list[str], sample: list[list[str]], country: str) -> dict[int, str]:
    """What each column most likely is; one that no word fits is left out."""
    found: dict[int, str] = {}
    for place, heading in enumerate(headings):
        meaning = meaning_of(heading)
        if meaning and meaning not in found.values():
            found[place] = meaning
    if NUMBER not in found.values():
        width = max([len(headings), *map(len, sample)], default=0)
        free = [place for place in range(width) if place not in found]
        hits = {place: sum(place < len(row) and is_number(row[place], country) for row in sample) for place in free}
        best = max(hits, key=hits.__getitem__, default=None)
        if best is not None and hits[best]:
            found[best] = NUMBER
    return dict(sorted(found.items()))


def is_number(cell: str, country: str) -> bool:
    try:
        return bool(phones.parse(cell, country))
    except phones.PhoneError:
        return False
