"""The demo world: an operator, a reseller with its customers, and the people who sign in, on data that the sandbox serves."""

from dataclasses import dataclass

import requests
from django.db import transaction

from accounts.connecting import connect
from accounts.models import Account, Brand, Membership, RemoteAccount, User
from accounts.roles import Role
from messaging.models import SenderName, Thread
from portal import demo_people
from providers import sync
from providers.models import Connection, Feed, SyncRun

PASSWORD = "demo-portal-2026"  # noqa: S105 - printed by `make run`, for a world where nothing is real
HOST = "127.0.0.1"  # where the demo is opened, so that its sign-in page has the operator's brand
UNREAD = 3  # conversations with a new text
LANGUAGE_OF = {"clinique": "fr", "traversier": "fr"}
ORPHAN_LEFT = 1  # one upstream sub-account stays unclaimed, so that the reseller sees what that looks like


@dataclass(frozen=True, slots=True)
class Line:
    """A connection of the demo: whose, at which upstream, under which account of the sandbox's world."""

    account: str
    slug: str
    key: str


# The plumber shows all five upstreams; every upstream has a customer of its own beside him.
LINES = (
    Line("boreal", "voicemeup", "boreal"),
    Line("lachance", "voicemeup", "lachance"),
    Line("lachance", "jafone", "lachance"),
    Line("lachance", "voicetel", "lachance"),
    Line("lachance", "jomobile", "lachance"),
    Line("lachance", "voximplant", "lachance"),
    Line("clinique", "jafone", "clinique"),
    Line("saranac", "voicetel", "saranac"),
    Line("traversier", "jomobile", "traversier"),
    Line("fogline", "voximplant", "fogline"),
)


@dataclass(frozen=True, slots=True)
class Person:
    email: str
    name: str
    account: str
    role: str
    language: str = "en"


PEOPLE = (
    Person("owner@demo.test", "Camille Lachance", "lachance", Role.OWNER),
    Person("agent@demo.test", "Théo Girard", "lachance", Role.AGENT, "fr"),
    Person("reseller@demo.test", "Maude Boréal", "boreal", Role.OWNER),
)


def is_loaded() -> bool:
    """Whether an earlier load came to its end: what it brings home last is there."""
    return Feed.objects.filter(
        connection__remote_accounts__account__memberships__user__email=PEOPLE[0].email, last_ok_at__isnull=False
    ).exists()


def load(sandbox: str, say) -> bool:
    """Make what is missing of the demo world and bring its data home. Returns whether every feed came home."""
    rows = requests.get(f"{sandbox}/_control/accounts?slug=all", timeout=20).json()
    upstream = {(row["slug"], row["key"]): row for row in rows}
    with transaction.atomic():
        accounts = _accounts(upstream)
        _people(accounts)
    good = True
    for line in LINES:
        connection = _connect(accounts[line.account], line.slug, upstream[line.slug, line.key], sandbox)
        good &= _bring_home(connection, ["subaccounts"], say)
        if line.account == "boreal":
            _claim_subaccounts(connection)
        good &= _bring_home(connection, [name for name in sync.feeds_of(connection) if name != "subaccounts"], say)
    _leave_some_unread(accounts["lachance"])
    demo_people.write_down(accounts["lachance"])
    return good


def _leave_some_unread(account: Account) -> None:
    """History comes home as read; a demo without a new text would hide what the inbox is for."""
    newest = Thread.objects.for_account(account).inbox().filter(last_direction="inbound")[:UNREAD]
    Thread.objects.filter(pk__in=[thread.pk for thread in newest]).update(unread=1)


def _accounts(upstream: dict) -> dict[str, Account]:
    operator = _account("Havre Télécom", Account.Kind.OPERATOR, None)
    reseller = _account(upstream["voicemeup", "boreal"]["organization"], Account.Kind.RESELLER, operator)
    Brand.objects.get_or_create(
        account=operator, defaults={"name": "Havre Télécom", "hue": 250, "chroma": 14, "host": HOST}
    )
    Brand.objects.get_or_create(account=reseller, defaults={"name": "Boréal", "hue": 185, "chroma": 11})
    found = {"operator": operator, "boreal": reseller}
    for line in LINES:
        if line.account not in found:
            parent = reseller if line.account == "lachance" else operator
            name = upstream[line.slug, line.key]["organization"]
            found[line.account] = _account(name, Account.Kind.CUSTOMER, parent, LANGUAGE_OF.get(line.account, "en"))
    return found


def _account(name: str, kind: str, parent: Account | None, language: str = "en") -> Account:
    return Account.objects.get_or_create(name=name, kind=kind, parent=parent, defaults={"language": language})[0]


def _people(accounts: dict[str, Account]) -> None:
    for person in PEOPLE:
        user = User.objects.filter(email=person.email).first()
        user = user or User.objects.create_user(person.email, PASSWORD, name=person.name, language=person.language)
        Membership.objects.get_or_create(user=user, account=accounts[person.account], defaults={"role": person.role})
    if not User.objects.filter(email="staff@demo.test").exists():
        User.objects.create_superuser("staff@demo.test", PASSWORD, name="Sam Staff")


def _connect(account: Account, slug: str, row: dict, sandbox: str) -> Connection:
    client = Connection(slug=slug).client_class
    told = row | row.get("credentials", {})
    known = (*client.credential_fields, *client.open_fields)
    credentials = {name: told[name] for name in known if told.get(name)}
    name = f"{client.label} {account.name}"
    connection = connect(account, slug=slug, name=name, base_url=f"{sandbox}/{slug}", credentials=credentials)
    for sender in row.get("originators", []):
        if not sender.isdigit():
            SenderName.objects.get_or_create(connection=connection, name=sender, defaults={"account": account})
    return connection


def _claim_subaccounts(connection: Connection) -> None:
    """A customer account for each of the reseller's upstream sub-accounts, but for the one left as an orphan."""
    main = RemoteAccount.objects.get(connection=connection, external_id="").account
    unclaimed = RemoteAccount.objects.filter(connection=connection, account=None, gone_at=None).order_by("external_id")
    for remote in list(unclaimed)[: -ORPHAN_LEFT or None]:
        with transaction.atomic():
            remote.account = Account.objects.create(name=remote.name, parent=main, language=main.language)
            remote.save(update_fields=["account"])


def _bring_home(connection: Connection, names: list[str], say) -> bool:
    good = True
    for name in names:  # in the order in which they build on each other
        feed = Feed.objects.filter(connection=connection, name=name).first()
        if feed is None:
            continue
        run = sync.run_feed(feed.pk, trigger="demo", force=True)
        done = run is not None and run.state == SyncRun.State.DONE
        say(f"  {connection.name}: {feed.name} {f'{run.seen} rows' if done else 'not yet (the worker will try again)'}")
        good &= done
    return good
