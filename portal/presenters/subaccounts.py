"""Sub-accounts as a reseller sees them: the list with its figures, one account's page, and the orphans."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.activity import activity_row
from accounts.models import Account, AuditEntry, Membership, RemoteAccount
from accounts.presenting import ago, day, money, phone
from accounts.states import State
from billing.models import Balance
from billing.presenters import BalanceCard, balance_cards
from billing.services import balances_of
from numbering.models import Number
from numbering.services.coverage_shares import waiting_by_account
from portal import figures
from portal.presenters.subaccount_changes import ChangeNote, account_state, note_of, unsettled
from providers.models import Connection

NUMBERS_SHOWN = 50
ACTIVITY_SHOWN = 10
MOVABLE_SHOWN = 200


@dataclass(frozen=True, slots=True)
class SubaccountRow:
    pk: int
    url: str
    name: str
    above: str
    state: State
    balances: list[str]
    is_low: bool
    numbers: int
    gaps: int
    waiting: int  # numbers whose 911 address has to be chosen or checked
    unknown: int  # numbers whose upstream keeps no 911 addresses that it would tell
    failures: int


@dataclass(frozen=True, slots=True)
class OrphanRow:
    name: str
    upstream: str
    external_id: str
    url: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    pk: int
    name: str
    email: str
    role: str
    status: str
    can_invite: bool


@dataclass(frozen=True, slots=True)
class SubaccountPage:
    account: Account
    state: State
    note: ChangeNote | None
    since: str
    upstreams: list[str]
    balances: list[BalanceCard]
    balance_words: str
    numbers_count: int
    gaps: int
    waiting: int
    unknown: int
    failures: int
    numbers: list[dict]
    people: list[PersonRow]
    activity: list[dict] = field(default_factory=list)


# --- the list ---------------------------------------------------------------------------------------------------------


def subaccount_rows(viewer: Account, accounts: list[Account]) -> list[SubaccountRow]:
    """Rows of a page; every figure is counted for all of them at once."""
    pks = [account.pk for account in accounts]
    numbers, gaps = figures.numbers_by_account(pks), figures.gaps_by_account(pks)
    unknown, waiting = figures.unknown_by_account(pks), waiting_by_account(pks)
    failures, balances = figures.failures_by_account(pks), _balances(pks)
    changes, payers = unsettled(pks), _payers(pks)
    return [
        SubaccountRow(
            pk=account.pk,
            url=reverse("subaccount", args=[account.pk]),
            name=account.name,
            above=account.parent.name if account.parent_id != viewer.pk else "",
            state=account_state(account, changes.get(account.pk)),
            balances=_balance_words(viewer, balances.get(account.pk, []), payers.get(account.pk)),
            is_low=any(balance.is_low for balance in balances.get(account.pk, [])),
            numbers=numbers.get(account.pk, 0),
            gaps=gaps.get(account.pk, 0),
            waiting=waiting.get(account.pk, 0),
            unknown=unknown.get(account.pk, 0),
            failures=failures.get(account.pk, 0),
        )
        for account in accounts
    ]


def _balances(accounts: list[int]) -> dict[int, list[Balance]]:
    found: dict[int, list[Balance]] = {}
    for balance in Balance.objects.filter(account__in=accounts).select_related("connection").order_by("pk"):
        found.setdefault(balance.account_id, []).append(balance)
    return found


def _payers(accounts: list[int]) -> dict[int, Account]:
    """Whose main account pays for a sub-account, by the sub-account."""
    below = RemoteAccount.objects.filter(account__in=accounts, gone_at=None).exclude(external_id="")
    pairs = list(below.values_list("account_id", "connection_id"))
    mains = RemoteAccount.objects.filter(connection__in={connection for _, connection in pairs}, external_id="")
    owners = {main.connection_id: main.account for main in mains.select_related("account")}
    return {account: owners[connection] for account, connection in pairs if owners.get(connection)}


def _balance_words(viewer: Account, balances: list[Balance], payer: Account | None) -> list[str]:
    """One for each upstream, never summed; of an account that has none of its own, whose it is in."""
    if balances or payer is None:
        return [money(balance.amount, balance.currency) for balance in balances]
    return [_("In yours") if payer.pk == viewer.pk else _("In %(account)s's") % {"account": payer.name}]


def orphan_rows(connections: list[Connection]) -> list[OrphanRow]:
    """Upstream sub-accounts that no customer claims (H6)."""
    rows = RemoteAccount.objects.filter(connection__in=connections, account=None, gone_at=None).exclude(external_id="")
    return [
        OrphanRow(row.name, row.connection.label, row.external_id, reverse("subaccount_link", args=[row.pk]))
        for row in rows.select_related("connection").order_by("name", "pk")[:NUMBERS_SHOWN]
    ]


# --- one account ------------------------------------------------------------------------------------------------------


def subaccount_page(viewer: Account, account: Account, *, with_activity: bool) -> SubaccountPage:
    change = unsettled([account.pk]).get(account.pk)
    pks, numbers = [account.pk], Number.objects.for_account(account).present().order_by("number")
    balances = list(balances_of(account))
    return SubaccountPage(
        account=account,
        state=account_state(account, change),
        note=note_of(change),
        since=day(timezone.localdate(account.created_at)),
        upstreams=_upstreams(account),
        balances=balance_cards(balances),
        balance_words="".join(_balance_words(viewer, [], _payers(pks).get(account.pk))),
        numbers_count=figures.numbers_by_account(pks).get(account.pk, 0),
        gaps=figures.gaps_by_account(pks).get(account.pk, 0),
        waiting=waiting_by_account(pks).get(account.pk, 0),
        unknown=figures.unknown_by_account(pks).get(account.pk, 0),
        failures=figures.failures_by_account(pks).get(account.pk, 0),
        numbers=[_number_row(number, account) for number in numbers[:NUMBERS_SHOWN]],
        people=_people(account),
        activity=_activity(account) if with_activity else [],
    )


def _upstreams(account: Account) -> list[str]:
    remotes = RemoteAccount.objects.for_account(account).filter(gone_at=None).select_related("connection")
    return [
        _("%(upstream)s, sub-account %(id)s") % {"upstream": remote.connection.label, "id": remote.external_id}
        if remote.external_id
        else _("%(upstream)s, own account") % {"upstream": remote.connection.label}
        for remote in remotes.order_by("pk")
    ]


def _number_row(number: Number, account: Account) -> dict:
    return {"number": phone(number.number, account.country), "label": number.label, "city": number.city}


def _people(account: Account) -> list[PersonRow]:
    rows = Membership.objects.for_account(account).select_related("user").order_by("pk")
    return [_person_row(membership) for membership in rows]


def _person_row(membership: Membership) -> PersonRow:
    user = membership.user
    name = user.name if membership.has_come or user.last_login is None else ""
    return PersonRow(
        pk=membership.pk,
        name=name or user.email,
        email=user.email if name else "",
        role=membership.get_role_display(),
        status=_person_status(membership),
        can_invite=not membership.has_come,
    )


def _person_status(membership: Membership) -> str:
    if membership.has_come:
        return _("Signed in %(ago)s") % {"ago": ago(membership.user.last_login)}
    if membership.invite_due_at:
        return _("Invitation is being sent")
    if membership.invited_at:
        return _("Invited %(ago)s") % {"ago": ago(membership.invited_at)}
    return _("Never signed in")


def _activity(account: Account) -> list[dict]:
    entries = (
        AuditEntry.objects.for_account(account).select_related("acting_from").order_by("-at", "-pk")[:ACTIVITY_SHOWN]
    )
    return [activity_row(entry) for entry in entries]


# --- moving numbers ---------------------------------------------------------------------------------------------------


def movable_numbers(
    viewer: Account, target: Account, connections: list[Connection], text: str = ""
) -> list[tuple[int, str]]:
    """Numbers that may move to `target` along those connections, as choices; `text` narrows a long list."""
    rows = movable(viewer, target).filter(connection__in=connections)
    return number_choices(rows.search(text, viewer.country) if text else rows, viewer)


def movable(viewer: Account, target: Account):
    """The viewer's own numbers, and those of every other account below."""
    return Number.objects.present().filter(account__path__startswith=viewer.path).exclude(account=target)


def number_choices(rows, viewer: Account) -> list[tuple[int, str]]:
    """One's own first; whose a number is stands beside it where it is another's."""
    shown = rows.select_related("account").order_by("account__path", "number")[:MOVABLE_SHOWN]
    return [(row.pk, _movable_words(row, viewer)) for row in shown]


def _movable_words(row: Number, viewer: Account) -> str:
    holder = "" if row.account_id == viewer.pk else row.account.name
    return " · ".join(filter(None, (phone(row.number, viewer.country), row.label, holder)))
