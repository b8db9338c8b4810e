"""Which failed texts go out again."""

from datetime import date, timedelta

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy

from messaging.again import Days

LONGEST = 366


def _day(label: str) -> forms.DateField:
    """A day that has a midnight before and after it in every time zone."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    bounds = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2999, 12, 31))]
    return forms.DateField(label=label, widget=widget, validators=bounds)


class AgainForm(forms.Form):
    since = _day(gettext_lazy("From"))
    until = _day(gettext_lazy("To"))
    unsure = forms.BooleanField(
        label=gettext_lazy("Send again also those that may have gone out: some people get them twice"), required=False
    )

    @classmethod
    def week(cls) -> "AgainForm":
        """The last seven days."""
        today = timezone.localdate()
        return cls({"since": today - timedelta(days=6), "until": today})

    def clean(self):
        data = self.cleaned_data
        since, until = data.get("since"), data.get("until")
        if since and until and since > until:
            self.add_error("until", gettext_lazy("The last day is before the first."))
        elif since and until and (until - since).days > LONGEST:
            self.add_error("since", gettext_lazy("At most a year at once."))
        return data

    @property
    def days(self) -> Days:
        return Days(self.cleaned_data["since"], self.cleaned_data["until"])
