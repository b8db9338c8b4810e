"""Ordering what is not in stock: an area code first, then a rate centre of it and how many."""

from django import forms
from django.utils.translation import gettext_lazy as _

from numbering.forms.finding import AREA_CODE
from providers.models import Connection

MOST = 999


class PlacesForm(forms.Form):
    """`connection` is asked only where several upstreams take such orders."""

    connection = forms.TypedChoiceField(label=_("Order at"), coerce=int)
    area_code = forms.RegexField(
        AREA_CODE, label=_("Area code"), max_length=3,
        error_messages={"invalid": _("Write three digits, such as 514.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 3}),
    )  # fmt: skip

    def __init__(self, *args, takers: list[Connection], names: dict[int, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["connection"].choices = [(one.pk, names[one.pk]) for one in takers]
        if len(takers) == 1:
            self.fields["connection"].widget = forms.HiddenInput()


class BackOrderForm(forms.Form):
    intent = forms.UUIDField(widget=forms.HiddenInput)
    place_id = forms.ChoiceField(label=_("Rate centre"))
    quantity = forms.IntegerField(label=_("How many"), min_value=1, max_value=MOST, initial=1)
    sequential = forms.BooleanField(label=_("In a row, one after the other"), required=False)
    sms = forms.BooleanField(label=_("Must be able to text"), required=False)
    unknown = forms.BooleanField(label=_("I agree to prices that I have not been told"))

    def __init__(self, *args, places: list, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place_id"].choices = [("", _("Choose…")), *((pk, name.title()) for pk, name in places)]
