"""The mail that invites a person into an account: a link to choose a password, never a password."""

from datetime import timedelta

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Account, Brand, Membership, User

TRY_AGAIN = timedelta(minutes=2)


def due(limit: int = 50) -> list[int]:
    """Invitations that were asked for and not sent."""
    rows = Membership.objects.filter(invite_due_at__lte=timezone.now()).order_by("invite_due_at")
    return list(rows.values_list("pk", flat=True)[:limit])


def send(pk: int) -> bool:
    """Send one invitation, once: claimed before the mail goes out, tried again when the mail server refuses."""
    now = timezone.now()
    claimed = Membership.objects.filter(pk=pk, invite_due_at__lte=now).update(invite_due_at=now + TRY_AGAIN)
    if not claimed:
        return False
    membership = Membership.objects.select_related("user", "account").get(pk=pk)
    _mail(membership).send()
    Membership.objects.filter(pk=pk).update(invite_due_at=None, invited_at=timezone.now())
    return True


def _mail(membership: Membership) -> EmailMessage:
    user = membership.user
    context = {"membership": membership, "brand": brand_name(membership.account), **_link(user)}
    with translation.override(user.language):
        subject = render_to_string("accounts/mail/invitation_subject.txt", context).strip()
        body = render_to_string("accounts/mail/invitation.txt", context)
    return EmailMessage(" ".join(subject.split()), body, to=[user.email])


def _link(user: User) -> dict:
    """Where the person goes: to choose a password, or to sign in. The link is made when the mail is, and never kept."""
    if user.has_usable_password():
        return {"is_new": False, "url": settings.PORTAL_URL + reverse("account_login")}
    token = default_token_generator.make_token(user)
    words = {"uidb36": user_pk_to_url_str(user), "key": token}
    return {"is_new": True, "url": settings.PORTAL_URL + reverse("account_reset_password_from_key", kwargs=words)}


def brand_name(account: Account) -> str:
    """The name under which this account knows the portal, for the foot of a mail; "" where it has none."""
    brands = dict(Brand.objects.filter(account__in=account.ancestor_ids()).values_list("account", "name"))
    return next((brands[pk] for pk in reversed(account.ancestor_ids()) if pk in brands), "")
