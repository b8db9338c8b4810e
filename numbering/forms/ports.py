"""The form of a port request. Its fields are named as the record's, so that a refusal finds its field.

A draft may be incomplete; what is filled in must be right. Submitting makes the fields in NEEDED mandatory.
"""

import re
from dataclasses import replace
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.presenting import day, phone
from numbering import business_days, places, uploads
from numbering.forms import number_lists
from numbering.forms.addresses import RegionField, TidyField, check_civic_number, check_postal_code, check_street
from numbering.models import PortDocument
from numbering.services.ports import Paper, busy_numbers
from providers.clients import phones
from providers.clients.records import PortDraft, ServiceAddress

CAPACITIES = ("1-2", "2-5", "5-10", "10-15", "15-25", "25-50", "50+")
NEEDED = (
    "numbers", "organization", "organization_kind", "current_provider", "civic_number", "street", "city", "region", "postal_code",
    "capacity", "keep_service",
)  # fmt: skip
MOST_NUMBERS = 200
MOST_RECIPIENTS = 10
PLAIN = ("title", "kind", "organization", "organization_kind", "current_provider", "current_reseller", "current_reseller_account",
         "capacity", "instructions")  # fmt: skip
PLACE = ("civic_number", "street", "unit", "city", "region", "postal_code")


class DateInput(forms.DateInput):
    input_type = "date"

    def format_value(self, value):
        return value.isoformat() if isinstance(value, date) else value


class PortForm(forms.Form):
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
    other = forms.FileField(
        label=PortDocument.Kind.OTHER.label,
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": uploads.ACCEPT}),
    )
    keep_service = forms.BooleanField(
        label=_("I will not cancel my old service before the port completes."), required=False
    )

    def __init__(self, *args, connection, zone, port=None, submit=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.connection, self.port, self.submit = connection, port, submit
        for name in NEEDED:
            self.fields[name].needed = True  # a draft may lack it, so only the label must not call it optional
        self.now = timezone.now().astimezone(zone)
        first, last = business_days.port_window(self.now)
        self.fields["wanted_on"].widget.attrs |= {"min": first.isoformat(), "max": last.isoformat()}
        self.fields["wanted_on"].help_text = _("Leave empty for as soon as possible. A business day from %(first)s to %(last)s.") % {
            "first": day(first), "last": day(last)
        }  # fmt: skip

    # --- field by field

    def clean_numbers(self) -> list[str]:
        good, bad = number_lists.read(self.cleaned_data["numbers"])
        errors = [
            _("“%(text)s” is no number to port: %(reason)s.") % {"text": item.text, "reason": item.reason}
            for item in bad[:20]
        ]
        if len(good) > MOST_NUMBERS:
            errors.append(_("At most %(most)s numbers fit in one request.") % {"most": MOST_NUMBERS})
        if bad and good:
            text = ngettext(
                "The other number is good and stays in the list.",
                "The other %(count)s numbers are good and stay in the list.",
                len(good),
            )
            errors.append(text % {"count": len(good)})
        if errors:
            raise ValidationError(errors)
        return good

    def clean_civic_number(self):
        return check_civic_number(self.cleaned_data["civic_number"])

    def clean_street(self):
        check_street(self.cleaned_data["street"])
        return self.cleaned_data["street"]

    def clean_unit(self):
        unit = self.cleaned_data["unit"]
        if unit and not re.fullmatch(r"\d{1,6}", unit):
            raise ValidationError(_("Only the number of the unit. Put a letter into the instructions."))
        return unit

    def clean_recipients(self) -> list[str]:
        found = [text for text in re.split(r"[\s,;]+", self.cleaned_data["recipients"]) if text]
        for text in found:
            try:
                validate_email(text)
            except ValidationError:
                raise ValidationError(_("“%(text)s” is no e-mail address.") % {"text": text[:60]}) from None
        if len(found) > MOST_RECIPIENTS:
            raise ValidationError(_("At most %(most)s addresses.") % {"most": MOST_RECIPIENTS})
        return list(dict.fromkeys(found))

    def clean_loa(self):
        return self._paper("loa")

    def clean_bill(self):
        return self._paper("bill")

    def clean_other(self):
        return self._paper("other")

    def _paper(self, kind: str) -> Paper | None:
        upload = self.cleaned_data.get(kind)
        return Paper(kind, upload, uploads.check(upload)) if upload else None

    # --- what hangs together

    def clean(self):
        data = super().clean()
        self._rule("postal_code", lambda: check_postal_code(data["postal_code"], data.get("region", "")))
        self._rule("numbers", lambda: self._check_numbers(data["numbers"], data.get("kind", "local")))
        if not self._unchanged_date():
            self._rule("wanted_on", lambda: self._check_date(data["wanted_on"], data.get("region", "")))
        if self.submit:
            self._require()
        return data

    def _rule(self, name: str, rule) -> None:
        if self.cleaned_data.get(name):
            try:
                self.cleaned_data[name] = rule()
            except ValidationError as error:
                self.add_error(name, error)

    def _require(self) -> None:
        for name in NEEDED:
            if name in self.cleaned_data and not self.cleaned_data[name]:
                self.add_error(name, self._missing(name))

    def _missing(self, name: str) -> str:
        if name == "keep_service":
            return _("Please confirm. A number that is cancelled too early is lost.")
        if name == "numbers":
            return _("Give at least one number.")
        return _("The losing carrier asks for this.")

    def _check_numbers(self, numbers: list[str], kind: str) -> list[str]:
        busy = busy_numbers(self.connection, numbers, self.port)
        errors = [_busy_sentence(number, why) for number, why in busy.items()]
        errors += [
            _kind_sentence(number, kind) for number in numbers if phones.is_toll_free(number) != (kind == "tollfree")
        ]
        if errors:
            raise ValidationError(errors[:20])
        return numbers

    def _check_date(self, wanted: date, region: str) -> date:
        first, last = business_days.port_window(self.now, region)
        if not first <= wanted <= last:
            raise ValidationError(
                _("Choose a day from %(first)s to %(last)s.") % {"first": day(first), "last": day(last)}
            )
        if not business_days.is_business_day(wanted, region):
            raise ValidationError(_("Carriers do not work on %(day)s.") % {"day": day(wanted)})
        return wanted

    def _unchanged_date(self) -> bool:
        """A draft that waited keeps its date until it is handed in."""
        return bool(self.port and not self.submit and self.cleaned_data.get("wanted_on") == self.port.wanted_on)

    # --- to and from a draft

    def draft(self, before: PortDraft, subaccount_id: str) -> PortDraft:
        """What the form says, over what the form does not show (numbers to keep, comments, ...)."""
        data = self.cleaned_data
        place = {name: data[name] for name in PLACE}
        return replace(
            before,
            **{name: data[name] for name in PLAIN},
            numbers=tuple(data["numbers"]),
            wanted_on=data["wanted_on"],
            recipients=tuple(data["recipients"]),
            address=ServiceAddress(country=places.country_of(data["region"]), **place),
            subaccount_id=subaccount_id,
        )

    def papers(self) -> list[Paper]:
        return [paper for kind in PortDocument.Kind.values if (paper := self.cleaned_data[kind])]


def initial_of(draft: PortDraft) -> dict:
    """How a draft stands in the form."""
    values = {name: getattr(draft, name) for name in PLAIN} | {name: getattr(draft.address, name) for name in PLACE}
    numbers = "\n".join(phone(number) for number in draft.numbers)
    return values | {"numbers": numbers, "wanted_on": draft.wanted_on, "recipients": ", ".join(draft.recipients)}


def _busy_sentence(number: str, why: str) -> str:
    if why == "porting":
        return _("%(number)s is already in another port request.") % {"number": phone(number)}
    return _("%(number)s is already with us: there is nothing to port.") % {"number": phone(number)}


def _kind_sentence(number: str, kind: str) -> str:
    if kind == "local":
        return _("%(number)s is toll-free: make a request of its own for it.") % {"number": phone(number)}
    return _("%(number)s is not toll-free: make a request of its own for it.") % {"number": phone(number)}


class DocumentForm(forms.Form):
    """One more document on an existing request."""

    kind = forms.ChoiceField(label=_("Kind"), choices=PortDocument.Kind.choices)
    file = forms.FileField(label=_("File"), widget=forms.ClearableFileInput(attrs={"accept": uploads.ACCEPT}))

    def clean_file(self):
        upload = self.cleaned_data["file"]
        return Paper(self.cleaned_data.get("kind", ""), upload, uploads.check(upload))
