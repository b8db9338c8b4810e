"""Choosing when something goes out: a day and a time, both or neither, in the zone that the page shows its times in."""

from datetime import datetime, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.presenting import clock
from messaging import reasons, segments, templating
from messaging.counting import COUNTED, counted_for
from messaging.moments import Moment, Skipped, moment_of, zone_name

LONGEST_AHEAD = timedelta(days=366)
ISO = "%Y-%m-%dT%H:%M:%S.%f%z"  # a moment of ours on its way through a form, to the microsecond
SOON = timedelta(minutes=1)  # a form that took a moment to fill in is not late


def day_field() -> forms.DateField:
    # ISO, which is what every browser sends and the only form that a date field of one takes.
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    field = forms.DateField(label=gettext_lazy("Day"), required=False, input_formats=["%Y-%m-%d"], widget=widget)
    field.needed = True  # the words beside both say when they may be left empty
    return field


def time_field() -> forms.TimeField:
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    formats = ["%H:%M", "%H:%M:%S"]
    field = forms.TimeField(label=gettext_lazy("Time"), required=False, input_formats=formats, widget=widget)
    field.needed = True
    return field


class SendLater(forms.Form):
    """Gives `cleaned_data` a `send_at`: None for at once. `twice` is true where the clock shows that time two times."""

    send_on = day_field()
    send_time = time_field()
    twice = False

    @property
    def zone_name(self) -> str:
        return zone_name(timezone.get_current_timezone())

    @property
    def has_later(self) -> bool:
        """Whether a time was chosen, also a wrong one: the page then shows the fields."""
        return any(self[name].value() for name in ("send_on", "send_time")) or bool(
            {"send_on", "send_time"} & self.errors.keys() if self.is_bound else ()
        )

    def clean(self):
        data = super().clean() or self.cleaned_data
        day, at = data.get("send_on"), data.get("send_time")
        data["send_at"] = None
        if {"send_on", "send_time"} & self.errors.keys():
            return data
        if (day is None) != (at is None):
            missing = "send_on" if day is None else "send_time"
            self.add_error(missing, _("Choose a day and a time, or neither."))
        elif day:
            data["send_at"] = self._moment(day, at)
        return data

    def _moment(self, day, at):
        try:
            found = check(day, at)
        except ValidationError as error:
            self.add_error("send_on" if error.code in ("past", "far") else "send_time", error)
            return None
        self.twice = found.twice
        return found.at


def check(day, at) -> Moment:
    """The moment in the page's zone. Raises `ValidationError`."""
    try:
        found = moment_of(day, at, timezone.get_current_timezone())
    except Skipped as skipped:
        words = _("There is no such time that night: the clock is put forward. The first one after it is %(time)s.")
        raise ValidationError(words % {"time": clock(skipped.instead)}, code="skipped") from None
    except OverflowError:
        raise ValidationError(_("Choose a day within the next year."), code="far") from None
    if found.at < timezone.now() - SOON:
        raise ValidationError(_("This time has passed."), code="past")
    if found.at > timezone.now() + LONGEST_AHEAD:
        raise ValidationError(_("Choose a day within the next year."), code="far")
    return found


class ScheduledForm(SendLater):
    """A text that waits for its time: other words, or another time."""

    body = forms.CharField(
        label=gettext_lazy("Text"), max_length=4000, strip=False, required=False, widget=forms.Textarea({"rows": 4})
    )
    seen = forms.DateTimeField(required=False, widget=forms.HiddenInput, input_formats=[ISO])
    field_order = ["body", "send_on", "send_time"]

    def __init__(
        self, *args, sender: str, to: str, has_picture: bool = False, longest: int = segments.LONGEST, **kwargs
    ):
        super().__init__(*args, **kwargs)
        self.fields["body"].widget.attrs.update(COUNTED | counted_for(sender, to, lines=True))
        self.has_picture, self.longest = has_picture, longest
        self.fields["body"].needed = not has_picture
        for name in ("send_on", "send_time"):
            self.fields[name].required = True

    def clean_body(self) -> str:
        return without_gaps(checked_body(self.cleaned_data["body"], self.longest, may_be_empty=self.has_picture))

    def show_again(self, seen: datetime) -> None:
        """What was typed stays, and saved once more it takes the place of what somebody else wrote until `seen`."""
        self.data = {**self.data.dict(), "seen": seen.strftime(ISO)}


def without_gaps(body: str) -> str:
    """Raises `ValidationError` where a template's variable still stands in a text that is about to go out."""
    if gaps := templating.gaps(body):
        words = {"name": "{{" + gaps[0] + "}}"}
        raise ValidationError(_("Put something in place of %(name)s before this goes out.") % words, code="gap")
    return body


def checked_body(text: str, longest: int, *, may_be_empty: bool = False) -> str:
    """The text as it goes out. Raises `ValidationError`."""
    body = segments.clean(text.replace("\0", ""))
    if not body and not may_be_empty:
        raise ValidationError(_("Write a text or add a picture."), code="empty")
    if segments.count(body).longer_than(longest):
        raise ValidationError(reasons.too_long(longest), code="too-long")
    return body
