"""The form of a port request. Its fields are named as the record's, so that a refusal finds its field.

It shows what the upstream lets a request say (`PortRules`). A draft may be incomplete; what is filled in must be right.
Submitting makes mandatory what the upstream needs.
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
from numbering.forms import number_lists, port_rules
from numbering.forms.addresses import check_civic_number, check_postal_code, check_street
from numbering.forms.port_fields import PortFields
from numbering.models import PortDocument
from numbering.services.ports import Paper, busy_numbers
from numbering.upstream.port_drafts import draft_of
from providers.clients import phones
from providers.clients.records import PortDraft

OURS = ("title", "keep_service")  # between us and the person
LISTS = ("numbers_to_keep", "numbers_to_cancel")
MOST_RECIPIENTS = 10
PLAIN = ("title", "kind", "organization", "organization_kind", "current_provider", "current_reseller", "current_reseller_account",
         "account_number", "account_pin", "billing_number", "new_billing_number", "authorized_by", "capacity", "instructions")  # fmt: skip
PLACE = ("civic_number", "street", "unit", "city", "region", "postal_code")


class PortForm(PortFields):
    def __init__(self, *args, connection, zone, port=None, submit=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.connection, self.port, self.submit = connection, port, submit
        self.stored = draft_of(port) if port else PortDraft()
        self.rules = connection.client_class.port_rules
        self.now = timezone.now().astimezone(zone)
        self._fit()
        if "wanted_on" in self.fields:
            self._limit_date()

    def _limit_date(self) -> None:
        first, last = business_days.port_window(self.now, self.stored.address.region)
        self.fields["wanted_on"].widget.attrs |= {"min": first.isoformat(), "max": last.isoformat()}
        text = _("A business day from %(first)s to %(last)s.")
        if "wanted_on" not in self.needed:
            text = _("Leave empty for as soon as possible. A business day from %(first)s to %(last)s.")
        self.fields["wanted_on"].help_text = text % {"first": day(first), "last": day(last)}

    def _fit(self) -> None:
        """Leave what this upstream can be told."""
        for name in set(self.fields) - self.sayable():
            del self.fields[name]
        self.needed = [name for name in self.fields if name in self.rules.needs or name == "keep_service"]
        for name in self.needed:
            self.fields[name].needed = True  # a draft may lack it, so only the label must not call it optional
        if "region" in self.fields:
            self.fields["region"].choices = places.region_choices(self.rules.countries)
        if "street" in self.fields and self.rules.countries == ("US",):
            self.fields["street"].help_text = _("With its kind, such as Main St or Oak Avenue.")

    def sayable(self) -> set[str]:
        """The fields that this upstream's request has."""
        said = {*OURS, *self.rules.says}
        said |= {*PortDocument.Kind.values, "bill_date"} if self.rules.documents else set()
        return said | ({"cancel_is_meant"} if "numbers_to_cancel" in said else set())

    # --- field by field

    def clean_numbers(self) -> list[str]:
        good, bad = number_lists.read(self.cleaned_data["numbers"])
        errors = [
            _("“%(text)s” is no number to port: %(reason)s.") % {"text": item.text, "reason": item.reason}
            for item in bad[:20]
        ]
        if len(good) > number_lists.MOST:
            errors.append(_("At most %(most)s numbers fit in one request.") % {"most": number_lists.MOST})
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

    def clean_numbers_to_keep(self) -> list[str]:
        return port_rules.read_list(self.cleaned_data["numbers_to_keep"])

    def clean_numbers_to_cancel(self) -> list[str]:
        return port_rules.read_list(self.cleaned_data["numbers_to_cancel"])

    def clean_bill_date(self):
        if dated := self.cleaned_data["bill_date"]:
            port_rules.check_bill_date(dated, self.now.date())
        return dated

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
            region = data.get("region", self.stored.address.region)
            self._rule("wanted_on", lambda: self._check_date(data["wanted_on"], region))
        if self.submit:
            self._require()
            self._check_together()
        return data

    def _check_together(self) -> None:
        """What hangs together, over what is stored of the parts that this form does not show."""
        stored = {name: getattr(self.stored, name) for name in self.rules.says if hasattr(self.stored, name)}
        for name, text in port_rules.mistakes(stored | self.cleaned_data):
            if name in self.fields and name not in self.errors:
                self.add_error(name, text)

    def _rule(self, name: str, rule) -> None:
        if self.cleaned_data.get(name):
            try:
                self.cleaned_data[name] = rule()
            except ValidationError as error:
                self.add_error(name, error)

    def _require(self) -> None:
        for name in self.needed:
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
        address = replace(before.address, **{name: data[name] for name in PLACE if name in data})
        said = {name: data[name] for name in (*PLAIN, "wanted_on") if name in data}
        said |= {name: tuple(data[name]) for name in ("numbers", "recipients", "features", *LISTS) if name in data}
        address = replace(address, country=places.country_of(address.region))
        return replace(before, **said, address=address, subaccount_id=subaccount_id)

    def papers(self) -> list[Paper]:
        papers = [paper for kind in PortDocument.Kind.values if (paper := self.cleaned_data.get(kind))]
        dated = self.cleaned_data.get("bill_date")
        return [replace(paper, dated_on=dated) if paper.kind == "bill" else paper for paper in papers]


def initial_of(draft: PortDraft) -> dict:
    """How a draft stands in the form."""
    values = {name: getattr(draft, name) for name in PLAIN} | {name: getattr(draft.address, name) for name in PLACE}
    values |= {name: "\n".join(phone(number) for number in getattr(draft, name)) for name in ("numbers", *LISTS)}
    lists = {"features": list(draft.features), "recipients": ", ".join(draft.recipients)}
    return values | lists | {"wanted_on": draft.wanted_on, "cancel_is_meant": bool(draft.numbers_to_cancel)}


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
