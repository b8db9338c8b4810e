"""The free text that VoiceMeUp keeps beside an object, where we put a key of our own to find it again.

The text may be another system's PHP `serialize()` output. It is sent back as it came and never taken apart.
"""

import json
import re

from providers.clients.voicemeup.values import text

_PHP = re.compile(r"^a:\d+:\{.*\}$", re.DOTALL)


def stored(row: dict) -> str:
    holder = row.get("metadata")
    return text(holder, "raw_metadata") if isinstance(holder, dict) else text(row, "raw_metadata")


def reference(row: dict) -> str:
    """Our key, "" when the text is not ours."""
    ours = _ours(stored(row))
    found = ours.get("ref") if ours else None
    return found if isinstance(found, str) else ""


def fields(reference: str, row: dict | None = None) -> dict:
    """What to send: the reference added to a text of ours, or the foreign text of the row as it is."""
    text = stored(row) if row else ""
    if text and _ours(text) is None:
        return {"serialized_metadata" if _PHP.match(text) else "raw_metadata": text}
    known = _ours(text) or {}
    if reference:
        known["ref"] = reference
    return {"raw_metadata": json.dumps(known, separators=(",", ":"))} if known else {}


def _ours(text: str) -> dict | None:
    try:
        value = json.loads(text) if text.startswith("{") else None
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
