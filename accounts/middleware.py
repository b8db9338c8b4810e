"""Puts the person's account, standing, language and time zone on every request."""

import time
from zoneinfo import ZoneInfo

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language_from_request

from accounts import suspension
from accounts.access import standing_of
from accounts.models import Account, Membership
from accounts.suspension import Suspended

SESSION_KEY = "account_id"
SEEN_KEY, SINCE_KEY = "seen", "since"
SECRET_WORDS = {"password", "pin", "digits"}  # in the names of fields that no page shows again
SEEN_EVERY = 60  # seconds between two notes of activity: a session is not written with every click


class LanguageMiddleware:
    """The language chosen on the page (a cookie) wins, then the browser's; signing in sets the cookie from the person."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        translation.activate(get_language_from_request(request))
        request.LANGUAGE_CODE = translation.get_language()
        response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", translation.get_language())
        return response


class AccountMiddleware:
    """Sets `request.account` and `request.standing`, looked up anew on each request so that a revoked role ends at once."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.account = request.standing = None
        request.suspension = SimpleLazyObject(lambda: suspension.sentence(request.account))
        if request.user.is_authenticated:
            self._attach(request)
            timezone.activate(ZoneInfo(request.user.time_zone))
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()

    def process_exception(self, request, exception):
        """A suspended account spends and changes nothing: said in words, and what was typed can be sent again later."""
        if not isinstance(exception, Suspended):
            return None
        kept = [(name, value) for name, values in request.POST.lists() if _is_kept(name) for value in values]
        context = {"kept": kept, "had_files": bool(request.FILES), "back": _came_from(request)}
        response = render(request, "suspended.html", context, status=403)
        response.headers["X-Why"] = "suspended"  # for the script: the form stays as it is, under these words
        return response

    def _attach(self, request) -> None:
        for account in (self._chosen(request), self._first(request)):
            standing = standing_of(request.user, account) if account else None
            if standing:
                request.account, request.standing = account, standing
                return

    def _chosen(self, request) -> Account | None:
        pk = request.session.get(SESSION_KEY)
        return Account.objects.select_related("parent").filter(pk=pk).first() if pk else None

    def _first(self, request) -> Account | None:
        """The account of the oldest membership: at sign-in, and when the chosen one was taken away."""
        membership = (
            Membership.objects.filter(user=request.user).select_related("account__parent").order_by("pk").first()
        )
        return membership.account if membership else None


class IdleMiddleware:
    """Signs a person out after a quiet while, and after a long day whatever happened.

    A page that refreshes itself is not a person: views listed in `SELF_REFRESHING` never count as activity.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not request.user.is_authenticated:
            return None
        now = time.time()
        seen = request.session.get(SEEN_KEY, now)
        since = request.session.setdefault(SINCE_KEY, now)
        if now - seen > self._quiet_limit(request.user) or now - since > settings.SESSION_COOKIE_AGE:
            logout(request)
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
        if not _by_itself(request) and (SEEN_KEY not in request.session or now - seen > SEEN_EVERY):
            request.session[SEEN_KEY] = now
            UserSession.objects.create_from_request(request)  # the list of devices says when each was last used
        return None

    def _quiet_limit(self, user) -> int:
        return settings.IDLE_SECONDS_STAFF if user.is_staff else settings.IDLE_SECONDS


def _came_from(request) -> str:
    """The page with the form, where the browser says which it was."""
    page = request.headers.get("Referer", "")
    mine = url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return page if mine else "/"


def _is_kept(name: str) -> bool:
    return name != "csrfmiddlewaretoken" and SECRET_WORDS.isdisjoint(name.split("_"))


def _by_itself(request) -> bool:
    """Whether the page asked, not the person: a polling view, or an element that polls one that people open too."""
    return (
        request.resolver_match.view_name in settings.SELF_REFRESHING
        or request.headers.get("HX-Trigger", "") in settings.SELF_REFRESHING_ELEMENTS
    )


def set_language_cookie(response, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )
