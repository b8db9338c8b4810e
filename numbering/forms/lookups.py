"""Which number is looked up, and where."""

from django import forms
from django.utils.translation import gettext_lazy as _

from numbering.forms.phone import PhoneField
from providers.models import Connection


class LookupForm(forms.Form):
    """`again` is the person's word that a known answer is to be paid for anew."""

    intent = forms.UUIDField(widget=forms.HiddenInput)
    number = PhoneField(label=_("Phone number"))
    connection = forms.TypedChoiceField(label=_("Ask"), coerce=int)
    again = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, askable: list[Connection], names: dict[int, str], region: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["number"].region = region
        self.fields["connection"].choices = [(one.pk, names[one.pk]) for one in askable]
        if len(askable) == 1:
            self.fields["connection"].widget = forms.HiddenInput()
