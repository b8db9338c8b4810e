"""What the list of numbers can be narrowed to, its order and its columns; every choice stands in the URL."""

from collections.abc import Iterator

from django import forms
from django.core.cache import cache
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.access import Standing
from accounts.models import Account
from accounts.roles import May
from accounts.sources import Sources
from numbering.models import Number, NumberChange, NumberQuerySet, NumberRelease
from numbering.services.coverage import in_force
from numbering.services.directory import is_listed
from numbering.services.inventory import ORDERS, Porting, anchor_of, choices_of, page, page_together
from providers.clients.base import Capability

PAGE = 50
CHOICES_KEPT = 60  # seconds
MOST_ACCOUNTS = 200  # to choose from
LONGEST_ID = 18
MOST_TOGETHER = 2000  # accounts whose numbers stand in one list
TOGETHER = "all"  # as the value of `sub`: the account and everything below it
KEPT = ("q", "state", "can", "e911", "city", "cost", "upstream", "sub", "sort", "col")  # what a saved view remembers


class NumberFilter(forms.Form):
    """Unknown values are ignored: an old bookmark still opens the list."""

    STATES = [
        ("", _("In use")), ("active", _("Active")), ("disabled", _("Disabled")), ("porting_in", _("Porting in")),
        ("porting_out", _("Porting out")), ("gone", _("Gone")),
    ]  # fmt: skip
    CAPABILITIES = [("", _("Anything")), ("sms", _("Texts")), ("mms", _("Pictures")), ("fax", _("Fax"))]
    EMERGENCY = [("", _("Any")), ("missing", _("Without 911")), ("unknown", _("Not known"))]
    SORTS = [
        ("", _("By number")), ("name", _("By name")), ("city", _("By city")), ("cost", _("By cost centre")),
        ("newest", _("Newest first")),
    ]  # fmt: skip
    COLUMNS = [
        ("name", _("Name")), ("calls", _("Calls go to")), ("city", _("City")), ("cost", _("Cost centre")),
        ("since", _("Since")), ("note", _("Note")), ("can", _("Can do")),
    ]  # fmt: skip
    USUAL = ("name", "calls", "city", "can")

    q = forms.CharField(required=False, max_length=80)
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)
    can = forms.ChoiceField(label=_("Can do"), choices=CAPABILITIES, required=False)
    e911 = forms.ChoiceField(label=_("911"), choices=EMERGENCY, required=False)
    city = forms.ChoiceField(label=_("City"), required=False)
    cost = forms.ChoiceField(label=_("Cost centre"), required=False)
    upstream = forms.ChoiceField(label=_("Provider"), required=False)
    sub = forms.ChoiceField(label=_("Account"), required=False)
    sort = forms.ChoiceField(label=_("Order"), choices=SORTS, required=False)
    col = forms.MultipleChoiceField(
        label=_("Columns"), choices=COLUMNS, required=False, widget=forms.CheckboxSelectMultiple
    )
    after = forms.IntegerField(required=False, min_value=1, max_value=2**62)

    def __init__(self, data, *, standing: Standing):
        super().__init__(data)
        self.home = standing.account
        below = _accounts_below(standing, data.get("sub", ""))
        self.account = next((one for one in below if str(one.pk) == data.get("sub")), self.home)
        self.is_together = bool(below) and data.get("sub") == TOGETHER
        self.names = _names(self.home) if self.is_together else {self.account.pk: self.account.name}
        self.sources = Sources.of_many(self.names, "numbers")
        together = [(TOGETHER, _("All accounts together"))] if below else []
        self.fields["sub"].choices = [("", self.home.name), *together, *((str(one.pk), one.name) for one in below)]
        self._offer_values()
        self._offer_upstreams()
        if not below:
            del self.fields["sub"]
        self.is_valid()

    def _offer_values(self) -> None:
        for name, column in (("city", "city"), ("cost", "cost_center")):
            values = self._given(name) if self.is_together else known_values(self.account, column)
            self.fields[name].choices = [("", _("Any")), *((value, value) for value in values)]
            if not values and (self.is_together or name == "cost"):
                del self.fields[name]

    def _given(self, name: str) -> list[str]:
        """A value that was chosen before goes on to hold; those of thousands of accounts are no list to choose from."""
        return [value for value in (self.data.get(name, "")[:80],) if value]

    def _offer_upstreams(self) -> None:
        self.fields["upstream"].choices = [
            ("", _("Any")),
            *((str(one.connection.pk), one.name) for one in self.sources),
        ]
        if all(one.connection.can(Capability.E911) for one in self.sources):
            self.fields["e911"].choices = self.EMERGENCY[:2]
        if not self.sources.several:
            del self.fields["upstream"]

    def chosen(self, name: str):
        return self.cleaned_data.get(name) or ""

    @property
    def is_elsewhere(self) -> bool:
        """The list is of an account below: its numbers are opened from there."""
        return self.account.pk != self.home.pk

    @property
    def is_narrowed(self) -> bool:
        return any(self.chosen(name) for name in KEPT if name not in ("sort", "col", "sub"))

    @property
    def selects(self) -> list:
        """The fields that are shown as lists to choose from, in their order."""
        names = ("state", "can", "e911", "city", "cost", "upstream", "sub", "sort")
        return [self[name] for name in names if name in self.fields]

    @property
    def columns(self) -> list[str]:
        chosen = self.chosen("col") or self.USUAL
        return [name for name, _label in self.COLUMNS if name in chosen]

    @property
    def column_boxes(self) -> list[tuple[str, str, bool]]:
        return [(name, str(label), name in self.columns) for name, label in self.COLUMNS]

    @cached_property
    def left_out(self) -> int:
        """How many accounts below a list of all of them has no place for."""
        if not self.is_together or len(self.names) <= MOST_TOGETHER:
            return 0
        return Account.objects.under(self.home).count() + 1 - len(self.names)

    @cached_property
    def porting(self) -> Porting:
        return Porting.of_many(self.names)

    def rows(self) -> QuerySet[Number]:
        """All that match, in no order yet."""
        everything = Number.objects.filter(account__in=list(self.names))
        return self._matching(everything if self.is_together else Number.objects.for_account(self.account))

    def own_rows(self) -> QuerySet[Number]:
        """Those that match and are of the account that the person works in: no others can be changed from here."""
        own = Number.objects.for_account(self.home)
        return self._matching(own.none() if self.is_elsewhere else own)

    def by_account(self) -> Iterator[QuerySet[Number]]:
        """Those that match, account by account."""
        return (self._matching(Number.objects.filter(account=pk)) for pk in sorted(self.names))

    def _matching(self, rows: NumberQuerySet) -> NumberQuerySet:
        rows = rows.gone() if self.chosen("state") == "gone" else rows.present()
        if self.chosen("state") in ("active", "disabled"):
            rows = rows.filter(status=self.chosen("state"))
        if self.chosen("state") == "porting_out":
            rows = rows.filter(self.porting.leaving())
        if self.chosen("q"):
            rows = rows.search(self.chosen("q"), self.account.country)
        if self.chosen("e911") == "missing":
            rows = rows.can_call().with_911_kept().annotate(has_911=in_force()).filter(has_911=False)
        elif self.chosen("e911") == "unknown":
            rows = rows.can_call().with_911_elsewhere()
        return rows.filter(self._narrowed())

    def _narrowed(self) -> Q:
        can = {"sms": Q(sms=True), "mms": Q(mms=True), "fax": Q(fax=True)}
        narrowed = can.get(self.chosen("can"), Q())
        if self.chosen("city"):
            narrowed &= Q(city=self.chosen("city"))
        if self.chosen("cost"):
            narrowed &= Q(cost_center=self.chosen("cost"))
        if self.chosen("upstream"):
            narrowed &= Q(connection=int(self.chosen("upstream")))
        return narrowed

    def page(self) -> tuple[list[Number], int | None]:
        """One page with what its rows have to know, and the pk after which the next one begins."""
        order = self.chosen("sort") if self.chosen("sort") in ORDERS else ""
        told = {
            "has_911": in_force(),
            "has_411": is_listed(),
            "waits": Exists(changes_under_way()),
            "leaves_at": leaving(),
        }
        rows = self.rows().annotate(**told)
        rows = rows.select_related("connection").defer("raw")
        read = page_together if self.is_together else page
        found = read(rows, order, anchor_of(self.names, self.chosen("after")), PAGE + 1)
        return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


def leaving() -> Subquery:
    """When a number that somebody released is given back."""
    mine = NumberRelease.objects.filter(number=OuterRef("pk"), account=OuterRef("account"))
    return Subquery(mine.open().values("release_at")[:1])


def changes_under_way() -> QuerySet[NumberChange]:
    return NumberChange.objects.filter(number=OuterRef("pk")).under_way()


def _accounts_below(standing: Standing, wanted: str) -> list[Account]:
    """Those to choose from. One that is asked for, as a link of the joint list does, is among them wherever it stands."""
    if not (standing.account.is_reseller and standing.may(May.READ_SUBACCOUNTS)):
        return []
    below = Account.objects.under(standing.account)
    found = list(below.order_by("name", "pk")[:MOST_ACCOUNTS])
    if len(found) == MOST_ACCOUNTS and wanted.isdecimal() and len(wanted) < LONGEST_ID:
        found += [one for one in below.filter(pk=wanted) if one not in found]
    return found


def _names(home: Account) -> dict[int, str]:
    """The account and those below it, by id."""
    below = Account.objects.under(home).order_by("pk").values_list("pk", "name")
    return {home.pk: home.name, **dict(below[:MOST_TOGETHER])}


def known_values(account: Account, column: str) -> list[str]:
    """The account's cities or cost centres, remembered for a moment."""
    key = f"numbers-{column}-of-{account.pk}"
    values = cache.get(key)
    if values is None:
        values = choices_of(account, column)
        cache.set(key, values, CHOICES_KEPT)
    return values


def forget_values(account: Account, column: str) -> None:
    """Somebody wrote a value: it can be chosen at once."""
    cache.delete(f"numbers-{column}-of-{account.pk}")
