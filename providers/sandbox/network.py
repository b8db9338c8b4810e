"""The telephone network between the upstreams and the people outside: who owns a number, and where a text arrives."""

import dataclasses

from .demo import answers

SLUG = "_network"  # in events


def e164(number):
    """How a number given loosely (ten digits, eleven, dashes) is called in the network; names stay as they are."""
    text = str(number).strip()
    digits = "".join(c for c in text if c.isdigit())
    if any(c.isalpha() for c in text) or not digits:
        return text
    if text.startswith("+"):
        return "+" + digits
    return "+1" + digits if len(digits) == 10 else "+" + digits


@dataclasses.dataclass
class Text:
    """A text on its way. Numbers are E.164 with a plus, or a sender name; `media` is a file name or address, or ""."""

    source: str
    destination: str
    message: str
    media: str = ""
    mime_type: str = ""
    automatic: bool = False  # an answer by a machine, which no machine answers
    origin: str = ""  # slug of the upstream it was handed to


class Network:
    """Texts are events of the world: they survive a restart and happen by the virtual clock."""

    def __init__(self, sandbox):
        self.sandbox = sandbox

    def owner(self, number):
        """The upstream that serves a number (E.164), or None when it is somebody's outside."""
        return next((up for up in self.sandbox.upstreams.values() if up.owns(number)), None)

    def refuses(self, number):
        """Whether a number is one of the sandbox that takes no texts, so that its sender sees a failure."""
        owner = self.owner(number)
        return owner is not None and not owner.takes_texts(number)

    def send(self, text, due=None):
        """Called by an upstream when it lets go of a text. It arrives at `due` (now)."""
        due = self.sandbox.clock.now() if due is None else due
        self.sandbox.schedule(due, SLUG, "arrive", dataclasses.asdict(text))

    def happen(self, kind, data, due):
        text = Text(**data)
        if kind == "answer":
            text = Text(text.destination, text.source, answers.to(text.message, bool(text.media)), automatic=True)
        owner = self.owner(text.destination)
        if owner is not None:
            owner.arrive(text, due)
        elif kind == "arrive" and self._is_answered(text):
            pause = float(self.sandbox.settings["auto_answer_delay_s"])
            self.sandbox.schedule(due + pause, SLUG, "answer", data)

    def _is_answered(self, text):
        """People outside answer texts of people, at numbers; a sender name cannot be answered."""
        wanted = self.sandbox.settings["auto_answer"] and not text.automatic
        return wanted and self.owner(text.source) is not None
