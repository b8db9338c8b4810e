"""Forms of what people say about a port: a comment, and the wish to cancel or change it."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.presenting import day
from numbering import business_days
from numbering.forms.port_fields import DateInput
from numbering.models import PortAsk, PortRequest


class CommentForm(forms.Form):
    body = forms.CharField(
        label=_("Write a comment"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3, "data-grow": ""})
    )


class AskForm(forms.Form):
    """What shall happen instead. `port` gives the window of dates its address's holidays allow."""

    kind = forms.ChoiceField(label=_("What do you want?"), choices=PortAsk.Kind.choices, widget=forms.RadioSelect)
    wanted_on = forms.DateField(label=_("Wanted date"), required=False, widget=DateInput)
    words = forms.CharField(
        label=_("In your words"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, port: PortRequest, **kwargs):
        super().__init__(*args, **kwargs)
        self.region = port.details.get("address", {}).get("region", "")
        self.window = business_days.port_window(timezone.localtime(), self.region)
        first, last = self.window
        self.fields["wanted_on"].widget.attrs |= {"min": first.isoformat(), "max": last.isoformat()}
        text = _("For another date: a business day from %(first)s to %(last)s.")
        self.fields["wanted_on"].help_text = text % {"first": day(first), "last": day(last)}

    def clean(self):
        data = super().clean()
        if data.get("kind") == PortAsk.Kind.DATE and "wanted_on" not in self.errors:
            self._check_date(data.get("wanted_on"))
        if data.get("kind") == PortAsk.Kind.OTHER and not data.get("words"):
            self.add_error("words", _("Say what shall be different."))
        return data

    def _check_date(self, wanted) -> None:
        first, last = self.window
        if wanted is None:
            self.add_error("wanted_on", _("Give the date that you want."))
        elif not first <= wanted <= last:
            words = {"first": day(first), "last": day(last)}
            self.add_error("wanted_on", _("Choose a day from %(first)s to %(last)s.") % words)
        elif not business_days.is_business_day(wanted, self.region):
            error = ValidationError(_("Carriers do not work on %(day)s.") % {"day": day(wanted)})
            self.add_error("wanted_on", error)
