"""Forms of contacts, their consents, and groups."""

from datetime import date

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from messaging import reasons
from messaging.models import Consent, Contact, ContactGroup
from messaging.people import join_tags
from providers.clients import phones

EARLIEST = date(1900, 1, 1)


def tidy(text: str) -> str:
    """One line without what cannot be seen."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class ContactForm(forms.ModelForm):
    """A contact. Its version is the moment of the last change that the person has seen."""

    number = forms.CharField(
        label=gettext_lazy("Number"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off", "placeholder": "514 555-0134"}),
        error_messages={"required": gettext_lazy("A contact needs a number.")},
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=Contact.Language.choices, required=False)
    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)

    class Meta:
        model = Contact
        fields = ("name", "number", "language", "birthday", "tags", "notes")
        widgets = {
            "birthday": DateInput(),
            "notes": forms.Textarea(attrs={"rows": 3, "data-grow": True}),
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
        }
        help_texts = {"tags": gettext_lazy("Separated by commas, for example: plumbing, monthly.")}

    def __init__(self, *args, country: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.country = country

    def clean_number(self) -> str:
        try:
            return phones.parse(self.cleaned_data["number"], self.country)
        except phones.PhoneError as error:
            raise forms.ValidationError(reasons.reason(error.reason.value), code=error.reason.value) from None

    def clean_name(self) -> str:
        return tidy(self.cleaned_data["name"])

    def clean_tags(self) -> str:
        return join_tags(tidy(self.cleaned_data["tags"]))

    def clean_notes(self) -> str:
        return self.cleaned_data["notes"].replace("\r\n", "\n").replace("\0", "").strip()

    def clean_birthday(self) -> date | None:
        value = self.cleaned_data["birthday"]
        if value and not EARLIEST <= value <= timezone.localdate():
            raise forms.ValidationError(_("A birthday lies between 1900 and today."), code="birthday")
        return value

    def validate_unique(self) -> None:
        """Left to the service, which knows whose number it is."""

    def validate_constraints(self) -> None:
        """The same."""

    @property
    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class ConsentForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=Consent.Kind.choices,
        help_text=gettext_lazy("Express: they said yes. Implied: they are a customer, or asked you something."),
    )
    source = forms.CharField(
        label=gettext_lazy("How it was given"),
        max_length=200,
        help_text=gettext_lazy("For example: signed form of our open house."),
        error_messages={"required": gettext_lazy("Say how they agreed.")},
    )
    given_on = forms.DateField(
        label=gettext_lazy("Given on"),
        widget=DateInput(),
        error_messages={
            "required": gettext_lazy("Say when they agreed."),
            "invalid": gettext_lazy("This is not a date."),
        },
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Ends on"),
        required=False,
        widget=DateInput(),
        help_text=gettext_lazy("Implied consent ends two years after a purchase, six months after a question."),
        error_messages={"invalid": gettext_lazy("This is not a date.")},
    )

    def clean_source(self) -> str:
        return tidy(self.cleaned_data["source"])

    def clean_given_on(self) -> date:
        value = self.cleaned_data["given_on"]
        if not EARLIEST <= value <= timezone.localdate():
            raise forms.ValidationError(_("Consent is recorded once it is given: choose today or an earlier day."))
        return value

    def clean(self) -> dict:
        given, expires = self.cleaned_data.get("given_on"), self.cleaned_data.get("expires_on")
        if given and expires and expires <= given:
            self.add_error("expires_on", _("This lies before the day it was given."))
        return self.cleaned_data


class GroupForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name of the group"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("A group needs a name.")},
    )

    def clean_name(self) -> str:
        name = tidy(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("A group needs a name."), code="required")
        return name


class ChosenForm(forms.Form):
    """Contacts ticked in a list, and the group they go into: one that is there, or a new one."""

    contacts = forms.ModelMultipleChoiceField(Contact.objects.none(), required=False)
    group = forms.ModelChoiceField(ContactGroup.objects.none(), required=False)
    new_group = forms.CharField(max_length=60, required=False)
    all = forms.BooleanField(required=False)

    def __init__(self, *args, account, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["contacts"].queryset = Contact.objects.for_account(account)
        self.fields["group"].queryset = ContactGroup.objects.for_account(account)

    def clean_new_group(self) -> str:
        return tidy(self.cleaned_data["new_group"])
