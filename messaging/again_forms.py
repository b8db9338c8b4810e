"""Which failed texts go out again."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from messaging.again import Days

LONGEST = 366


class AgainForm(forms.Form):
    since = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(label=gettext_lazy("To"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
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
