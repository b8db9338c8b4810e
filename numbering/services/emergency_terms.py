"""That the limits of 911 were accepted: once by a person for an account and a text, with when and from where (E8)."""

from django.utils.translation import get_language

from accounts.actor import Actor, audit
from accounts.models import Account, User
from numbering.models import TermsAcceptance

TERMS_VERSION = "2026-11"  # of the text in templates/numbers/_e911_terms.html: change both together


def acceptance(account: Account, user: User) -> TermsAcceptance | None:
    """What this person accepted of the text as it is now."""
    return TermsAcceptance.objects.for_account(account).filter(user=user, version=TERMS_VERSION).first()


def accept(actor: Actor) -> None:
    """Keep the record; accepting the same text again changes nothing, the first time stays."""
    row, is_new = TermsAcceptance.objects.get_or_create(
        account=actor.account,
        user=actor.user,
        version=TERMS_VERSION,
        defaults={"ip": actor.ip, "language": (get_language() or "en")[:2]},
    )
    if is_new:
        audit(actor, "e911.terms_accepted", TERMS_VERSION, after={"language": row.language})
