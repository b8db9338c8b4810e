"""Sub-accounts as a reseller sees them: the list with its figures, one account's page, and the orphans."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.activity import activity_row
from accounts.models import Account, AuditEntry, Membership, RemoteAccount, SubaccountChange
from accounts.presenting import ago, day, money, phone
from accounts.states import State, Tone, state
from billing.models import Balance
from billing.presenters import BalanceCard, balance_cards
from billing.services import balances_of
from numbering.models import Number
from portal import figures
from providers.models import Connection, Operation

NUMBERS_SHOWN = 50
ACTIVITY_SHOWN = 10
MOVABLE_SHOWN = 200
Kind = SubaccountChange.Kind
UNSETTLED = [state for state in Operation.State if state != Operation.State.DONE]


@dataclass(frozen=True, slots=True)
class SubaccountRow:
    pk: int
    url: str
    name: str
    above: str
    state: State
    balance: str
    is_low: bool
    numbers: int
    gaps: int
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
class ChangeNote:
    """What became of the latest change that was asked for, while it is not done."""

    state: State
    text: str
    is_open: bool
    may_retry: bool


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
    failures: int
    numbers: list[dict]
    people: list[PersonRow]
    activity: list[dict] = field(default_factory=list)


# --- the list ---------------------------------------------------------------------------------------------------------


def subaccount_rows(viewer: Account, accounts: list[Account]) -> list[SubaccountRow]:
    """Rows of a page; every figure is counted for all of them at once."""
    pks = [account.pk for account in accounts]
    numbers, gaps = figures.numbers_by_account(pks), figures.gaps_by_account(pks)
    failures, balances = figures.failures_by_account(pks), _balances(pks)
    unsettled, payers = _unsettled(pks), _payers(pks)
    return [
        SubaccountRow(
            pk=account.pk,
            url=reverse("subaccount", args=[account.pk]),
            name=account.name,
            above=account.parent.name if account.parent_id != viewer.pk else "",
            state=account_state(account, unsettled.get(account.pk)),
            balance=_balance_words(viewer, balances.get(account.pk, []), payers.get(account.pk)),
            is_low=any(balance.is_low for balance in balances.get(account.pk, [])),
            numbers=numbers.get(account.pk, 0),
            gaps=gaps.get(account.pk, 0),
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


def _balance_words(viewer: Account, balances: list[Balance], payer: Account | None) -> str:
    if balances:
        return ", ".join(money(balance.amount, balance.currency) for balance in balances)
    if payer is None:
        return ""
    return _("In yours") if payer.pk == viewer.pk else _("In %(account)s's") % {"account": payer.name}


def _unsettled(accounts: list[int]) -> dict[int, SubaccountChange]:
    """The latest change of each account, where it is not done."""
    changes = SubaccountChange.objects.filter(account__in=accounts, operations__state__in=UNSETTLED)
    newest = changes.order_by("pk").distinct().prefetch_related("operations")
    return {change.account_id: change for change in newest}


def account_state(account: Account, change: SubaccountChange | None) -> State:
    """The account's own state, unless a change of it is on its way or stuck."""
    if change and (shown := _change_state(change)):
        return shown
    if account.status == Account.Status.SUSPENDED:
        return state(Tone.HELD, _("Suspended"))
    return state(Tone.FINE, _("Active"))


def _change_state(change: SubaccountChange) -> State | None:
    states = {operation.state for operation in change.operations.all()}
    if states & {Operation.State.QUEUED, Operation.State.SENDING}:
        words = {Kind.CREATE: _("Being created"), Kind.SUSPEND: _("Being suspended"), Kind.RESUME: _("Being resumed")}
        return state(Tone.WORKING, words[change.kind])
    if Operation.State.UNKNOWN in states:
        return state(Tone.UNKNOWN, _("Being checked"))
    if Operation.State.PARKED in states:
        return state(Tone.UNKNOWN, _("Not known"))
    words = {Kind.CREATE: _("Not created"), Kind.SUSPEND: _("Not suspended"), Kind.RESUME: _("Not resumed")}
    return state(Tone.FAILED, words[change.kind]) if Operation.State.FAILED in states else None


def orphan_rows(connections: list[Connection]) -> list[OrphanRow]:
    """Upstream sub-accounts that no customer claims (H6)."""
    rows = RemoteAccount.objects.filter(connection__in=connections, account=None, gone_at=None).exclude(external_id="")
    return [
        OrphanRow(row.name, row.connection.label, row.external_id, reverse("subaccount_link", args=[row.pk]))
        for row in rows.select_related("connection").order_by("name", "pk")[:NUMBERS_SHOWN]
    ]


# --- one account ------------------------------------------------------------------------------------------------------


def subaccount_page(viewer: Account, account: Account, *, with_activity: bool) -> SubaccountPage:
    change = _unsettled([account.pk]).get(account.pk)
    pks, numbers = [account.pk], Number.objects.for_account(account).present().order_by("number")
    balances = list(balances_of(account))
    return SubaccountPage(
        account=account,
        state=account_state(account, change),
        note=_note(change),
        since=day(timezone.localdate(account.created_at)),
        upstreams=_upstreams(account),
        balances=balance_cards(balances),
        balance_words=_balance_words(viewer, [], _payers(pks).get(account.pk)),
        numbers_count=figures.numbers_by_account(pks).get(account.pk, 0),
        gaps=figures.gaps_by_account(pks).get(account.pk, 0),
        failures=figures.failures_by_account(pks).get(account.pk, 0),
        numbers=[_number_row(number, account) for number in numbers[:NUMBERS_SHOWN]],
        people=_people(account),
        activity=_activity(account) if with_activity else [],
    )


def _note(change: SubaccountChange | None) -> ChangeNote | None:
    if change is None or (shown := _change_state(change)) is None:
        return None
    operations = list(change.operations.all())
    upstream = ", ".join(sorted({operation.connection.label for operation in operations}))
    is_open = any(operation.is_open for operation in operations)
    return ChangeNote(shown, _note_words(shown.tone, is_open) % {"upstream": upstream}, is_open, not is_open)


def _note_words(tone: Tone, is_open: bool) -> str:
    if tone == Tone.WORKING:
        return _("%(upstream)s has not confirmed yet. You can leave this page.")
    if is_open:
        return _("%(upstream)s gave no clear answer. We are looking at what it has; nothing is sent twice.")
    if tone == Tone.UNKNOWN:
        return _("%(upstream)s gave no clear answer and lists nothing. Look there first, then try again.")
    return _("%(upstream)s did not accept it. Nothing was changed there.")


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
    return PersonRow(
        pk=membership.pk,
        name=user.name or user.email,
        email=user.email if user.name else "",
        role=membership.get_role_display(),
        status=_person_status(membership),
        can_invite=user.last_login is None,
    )


def _person_status(membership: Membership) -> str:
    if membership.user.last_login:
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


def movable_numbers(viewer: Account, connections: list[Connection], text: str = "") -> list[tuple[int, str]]:
    """The viewer's own numbers on those connections, as choices; `text` narrows a long list."""
    rows = Number.objects.for_account(viewer).present().filter(connection__in=connections)
    return number_choices(rows.search(text, viewer.country) if text else rows, viewer)


def number_choices(rows, viewer: Account) -> list[tuple[int, str]]:
    shown = rows.order_by("number")[:MOVABLE_SHOWN]
    return [(row.pk, " · ".join(filter(None, (phone(row.number, viewer.country), row.label)))) for row in shown]
