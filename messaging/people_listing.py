"""The list of contacts: search and filters, and pages by name, so that page 1,000 costs what page 1 does."""

import base64
import binascii
import json
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Account
from messaging.models import Contact, ContactGroup, OptOut
from messaging.models.people import fold

PAGE = 50
LONGEST = 100
LANGUAGES = {"en": "en", "fr": "fr", "none": ""}
STATES = ("opted-out", "blocked")


@dataclass(frozen=True, slots=True)
class PeopleListing:
    """Which contacts are listed. What a link does not know is left out."""

    account: Account
    search: str = ""
    tag: str = ""
    language: str = ""
    state: str = ""
    group: ContactGroup | None = None

    @classmethod
    def of(cls, account: Account, wanted) -> "PeopleListing":
        language, state = wanted.get("language", ""), wanted.get("state", "")
        return cls(
            account,
            _words(wanted.get("q", "")),
            _words(wanted.get("tag", "")).strip(", "),
            language if language in LANGUAGES else "",
            state if state in STATES else "",
            _group(account, wanted.get("group", "")),
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.search or self.tag or self.language or self.state or self.group)

    def query(self, **more) -> str:
        group = self.group.pk if self.group else ""
        values = {
            "q": self.search, "tag": self.tag, "language": self.language, "state": self.state, "group": group, **more
        }  # fmt: skip
        values = {name: value for name, value in values.items() if value not in ("", None)}
        return f"?{urlencode(values)}" if values else ""

    def contacts(self) -> QuerySet[Contact]:
        rows = Contact.objects.for_account(self.account).search(self.search)
        if self.tag:
            rows = rows.filter(tagged(self.tag))
        if self.language:
            rows = rows.filter(language=LANGUAGES[self.language])
        if self.state == "opted-out":
            rows = rows.filter(Exists(opt_outs(self.account)))
        if self.state == "blocked":
            rows = rows.exclude(blocked_at=None)
        if self.group:
            members = ContactGroup.contacts.through.objects.filter(contactgroup=self.group, contact=OuterRef("pk"))
            rows = rows.filter(Exists(members))
        return rows

    def page(self, after: str = "") -> tuple[list[Contact], str]:
        return page_of(self.contacts(), after)


def opt_outs(account: Account) -> QuerySet[OptOut]:
    """Those in force of a row's number."""
    return OptOut.objects.for_account(account).in_force().filter(number=OuterRef("number"))


def tagged(tag: str) -> Q:
    """A tag as a whole: "vip" is not found in "vip2025"."""
    return (
        Q(tags__iexact=tag)
        | Q(tags__istartswith=f"{tag}, ")
        | Q(tags__iendswith=f", {tag}")
        | Q(tags__icontains=f", {tag}, ")
    )


def page_of(contacts: QuerySet[Contact], after: str = "") -> tuple[list[Contact], str]:
    """One page by name, and the place where the next one begins, "" where there is none."""
    if place := _read(after):
        name, pk = place
        contacts = contacts.filter(Q(folded__gt=name) | Q(folded=name, pk__gt=pk))
    rows = list(contacts.order_by("folded", "pk")[: PAGE + 1])
    return rows[:PAGE], _place(rows[PAGE - 1]) if len(rows) > PAGE else ""


def named(account: Account, typed: str) -> list[Contact]:
    """Contacts of exactly this name, a few at most; as offered in the field "To" the number says which."""
    name, _, number = typed.strip().rpartition(" · ")
    rows = Contact.objects.for_account(account)
    if name:
        digits = "".join(filter(str.isdigit, number))
        rows = rows.filter(name=name, number__endswith=digits) if digits else rows.none()
    else:
        rows = rows.filter(folded=fold(typed)).exclude(name="")
    return list(rows.order_by("number")[:5])


def _place(contact: Contact) -> str:
    return base64.urlsafe_b64encode(json.dumps([contact.folded, contact.pk]).encode()).decode().rstrip("=")


def _read(text: str) -> tuple[str, int] | None:
    """A place from a link; anything else is the beginning."""
    try:
        name, pk = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, TypeError, binascii.Error, RecursionError):
        return None
    fits = isinstance(name, str) and isinstance(pk, int) and "\0" not in name and abs(pk) < 2**62
    return (name, pk) if fits else None


def _words(text: str) -> str:
    return " ".join(text.replace("\0", "").split())[:LONGEST]


def _group(account: Account, text: str) -> ContactGroup | None:
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        return None
    return ContactGroup.objects.for_account(account).filter(pk=int(text)).first()
