"""Asking for texts as a file."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from messaging.models import MessageExport
from numbering.services.intents import new_intent


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class ExportForm(forms.Form):
    """The days, the direction and the form of the file. Days may be left open."""

    since = forms.DateField(label=gettext_lazy("From"), required=False, widget=DateInput())
    until = forms.DateField(label=gettext_lazy("Until"), required=False, widget=DateInput())
    direction = forms.ChoiceField(label=gettext_lazy("Texts"), required=False, choices=MessageExport.Direction.choices)
    only_failed = forms.BooleanField(label=gettext_lazy("Only what did not arrive"), required=False)
    form = forms.ChoiceField(
        label=gettext_lazy("File"), choices=MessageExport.Form.choices, widget=forms.RadioSelect, initial="csv"
    )
    intent = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": gettext_lazy("Open the page again.")}
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("intent", new_intent())
        for name in ("since", "until"):
            self.fields[name].error_messages["invalid"] = _("Write the day as 2026-11-20.")

    def clean(self):
        data = self.cleaned_data
        if data.get("since") and data.get("until") and data["since"] > data["until"]:
            self.add_error("until", _("This day is before the first one."))
        if data.get("only_failed") and data.get("direction") == MessageExport.Direction.INBOUND:
            self.add_error("only_failed", _("What you received has arrived. Take texts that were sent, or both."))
        return data

    def again(self) -> "ExportForm":
        """The same with a fresh key, for showing it once more."""
        self.data = {**self.data.dict(), "intent": new_intent()}
        return self
