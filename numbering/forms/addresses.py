"""What address fields have in common, for 911 and for ports."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from numbering import places

_INVISIBLE = frozenset(("Cc", "Cf", "Co", "Cs"))
_WORDS = re.compile(r"^[\w\s\-.,'’&()#/:+]*$")  # what upstreams call alphanumeric; \w has the accents
_BOX = re.compile(
    r"\b(p\.?\s*o\.?\s*box|post\s+office\s+box|b\.?\s*p\.?\s*\d|c\.?\s*p\.?\s*\d|case\s+postale|bo[iî]te\s+postale|"
    r"general\s+delivery|poste\s+restante|r\.?\s*r\.?\s*#?\s*\d)",
    re.IGNORECASE,
)


def tidy(text: str) -> str:
    """One spelling for one address: composed accents, plain apostrophes, single blanks, nothing invisible."""
    plain = unicodedata.normalize("NFC", text).replace("’", "'")
    visible = "".join(
        " " if char.isspace() else char
        for char in plain
        if char.isspace() or unicodedata.category(char) not in _INVISIBLE
    )
    return " ".join(visible.split())


class TidyField(forms.CharField):
    """A line of text as it may appear in an address or a name."""

    default_error_messages = {"characters": _("Use letters, digits and - . , ' & ( ) # / : + only.")}

    def to_python(self, value):
        plain = tidy(super().to_python(value) or "")
        if not _WORDS.match(plain):
            raise ValidationError(self.error_messages["characters"], code="characters")
        return plain


class RegionField(forms.ChoiceField):
    """A province or a state; it tells the country too."""

    def __init__(self, **kwargs):
        super().__init__(choices=places.region_choices, **kwargs)


def check_street(street: str) -> None:
    if _BOX.search(street):
        raise ValidationError(
            _("A post office box is no place that anyone can be sent to. Give the street address."), code="box"
        )


def check_civic_number(text: str) -> str:
    if text and not re.fullmatch(r"[1-9]\d{0,5}", text):
        raise ValidationError(
            _("Only the number of the building, such as 120. A letter or a suite belongs in the unit."),
            code="civic_number",
        )
    return text


def check_postal_code(text: str, region: str) -> str:
    """The postal code as it is written; an empty one stays empty."""
    country = places.country_of(region)
    if not text or not country:
        return text.upper()
    code = places.postal_code(text, country)
    if not code:
        wanted = (
            _("A Canadian postal code looks like H2X 1Y4.")
            if country == "CA"
            else _("A ZIP code has five digits, such as 10001.")
        )
        raise ValidationError(wanted, code="postal_code")
    if country == "CA" and not places.fits(code, region):
        raise ValidationError(_("This postal code is not in the province that you chose."), code="province")
    return code
