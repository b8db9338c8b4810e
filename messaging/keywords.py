"""What a text asks for by a keyword: to be left alone, to hear from us again, or who we are.

Carriers and regulators fix the words (CTIA, CRTC, TCPA); people write them with accents, blanks, quotes and emoji around
them. Only a text that is nothing but a keyword counts; one that merely sounds like it waits for a person's eyes.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Wish(StrEnum):
    STOP = "stop"
    START = "start"
    HELP = "help"
    DOUBT = "doubt"  # sounds like a wish to be left alone, and a person should read it


@dataclass(frozen=True, slots=True)
class Heard:
    """`word` is the keyword as we know it, `language` that of the answer."""

    wish: Wish
    word: str
    language: str


# Word as normalised -> language of the answer. "ARRETE" and "DESABONNER" are how people write it.
_STOP = {
    "STOP": "en", "STOPALL": "en", "STOP ALL": "en", "UNSUBSCRIBE": "en", "END": "en", "QUIT": "en", "CANCEL": "en",
    "REVOKE": "en", "OPTOUT": "en", "OPT OUT": "en", "REMOVE": "en",
    "ARRET": "fr", "ARRETE": "fr", "ARRETEZ": "fr", "DESABONNER": "fr", "DESABONNEMENT": "fr", "FIN": "fr", "STOP SVP": "fr",
}  # fmt: skip
_START = {"START": "en", "UNSTOP": "en", "SUBSCRIBE": "en", "REPRENDRE": "fr", "ABONNER": "fr", "COMMENCER": "fr"}
_HELP = {"HELP": "en", "AIDE": "fr", "INFO": ""}  # INFO is the same word in both
_DOUBT = re.compile(
    r"\b(?:UNSUBSCRIBE|OPT ?OUT|STOP|REMOVE ME|LEAVE ME ALONE|DO NOT TEXT|DONT TEXT|NO MORE TEXTS?|"
    r"ARRET(?:E|EZ|ER)?|DESABONNE\w*|PLUS DE TEXTOS?|NE (?:PLUS )?M ?(?:ECRIVEZ|ENVOYEZ|TEXTEZ))\b"
)
LONGEST_DOUBT = 80  # a long text that has "stop" in it is about something else


def normalised(text: str) -> str:
    """Upper case without accents, punctuation, quotes, emoji and repeated blanks."""
    plain = unicodedata.normalize("NFKD", text.replace("\u0130", "I"))
    kept = "".join(
        char if char.isalnum() else " " for char in plain if not unicodedata.combining(char) and char != "\u200b"
    )
    return " ".join(kept.upper().split())


def heard(text: str) -> Heard | None:
    """The wish of a text that came in, or None for an ordinary one."""
    if len(text) > 400:
        return None
    word = normalised(text)
    for wish, words in ((Wish.STOP, _STOP), (Wish.START, _START), (Wish.HELP, _HELP)):
        if word in words:
            return Heard(wish, word, words[word])
    if len(word) <= LONGEST_DOUBT and _DOUBT.search(word):
        return Heard(Wish.DOUBT, word[:40], "")
    return None
