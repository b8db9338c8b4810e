"""Forms of a number's page: one per card, cleaning into settings under the names of `records.NUMBER_SETTINGS`."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from numbering.forms.intent import IntentForm
from numbering.forms.phone import PhoneField, is_abroad
from numbering.forms.web_address import WebAddressField
from numbering.models import Number
from numbering.models.numbers import HERE
from numbering.services.numbers import NOTES, SECTIONS, Overlay, notes_version, tidy_tags
from providers.clients import phones

ABROAD = _(
    "%(number)s is outside Canada and the United States. "
    "Each forwarded call or text is charged to you at the international rate."
)
RINGING = (2, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55)  # seconds, what can be chosen upstream
PLAIN = re.compile(r"^[^\W_][\w .,'’&()/+\-]*$")  # letters of any language, digits and common signs


class SectionForm(IntentForm):
    """A card. Settings that the number's upstream does not have are left out of the form."""

    section = ""

    def __init__(self, data=None, *, number: Number, overlay: Overlay, region: str = "CA", **kwargs):
        self.number, self.region = number, region
        first = self.first_values(overlay.typed)
        super().__init__(data, version=overlay.version(self.section), initial=first, **kwargs)
        for name in SECTIONS[self.section]:
            if name not in number.settings:
                self.fields.pop(name, None)
        for field in self.fields.values():
            if isinstance(field, PhoneField):
                field.region = region

    def first_values(self, values: dict) -> dict:
        return {name: values.get(name) for name in SECTIONS[self.section]}

    @property
    def shown_fields(self) -> list:
        return self.visible_fields()

    def show_refusals(self, problems: dict[str, str]) -> None:
        """Put the upstream's refusals at the fields that they are about."""
        for name, words in problems.items():
            if name in self.fields:
                self.errors[name] = self.error_class([words])

    def values(self) -> dict:
        """The settings of this card as they were asked for."""
        return {name: self.cleaned_data[name] for name in SECTIONS[self.section] if name in self.cleaned_data}

    def clean_line(self, name: str, shortest: int, longest: int) -> str:
        text = " ".join(self.cleaned_data[name].split())
        if text and not shortest <= len(text) <= longest:
            limits = {"shortest": shortest, "longest": longest}
            raise ValidationError(_("Use %(shortest)s to %(longest)s characters.") % limits, code="length")
        if text and not PLAIN.match(text):
            raise ValidationError(_("Use letters, digits, spaces and simple signs only."), code="characters")
        return text


class NameForm(SectionForm):
    section = "name"
    label = forms.CharField(
        label=_("Name"), required=False, max_length=60,
        help_text=_("How you and your colleagues recognize this number."),
    )  # fmt: skip
    caller_id_name = forms.CharField(
        label=_("Caller ID name"), required=False, max_length=60,
        help_text=_("Shown with incoming calls instead of the caller's own name: 3 to 15 characters, or nothing."),
    )  # fmt: skip
    comments = forms.CharField(
        label=_("Comment at the provider"), required=False, max_length=240,
        help_text=_("Kept with the number at the provider, whose staff can read it. Your own notes stay here."),
    )  # fmt: skip

    def clean_comments(self):
        return " ".join(self.cleaned_data["comments"].split())

    def clean_label(self):
        return self.clean_line("label", 2, 32)

    def clean_caller_id_name(self):
        return self.clean_line("caller_id_name", 3, 15)


def rings() -> list[tuple[int, str]]:
    """How long it rings before a call is forwarded, to choose from."""
    later = [(seconds, _("after %(seconds)s seconds") % {"seconds": seconds}) for seconds in RINGING]
    return [(0, _("at once")), *later]


class ForwardingForm(SectionForm):
    """What cards that can send calls or texts elsewhere share: a number abroad needs the person's explicit word."""

    forwards_to = ""
    confirm_abroad = forms.BooleanField(label=_("Yes, forward outside Canada and the United States"), required=False)

    needs_confirmation = False

    def clean_forward(self, name: str) -> str:
        target = self.cleaned_data[name]
        if target and target == self.number.number:
            raise ValidationError(_("A number cannot forward to itself."), code="itself")
        if target and phones.is_premium(target):
            raise ValidationError(_("Forwarding to premium numbers is not possible."), code="premium")
        return target

    def clean(self):
        cleaned = super().clean()
        target = cleaned.get(self.forwards_to, "")
        if is_abroad(target) and self.newly_forwards(cleaned, target):
            self.needs_confirmation = True
            if not cleaned.get("confirm_abroad"):
                problem = ABROAD % {"number": phones.national(target)}
                self.add_error("confirm_abroad", ValidationError(problem, code="abroad"))
        return cleaned

    def newly_forwards(self, cleaned: dict, target: str) -> bool:
        return target != self.initial.get(self.forwards_to)

    @property
    def shown_fields(self) -> list:
        """The question about numbers abroad is asked only where it has to be, right after the number."""
        fields = [field for field in super().shown_fields if field.name != "confirm_abroad"]
        if self.needs_confirmation:
            place = [field.name for field in fields].index(self.forwards_to) + 1
            fields.insert(place, self["confirm_abroad"])
        return fields


class CallsForm(ForwardingForm):
    section, forwards_to = "calls", "forward_to"
    forwarding = forms.BooleanField(label=_("Forward calls"), required=False)
    forward_to = PhoneField(label=_("To this number"), required=False)
    forward_after = forms.TypedChoiceField(label=_("When"), coerce=int, required=False, empty_value=0)
    voicemail = forms.BooleanField(label=_("Take a message when nobody answers"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if field := self.fields.get("forward_after"):
            field.choices = rings()

    def clean_forward_to(self):
        return self.clean_forward("forward_to")

    def newly_forwards(self, cleaned: dict, target: str) -> bool:
        switched_on = cleaned.get("forwarding") and not self.initial.get("forwarding")
        return bool(switched_on) or super().newly_forwards(cleaned, target)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("forwarding") and "forward_to" in cleaned and not cleaned["forward_to"]:
            self.add_error("forward_to", ValidationError(_("Enter the number that calls go to."), code="required"))
        return cleaned


class TextsForm(ForwardingForm):
    section, forwards_to = "texts", "sms_forward_to"
    HERE_OR_OWN = [("here", _("Your inbox here, at once")), ("own", _("Your own web address"))]
    NOWHERE = ("off", _("Your inbox here, within a few minutes"))  # found in the log; offered only while it is so
    sms = forms.BooleanField(label=_("Texting"), required=False)
    arrival = forms.ChoiceField(label=_("Texts arrive at"), choices=HERE_OR_OWN, widget=forms.RadioSelect)
    sms_webhook = WebAddressField(label=_("Your web address"), required=False, max_length=240)
    sms_webhook_retry = forms.BooleanField(label=_("Try again when the address does not answer"), required=False)
    sms_email = forms.EmailField(label=_("Copy by e-mail to"), required=False, max_length=120)
    sms_forward_to = PhoneField(label=_("Forward texts to"), required=False)
    sms_autoreply = forms.CharField(
        label=_("Automatic reply"), required=False, max_length=160,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 160, "data-count": _("Characters left: {n}")}),
        help_text=_("Sent to everyone who texts this number. At most 160 characters; empty turns it off."),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "sms_webhook" not in self.fields:
            del self.fields["arrival"]
        elif self.initial["arrival"] == "off":
            self.fields["arrival"].choices = [self.NOWHERE, *self.HERE_OR_OWN]

    def first_values(self, values: dict) -> dict:
        address = values.get("sms_webhook") or ""
        arrival = "here" if address == HERE else "own" if address else "off"
        return {**super().first_values(values), "sms_webhook": "" if address == HERE else address, "arrival": arrival}

    def clean_sms_forward_to(self):
        return self.clean_forward("sms_forward_to")

    def clean_sms_autoreply(self):
        return self.cleaned_data["sms_autoreply"].replace("\r\n", "\n")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("arrival") == "own" and "sms_webhook" in cleaned and not cleaned["sms_webhook"]:
            self.add_error("sms_webhook", ValidationError(_("Enter your web address."), code="required"))
        return cleaned

    def values(self) -> dict:
        values = super().values()
        if "arrival" in self.cleaned_data:
            chosen = {"here": HERE, "off": ""}
            values["sms_webhook"] = chosen.get(self.cleaned_data["arrival"], values["sms_webhook"])
        return values


FORMS: dict[str, type[SectionForm]] = {form.section: form for form in (NameForm, CallsForm, TextsForm)}


class NotesForm(IntentForm):
    note = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    tags = forms.CharField(
        label=_("Tags"), required=False, max_length=200,
        help_text=_("Words to find this number by, with commas between them."),
    )  # fmt: skip
    cost_center = forms.CharField(
        label=_("Cost centre"), required=False, max_length=60,
        help_text=_("Who pays for this number, in your own books."),
    )  # fmt: skip

    def __init__(self, data=None, *, number: Number, **kwargs):
        initial = {name: getattr(number, name) for name in NOTES}
        super().__init__(data, version=notes_version(number), initial=initial, **kwargs)

    def clean_note(self):
        return self.cleaned_data["note"].replace("\r\n", "\n").strip()

    def clean_tags(self):
        return tidy_tags(self.cleaned_data["tags"])

    def clean_cost_center(self):
        return " ".join(self.cleaned_data["cost_center"].split())

    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in NOTES}
