"""Forms of billing."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from billing.ledger import Filter
from billing.models import LedgerEntry
from billing.money import NotMoney, parse_money

HIGHEST_THRESHOLD = Decimal(1_000_000)


class MoneyField(forms.CharField):
    """An amount, as written in English or French."""

    def __init__(self, **kwargs):
        super().__init__(max_length=20, **kwargs)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value) -> Decimal:
        text = super().clean(value)
        try:
            return parse_money(text)
        except NotMoney:
            raise ValidationError(_("Write an amount such as 25 or 25.50."), code="money") from None


class ThresholdForm(forms.Form):
    warn_below = MoneyField(label=_("Warn below"))

    def clean_warn_below(self) -> Decimal:
        amount = self.cleaned_data["warn_below"]
        if amount > HIGHEST_THRESHOLD:
            raise ValidationError(_("That is more than we can watch for. Choose a smaller amount."), code="too_high")
        return amount


class LedgerFilterForm(forms.Form):
    """The filter of the ledger, from the address of the page."""

    kind = forms.ChoiceField(label=_("Type"), required=False, choices=[("", _("All")), *LedgerEntry.Kind.choices])
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    q = forms.CharField(
        label=_("Search"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )

    def clean(self):
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and since > until:
            self.add_error("until", _("The last day is before the first."))
        return self.cleaned_data

    def filter(self) -> Filter:
        """What can be understood of the filter; a field with an error filters nothing."""
        self.is_valid()
        data = {name: value for name, value in self.cleaned_data.items() if name not in self.errors}
        return Filter(data.get("kind") or "", data.get("since"), data.get("until"), data.get("q") or "")
