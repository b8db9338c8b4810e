"""A client for an account of the sandbox, and an observer that notes what it is told."""

from providers.clients.base import Exchange
from providers.clients.registry import CLIENTS
from providers.clients.wired import Wired

SLUGS = tuple(CLIENTS)


class Notebook:
    """An observer that keeps everything."""

    def __init__(self):
        self.befores: list[tuple[str, str]] = []
        self.exchanges: list[Exchange] = []
        self.limits: list[tuple[str, bool]] = []

    def before(self, call, bucket):
        self.befores.append((call, bucket))

    def after(self, exchange):
        self.exchanges.append(exchange)

    def limited(self, bucket, *, hard, until=None):
        self.limits.append((bucket, hard))


def credentials_of(row: dict, slug: str) -> dict:
    """Of an account as the sandbox tells it: under the client's names, wherever in the row they stand."""
    known = row | row.get("credentials", {})
    return {name: known[name] for name in CLIENTS[slug].credential_fields if known.get(name)}


class World:
    """The sandbox in its process, as the tests of one contract see it: fresh accounts, and what it received since."""

    def __init__(self, sandbox):
        self.sandbox = sandbox
        self._journal = self._ledger = 0

    def begin(self) -> None:
        """The world as it was made; what was received before is of no concern."""
        self.sandbox.control("reset", {"seed": 1})
        self.forget()

    def forget(self) -> None:
        """Whatever was received so far is of no concern."""
        self._journal = self._last("journal", self._journal)
        self._ledger = self._last("ledger", self._ledger)

    def received(self, slug: str = "", call: str = "") -> list[dict]:
        """The requests that came since, oldest first."""
        found = self.sandbox.control(f"journal?since={self._journal}&slug={slug}")
        return [row for row in found if call in ("", row["call"])]

    def effects(self, slug: str = "", kind: str = "") -> list[dict]:
        """What was done in the world since."""
        return self.sandbox.control(f"ledger?since={self._ledger}&slug={slug}&kind={kind}")

    def account(self, slug: str, key: str = "lachance") -> dict:
        return self.sandbox.accounts(slug)[key]

    def client(self, slug: str, account: str = "lachance", observer=None, **changed) -> Wired:
        """One that speaks for an account, with other credentials where they are `changed`."""
        given = credentials_of(self.account(slug, account), slug) | {"deadline": "10"} | changed
        return CLIENTS[slug](self.sandbox.url(slug), given, observer=observer)

    def later(self, seconds: float = 30, steps: int = 4) -> None:
        """Let the clock run, step by step, so that what follows from what happened happens too."""
        for _ in range(steps):
            self.sandbox.control("clock", {"advance": seconds})

    def _last(self, door: str, known: int) -> int:
        rows = self.sandbox.control(f"{door}?since={known}")
        return max((row["id"] for row in rows), default=known)
