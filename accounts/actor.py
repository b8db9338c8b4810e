"""Who is acting, carried from the request into services, and the one way to write an audit entry."""

from dataclasses import dataclass

from django.http import HttpRequest

from accounts.models import Account, AuditEntry, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person (or the portal itself), in which account, and through whose membership."""

    user: User | None = None
    account: Account | None = None
    acting_from: Account | None = None
    ip: str | None = None
    request_id: str = ""
    name: str = "portal"

    @property
    def asker(self) -> dict:
        """Who asks, as an `Operation` keeps it for `accounts.guarding`. The portal itself answers to nobody."""
        if self.user is None:
            return {}
        return {"user": self.user.pk, "account": self.account.pk if self.account else None}

    @classmethod
    def of(cls, request: HttpRequest) -> "Actor":
        standing = getattr(request, "standing", None)
        return cls(
            user=request.user,
            account=request.account,
            acting_from=standing.through if standing and standing.acts_from_above else None,
            ip=request.META.get("REMOTE_ADDR"),
            request_id=getattr(request, "request_id", ""),
            name=str(request.user),
        )


def audit(
    actor: Actor, action: str, subject: str = "", *, account: Account | None = None, before=None, after=None
) -> AuditEntry:
    """Write what was done. Called in the transaction of the change, so that neither exists without the other.

    `action` is "noun.verb" ("number.changed"); `before` and `after` hold only what differs and never a secret.
    """
    return AuditEntry.objects.create(
        account=account or actor.account,
        user=actor.user,
        actor_name=actor.name[:160],
        acting_from=actor.acting_from,
        action=action,
        subject=subject[:200],
        before=before or {},
        after=after or {},
        ip=actor.ip,
        request_id=actor.request_id,
    )
