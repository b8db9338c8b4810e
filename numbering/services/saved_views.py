"""Saved views of the list of numbers: kept for the person who saved them, in the account where they did."""

from django.db import transaction
from django.http import QueryDict

from accounts.models import Account, User
from numbering.models import SavedView

MOST = 20  # of a person in an account
LONGEST_QUERY = 600


class TooMany(Exception):
    """The person has as many views here as a menu can show."""


def views_of(account: Account, user: User) -> list[SavedView]:
    return list(SavedView.objects.for_account(account).filter(user=user)[:MOST])


def tidy_query(text: str, kept: tuple[str, ...]) -> str:
    """Of a query string only what a view remembers, so that saving a page never saves the place in it."""
    given, tidy = QueryDict(text.removeprefix("?")[: 4 * LONGEST_QUERY]), QueryDict(mutable=True)
    for name in kept:
        if values := [value for value in given.getlist(name) if value]:
            tidy.setlist(name, values)
    encoded = tidy.urlencode()
    return encoded if len(encoded) <= LONGEST_QUERY else ""


def save_view(account: Account, user: User, name: str, query: str) -> SavedView:
    """Under a name that is there already, the view is replaced. Raises `TooMany`."""
    with transaction.atomic():
        mine = SavedView.objects.for_account(account).filter(user=user)
        if mine.exclude(name=name).count() >= MOST:
            raise TooMany
        return SavedView.objects.update_or_create(account=account, user=user, name=name, defaults={"query": query})[0]
