"""Who may open a view: every view of the portal names its audience with one of the decorators here."""

from dataclasses import dataclass
from functools import wraps
from urllib.parse import urlencode

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.models import Account, Membership
from accounts.roles import REACHING_ROLES, may, roles_that


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person is in an account: the role, and the account whose membership gives it."""

    account: Account
    role: str
    through: Account

    @property
    def acts_from_above(self) -> bool:
        return self.through.pk != self.account.pk

    def may(self, permission: str) -> bool:
        return may(self.role, permission)


def standing_of(user, account: Account) -> Standing | None:
    """A person's standing in an account: their own membership, else the nearest one above whose role reaches down."""
    chain = account.ancestor_ids()
    memberships = Membership.objects.filter(user=user, account_id__in=chain).select_related("account")
    by_account = {membership.account_id: membership for membership in memberships}
    for pk in reversed(chain):
        membership = by_account.get(pk)
        if membership and (pk == account.pk or membership.role in REACHING_ROLES):
            return Standing(account, membership.role, membership.account)
    return None


def public(view):
    """Anyone may open it, signed in or not."""
    view = login_not_required(view)
    view.audience = "public"
    return view


def signed_in(view):
    """Any signed-in person; the view needs no account."""
    view.audience = "signed_in"
    return view


def allowed(permission: str):
    """Only people whose role in the current account has `permission`; others are told whom to ask."""

    def decorate(view):
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if request.account is None:
                return render(request, "no_account.html", status=403)
            if not request.standing.may(permission):
                raise PermissionDenied(permission)
            return view(request, *args, **kwargs)

        guarded.audience = permission
        return guarded

    return decorate


def confirmed_lately(request: HttpRequest) -> bool:
    """Whether the person has shown within ten minutes that it is them: asked before what is hard to undo."""
    return not settings.FRESH_SIGN_IN or did_recently_reauthenticate(request)


def confirm_first(request: HttpRequest, back_to: str) -> HttpResponse:
    """To the page that asks for the password (or code) again, and from there to `back_to`."""
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': back_to})}")


def who_can(permission: str) -> list[str]:
    return roles_that(permission)
