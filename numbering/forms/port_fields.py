"""The fields of a port request, named as the record's, so that a refusal finds its field."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from numbering import uploads
from numbering.forms import number_lists
from numbering.forms.addresses import RegionField, TidyField
from numbering.forms.phone import PhoneField
from numbering.models import PortDocument

CAPACITIES = ("1-2", "2-5", "5-10", "10-15", "15-25", "25-50", "50+")


class DateInput(forms.DateInput):
    input_type = "date"

    def format_value(self, value):
        return value.isoformat() if isinstance(value, date) else value


class PortFields(forms.Form):
    """Every field that a port request can have at any upstream; `PortForm` leaves those that its own can be told."""

    title = TidyField(
        label=_("Name of this request"),
        required=False,
        min_length=2,
        max_length=60,
        help_text=_("For your own lists, such as “Head office”."),
    )
    kind = forms.ChoiceField(
        label=_("Kind of numbers"),
        choices=[("local", _("Local numbers")), ("tollfree", _("Toll-free numbers"))],
        initial="local",
        widget=forms.RadioSelect,
    )
    numbers = forms.CharField(
        label=_("Numbers to bring over"), required=False, max_length=number_lists.LONGEST_TEXT, strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("Paste them as they are, with commas or on lines of their own. Include the main number of the bill."),
    )  # fmt: skip
    features = forms.MultipleChoiceField(
        label=_("What they shall do here, besides calls"),
        required=False,
        choices=[("sms", _("Texts")), ("mms", _("Pictures in texts")), ("t38", _("Fax (T.38)"))],
        widget=forms.CheckboxSelectMultiple,
    )
    organization = TidyField(
        label=_("Name on the bill"),
        required=False,
        min_length=2,
        max_length=60,
        help_text=_("Exactly as your current provider writes it."),
    )
    organization_kind = forms.ChoiceField(
        label=_("This service is"),
        required=False,
        choices=[("business", _("For a business")), ("personal", _("Personal"))],
        widget=forms.RadioSelect,
    )
    current_provider = TidyField(
        label=_("Current provider"),
        required=False,
        min_length=2,
        max_length=60,
        help_text=_("The company that sends you the bill."),
    )
    current_reseller = TidyField(
        label=_("Reseller"),
        required=False,
        min_length=2,
        max_length=60,
        help_text=_("If you bought the service from a reseller of that company."),
    )
    current_reseller_account = TidyField(label=_("Account number there"), required=False, min_length=2, max_length=60)
    account_number = TidyField(
        label=_("Account number"), required=False, max_length=40, help_text=_("As it stands on the bill.")
    )
    account_pin = TidyField(
        label=_("PIN"),
        required=False,
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("If your provider gave you one for moving numbers. It is passed on and then forgotten."),
    )
    billing_number = PhoneField(
        label=_("Main number of the bill"), required=False, help_text=_("If it is not the first of these numbers.")
    )
    numbers_to_keep = forms.CharField(
        label=_("Numbers that stay there"), required=False, max_length=number_lists.LONGEST_TEXT, strip=False,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("If the account has others that you keep with your current provider."),
    )  # fmt: skip
    new_billing_number = PhoneField(
        label=_("Their new main number"),
        required=False,
        help_text=_("If the main number of the bill leaves: which of those that stay takes its place."),
    )
    numbers_to_cancel = forms.CharField(
        label=_("Numbers to disconnect"), required=False, max_length=number_lists.LONGEST_TEXT, strip=False,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("They stop working on the port day, for good. Leave empty unless you want that."),
    )  # fmt: skip
    cancel_is_meant = forms.BooleanField(label=_("Yes, disconnect these for good."), required=False)
    authorized_by = TidyField(
        label=_("Who authorizes it"),
        required=False,
        max_length=60,
        help_text=_("The person who may decide about that account; empty means the name on the bill."),
    )
    civic_number = TidyField(
        label=_("Civic number"), required=False, max_length=10, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    street = TidyField(label=_("Street"), required=False, max_length=60)
    unit = TidyField(
        label=_("Unit"), required=False, max_length=10, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    city = TidyField(label=_("City"), required=False, max_length=60)
    region = RegionField(label=_("Province or state"), required=False)
    postal_code = TidyField(label=_("Postal or ZIP code"), required=False, max_length=10)
    capacity = forms.ChoiceField(
        label=_("Calls at the same time"), required=False, choices=[("", _("Choose…")), *((band, band) for band in CAPACITIES)],
        help_text=_("How many calls these numbers carry together at the busiest time."),
    )  # fmt: skip
    wanted_on = forms.DateField(label=_("Wanted date"), required=False, widget=DateInput)
    recipients = forms.CharField(
        label=_("Also tell"),
        required=False,
        max_length=500,
        help_text=_("E-mail addresses that get the news of this port."),
    )
    instructions = forms.CharField(
        label=_("Anything we should know"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("An alarm or a fax on the line, a DSL contract, a number that must stay."),
    )  # fmt: skip
    loa = forms.FileField(
        label=PortDocument.Kind.LOA.label,
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": uploads.ACCEPT}),
    )
    bill = forms.FileField(
        label=PortDocument.Kind.BILL.label,
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": uploads.ACCEPT}),
    )
    bill_date = forms.DateField(
        label=_("Date on the bill"),
        required=False,
        widget=DateInput,
        help_text=_("Carriers want one of the last 30 days."),
    )
    other = forms.FileField(
        label=PortDocument.Kind.OTHER.label,
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": uploads.ACCEPT}),
    )
    keep_service = forms.BooleanField(
        label=_("I will not cancel my old service before the port completes."), required=False
    )
