"""The five pages on which a port is put together: each is the port form with the fields of that page only.

What is typed on one page is checked there and kept; the last page checks the whole once more, as it will be handed in.
"""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.presenting import phone
from numbering.forms import number_lists
from numbering.forms.number_lists import Bad
from numbering.forms.ports import PortForm, initial_of
from numbering.models import PortRequest
from numbering.services.ports import busy_numbers
from numbering.upstream.port_drafts import draft_of
from providers.clients import phones
from providers.clients.records import PortRules

NUMBERS, ACCOUNT, PLACE, PAPERS, REVIEW = "numbers", "account", "address", "documents", "review"
PAGES = {
    NUMBERS: ("numbers", "features", "title"),
    ACCOUNT: (
        "current_provider", "organization", "organization_kind", "current_reseller", "current_reseller_account",
        "account_number", "account_pin", "billing_number", "authorized_by", "numbers_to_keep", "new_billing_number",
        "numbers_to_cancel", "cancel_is_meant",
    ),
    PLACE: ("civic_number", "street", "unit", "city", "region", "postal_code"),
    PAPERS: ("loa", "bill", "bill_date", "other"),
    REVIEW: ("wanted_on", "capacity", "recipients", "instructions", "keep_service"),
}  # fmt: skip
TITLES = {
    NUMBERS: gettext_lazy("Numbers"),
    ACCOUNT: gettext_lazy("Your service today"),
    PLACE: gettext_lazy("Service address"),
    PAPERS: gettext_lazy("Documents"),
    REVIEW: gettext_lazy("Date and review"),
}
PAGE_OF = {name: page for page, names in PAGES.items() for name in names} | {"kind": NUMBERS}


def pages_of(rules: PortRules) -> list[str]:
    """The pages at an upstream; one that takes no documents has no page for them."""
    return [page for page in PAGES if page != PAPERS or rules.documents]


class PageForm(PortForm):
    """One page. With `submit` (the person goes on) what the upstream needs of it must be there."""

    def __init__(self, *args, page: str, **kwargs):
        self.page = page
        super().__init__(*args, **kwargs)

    def sayable(self) -> set[str]:
        return super().sayable() & set(PAGES[self.page])


@dataclass(frozen=True, slots=True)
class Sorted:
    """What a person typed as numbers: those that can go on, those that cannot, and why."""

    good: list[str]
    bad: list[Bad] = field(default_factory=list)


class NumbersForm(PageForm):
    """The first page. Bad numbers do not sink the good ones: with `leave_out` the good ones go on alone."""

    sorting: Sorted | None = None

    def __init__(self, *args, unportable: frozenset[str] = frozenset(), leave_out: bool = False, **kwargs):
        super().__init__(*args, page=NUMBERS, **kwargs)
        self.unportable, self.leave_out = unportable, leave_out

    def clean_numbers(self) -> list[str]:
        good, bad = number_lists.read(self.cleaned_data["numbers"])
        why = self._why_not(good)
        self.sorting = Sorted(
            [number for number in good if number not in why],
            [*bad, *(Bad(phone(number), text) for number, text in why.items())],
        )
        return self.sorting.good

    def _why_not(self, numbers: list[str]) -> dict[str, str]:
        upstream = {"upstream": self.connection.label}
        busy = busy_numbers(self.connection, numbers, self.port)
        why = {number: _busy(word) for number, word in busy.items()}
        for number in numbers:
            if phones.is_toll_free(number) and "tollfree" not in self.rules.kinds:
                why.setdefault(number, _("%(upstream)s takes no toll-free numbers over") % upstream)
            if number in self.unportable:
                why.setdefault(number, _("%(upstream)s cannot bring it over") % upstream)
        return why

    def _check_numbers(self, numbers: list[str], kind: str) -> list[str]:
        """Each was looked at alone already; more than fit in one request is the one thing left to say."""
        if len(numbers) > number_lists.MOST:
            self.add_error("numbers", _("At most %(most)s numbers fit in one request.") % {"most": number_lists.MOST})
        return numbers

    def clean(self):
        data = super().clean()
        if self.sorting and self.sorting.bad and not self.leave_out:
            self.errors.pop("numbers", None)
            self.add_error("numbers", self._told())
        return data

    def _told(self) -> str:
        bad = len(self.sorting.bad)
        text = ngettext("%(count)s number cannot go on.", "%(count)s numbers cannot go on.", bad)
        return text % {"count": bad}

    def by_kind(self) -> dict[str, list[str]]:
        """The good numbers as carriers take them: local ones and toll-free ones apart, local ones first."""
        numbers = self.cleaned_data["numbers"]
        free = [number for number in numbers if phones.is_toll_free(number)]
        kinds = {"local": [number for number in numbers if number not in set(free)], "tollfree": free}
        return {kind: found for kind, found in kinds.items() if found} or {"local": []}


def _busy(why: str) -> str:
    return _("it is already in another port request") if why == "porting" else _("it is already with us")


def whole_form(port: PortRequest, zone) -> PortForm:
    """The request as it stands, checked as it would be when it is handed in."""
    said = initial_of(draft_of(port)) | {"title": port.title, "keep_service": "on"}
    data = {name: value for name, value in said.items() if value not in (None, "", False)}
    if port.wanted_on:
        data["wanted_on"] = port.wanted_on.isoformat()
    return PortForm(data, connection=port.connection, zone=zone, port=port, submit=True)
