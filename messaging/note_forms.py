"""A note between colleagues."""

from django import forms
from django.utils.translation import gettext_lazy

LONGEST = 2000


class NoteForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=LONGEST,
        error_messages={
            "required": gettext_lazy("Write the note first."),
            "max_length": gettext_lazy("A note has at most 2,000 characters."),
        },
        widget=forms.Textarea(attrs={"rows": 2, "data-grow": True}),
    )

    def clean_note(self) -> str:
        return self.cleaned_data["note"].replace("\r\n", "\n")
