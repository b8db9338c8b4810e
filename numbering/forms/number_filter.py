"""What the list of numbers can be narrowed to; every choice stands in the URL."""

from django import forms
from django.core.cache import cache
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.sources import Sources
from numbering.models import Number, NumberChange
from numbering.services.coverage import in_force
from providers.clients.base import Capability

PAGE = 50
MOST_CITIES = 200
CITIES_KEPT = 300  # seconds


class NumberFilter(forms.Form):
    """Unknown values are ignored: an old bookmark still opens the list."""

    STATES = [("", _("In use")), ("active", _("Active")), ("disabled", _("Disabled")), ("gone", _("Gone"))]
    CAPABILITIES = [("", _("Anything")), ("sms", _("Texts")), ("mms", _("Pictures")), ("fax", _("Fax"))]
    EMERGENCY = [("", _("Any")), ("missing", _("Without 911")), ("unknown", _("Not known"))]
    SORTS = [("", _("By number")), ("name", _("By name"))]

    q = forms.CharField(required=False, max_length=80)
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)
    can = forms.ChoiceField(label=_("Can do"), choices=CAPABILITIES, required=False)
    e911 = forms.ChoiceField(label=_("911"), choices=EMERGENCY, required=False)
    city = forms.ChoiceField(label=_("City"), required=False)
    upstream = forms.ChoiceField(label=_("Provider"), required=False)
    sort = forms.ChoiceField(label=_("Order"), choices=SORTS, required=False)
    after = forms.IntegerField(required=False, min_value=1, max_value=2**62)

    def __init__(self, data, *, account: Account, sources: Sources):
        super().__init__(data)
        self.account = account
        self.fields["city"].choices = [("", _("Any")), *((city, city) for city in cities_of(account))]
        self.fields["upstream"].choices = [("", _("Any")), *((str(one.connection.pk), one.name) for one in sources)]
        if all(one.connection.can(Capability.E911) for one in sources):
            self.fields["e911"].choices = self.EMERGENCY[:2]
        if not sources.several:
            del self.fields["upstream"]
        self.is_valid()

    def chosen(self, name: str):
        return self.cleaned_data.get(name) or ""

    @property
    def is_narrowed(self) -> bool:
        return any(self.chosen(name) for name in ("q", "state", "can", "e911", "city", "upstream"))

    @property
    def selects(self) -> list:
        """The fields that are shown as lists to choose from, in their order."""
        return [self[name] for name in ("state", "can", "e911", "city", "upstream", "sort") if name in self.fields]

    def rows(self) -> QuerySet[Number]:
        """All that match, in order, with what a row of the list has to know."""
        rows = Number.objects.for_account(self.account)
        rows = rows.gone() if self.chosen("state") == "gone" else rows.present()
        if self.chosen("state") in ("active", "disabled"):
            rows = rows.filter(status=self.chosen("state"))
        if self.chosen("q"):
            rows = rows.search(self.chosen("q"), self.account.country)
        rows = rows.annotate(has_911=in_force(), waits=Exists(changes_under_way()))
        if self.chosen("e911") == "missing":
            rows = rows.can_call().with_911_kept().filter(has_911=False)
        elif self.chosen("e911") == "unknown":
            rows = rows.can_call().with_911_elsewhere()
        return rows.filter(self._narrowed()).select_related("connection").defer("raw", "settings", "note")

    def _narrowed(self) -> Q:
        can = {"sms": Q(sms=True), "mms": Q(mms=True), "fax": Q(fax=True)}
        narrowed = can.get(self.chosen("can"), Q())
        if self.chosen("city"):
            narrowed &= Q(city=self.chosen("city"))
        if self.chosen("upstream"):
            narrowed &= Q(connection=int(self.chosen("upstream")))
        return narrowed

    def page(self) -> tuple[list[Number], int | None]:
        """One page, and the pk after which the next one begins."""
        name = "label" if self.chosen("sort") == "name" else "number"
        rows = self.rows().order_by(name, "pk")
        if anchor := self._anchor():
            value = getattr(anchor, name)
            beyond = Q(**{f"{name}__gt": value}) | Q(**{name: value}, pk__gt=anchor.pk)
            rows = rows.filter(beyond, **{f"{name}__gte": value})  # the second half is what an index can use
        found = list(rows[: PAGE + 1])
        return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None

    def _anchor(self) -> Number | None:
        pk = self.chosen("after")
        return Number.objects.for_account(self.account).filter(pk=pk).only("number", "label").first() if pk else None


def changes_under_way() -> QuerySet[NumberChange]:
    return NumberChange.objects.filter(number=OuterRef("pk")).under_way()


def cities_of(account: Account) -> list[str]:
    """The account's cities, remembered for a while: finding them reads every number."""
    key = f"cities-of-{account.pk}"
    cities = cache.get(key)
    if cities is None:
        rows = Number.objects.for_account(account).present().exclude(city="").order_by("city")
        cities = list(rows.values_list("city", flat=True).distinct()[:MOST_CITIES])
        cache.set(key, cities, CITIES_KEPT)
    return cities
