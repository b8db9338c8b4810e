"""What became of a change that was asked for: the state of an account while one is on its way or stuck."""

from dataclasses import dataclass

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from accounts.models import Account, SubaccountChange
from accounts.states import State, Tone, state
from providers.models import Operation

Kind = SubaccountChange.Kind
UNSETTLED = [state for state in Operation.State if state != Operation.State.DONE]


@dataclass(frozen=True, slots=True)
class ChangeNote:
    """What became of the latest change that was asked for, while it is not done."""

    state: State
    text: str
    is_open: bool
    may_retry: bool


def unsettled(accounts: list[int]) -> dict[int, SubaccountChange]:
    """The change of each account that is on its way or stuck: the latest, or the creation that never came through."""
    rows = SubaccountChange.objects.filter(account__in=accounts)
    latest = rows.order_by().values("account").annotate(newest=Max("pk")).values("newest")
    stuck = rows.filter(Q(pk__in=latest) | Q(kind=Kind.CREATE), operations__state__in=UNSETTLED)
    return {
        change.account_id: change
        for change in stuck.order_by("pk").distinct().prefetch_related("operations__connection")
    }


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


def note_of(change: SubaccountChange | None) -> ChangeNote | None:
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
