"""Forms for many numbers at once: what a file's columns are, and one change of a selection."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from numbering.batches.meanings import CHANGEABLE, LABELS, NUMBER, SWITCHES
from numbering.forms.numbers import RINGING
from numbering.models import NumberBatch
from numbering.services.intents import new_intent

ABROAD = gettext_lazy("Also forward to numbers outside Canada and the United States, at the international rate")
LEFT_OUT = ""


class BatchColumnsForm(forms.Form):
    """One choice a column."""

    abroad = forms.BooleanField(label=ABROAD, required=False)

    def __init__(self, *args, job: NumberBatch, **kwargs):
        self.job = job
        current = {int(place): meaning for place, meaning in job.plan.get("columns", {}).items()}
        super().__init__(*args, initial={"abroad": job.plan.get("abroad", False)}, **kwargs)
        self.width = max([len(job.headings), *map(len, job.sample), *[place + 1 for place in current]])
        choices = [(LEFT_OUT, _("Leave out")), *((name, str(label)) for name, label in LABELS.items())]
        for place in range(self.width):
            field = forms.ChoiceField(label=self.heading(place), required=False, choices=choices)
            field.initial, field.needed = current.get(place, LEFT_OUT), True
            self.fields[f"column_{place}"] = field

    def heading(self, place: int) -> str:
        named = self.job.headings[place] if place < len(self.job.headings) else ""
        return named or _("Column %(number)s") % {"number": place + 1}

    @property
    def columns(self) -> list[dict]:
        """Each column with its choice and what stands in the first rows."""
        rows = [[row[place] if place < len(row) else "" for row in self.job.sample] for place in range(self.width)]
        return [{"field": self[f"column_{place}"], "cells": rows[place]} for place in range(self.width)]

    def clean(self) -> dict:
        chosen = self.chosen
        for place, meaning in chosen.items():
            if list(chosen.values()).index(meaning) != list(chosen).index(place):
                self.add_error(f"column_{place}", _("Another column is that already."))
        if NUMBER not in chosen.values():
            self.add_error(None, _("Say which column has the phone numbers."))
        elif len(chosen) < 2:
            self.add_error(None, _("Choose at least one column that changes something."))
        return self.cleaned_data

    @property
    def chosen(self) -> dict[int, str]:
        found = {place: self.cleaned_data.get(f"column_{place}", "") for place in range(self.width)}
        return {place: meaning for place, meaning in found.items() if meaning}


def _switch(label) -> forms.ChoiceField:
    choices = [("", gettext_lazy("Leave as it is")), ("yes", gettext_lazy("On")), ("no", gettext_lazy("Off"))]
    return forms.ChoiceField(label=label, choices=choices, required=False)


class BulkForm(forms.Form):
    """What all chosen numbers get. An empty field leaves things as they are, a single dash empties them."""

    NOT_FOR_MANY = ("label", "note", "tags", "comments", "sms_webhook", "sms_webhook_retry")
    intent = forms.UUIDField(widget=forms.HiddenInput)
    cost_center = forms.CharField(label=LABELS["cost_center"], required=False, max_length=60)
    add_tags = forms.CharField(label=gettext_lazy("Add tags"), required=False, max_length=200)
    remove_tags = forms.CharField(label=gettext_lazy("Take tags away"), required=False, max_length=200)
    abroad = forms.BooleanField(label=ABROAD, required=False)

    def __init__(self, *args, settings: set[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("intent", new_intent())
        ours = {name: self.fields.pop(name) for name in ("cost_center", "add_tags", "remove_tags", "abroad")}
        for name in CHANGEABLE:
            if name in settings and name not in self.NOT_FOR_MANY:
                self.fields[name] = self._field(name)
        self.fields |= ours
        for field in self.fields.values():
            field.needed = True  # each of them may stay empty: the page says so once
        if not {"forward_to", "sms_forward_to"} & settings:
            del self.fields["abroad"]

    def _field(self, name: str) -> forms.Field:
        label = LABELS[name]
        if name in SWITCHES:
            return _switch(label)
        if name == "forward_after":
            rings = [(str(seconds), _("after %(seconds)s seconds") % {"seconds": seconds}) for seconds in RINGING]
            choices = [("", _("Leave as it is")), ("0", _("at once")), *rings]
            return forms.ChoiceField(label=label, choices=choices, required=False)
        longest = {"sms_autoreply": 160, "sms_email": 120}.get(name, 60)
        return forms.CharField(label=label, required=False, max_length=longest)

    @property
    def told(self) -> dict[str, str]:
        names = (*CHANGEABLE, "add_tags", "remove_tags")
        found = {name: self.cleaned_data.get(name, "") for name in names if name in self.fields}
        return {name: text for name, text in found.items() if text}

    def clean(self) -> dict:
        if not self.errors and not self.told:
            self.add_error(None, _("Choose at least one thing to change."))
        return self.cleaned_data

    @property
    def shown(self) -> list:
        return [field for field in self.visible_fields() if field.name != "abroad"]
