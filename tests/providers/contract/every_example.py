"""All examples of all upstreams as cases of a test, and who serves what."""

import importlib
from dataclasses import dataclass

from providers.clients.registry import CLIENTS
from providers.clients.speaking import Spoken
from tests.providers.contract.example import Example


@dataclass(frozen=True)
class Case:
    """An example under its name in test ids: the call, and the method where several make it."""

    slug: str
    example: Example
    spoken: Spoken
    alone: bool

    def __str__(self) -> str:
        return f"{self.slug}-{self.example.call}" + ("" if self.alone else f"-{self.example.method}")


def served_by(slug: str) -> tuple[str, ...]:
    """Every call that the upstream's sandbox serves."""
    return importlib.import_module(f"providers.sandbox.{slug}").SERVED


def examples(slug: str):
    return importlib.import_module(f"tests.providers.contract.examples.{slug}")


def cases(slug: str) -> list[Case]:
    marks = {(spoken.call, spoken.method): spoken for spoken in CLIENTS[slug].spoken()}
    methods = [call for call, _ in marks]
    return [
        Case(slug, example, marks[example.call, example.method], methods.count(example.call) == 1)
        for example in examples(slug).EXAMPLES
    ]


STAGES = {slug: examples(slug).Stage for slug in CLIENTS}
CASES = [case for slug in CLIENTS for case in cases(slug)]
