"""One example made on the sandbox: what came of it, and every answer as it was on the wire, to be told again later."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from xml.etree import ElementTree

from providers.clients.http import Answer, Request
from providers.clients.wired import Wired
from tests.providers.contract.connecting import World
from tests.providers.contract.every_example import STAGES, Case
from tests.providers.contract.example import Given

ROWS = 4  # of a list that are kept for telling again


def needles(secrets: Iterable[str]) -> tuple[str, ...]:
    """What would be recognised of secrets wherever it stood: of a private key, a line from its middle."""
    lines = [secret.splitlines()[len(secret.splitlines()) // 2] for secret in secrets]
    return tuple(line for line in lines if len(line) > 3)


@dataclass
class Performance:
    """`told` are the answers by call, those given while things were prepared first; `asked` the calls of the example."""

    case: Case
    given: Given
    found: object
    received: list[dict]
    unread: list
    credentials: dict
    told: dict[str, list[Answer]] = field(default_factory=dict)
    asked: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()


def shortened(answer: Answer) -> Answer:
    """The same with at most a few rows in any list: they are alike, and spoiling thousands takes long."""
    if "xml" in answer.content_type:
        return replace(answer, body=_short_xml(answer.body))
    if "json" in answer.content_type:
        return replace(answer, body=json.dumps(_short(json.loads(answer.body))).encode())
    return answer


def _short(tree):
    if isinstance(tree, dict):
        return {key: _short(value) for key, value in tree.items()}
    return [_short(value) for value in tree[:ROWS]] if isinstance(tree, list) else tree


def _short_xml(body: bytes) -> bytes:
    root = ElementTree.fromstring(body)
    for parent in root.iter():
        rows = Counter()
        for child in list(parent):
            rows[child.tag] += 1
            if rows[child.tag] > ROWS:
                parent.remove(child)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


class Recorder:
    """Stands before the real transport of a client."""

    def __init__(self, client: Wired):
        self.send, self.answers = client.http.send, []
        client.http.send = self

    def __call__(self, request: Request) -> Answer:
        answer = self.send(request)
        self.answers.append((request.call, answer))
        return answer


def perform(case: Case, world: World, **options) -> Performance:
    """Make the example in a fresh world. `options` are credentials beside the account's, such as a format."""
    world.begin()
    client = world.client(case.slug, case.example.account, **options)
    recorder = Recorder(client)
    client.probe()  # signs in where that takes calls of its own
    given = case.example.arguments(STAGES[case.slug](client, world.sandbox.control))
    world.forget()
    before = len(recorder.answers)
    found = case.example.ask(client, given)
    client.close()
    performance = Performance(case, given, found, world.received(case.slug), client.unread, client.credentials)
    for call, answer in recorder.answers:
        performance.told.setdefault(call, []).append(shortened(answer))
    performance.asked = tuple(call for call, _ in recorder.answers[before:])
    performance.secrets = tuple(filter(None, client.secrets()))
    return performance


class Performances:
    """Each is made once in a session, for all tests that look at it."""

    def __init__(self, world: World):
        self.world = world
        self._made: dict[tuple, Performance] = {}

    def of(self, case: Case, **options) -> Performance:
        key = (str(case), *sorted(options.items()))
        if key not in self._made:
            self._made[key] = perform(case, self.world, **options)
        return self._made[key]
