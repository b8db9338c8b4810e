"""A form field for one phone number as people write it: cleans to E.164, and says what is wrong with anything else."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from providers.clients import phones
from providers.clients.phones import PhoneError, Reason

MESSAGES = {
    Reason.EMPTY: _("Enter a phone number."),
    Reason.TOO_LONG: _("This is too long for a phone number."),
    Reason.SEVERAL: _("Enter one number only."),
    Reason.EXTENSION: _("Enter the number without its extension."),
    Reason.LETTERS: _("Write the number in digits, not letters."),
    Reason.CHARACTERS: _("This is not a phone number."),
    Reason.SERVICE: _("Emergency, service and short numbers cannot be used here."),
    Reason.AREA_CODE: _("No area code is like this one. Check the first three digits."),
    Reason.EXCHANGE: _("No number is like this one. Check the three digits after the area code."),
    Reason.COUNTRY: _("We do not know this country code."),
    Reason.INVALID: _("This number has too few or too many digits."),
    Reason.NOT_NANP: _("Only numbers in Canada and the United States can be used here."),
}
AT_HOME = ("CA", "US")


class PhoneField(forms.CharField):
    """Cleans to E.164, or "" when it may stay empty. `region` is where a number without country code is."""

    def __init__(self, *, region: str = "CA", **kwargs):
        self.region = region
        attributes = {"inputmode": "tel", "autocomplete": "off", "maxlength": phones.LONGEST_TEXT}
        kwargs.setdefault("widget", forms.TextInput(attrs=attributes))
        super().__init__(**kwargs)

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return ""
        try:
            return phones.parse(text, self.region)
        except PhoneError as problem:
            raise ValidationError(MESSAGES[problem.reason], code=problem.reason) from None

    def prepare_value(self, value):
        """A stored number is shown as people write it; what a person typed stays as it is."""
        return phones.national(value) if isinstance(value, str) and value.startswith("+") else value


def is_abroad(e164: str) -> bool:
    """Outside Canada and the United States, the Caribbean islands of country code 1 included; toll-free is at home."""
    return bool(e164) and not phones.is_toll_free(e164) and phones.region(e164) not in AT_HOME
