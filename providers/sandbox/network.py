"""The telephone network between the upstreams and the people outside: who owns a number, and where a text arrives."""

import dataclasses

from .demo import answers

SLUG = "_network"  # in events


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
        elif kind == "arrive" and not text.automatic and self.sandbox.settings["auto_answer"] and self.owner(text.source):
            pause = float(self.sandbox.settings["auto_answer_delay_s"])
            self.sandbox.schedule(due + pause, SLUG, "answer", data)
