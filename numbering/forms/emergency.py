"""The form of a 911 address. Its fields are named as the record's, so that a refusal finds its field."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from numbering import places
from numbering.forms import streets
from numbering.forms.addresses import RegionField, TidyField, check_postal_code, tidy
from providers.clients.records import EmergencyRules

UNIT_TYPES = {
    "apartment": _("Apartment"), "basement": _("Basement"), "building": _("Building"), "department": _("Department"),
    "floor": _("Floor"), "front": _("Front"), "hanger": _("Hangar"), "key": _("Key"), "lobby": _("Lobby"), "lot": _("Lot"),
    "lower": _("Lower"), "office": _("Office"), "penthouse": _("Penthouse"), "pier": _("Pier"), "rear": _("Rear"),
    "room": _("Room"), "side": _("Side"), "slip": _("Slip"), "space": _("Space"), "stop": _("Stop"), "suite": _("Suite"),
    "trailer": _("Trailer"), "unit": _("Unit"), "upper": _("Upper"),
}  # fmt: skip
NEED_NO_NUMBER = {"basement", "front", "lobby", "lower", "penthouse", "rear", "side", "upper"}
WITHOUT = {"without 911", "sans 911"}  # what a person types to remove the last address; either language will do
OF_THE_ADDRESS = (
    "name", "civic_number", "street", "unit_type", "unit", "city", "region", "postal_code", "language",
)  # fmt: skip


class AddressFields(forms.Form):
    """A place that help can be sent to, in the words of the upstream's rules."""

    name = TidyField(
        label=_("Name"),
        min_length=2,
        max_length=32,
        help_text=_("The person or business that responders should ask for."),
    )
    civic_number = TidyField(
        label=_("Civic number"), max_length=10, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    street = TidyField(
        label=_("Street"),
        max_length=60,
        help_text=_("In full, with its kind and direction: Rue Saint-Denis, King Street West, Highway 7, Rang 5."),
    )
    unit_type = forms.ChoiceField(
        label=_("Kind of unit"), required=False, choices=[("", _("None")), *UNIT_TYPES.items()]
    )
    unit = TidyField(label=_("Unit"), required=False, max_length=10)
    city = TidyField(label=_("City"), max_length=60)
    region = RegionField(label=_("Province or state"))
    postal_code = TidyField(label=_("Postal or ZIP code"), max_length=10)
    language = forms.ChoiceField(
        label=_("Language of 911 calls"), required=False, choices=[("en", _("English")), ("fr", _("French"))],
        help_text=_("In Canada only."),
    )  # fmt: skip

    def __init__(self, *args, rules: EmergencyRules | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        if rules is None:
            return  # for any upstream: what one of them does not keep is left out when a number is given the address
        self.fields["unit_type"].choices = [("", _("None")), *((name, UNIT_TYPES[name]) for name in rules.units)]
        if not rules.languages:
            self.fields.pop("language", None)

    def clean_civic_number(self):
        return streets.check_civic_number(self.cleaned_data["civic_number"])

    def clean(self):
        data = super().clean()
        self._check("street", lambda: streets.check(data["street"], data.get("civic_number", "")))
        self._check("postal_code", lambda: check_postal_code(data.get("postal_code", ""), data.get("region", "")))
        if data.get("unit") and not data.get("unit_type"):
            self.add_error("unit_type", _("Say what kind of unit it is."))
        if data.get("unit_type") and not data.get("unit") and data["unit_type"] not in NEED_NO_NUMBER:
            self.add_error("unit", _("Give its number, or choose no unit."))
        return data

    def _check(self, name: str, rule) -> None:
        if name in self.cleaned_data:
            try:
                self.cleaned_data[name] = rule()
            except ValidationError as error:
                self.add_error(name, error)

    def address(self) -> dict:
        """The address as plain values of the record."""
        data = {name: self.cleaned_data.get(name, "") for name in OF_THE_ADDRESS}
        country = places.country_of(data["region"])
        return {**data, "country": country, "language": data["language"] if country == "CA" else ""}


class EmergencyAddressForm(AddressFields):
    """The address of one number. Who accepted the limits of 911 before is not asked again."""

    keep_as = TidyField(
        label=_("Keep in the address book as"),
        required=False,
        max_length=60,
        help_text=_("A name of your own, such as Head office, if other numbers are at this place too."),
    )
    terms = forms.BooleanField(
        label=_(
            "I have read these limits of 911 service, I accept them, and I will tell everyone who may use this line."
        ),
        error_messages={"required": _("Accept the limits to go on: the law asks for your express consent.")},
    )

    def __init__(self, *args, acceptance=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.acceptance = acceptance
        if acceptance:
            del self.fields["terms"]


class PlaceForm(AddressFields):
    """An entry of the address book: an address and what it is called. Nothing is asked of an upstream by it."""

    label = TidyField(
        label=_("Name in the book"), max_length=60, help_text=_("Such as Head office, Warehouse or Anne’s home.")
    )
    is_usual = forms.BooleanField(
        label=_("Offer this address first"), required=False,
        help_text=_("Numbers without an address get a button for it in the list."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class AssignForm(forms.Form):
    """Which address of the book goes to the chosen numbers."""

    place = forms.ModelChoiceField(
        queryset=None, label=_("Address"), empty_label=None, widget=forms.RadioSelect,
        error_messages={"required": _("Choose an address.")},
    )  # fmt: skip
    terms = EmergencyAddressForm.base_fields["terms"]

    def __init__(self, *args, places, acceptance=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = places
        self.acceptance = acceptance
        if acceptance:
            del self.fields["terms"]


class CopyForm(forms.Form):
    """Take over the address of another number of the same account; nothing is saved by it."""

    copy = forms.ChoiceField(label=_("Use the address of another number"), required=False)

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["copy"].choices = [("", _("Choose…")), *choices]


class RemoveForm(forms.Form):
    """Typed confirmation: the number itself."""

    confirm = forms.CharField(label=_("Type the number to confirm"), max_length=40)
    consent = forms.CharField(label=_("Consent"), max_length=40)

    def __init__(self, *args, matches, is_last: bool = False, **kwargs):
        """With the account's last address, the person also types that there will be none."""
        super().__init__(*args, **kwargs)
        self.matches = matches
        if not is_last:
            del self.fields["consent"]

    def clean_consent(self):
        if tidy(self.cleaned_data["consent"]).casefold() not in WITHOUT:
            raise ValidationError(_("Type exactly these words, if that is what you want."), code="no_consent")
        return self.cleaned_data["consent"]

    def clean_confirm(self):
        if not self.matches(self.cleaned_data["confirm"]):
            raise ValidationError(
                _("This is not the number whose address you are about to remove."), code="other_number"
            )
        return self.cleaned_data["confirm"]
