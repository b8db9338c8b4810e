"""The form that says which devices call from a number's 911 address."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from numbering.forms.intent import IntentForm
from numbering.models import Device


class DevicesForm(IntentForm):
    """A check box for each device; ids of any other are refused at the field."""

    devices = forms.TypedMultipleChoiceField(
        label=_("Devices that call from this address"), required=False, coerce=int,
        error_messages={"invalid_choice": _("One of these devices is not on your account.")},
    )  # fmt: skip

    def __init__(self, data=None, *, devices: Iterable[Device], version: str = "", **kwargs):
        super().__init__(data, version=version, auto_id="devices_%s", **kwargs)  # beside the form of the address
        self.fields["devices"].choices = [(str(one.pk), one.name) for one in devices]

    def ticked(self) -> set[int]:
        """The boxes as they stand now, also in a form that has errors."""
        sent = {str(one) for one in self["devices"].value() or ()}
        return {int(pk) for pk, _name in self.fields["devices"].choices if pk in sent}
