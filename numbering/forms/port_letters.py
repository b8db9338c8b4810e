"""The form with which a letter of authorization is signed on screen: a typed name, and a drawn one where script runs."""

import base64
import binascii

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext_lazy as _

from numbering import uploads
from numbering.forms.addresses import TidyField

DRAWN = "data:image/png;base64,"
LONGEST_DRAWING = 300_000


class LetterForm(forms.Form):
    language = forms.ChoiceField(
        label=_("Language of the letter"), choices=[("en", "English"), ("fr", "Français")], widget=forms.RadioSelect
    )
    name = TidyField(
        label=_("Your full name"), min_length=3, max_length=60, help_text=_("Typed, it counts as your signature.")
    )
    drawn = forms.CharField(
        required=False, max_length=LONGEST_DRAWING, widget=forms.HiddenInput(attrs={"data-signature": ""})
    )
    agreed = forms.BooleanField(label=_("I may decide about this service, and what the letter says is true."))

    def clean_drawn(self) -> bytes:
        """The picture of the signature, looked at like any other upload."""
        text = self.cleaned_data["drawn"]
        if not text:
            return b""
        try:
            if not text.startswith(DRAWN):
                raise ValueError
            picture = base64.b64decode(text[len(DRAWN) :], validate=True)
        except (ValueError, binascii.Error):
            raise ValidationError(_("The drawing could not be read. Draw it again, or leave it out.")) from None
        uploads.check(SimpleUploadedFile("signature.png", picture))
        return picture
