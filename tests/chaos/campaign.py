"""A campaign as an owner writes it, with as many people as are wanted, and what became of it on all three sides."""

import re
import time
import uuid
from collections import Counter
from dataclasses import dataclass
from functools import cache
from html import unescape

from providers.clients import phones
from tests.chaos.world import World
from tests.reliability import texting
from tests.stack import wait_until

TERMINAL = {"sent", "delivered", "blocked", "failed", "cancelled", "left_out"}
MAKE = """
import uuid
from accounts.actor import Actor
from accounts.models import User
from messaging.campaigns import running
user = User.objects.get(email={email!r})
account = user.memberships.order_by("pk").first().account
actor = Actor(user=user, account=account, name="chaos")
values = dict(name={name!r}, sender={sender!r}, body_en={body!r}, body_fr="", starts_at=None, groups=[], without=[],
              file=open({csv!r}, 'rb'), file_name="people.csv")
print("CAMPAIGN", running.make(actor, account, values, intent=uuid.uuid4()).public_id)
"""
START = """
import uuid
from accounts.actor import Actor
from messaging.campaigns import running
from messaging.models import Campaign
campaign = Campaign.objects.select_related("created_by", "account").get(public_id={public_id!r})
actor = Actor(user=campaign.created_by, account=campaign.account, name="chaos")
running.start(actor, campaign, intent=uuid.uuid4(), seen=campaign.counts["fit"])
"""


@cache
def areas() -> tuple[str, ...]:
    """Area codes of geographic numbers, in which 555-01xx is kept for fiction; none of the sandbox's own are there."""
    found = []
    for area in range(201, 990):
        try:
            number = phones.parse(f"+1{area}5550123", "CA")
        except phones.PhoneError:
            continue
        if not phones.is_premium(number) and area not in (514, 438, 450, 579) and str(area)[0] != "8":
            found.append(str(area))
    return tuple(found)


def people(count: int) -> list[str]:
    """So many numbers of nobody; those that end in 0198 and 0199 never get their texts, so they are left out."""
    pool = [f"+1{area}555{line:04d}" for line in range(100, 198) for area in areas()]
    assert count <= len(pool), f"only {len(pool)} numbers are kept for fiction"
    return pool[:count]


@dataclass
class Campaign:
    """One that was made in a world: its words are of this run alone."""

    world: World
    public_id: str
    wanted: Counter

    @classmethod
    def make(cls, world: World, count: int, seconds: float = 300) -> "Campaign":
        """Written, checked by a worker, and ready to start."""
        mark = uuid.uuid4().hex[:8]
        to = people(count)
        csv = world.folder / f"{mark}.csv"
        csv.write_text("phone,no\n" + "".join(f"{number},{place}\n" for place, number in enumerate(to)))
        body = f"Your order {{{{no}}}} is ready ({mark})"
        sender = texting.sender(world)
        said = world.manage(
            "shell",
            "-c",
            MAKE.format(email=texting.OWNER, name=f"Chaos {mark}", sender=sender, body=body, csv=str(csv)),
        )
        public_id = re.search(r"CAMPAIGN (\S+)", said.stdout)[1]
        wanted = Counter({(number[2:], f"Your order {place} is ready ({mark})"): 1 for place, number in enumerate(to)})
        campaign = cls(world, public_id, wanted)
        wait_until(lambda: campaign.state() != "checking", seconds, "the check of the campaign", every=0.5)
        assert campaign.state() == "ready", world.rows("SELECT error, counts FROM messaging_campaign")
        return campaign

    def start(self) -> "Campaign":
        self.world.manage("shell", "-c", START.format(public_id=self.public_id))
        return self

    def state(self) -> str:
        return self.world.value("SELECT state FROM messaging_campaign WHERE public_id = ?", self._id)

    @property
    def _id(self) -> str:
        return self.public_id if self.world.database.url.startswith("postgres") else uuid.UUID(self.public_id).hex

    # --- what became of it ---
    def states(self) -> Counter:
        rows = self.world.rows(
            "SELECT coalesce(m.state, r.state), count(*) FROM messaging_campaignrow r"
            " JOIN messaging_campaign c ON c.id = r.campaign_id LEFT JOIN messaging_message m ON m.id = r.message_id"
            " WHERE c.public_id = ? GROUP BY 1", self._id,
        )  # fmt: skip
        return Counter(dict(rows))

    def rested(self) -> int:
        """Rows with nothing more to happen, as the database says."""
        return sum(count for state, count in self.states().items() if state in TERMINAL)

    def settle(self, seconds: float) -> float:
        """Wait for the end of every row; returns how long that took."""
        started = time.monotonic()
        wait_until(
            lambda: self.rested() == self.wanted.total(), seconds, f"the end of every row ({self.states()})", every=2
        )
        wait_until(lambda: self.state() == "done", 60, "the end of the campaign", every=0.5)
        return time.monotonic() - started

    def sent(self) -> Counter:
        """What really went out of its texts, by the upstream's ledger."""
        mark = next(iter(self.wanted))[1].rpartition("(")[2]
        found = (row["data"] for row in ledger(self.world))
        return Counter((_ten(row["destination"]), row["message"]) for row in found if row["message"].endswith(mark))

    def figures(self) -> dict[str, int]:
        """What its page says, by the words beside it."""
        html = self.world.session(texting.OWNER).get(f"/messages/campaigns/{self.public_id}/").text
        found = re.findall(r"<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", html, re.DOTALL)
        return {unescape(name).strip(): int(re.sub(r"\D", "", value) or 0) for name, value in found}

    def once_unclear(self) -> int:
        return self._count("m.was_unknown")

    def bound(self) -> int:
        """How many of the upstream's own ids its texts are bound to."""
        return self._count("m.external_id IS NOT NULL", "count(DISTINCT m.external_id)")

    def _count(self, where: str, what: str = "count(*)") -> int:
        return self.world.value(
            f"SELECT {what} FROM messaging_message m JOIN messaging_campaignrow r ON r.message_id = m.id"
            f" JOIN messaging_campaign c ON c.id = r.campaign_id WHERE c.public_id = ? AND {where}", self._id,
        )  # fmt: skip


def ledger(world: World) -> list[dict]:
    """Every text that went out, page by page: the door shows the oldest first."""
    return world.sandbox.control("ledger?kind=sms_sent&limit=1000000")


def _ten(number: str) -> str:
    return re.sub(r"\D", "", number)[-10:]
