"""Uploading a table as a CSV file."""

from django import forms
from django.utils.translation import gettext_lazy

from accounts import csv_reading as reading
from numbering.services.intents import new_intent

REFUSED = {
    "empty": gettext_lazy("This file is empty."),
    "too-large": gettext_lazy("This file is larger than 50 MB. Split it into several."),
    "too-many": gettext_lazy("This file has more than 1,000,000 rows. Split it into several."),
    "packed": gettext_lazy(
        "This is an Excel or ZIP file. Open it in your spreadsheet and save it as CSV, then choose that one."
    ),
    "binary": gettext_lazy("This is not a text file. Save the list as CSV, then choose that one."),
    "columns": gettext_lazy("This file has more than 60 columns. Keep those you need."),
}


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy("At most 50 MB and 1,000,000 rows. Separated by commas, semicolons or tabs."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv,text/plain"}),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "missing": gettext_lazy("Choose a file."),
            "invalid": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("This file is empty."),
        },
    )
    intent = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": gettext_lazy("Open the page again.")}
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("intent", new_intent())

    def refuse(self, error: reading.NotReadable) -> None:
        self.add_error("file", str(REFUSED[error.code]))
