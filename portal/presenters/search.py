"""The one search box: what it finds in the current account, grouped, of what the role may see."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import Standing
from accounts.models import Account
from accounts.presenting import phone, when
from accounts.roles import May
from messaging.models import Message, Thread
from numbering.models import Number, PortRequest
from numbering.presenters.numbers import calls_of
from numbering.presenters.ports import title_of

MOST = 8  # in each group
SHORTEST = 2
LAST_DIGITS = 4
AROUND = 60  # characters of a text shown around what was found


@dataclass(frozen=True, slots=True)
class Hit:
    title: str
    detail: str
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    icon: str
    hits: list[Hit]
    more_url: str = ""
    opens: bool = False  # where it is all that was found, and one: Enter leads there


def find(standing: Standing, text: str) -> list[Group]:
    """Groups with something in them. Shorter texts than two characters find nothing."""
    text = " ".join(text.split())
    if len(text) < SHORTEST:
        return []
    account, may = standing.account, standing.may
    groups = []
    if may(May.READ_NUMBERS):
        numbers = _group(_("Numbers"), "phone", _numbers(account, text), "numbers:list")
        groups.append(replace(numbers, opens=True))
    if may(May.READ_MESSAGES):
        groups.append(_group(_("Conversations"), "user", _threads(account, text), "messages:inbox"))
        groups.append(_group(_("Texts"), "chat-bubble-left-right", _texts(account, text), "messages:inbox"))
    if may(May.READ_PORTS):
        groups.append(_group(_("Ports"), "arrows-right-left", _ports(account, text), "numbers:ports"))
    if may(May.READ_SUBACCOUNTS) and account.is_reseller:
        groups.append(_group(_("Sub-accounts"), "building-office-2", _subaccounts(account, text), "subaccounts"))
    return [group for group in groups if group.hits]


def only_number(groups: list[Group], text: str) -> str:
    """The page of the number, where its digits were typed and it is all that was found: "/", four digits, Enter."""
    found = groups[0] if len(groups) == 1 and len(_digits(text)) >= LAST_DIGITS else None
    return found.hits[0].url if found and found.opens and len(found.hits) == 1 else ""


def _group(label: str, icon: str, hits: Iterator[Hit], list_name: str) -> Group:
    found = list(hits)
    return Group(label, icon, found[:MOST], reverse(list_name) if len(found) > MOST else "")


def _numbers(account: Account, text: str) -> Iterator[Hit]:
    rows = Number.objects.for_account(account).present().search(text, account.country).order_by("number")
    for row in rows[: MOST + 1]:
        details = " · ".join(filter(None, (row.label, calls_of(row), row.city)))
        yield Hit(phone(row.number, account.country), details, reverse("numbers:detail", args=[row.pk]))


def _digits(text: str) -> str:
    """The digits of something that may be part of a phone number, as numbers are stored; "" for words."""
    digits = re.sub(r"\D", "", text)
    return digits if len(digits) > 2 and not re.search(r"[^\W\d_]", text) else ""


def _threads(account: Account, text: str) -> Iterator[Hit]:
    by = Q(contact_name__icontains=text)
    if digits := _digits(text):
        by |= Q(contact_number__contains=digits)
    for row in Thread.objects.for_account(account).filter(by).order_by("-last_at", "-pk")[: MOST + 1]:
        contact = phone(row.contact_number, account.country)
        name = f"{row.contact_name} · {contact}" if row.contact_name else contact
        yield Hit(name, row.last_text, reverse("messages:thread", args=[row.pk]))


def _texts(account: Account, text: str) -> Iterator[Hit]:
    rows = Message.objects.for_account(account).shown().filter(body__icontains=text).select_related("thread")
    for row in rows.order_by("-at", "-pk")[: MOST + 1]:
        who = row.thread.contact_name or phone(row.contact_number, account.country)
        url = reverse("messages:thread", args=[row.thread_id])
        yield Hit(_excerpt(row.body, text), f"{who} · {when(row.at)}", url)


def _excerpt(body: str, text: str) -> str:
    """The part of a text around what was found."""
    body = " ".join(body.split())
    place = max(0, body.casefold().find(text.casefold()))
    start = max(0, place - AROUND // 2)
    cut = body[start : start + 2 * AROUND]
    return ("…" if start else "") + cut + ("…" if start + 2 * AROUND < len(body) else "")


def _ports(account: Account, text: str) -> Iterator[Hit]:
    by = Q(pon__icontains=text) | Q(title__icontains=text) | Q(current_provider__icontains=text)
    if digits := _digits(text):
        by |= Q(number_list__contains=digits)
    rows = PortRequest.objects.for_account(account).filter(gone_at=None).alias(number_list=Cast("numbers", TextField()))
    for row in rows.filter(by).order_by("-created_at", "-pk")[: MOST + 1]:
        details = " · ".join(filter(None, (row.pon, row.get_status_display())))
        yield Hit(title_of(row), details, reverse("numbers:port", args=[row.public_id]))


def _subaccounts(account: Account, text: str) -> Iterator[Hit]:
    rows = Account.objects.under(account).filter(name__icontains=text).order_by("name", "pk")
    for row in rows[: MOST + 1]:
        yield Hit(row.name, row.get_status_display(), reverse("subaccount", args=[row.pk]))
