"""Shared fragments and the pages around signing in: each renders by itself, in both languages, whoever looks."""

from pathlib import Path

import pytest
from allauth.account.forms import LoginForm
from django.conf import settings
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.db import SessionStore
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import translation
from django_htmx.middleware import HtmxDetails

from accounts.access import standing_of
from accounts.presenting import Fresh
from accounts.states import Tone, state
from tests.factories import MembershipFactory

ROOT = Path(settings.BASE_DIR) / "templates"
FOLDERS = ("account", "mfa", "usersessions", "allauth")
ALONE = (
    "500.html",
    "_dialog.html",
    "_empty.html",
    "_filters.html",
    "_fresh.html",
    "_pager.html",
    "_skeleton.html",
    "_state.html",
    "_tabs.html",
    "_toast.html",
)
# These show a form of their own: their views are opened by the tests of signing in.
WITH_THEIR_FORMS = {
    "account/email_change.html",
    "account/password_change.html",
    "account/password_reset.html",
    "mfa/authenticate.html",
    "mfa/reauthenticate.html",
    "mfa/totp/activate_form.html",
}
NAMES = sorted(str(path.relative_to(ROOT)) for folder in FOLDERS for path in (ROOT / folder).rglob("*.html"))
NAMES = [name for name in [*NAMES, *ALONE] if (ROOT / name).exists() and name not in WITH_THEIR_FORMS]


@pytest.fixture
def request_of(db):
    """A request as the middleware leaves it, of a person with an account."""
    member = MembershipFactory()
    request = RequestFactory().get("/")
    request.user, request.account = member.user, member.account
    request.standing = standing_of(member.user, member.account)
    request.session, request.htmx = SessionStore(), HtmxDetails(request)
    request._messages = FallbackStorage(request)
    return request


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", NAMES)
def test_it_renders_by_itself(name, language, request_of):
    context = {
        "form": LoginForm(request=request_of),
        "state": state(Tone.FINE, "Active"),
        "fresh": Fresh("just now", "", stale=False),
        "id": "one", "title": "Title", "text": "Text", "url": "/", "act": "Do", "tone": "fine", "lines": "123",
        "options": [], "tabs": [], "label": "Label", "next_url": "?after=1", "attrs": {}, "authenticators": {},
        "elements": [], "slots": {}, "sessions": [], "request_id": "abc",
    }  # fmt: skip
    with translation.override(language):
        html = get_template(name).render(context, request_of)
    assert "{{" not in html and "{%" not in html
