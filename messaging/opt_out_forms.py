"""Recording that somebody is to be left alone, and undoing it."""

from django import forms
from django.utils.translation import gettext_lazy

from messaging import reasons
from providers.clients import phones


class OptOutForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Number"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off", "placeholder": "514 555-0134"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("How they asked"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("For example: by phone."),
    )

    def __init__(self, *args, country: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.country = country

    def clean_number(self) -> str:
        try:
            return phones.parse(self.cleaned_data["number"], self.country)
        except phones.PhoneError as error:
            raise forms.ValidationError(reasons.reason(error.reason.value), code=error.reason.value) from None


class UndoForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("How they agreed to get texts again"),
        max_length=200,
        help_text=gettext_lazy("Kept with the record. The law asks who agreed, when and how."),
        error_messages={"required": gettext_lazy("Say how they agreed.")},
    )
