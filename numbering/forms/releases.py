"""The typed confirmation of giving up a number."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from numbering.models import Number
from providers.clients import phones


class ReleaseForm(forms.Form):
    """The number itself, in any notation."""

    confirm = forms.CharField(
        label=_("Type the number to confirm"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args, number: Number, region: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.number, self.region = number, region

    def clean_confirm(self):
        try:
            typed = phones.parse(self.cleaned_data["confirm"], self.region)
        except phones.PhoneError:
            typed = ""
        if typed != self.number.number:
            raise ValidationError(_("This is not the number that you are about to release."), code="other_number")
        return typed
