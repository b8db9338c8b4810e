"""The home page: what a person wants to know first, only of what their role may see."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import Standing
from accounts.models import Account
from accounts.ownership import connections_of
from accounts.presenting import Fresh, ago, fresh, number, phone
from accounts.roles import May
from accounts.sources import is_behind, names_of
from accounts.states import State, Tone, state
from billing.presenters import BalanceCard, balance_cards
from billing.services import balances_of, covering_accounts
from messaging.models import Thread
from numbering.models import Number, PortRequest
from numbering.presenters.ports import Row, row_of
from numbering.services.coverage import waiting_for_a_person
from numbering.services.ports import may_start
from portal.figures import unknown_911, without_911
from portal.presenters.changes import Change, latest_changes
from providers.models import Connection, Feed

SHOWN = 5
LATE = timedelta(minutes=30)  # a feed this far behind its own beat is worth a word


@dataclass(frozen=True, slots=True)
class ThreadRow:
    who: str
    number: str
    text: str
    at: str
    unread: int
    url: str


@dataclass(frozen=True, slots=True)
class UpstreamRow:
    """How fresh what one upstream told us is; `late` names what is behind."""

    name: str
    state: State
    freshness: Fresh
    late: str


@dataclass(frozen=True, slots=True)
class Home:
    balances: list[BalanceCard] | None = None
    covered: list[tuple[str, str]] = field(default_factory=list)
    threads: list[ThreadRow] | None = None
    unread: int = 0
    ports: list[Row] | None = None
    open_ports: int = 0
    numbers: int = 0
    gaps: int | None = None
    attention: int = 0  # numbers whose 911 address has to be chosen or checked
    unknown: int = 0  # numbers whose upstream keeps no 911 addresses that it would tell
    may_port: bool = False
    changes: list[Change] = field(default_factory=list)
    upstreams: list[UpstreamRow] = field(default_factory=list)

    @property
    def coverage(self) -> State | None:
        if not self.numbers:
            return None
        if self.gaps:
            return state(Tone.FAILED, _("Not covered"))
        if self.attention:
            return state(Tone.WAITING, _("Needs you"))
        return state(Tone.UNKNOWN, _("Not all known")) if self.unknown else state(Tone.FINE, _("All covered"))

    @property
    def gaps_text(self) -> str:
        return number(self.gaps or 0)

    @property
    def attention_text(self) -> str:
        return number(self.attention)

    @property
    def known_text(self) -> str:
        return number(self.known)

    @property
    def known(self) -> int:
        return self.numbers - self.unknown


def home_of(standing: Standing, last_visit: datetime | None) -> Home:
    account, may = standing.account, standing.may
    values = {"may_port": may_start(standing)}
    low = []
    if may(May.READ_BILLING):
        low = list(balances_of(account))
        values |= {"balances": balance_cards(low), "covered": [] if low else covering_accounts(account)}
    if may(May.READ_MESSAGES):
        values |= _threads(account)
    if may(May.READ_PORTS):
        values |= _ports(account)
    if may(May.READ_E911):
        values |= _coverage(account)
    changes = latest_changes(standing, low, last_visit)
    return Home(**values, changes=changes, upstreams=_upstreams(standing))


def _threads(account: Account) -> dict:
    unread = Thread.objects.for_account(account).unread()
    newest = list(unread.order_by("-last_at", "-pk")[:SHOWN])
    return {"threads": [_thread_row(thread, account) for thread in newest], "unread": unread.count()}


def _thread_row(thread: Thread, account: Account) -> ThreadRow:
    contact = phone(thread.contact_number, account.country)
    return ThreadRow(
        who=thread.contact_name or contact,
        number=phone(thread.our_number, account.country),
        text=thread.last_text or _("Picture"),
        at=ago(thread.last_at),
        unread=thread.unread,
        url=reverse("messages:thread", args=[thread.pk]),
    )


def _ports(account: Account) -> dict:
    open_ports = PortRequest.objects.for_account(account).under_way()
    newest = open_ports.select_related("operation", "connection").order_by("-created_at", "-pk")[:SHOWN]
    return {"ports": [row_of(port) for port in newest], "open_ports": open_ports.count()}


def _coverage(account: Account) -> dict:
    numbers = Number.objects.for_account(account)
    return {
        "numbers": numbers.present().count(),
        "gaps": without_911(numbers).count(),
        "attention": waiting_for_a_person(account).count(),
        "unknown": unknown_911(numbers).count(),
    }


def _upstreams(standing: Standing) -> list[UpstreamRow]:
    """One line for each upstream, from the feeds behind what this person may see."""
    feeds = Feed.objects.filter(connection__in=connections_of(standing.account), name__in=_feeds_for(standing))
    by_connection: dict[Connection, list[Feed]] = {}
    for feed in feeds.select_related("connection").order_by("connection__name", "connection", "pk"):
        by_connection.setdefault(feed.connection, []).append(feed)
    names = names_of(by_connection)
    return [_upstream_row(connection, names[connection.pk], feeds) for connection, feeds in by_connection.items()]


FEED_NEEDS = {
    "balance": May.READ_BILLING,
    "ledger": May.READ_BILLING,
    "numbers": May.READ_NUMBERS,
    "messages": May.READ_MESSAGES,
    "ports": May.READ_PORTS,
    "e911": May.READ_E911,
}
FEED_NAMES = {
    "balance": gettext_lazy("balance"),
    "ledger": gettext_lazy("ledger"),
    "numbers": gettext_lazy("numbers"),
    "messages": gettext_lazy("messages"),
    "ports": gettext_lazy("ports"),
    "e911": gettext_lazy("911 addresses"),
}


def _feeds_for(standing: Standing) -> list[str]:
    return [name for name, permission in FEED_NEEDS.items() if standing.may(permission)]


def _upstream_row(connection: Connection, name: str, feeds: list[Feed]) -> UpstreamRow:
    late = [
        str(FEED_NAMES[feed.name])
        for feed in feeds
        if is_behind(feed.last_ok_at, feed.due_at, feed.failures, late=LATE)
    ]
    newest = max((feed.last_ok_at for feed in feeds if feed.last_ok_at), default=None)
    return UpstreamRow(
        name=name,
        state=_upstream_state(connection, bool(late)),
        freshness=fresh(name, newest),
        late=_("Behind: %(feeds)s") % {"feeds": ", ".join(late)} if late else "",
    )


def _upstream_state(connection: Connection, late: bool) -> State:
    if connection.health in {Connection.Health.OK, Connection.Health.NEW}:
        return state(Tone.STALE, _("Partly behind")) if late else state(Tone.FINE, _("Up to date"))
    if connection.health == Connection.Health.LIMITED:
        return state(Tone.HELD, connection.get_health_display())
    return state(Tone.FAILED, connection.get_health_display())
