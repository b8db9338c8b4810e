"""Forms about the person."""

from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User

COMMON_ZONES = (
    "America/St_Johns America/Halifax America/Toronto America/Winnipeg America/Regina America/Edmonton America/Vancouver "
    "America/New_York America/Chicago America/Denver America/Los_Angeles UTC"
).split()


class ProfileForm(forms.ModelForm):
    time_zone = forms.ChoiceField(label=_("Time zone"))

    class Meta:
        model = User
        fields = ["name", "language", "time_zone"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        others = sorted(zone for zone in available_timezones() if "/" in zone and zone not in COMMON_ZONES)
        plain = [(zone, zone.replace("_", " ")) for zone in others]
        self.fields["time_zone"].choices = [
            (_("Common"), [(zone, zone.replace("_", " ")) for zone in COMMON_ZONES]),
            (_("All"), plain),
        ]
