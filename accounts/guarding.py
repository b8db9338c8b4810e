"""What a person asked of an upstream is checked again when it is carried out, which may be days later (J3).

An operation keeps who asked and for which account; only here is that understood. What the portal or our own staff ask for
has no such check: they act from outside.
"""

from accounts.access import standing_of
from accounts.actor import Actor, audit
from accounts.models import Account, User
from accounts.suspension import Suspended, is_suspended
from providers.clients.errors import Cause, Problem, Rejected
from providers.models import Operation
from providers.operations import GUARDS, Verb

NOT_ALLOWED, SUSPENDED, NOT_YOURS = "not-allowed", "account-suspended", "not-yours"
OURS = (NOT_ALLOWED, SUSPENDED, NOT_YOURS)


def register() -> None:
    GUARDS.append(AskerGuard())


class AskerGuard:
    """Says no where the account is suspended, or where the person's role does not allow it any more."""

    def may_ask(self, verb: Verb, asker: dict) -> None:
        if verb.even_suspended or not asker or asker.get("before"):
            return
        account = _account(asker)
        if account and is_suspended(account) and not User.objects.filter(pk=asker["user"], is_staff=True).exists():
            raise Suspended

    def check(self, verb: Verb, operation: Operation) -> None:
        asker = operation.asker
        if not asker:
            return
        user = User.objects.filter(pk=asker["user"], is_active=True).first()
        if user and user.is_staff:
            return
        account = _account(asker)
        standing = standing_of(user, account) if user and account else None
        if verb.needs and not (standing and standing.may(verb.needs)):
            raise refusal(NOT_ALLOWED, Cause.NOT_ALLOWED, "who asked for it may no longer do so")
        if account and operation.arguments.get("account_id", account.pk) != account.pk:
            raise not_yours()  # it went elsewhere between the page's look and the service's
        if account and not verb.even_suspended and is_suspended(account):
            raise refusal(SUSPENDED, Cause.SUSPENDED, "the account is suspended")

    def changed(self, operation: Operation) -> None:
        """What was not carried out is in the log of the account, for those who wonder what became of it."""
        if operation.state != Operation.State.FAILED or operation.error_code not in OURS or not operation.asker:
            return
        user = User.objects.filter(pk=operation.asker["user"]).first()
        after = {"asked_by": operation.actor_name, "what": operation.verb, "why": operation.error_code}
        actor = Actor(user=None, account=_account(operation.asker))
        audit(actor, "operation.stopped", str(user or operation.actor_name), after=after)


def asked_before(user_id: int | None, account_id: int) -> dict:
    """Of what a worker hands over long after a person asked: it is not refused at once, but with words when it is made."""
    return {"user": user_id, "account": account_id, "before": True}


def refusal(code: str, cause: Cause, words: str) -> Rejected:
    """Nothing was sent: as an error of an upstream, with the reason where pages look for one."""
    return Rejected(words, code=code, cause=cause, problems=(Problem(code, cause=cause),))


def not_yours() -> Rejected:
    return refusal(NOT_YOURS, Cause.NOT_YOURS, "it is no longer on this account")


def account_of(operation: Operation) -> Account | None:
    """The account in which a person asked for it; None where the portal did."""
    return _account(operation.asker) if operation.asker else None


def _account(asker: dict) -> Account | None:
    return Account.objects.filter(pk=asker["account"]).first()
