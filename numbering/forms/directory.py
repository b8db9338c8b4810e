"""The form of a directory entry (411). Its fields are named as the record's, so that a refusal finds its field."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from numbering import places
from numbering.forms.addresses import TidyField, tidy
from numbering.forms.emergency import AddressFields
from providers.clients.records import ENTRY_FIELDS

KINDS = {"business": _("Business"), "residential": _("Residence"), "government": _("Government")}
_WORD = re.compile(r"^[^\W_](?:[^\W_]|[ '-])+$")


def as_listed(name: str) -> str:
    """A name without what no directory prints: "Lachance inc." becomes "Lachance inc"."""
    return " ".join(re.sub(r"[^\w '-]|_", " ", tidy(name)).split())


class ListingWord(TidyField):
    """A part of a name as the directory prints it."""

    default_error_messages = {"word": _("Use letters, digits, blanks, dashes and apostrophes only.")}

    def to_python(self, value):
        plain = super().to_python(value)
        if plain and len(plain) > 1 and not _WORD.match(plain):
            raise ValidationError(self.error_messages["word"], code="word")
        return plain


class ListingForm(AddressFields):
    """Under which words people find the number, and at which place."""

    name = None
    language = None
    intent = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    kind = forms.ChoiceField(label=_("Kind of listing"), choices=list(KINDS.items()))
    sort_name = ListingWord(
        label=_("Listed under"), min_length=2, max_length=30,
        help_text=_("The word that people look for: a family name, or the first word of a business."),
    )  # fmt: skip
    rest = ListingWord(
        label=_("Rest of the name"), min_length=2, max_length=106,
        help_text=_("What follows it: a first name, or the other words of the business."),
    )  # fmt: skip

    @property
    def is_damaged(self) -> bool:
        return "intent" in self.errors

    def entry(self) -> dict:
        """The entry as plain values of the record."""
        data = {name: self.cleaned_data.get(name, "") for name in ENTRY_FIELDS}
        return {**data, "country": places.country_of(data["region"])}
