"""Visits: when a person was last here, so that pages can mark what is new since then."""

from datetime import datetime, timedelta

from django.contrib.auth.signals import user_logged_in
from django.utils import timezone

from accounts.models import User

SESSION_KEY = "visited_before"
WRITE_EVERY = timedelta(minutes=5)


def watch() -> None:
    user_logged_in.connect(remember, dispatch_uid="accounts.visits")


def remember(sender, request, user, **kwargs) -> None:
    """A visit begins with signing in: keep, for all of it, when the one before ended."""
    if user.last_visit_at and request is not None:
        request.session[SESSION_KEY] = user.last_visit_at.isoformat()


def last_visit(request) -> datetime | None:
    """The end of the visit before this one; None for a person's first."""
    kept = request.session.get(SESSION_KEY)
    return datetime.fromisoformat(kept) if kept else None


def seen(user: User) -> None:
    """Note that the person is here, at most every five minutes: a page is read far more often than that."""
    now = timezone.now()
    if user.last_visit_at is None or now - user.last_visit_at > WRITE_EVERY:
        User.objects.filter(pk=user.pk).update(last_visit_at=now)
