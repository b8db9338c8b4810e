"""What a client may make of a fault, and what it must never do."""

from collections.abc import Iterator

from providers.clients.errors import Effect, Unreachable, UpstreamError
from tests.reliability.campaign.lane import Outcome
from tests.reliability.campaign.plan import Blow
from tests.reliability.campaign.shapes import misshapen

# Spoilt, and yet as good as the answer to a request that was carried out: nobody can see that it was not.
GOOD = frozenset(
    (
        "closed_when_kept",
        "no_length",
        "huge_header",
        "many_headers",
        "double_answer",
        "many_continues",
        "early_hints",
        "delay",
        "compressed",
        "wrong_content_type",
        "no_content_type",
        "big_body",
        "byte_order_mark",
        "http_201",
        "http_202",
    )
)
# They change what the client signs in with: where the answer is lost, somebody has to say the new password.
NEW_PASSWORD = frozenset(("authUpdate",))
# And these do nothing but sign in.
SIGNING_IN = frozenset(("authorize", "accesstoken"))
TRUE_TO_FORM = frozenset(("schema", "mixed up", "clock", "log"))


def faults_of(outcome: Outcome) -> Iterator[str]:
    """What is wrong with an outcome, each as a word and its story."""
    error, shot = outcome.error, outcome.shot
    if error is not None and not isinstance(error, UpstreamError):
        yield f"UNHANDLED {type(error).__name__}: {error}"
    elif error is not None and error.effect is Effect.NONE and outcome.effects and not lies_of_refusal(outcome):
        yield f"DENIED: {type(error).__name__} {error.code} although it was done"
    if shot.blow.alone and (outcome.received or not isinstance(error, Unreachable)):
        yield f"TRUSTED: {outcome.received} went over a connection that nobody may trust"
    if outcome.effects > outcome.usual and not lies_of_refusal(outcome):
        yield f"TWICE: {outcome.effects} effects, usually {outcome.usual}"
    if error is None and outcome.effects < outcome.usual and shot.blow.phase == "before" and not pretends(outcome):
        yield f"PRETENDED: {outcome.effects} effects, usually {outcome.usual}, and no error"
    if error is None:
        yield from (f"MISSHAPEN: {words}" for words in misshapen(outcome.value))
    if outcome.afterwards is not None and shot.case.example.call not in NEW_PASSWORD:
        yield f"BROKEN: afterwards {type(outcome.afterwards).__name__}: {outcome.afterwards}"
    yield from (f"LEAK: {place}" for place in outcome.leaks)


def lies_of_refusal(outcome: Outcome) -> bool:
    """It was done, and the answer says in the upstream's own words, or with 429, that it was refused: a lie."""
    return outcome.shot.case.example.call in SIGNING_IN or lies(outcome.shot.blow)


def lies(blow: Blow) -> bool:
    """Done, and said to be refused. Every upstream's 429 is taken for a refusal, as is what it says in its own words."""
    return blow.phase == "after" and (blow.group.startswith("business") or blow.fault == "http_429")


def pretends(outcome: Outcome) -> bool:
    return believable(outcome.shot.blow)


def believable(blow: Blow) -> bool:
    """Whether the answer is as good as that of a request that was carried out."""
    return blow.group in TRUE_TO_FORM or blow.group.startswith("business") or blow.fault in GOOD
