"""What the contract's questions need to know of an upstream: who texts, where numbers are bought, what a port looks like."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from providers.clients.capability import Capability as May
from providers.clients.wired import Wired
from tests.providers.contract.connecting import World
from tests.providers.contract.every_example import STAGES
from tests.providers.contract.examples import voicemeup as vmu
from tests.providers.contract.examples import voicetel as vt


@dataclass(frozen=True)
class Subject:
    """`other` is the key of its second company; `sender` a name that texts come from where there are no numbers.

    `changes` are settings to change, each by itself; `wrong` the credentials to spoil, together, in turn.
    """

    slug: str
    other: str
    wrong: tuple[tuple[str, ...], ...]
    sender: str = ""
    area_code: str = ""
    changes: tuple[dict, ...] = ()
    address: object = None
    portable: str = ""
    not_portable: str = ""
    draft: Callable | None = None
    owner: dict[May, str] = field(default_factory=dict)  # whose account has what the plumber's has not
    beforehand: dict[May, Callable] = field(default_factory=dict)  # what must happen, so that there is something


SUBJECTS = {
    subject.slug: subject
    for subject in (
        Subject(
            "voicemeup",
            "velo",
            wrong=(("auth_token",), ("username",)),
            area_code="514",
            changes=(
                {"label": "Counter"},
                {"voicemail": False},
                {"sms_email": "shop@demo.test"},
                {"caller_id_name": "CORNER SHOP"},
                {"sms_autoreply": "Fermé / closed"},
            ),
            address=vmu.ADDRESS,
            portable="+15145550134",
            draft=vmu.draft,
            owner={May.SUBACCOUNTS: "boreal"},
        ),
        Subject("jafone", "clinique", wrong=(("key",), ("user_id",))),
        Subject(
            "voicetel",
            "saranac",
            wrong=(("password", "apikey"),),
            area_code="315",
            changes=({"sms": False},),
            address=vt.ADDRESS,
            portable="+14135550155",
            not_portable="+14135550199",
            draft=lambda stage: vt.draft(stage).args[0],
        ),
        Subject(
            "jomobile",
            "traversier",
            wrong=(("password",), ("username",)),
            sender="LACHANCE",
            beforehand={May.OPT_OUTS: lambda side: side.client.add_opt_out(side.log()[0].destination)},
        ),
        Subject(
            "voximplant",
            "fogline",
            wrong=(("api_key", "private_key"), ("account_id",)),
            area_code="628",
            changes=({"sms": False}, {"sms_webhook": "https://portal.example/sms"}),
        ),
    )
}
TEXTING = tuple(SUBJECTS)
NUMBERED = tuple(slug for slug, subject in SUBJECTS.items() if not subject.sender)


@dataclass(frozen=True)
class Side:
    """One account of one upstream, with a client and what the questions ask about it."""

    subject: Subject
    client: Wired
    world: World

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self.world.sandbox.control("clock")["now"], UTC)

    @property
    def long_ago(self) -> datetime:
        return self.now - timedelta(days=60)

    @property
    def stage(self):
        return STAGES[self.subject.slug](self.client, self.world.sandbox.control)

    def source(self) -> str:
        """A number of its own that texts, or the name that it texts under."""
        return self.subject.sender or next(one.number for one in self.texting())

    def texting(self):
        """Its numbers that text, now."""
        return (one for one in self.client.numbers() if one.sms and one.settings.get("sms", True))

    def log(self, **filters) -> list:
        """The texts of these days."""
        day = self.client.today()
        return list(self.client.messages(day - timedelta(days=1), day + timedelta(days=1), **filters))


def with_something_of(world: World, slug: str, may: May) -> Side:
    """Whoever has something of it at this upstream."""
    found = side(world, slug, SUBJECTS[slug].owner.get(may, ""))
    if may in found.subject.beforehand:
        found.subject.beforehand[may](found)
    return found


def side(world: World, slug: str, account: str = "", **options) -> Side:
    """The plumber's account, or another one, in the world as it is."""
    subject = SUBJECTS[slug]
    return Side(subject, world.client(slug, account or "lachance", **options), world)
