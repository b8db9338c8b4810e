"""The campaign in one table: how many calls met how many faults, and what came of it."""

from collections import defaultdict

from providers.clients.errors import Effect
from tests.reliability.campaign.lane import Outcome

HEADS = ("upstream", "calls", "faults", "shots", "answered", "refused", "unclear", "effects")


def table(outcomes: list[Outcome]) -> str:
    """A line for each upstream, and one for all."""
    by_slug = defaultdict(list)
    for outcome in outcomes:
        by_slug[outcome.shot.case.slug].append(outcome)
    lines = [HEADS, *(_line(slug, some) for slug, some in sorted(by_slug.items())), _line("all", outcomes)]
    return "\n".join("".join(f"{cell:>11}" for cell in line) for line in lines)


def _line(name: str, outcomes: list[Outcome]) -> tuple:
    errors = [outcome.error for outcome in outcomes if outcome.error is not None]
    unclear = sum(getattr(error, "effect", None) is Effect.UNKNOWN for error in errors)
    return (
        name,
        len({str(outcome.shot.case) for outcome in outcomes}),
        len({str(outcome.shot.blow) for outcome in outcomes}),
        len(outcomes),
        len(outcomes) - len(errors),
        len(errors) - unclear,
        unclear,
        sum(outcome.effects for outcome in outcomes),
    )
