"""The birthday greeting of a group."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Account
from messaging import reasons, segments, templating
from messaging.campaign_forms import name_of
from messaging.senders import Sender

LONGEST = 480


class GreetingForm(forms.Form):
    """Both texts empty is no greeting."""

    greeting_from = forms.ChoiceField(label=gettext_lazy("From"), required=False)
    greeting_en = forms.CharField(
        label=gettext_lazy("English"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "en"}),
        help_text=gettext_lazy("Variables such as {{first_name}} take their value from the contact."),
    )
    greeting_fr = forms.CharField(
        label=gettext_lazy("French"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "fr"}),
    )

    def __init__(self, *args, account: Account, senders: list[Sender], **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(sender.number, name_of(sender, account.country)) for sender in senders]
        self.fields["greeting_from"].choices = [("", _("None")), *choices]
        self.fields["greeting_from"].error_messages["invalid_choice"] = reasons.reason("number-gone")

    def clean_greeting_en(self) -> str:
        return _text(self.cleaned_data["greeting_en"])

    def clean_greeting_fr(self) -> str:
        return _text(self.cleaned_data["greeting_fr"])

    def clean(self):
        data = super().clean()
        if (data.get("greeting_en") or data.get("greeting_fr")) and not data.get("greeting_from") and not self.errors:
            self.add_error("greeting_from", _("Choose the number that it comes from."))
        return data


def _text(text: str) -> str:
    body = segments.clean(text.replace("\0", ""))
    try:
        templating.variables_of(body)
    except templating.BracesOpen:
        raise ValidationError(
            _("There are braces here that are no variable. Write {{first_name}}, with two on either side."),
            code="braces",
        ) from None
    return body
