"""What a losing carrier asks for and `update_port_request` has no field of its own for: lines at the end of the instructions.

VoiceMeUp's staff read them there. They are read back by the same names, so that a request edited later says each thing once.
"""

import re
from dataclasses import replace

from providers.clients.records import PortDraft

LINES = {
    "billing_number": "BTN",
    "new_billing_number": "New BTN",
    "authorized_by": "Authorized by",
    "account_pin": "account_pin",  # written like a key, so that what masks secrets by name knows it
}
_OURS = {theirs: ours for ours, theirs in LINES.items()}
_LINE = re.compile(rf"^({'|'.join(map(re.escape, _OURS))})[:=] ?(.*)$")
MASK = "***"


def together(draft: PortDraft) -> str:
    """The instructions with our lines after them."""
    said = [(theirs, getattr(draft, ours)) for ours, theirs in LINES.items()]
    lines = [f"{name}{'=' if name == 'account_pin' else ': '}{value}" for name, value in said if value]
    return "\n".join(filter(None, [draft.instructions, *lines]))


def apart(text: str) -> tuple[str, dict[str, str]]:
    """The instructions as a person wrote them, and what our lines said. The PIN is not read back: it was passed on."""
    words, found = text.splitlines(), {}
    while words and (line := _LINE.match(words[-1].strip())):
        found[_OURS[line[1]]] = line[2].strip()
        words.pop()
    found.pop("account_pin", None)
    return ("\n".join(words) if found or len(words) < len(text.splitlines()) else text), found


def masked(text: str) -> str:
    """The text for keeping: without the PIN."""
    return re.sub(r"^(account_pin=).*$", rf"\g<1>{MASK}", text, flags=re.MULTILINE)


def read(draft: PortDraft) -> PortDraft:
    """A draft as it came, with our lines taken out of its instructions."""
    instructions, said = apart(draft.instructions)
    return replace(draft, instructions=instructions, **said)
