"""What every form that changes a number carries: a one-time intent, and the version of what it was made from."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

CHANGED = _("This was changed while you were typing. Nothing of yours is lost.")
DAMAGED = _("This form was incomplete. Please check it and save again.")


class IntentForm(forms.Form):
    """Carries what makes the form one action: an intent used once, and the version of what it was made from."""

    intent = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, data=None, *, version: str, **kwargs):
        initial = {"intent": uuid.uuid4(), "version": version, **kwargs.pop("initial", {})}
        super().__init__(data, initial=initial, **kwargs)

    @property
    def is_damaged(self) -> bool:
        """Whether what the page wrote into the form, not the person, is missing or broken."""
        return bool({"intent", "version"} & set(self.errors))

    def focus_first(self) -> None:
        """The hand goes to the first field that is wrong, else to the first."""
        fields = self.visible_fields()
        first = next((field for field in fields if field.errors), fields[0] if fields else None)
        if first:
            first.field.widget.attrs["autofocus"] = True

    @classmethod
    def renewed(cls, data, *, version: str, **kwargs):
        """The same form with all that was typed, made from what is true now: sending it again is a new action."""
        data = data.copy()
        data["intent"], data["version"] = str(uuid.uuid4()), version
        form = cls(data, **kwargs)
        form.is_valid()
        return form
