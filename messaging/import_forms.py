"""Uploading a file of contacts, and saying what its columns are."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from messaging.importing import plan
from messaging.importing.plan import FIELD, FIRST, LAST, NAME, NUMBER, Plan
from messaging.models import Consent, ContactGroup, ContactImport
from messaging.people_forms import DateInput, tidy
from messaging.templating import key_of

LEFT_OUT = ""


class ColumnsForm(forms.Form):
    """One choice a column; the group they go into; and the consent all of them gave, if they did."""

    dates = forms.ChoiceField(
        label=gettext_lazy("Birthdays are written"),
        required=False,
        choices=[
            ("ymd", gettext_lazy("year, month, day: 1990-12-31")),
            ("dmy", gettext_lazy("day, month, year: 31/12/1990")),
            ("mdy", gettext_lazy("month, day, year: 12/31/1990")),
        ],
    )
    group = forms.ModelChoiceField(
        ContactGroup.objects.none(),
        label=gettext_lazy("Put them into the group"),
        required=False,
        empty_label=gettext_lazy("None"),
    )
    new_group = forms.CharField(label=gettext_lazy("or into a new group"), max_length=60, required=False)
    consent = forms.ChoiceField(
        label=gettext_lazy("Their consent"),
        required=False,
        choices=[("", gettext_lazy("Record nothing")), *Consent.Kind.choices],
    )
    consent_source = forms.CharField(label=gettext_lazy("How they gave it"), max_length=200, required=False)
    consent_on = forms.DateField(
        label=gettext_lazy("Given on"),
        required=False,
        widget=DateInput(),
        error_messages={"invalid": gettext_lazy("This is not a date.")},
    )

    def __init__(self, *args, job: ContactImport, **kwargs):
        self.job, current = job, Plan.of(job.plan)
        initial = {
            "dates": current.dates,
            "group": job.group_id,
            "consent": current.consent.get("kind", ""),
            "consent_source": current.consent.get("source", ""),
            "consent_on": current.consent.get("given_on", ""),
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["group"].queryset = ContactGroup.objects.for_account(job.account).order_by("name")
        self.width = max([len(job.headings), *map(len, job.sample), *[place + 1 for place in current.columns]])
        for place in range(self.width):
            self.fields[f"column_{place}"] = self._column(place, current.columns.get(place, LEFT_OUT))

    def _column(self, place: int, meaning: str) -> forms.ChoiceField:
        label = self.heading(place)
        field = forms.ChoiceField(label=label, required=False, initial=meaning, choices=meanings(self.job, place))
        field.needed = True
        return field

    def heading(self, place: int) -> str:
        headings = self.job.headings
        named = headings[place] if place < len(headings) else ""
        return named or _("Column %(number)s") % {"number": place + 1}

    @property
    def columns(self) -> list[dict]:
        """Each column with its choice and what stands in the first rows."""
        rows = [[row[place] if place < len(row) else "" for row in self.job.sample] for place in range(self.width)]
        return [{"field": self[f"column_{place}"], "cells": rows[place]} for place in range(self.width)]

    @property
    def rest(self) -> list[forms.BoundField]:
        return [field for field in self if not field.name.startswith("column_")]

    def clean_new_group(self) -> str:
        return tidy(self.cleaned_data["new_group"])

    def clean_consent_source(self) -> str:
        return tidy(self.cleaned_data["consent_source"])

    def clean(self) -> dict:
        self._check_columns()
        if self.cleaned_data.get("consent"):
            if not self.cleaned_data.get("consent_source"):
                self.add_error("consent_source", _("Say how they agreed."))
            on = self.cleaned_data.get("consent_on")
            if "consent_on" not in self.errors and (not on or on > timezone.localdate()):
                self.add_error("consent_on", _("Say when they agreed: today or an earlier day."))
        return self.cleaned_data

    def _check_columns(self) -> None:
        chosen = self._chosen()
        for place, meaning in chosen.items():
            if list(chosen.values()).index(meaning) != list(chosen).index(place):
                self.add_error(f"column_{place}", _("Another column is that already."))
        if NUMBER not in chosen.values():
            self.add_error(None, _("Say which column has the phone numbers."))
        if NAME in chosen.values() and LAST in chosen.values():
            place = next(place for place, meaning in chosen.items() if meaning == LAST)
            self.add_error(f"column_{place}", _("Choose the whole name, or first and last name."))

    def _chosen(self) -> dict[int, str]:
        found = {place: self.cleaned_data.get(f"column_{place}", "") for place in range(self.width)}
        return {place: meaning for place, meaning in found.items() if meaning}

    @property
    def plan(self) -> Plan:
        data, consent = self.cleaned_data, {}
        if data["consent"]:
            consent = {
                "kind": data["consent"],
                "source": data["consent_source"],
                "given_on": data["consent_on"].isoformat(),
            }
        return Plan(self._chosen(), data["dates"] or "ymd", consent)


def meanings(job: ContactImport, place: int) -> list[tuple[str, str]]:
    """What a column may be: a part of a contact, or a field of its own under its heading."""
    headings = job.headings
    key = key_of(headings[place]) if place < len(headings) else ""
    key = key if key and key != NAME else f"column_{place + 1}"
    own = _("Variable {{%(name)s}}") % {"name": key}
    return [(LEFT_OUT, _("Leave out")), *((name, str(LABELS[name])) for name in plan.KNOWN), (f"{FIELD}{key}", own)]


LABELS = {
    NUMBER: gettext_lazy("Phone number"),
    NAME: gettext_lazy("Whole name"),
    FIRST: gettext_lazy("First name"),
    LAST: gettext_lazy("Last name"),
    plan.LANGUAGE: gettext_lazy("Language"),
    plan.BIRTHDAY: gettext_lazy("Birthday"),
    plan.TAGS: gettext_lazy("Tags"),
    plan.NOTES: gettext_lazy("Notes"),
}
