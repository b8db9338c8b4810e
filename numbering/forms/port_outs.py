"""The PIN that another carrier must know to take a number away."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

EASY = {"1234", "4321", "0123"}


class PinForm(forms.Form):
    """Four digits. What was typed is never shown again, not even in a form that is sent back."""

    pin = forms.CharField(
        label=_("Port-out PIN"), max_length=8,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "new-password"}),
        help_text=_("Four digits. Write them down where you will find them: nobody can show them to you later."),
    )  # fmt: skip

    def clean_pin(self):
        digits = self.cleaned_data["pin"].strip()
        if not re.fullmatch(r"[0-9]{4}", digits):
            raise ValidationError(_("Four digits, please."), code="digits")
        if digits in EASY or len(set(digits)) == 1:
            raise ValidationError(_("Anybody would try these first. Choose others."), code="easy")
        return digits
