"""Whether a text in an upstream's log is one of ours, by its words and its time."""

import unicodedata
from datetime import timedelta

# A log whose clock or zone is off by hours must not make a sent text look absent: sending it again would be worse.
TOLERANCE = timedelta(hours=12)


def same_text(ours: str, theirs: str) -> bool:
    return _trimmed(ours) == _trimmed(theirs)


def similar_text(ours: str, theirs: str) -> bool:
    """Some upstreams strip accents, change case or keep the first part of a long text only."""
    ours, theirs = _bare(ours), _bare(theirs)
    return ours == theirs or (len(theirs) >= 60 and ours.startswith(theirs))


def _trimmed(text: str) -> str:
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()


def _bare(text: str) -> str:
    pieces = unicodedata.normalize("NFKD", text)
    return " ".join("".join(piece for piece in pieces if not unicodedata.combining(piece)).casefold().split())
