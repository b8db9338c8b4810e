"""Every call of every upstream, over a real socket: the upstream received exactly that, and the answer is as promised.

`docs/upstreams.md` names these tests; `python -m tests.upstreams` makes it.
"""

import json
from itertools import groupby

import pytest

from providers.clients.registry import CLIENTS
from tests.providers.contract import soundness
from tests.providers.contract.every_example import CASES, served_by
from tests.providers.contract.performing import needles


def collapsed(calls: list[str]) -> list[str]:
    """Pages of one listing count as one."""
    return [call for call, _ in groupby(calls)]


@pytest.mark.parametrize("slug", CLIENTS)
def test_what_the_document_says_is_spoken_served_and_has_an_example(slug):
    client = CLIENTS[slug]
    documented = (*client.document, *client.siblings)
    spoken = {(spoken.call, spoken.method) for spoken in client.spoken()}
    shown = [(case.example.call, case.example.method) for case in CASES if case.slug == slug]
    assert len(documented) == len(set(documented))
    assert {call for call, _ in spoken} == set(documented)
    assert sorted(shown) == sorted(spoken)
    assert set(documented) <= set(served_by(slug))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_call_is_made_as_marked_and_answered_as_promised(case, performances):
    made = performances.of(case)
    calls = [row["call"] for row in made.received]
    assert collapsed(calls) == case.example.calls
    if case.spoken.writes:
        assert calls.count(case.example.call) == 1
    assert {row["status"] for row in made.received} == {200}
    assert {row["account"] for row in made.received} <= {case.example.account, None}
    assert case.example.gives(made.found), made.found
    assert made.unread == []
    assert soundness.faults(made.found) == []
    kept = json.dumps(list(soundness.raw_of(made.found)), default=str, ensure_ascii=False)
    assert not [secret for secret in needles(made.secrets) if secret in kept]
