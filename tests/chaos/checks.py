"""The named checks. Each makes a world of its own, lets something befall it and returns what it saw."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise

from tests.chaos import duels, verdict
from tests.chaos.campaign import Campaign, ledger
from tests.chaos.killing import Blows, WorkerKiller
from tests.chaos.world import Servers, World
from tests.stack import wait_until

# How long a request is held before it is carried out: longer than our deadline of 2 s, but on record before the second look,
# which comes 4 s after it began at the earliest. Later than that nobody can tell it from one that was lost.
HELD_S = 2.5


@dataclass
class Options:
    texts: int = 5000
    kills: int = 50
    seed: int = 1
    workers: int = 3
    servers: Servers | None = None


@dataclass
class Report:
    """What a check found wrong, and its figures in a sentence."""

    faults: list[str] = field(default_factory=list)
    figures: str = ""
    skipped: str = ""


class Share:
    """How much of a campaign has come to rest, asked every other second at most, whoever wants to know."""

    def __init__(self, campaign: Campaign):
        self.campaign, self.asked_at, self.known = campaign, 0.0, 0.0

    def __call__(self) -> float:
        if time.monotonic() - self.asked_at > 2:
            self.asked_at = time.monotonic()
            with suppress(Exception):  # the database may be away, on purpose
                self.known = self.campaign.rested() / self.campaign.wanted.total()
        return self.known


def scaled(options: Options, part: float, least: int = 40) -> int:
    return max(least, round(options.texts * part))


def patience(texts: int) -> float:
    return 240 + texts / 2


def r1(options: Options) -> Report:
    """R1: a campaign, 24 % of all answers spoilt, workers killed, the broker lost twice: each text once, and the page agrees."""
    with World(workers=options.workers, pace=60.0) as world:
        campaign = Campaign.make(world.begin(), options.texts)
        world.sandbox.scenario("r1-24pct", slug="voicemeup", seed=options.seed, options={"seconds": HELD_S, "lag": 0.8})
        share = Share(campaign)
        killer = WorkerKiller(world, options.kills, options.seed, share)
        blows = Blows([(0.3, world.broker.lose), (0.6, lambda: world.broker.kill(options.servers))], share)
        campaign.start()
        started = time.monotonic()
        killer.start(), blows.start()
        with suppress(AssertionError):  # what is open then, the verdict says
            campaign.settle(patience(options.texts) + 15 * options.kills)
        took = time.monotonic() - started
        killer.stop.set(), blows.stop.set()
        killer.join(60), blows.join(60)
        spoilt = [row for row in world.sandbox.journal("queue_sms") if row["fault"] not in (None, "log_lag")]
        found = verdict.faults(campaign)
        if len(killer.open_when_killed) < options.kills:
            found.append(f"only {len(killer.open_when_killed)} workers were killed")
        return Report(found, (
            f"{campaign.sent().total()} of {options.texts} texts out in {took:.0f} s; {len(spoilt)} answers spoilt, "
            f"{campaign.once_unclear()} texts once unclear; {len(killer.open_when_killed)} workers killed with "
            f"{sum(killer.open_when_killed)} calls on their way; {', '.join(str(said) for _at, said in blows.struck)}"
        ))  # fmt: skip


def r2(options: Options) -> Report:
    """R2: a few rows of the log come far later than the log may lag: nothing lost, doubles only where two looks were empty."""
    texts = scaled(options, 0.06)
    with World() as world:
        campaign = Campaign.make(world.begin(), texts)
        world.sandbox.control("faults", [
            {"slug": "voicemeup", "call": "queue_sms", "fault": "close", "phase": "after", "match": {"prob": 0.3}},
            {"slug": "voicemeup", "call": "get_sms", "fault": "log_lag", "args": {"seconds": 15, "share": 0.1}},
        ])  # fmt: skip
        campaign.start().settle(patience(texts))
        doubled, lost = verdict.doubled(campaign), campaign.wanted - campaign.sent()
        found = [f"{lost.total()} lost"] if lost else []
        requests = world.sandbox.control("journal?slug=voicemeup&limit=1000000")
        for to, body in doubled:
            if not looked_between(requests, to, body):
                found.append(f"{body} went out twice without two looks between")
        return Report(
            found,
            f"{texts} texts, {campaign.once_unclear()} once unclear, {doubled.total()} doubled, each after two empty looks",
        )


def looked_between(requests: list[dict], to: str, body: str) -> bool:
    """Whether the log was read for this recipient at least twice between a text and the same text again."""
    sent = [row["id"] for row in requests if row["call"] == "queue_sms" and row["params"].get("message") == body]
    read = [row for row in requests if row["call"] == "get_sms"]
    looks = [row["id"] for row in read if str(row["params"].get("destination_number", "")).endswith(to)]
    return all(sum(first < look < second for look in looks) >= 2 for first, second in pairwise(sent))


def r3(options: Options) -> Report:
    """R3: the answers are lost and the log cannot be read: nothing is repeated, all is settled soon after the log is back."""
    texts = scaled(options, 0.02)
    with World() as world:
        campaign = Campaign.make(world.begin(), texts)
        lost = world.sandbox.control(
            "faults", [{"slug": "voicemeup", "call": "queue_sms", "fault": "close", "phase": "after"}]
        )
        blind = world.sandbox.control("faults", [{"slug": "voicemeup", "call": "get_sms", "fault": "http_503"}])
        campaign.start()
        wait_until(lambda: len(ledger(world)) >= 5, 120, "texts that went out")
        time.sleep(45)
        early = Report()
        if doubled := verdict.doubled(campaign):
            early.faults.append(f"{doubled.total()} repeated while the log could not be read")
        unclear = campaign.states()["unknown"]
        if campaign.sent().total() != unclear + campaign.rested():
            wait_until(lambda: campaign.states()["sending"] == 0, 20, "calls that end")
            unclear = campaign.states()["unknown"]
        for rule in (lost, blind):
            for one in rule:
                world.sandbox.control(f"faults/{one['id']}", method="DELETE")
        took = campaign.settle(180 + texts)
        early.faults += verdict.faults(campaign)
        early.figures = f"{texts} texts, {unclear} not known while the log was away for 45 s, the campaign at rest {took:.0f} s after it was back"
        return early


def r4(options: Options) -> Report:
    """R4: the broker is emptied three times and killed twice: nothing lost or doubled, and work goes on within a minute."""
    texts = scaled(options, 0.2)
    with World(workers=options.workers) as world:
        campaign = Campaign.make(world.begin(), texts)
        share, waits = Share(campaign), []

        def then_goes_on(blow: Callable[[], str]) -> Callable[[], str]:
            def struck() -> str:
                said, before, started = blow(), campaign.rested(), time.monotonic()
                wait_until(lambda: campaign.rested() > before, 120, "work that goes on", every=0.2)
                waits.append(time.monotonic() - started)
                return said

            return struck

        lose, kill = then_goes_on(world.broker.lose), then_goes_on(lambda: world.broker.kill(options.servers))
        blows = Blows([(0.1, lose), (0.25, kill), (0.4, lose), (0.55, kill), (0.7, lose)], share)
        campaign.start()
        blows.start()
        campaign.settle(patience(texts))
        blows.join(130)
        found = verdict.faults(campaign)
        if len(waits) < 5 or max(waits) > 60:
            found.append(f"after a blow work went on only after {waits} s")
        return Report(
            found, f"{texts} texts, five blows; the next text was out after {max(waits, default=0):.1f} s at most"
        )


def r6(options: Options) -> Report:
    """R6: PostgreSQL is restarted five times while texts go out: nothing doubled, and what was accepted meanwhile is found."""
    if options.servers is None:
        return Report(skipped="only with --services: SQLite has no server to restart")
    texts = scaled(options, 0.2)
    with World(workers=options.workers) as world:
        campaign = Campaign.make(world.begin(), texts)
        share = Share(campaign)
        blows = Blows([(at / 6, options.servers.restart_postgres) for at in range(1, 6)], share)
        campaign.start()
        blows.start()
        with suppress(AssertionError):
            _settled_again(campaign, patience(texts))
        blows.stop.set()
        blows.join(60)
        found = verdict.faults(campaign)
        if len(blows.struck) < 5:
            found.append(f"only {len(blows.struck)} restarts")
        return Report(
            found, f"{texts} texts, {len(blows.struck)} restarts, {campaign.once_unclear()} texts once unclear"
        )


def _settled_again(campaign: Campaign, seconds: float) -> None:
    """As `settle`, while the database may be away."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        with suppress(Exception):
            campaign.settle(5)
            return
        time.sleep(1)


def r27(options: Options) -> Report:
    """R27: STOP comes in while a campaign runs: nothing is claimed later than a second after it is on record."""
    texts = scaled(options, 0.1)
    with World(workers=options.workers) as world:
        campaign = Campaign.make(world.begin(), texts)
        sender = world.value("SELECT sender FROM messaging_campaign ORDER BY id DESC LIMIT 1")
        world.sandbox.control(
            "faults", [{"slug": "voicemeup", "call": "queue_sms", "fault": "delay", "args": {"seconds": 0.3}}]
        )
        campaign.start()
        wait_until(lambda: campaign.rested() > texts / 10, 120, "a campaign under way")
        last = sorted(campaign.wanted, key=lambda text: int(text[1].split()[2]))[-texts // 3 :: 3]
        for number, _body in last:
            world.sandbox.control(
                "inbound-sms", {"to": sender, "from": f"+1{number}", "message": "STOP", "automatic": True}
            )
        campaign.settle(patience(texts))
        late = world.rows(
            "SELECT m.contact_number FROM messaging_message m JOIN messaging_optout o ON o.number = m.contact_number AND o.account_id = m.account_id"
            " JOIN messaging_message stop ON stop.id = o.message_id WHERE m.kind = 'campaign' AND m.external_id IS NOT NULL AND " + _later(world)
        )  # fmt: skip
        on_record = world.value("SELECT count(*) FROM messaging_optout WHERE source = 'keyword' AND word = 'STOP'")
        states, page = campaign.states(), campaign.figures()
        found = [f"{len(late)} texts claimed more than a second after the STOP"] if late else []
        blocked = texts - states["sent"] - states["delivered"]
        if verdict.doubled(campaign) or campaign.sent().total() != texts - blocked:
            found.append(f"{campaign.sent().total()} out, {blocked} blocked of {texts}")
        if page.get("Blocked by opt-out", page.get("Blocked", -1)) != blocked:
            found.append(f"the page says {page}")
        return Report(
            found, f"{texts} texts, {len(last)} people texted STOP, {on_record} on record, {blocked} texts blocked"
        )


def _later(world: World) -> str:
    """Claimed more than a second after the opt-out was on record, which is when its own text was: `at` is when it was written."""
    if world.database.url.startswith("postgres"):
        return "m.claimed_at > stop.created_at + interval '1 second'"
    return "julianday(m.claimed_at) > julianday(stop.created_at) + 1.0 / 86400"


def r30(options: Options) -> Report:
    """R30: with all guards the duels are won; with any one of them taken away R1 fails."""
    report, shown = Report(), []
    for duel in (duels.TWINS, duels.LATE_LOG):
        if found := duels.fought(duel):
            report.faults.append(f"{duel.name} with all guards: {found}")
    for guard, (duel, meaning) in duels.GUARDS.items():
        found = duels.fought(duel, guard)
        shown.append(f"{guard}: {', '.join(found) or 'nothing'}")
        if not found:
            report.faults.append(f"R1 holds without {guard} ({meaning}), so it proves nothing of it")
    report.figures = "; ".join(shown)
    return report


CHECKS: dict[str, Callable[[Options], Report]] = {
    "R1": r1,
    "R2": r2,
    "R3": r3,
    "R4": r4,
    "R6": r6,
    "R27": r27,
    "R30": r30,
}
