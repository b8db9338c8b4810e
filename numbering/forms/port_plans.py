"""What shall be set on numbers once their port has brought them here."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.presenting import phone
from numbering.forms.emergency import EmergencyAddressForm
from numbering.forms.numbers import ABROAD, PLAIN, ForwardingForm, TextsForm, rings
from numbering.forms.phone import PhoneField, is_abroad
from numbering.models import EmergencyPlace, PortPlan
from numbering.models.numbers import HERE
from numbering.services.port_plans import Wish
from providers.clients import phones

NO_LONGER = _("One of these numbers has come meanwhile. It is set on its own page.")


TARGETS = ("forward_to", "sms_forward_to")
SETTINGS = {*TARGETS, "forward_after", "voicemail", "caller_id_name", "sms", "sms_email", "sms_autoreply"}


class PlanForm(forms.Form):
    """Fields that the upstream, or the person's role, has no use for are left out."""

    numbers = forms.MultipleChoiceField(
        label=_("For these numbers"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one number."), "invalid_choice": NO_LONGER},
    )  # fmt: skip
    forward_to = PhoneField(label=_("Forward calls to"), required=False)
    confirm_abroad = ForwardingForm.base_fields["confirm_abroad"]
    forward_after = forms.TypedChoiceField(label=_("When"), coerce=int, required=False, empty_value=0)
    voicemail = forms.BooleanField(label=_("Take a message when nobody answers"), required=False)
    caller_id_name = forms.CharField(
        label=_("Caller ID name"), required=False, max_length=60,
        help_text=_("Shown with incoming calls instead of the caller's own name: 3 to 15 characters, or nothing."),
    )  # fmt: skip
    sms = forms.BooleanField(
        label=_("Turn texting on; texts arrive in your inbox here"), required=False,
        help_text=_("Texts often follow the calls by a day or two."),
    )  # fmt: skip
    sms_email = forms.EmailField(label=_("Copy of texts by e-mail to"), required=False, max_length=120)
    sms_forward_to = PhoneField(label=_("Forward texts to"), required=False)
    sms_autoreply = TextsForm.base_fields["sms_autoreply"]
    place = forms.ModelChoiceField(
        queryset=None, label=_("911 address"), required=False, empty_label=_("None yet"),
        help_text=_("From your address book. It is registered and read back as soon as the number is here."),
    )  # fmt: skip
    terms = EmergencyAddressForm.base_fields["terms"]

    def __init__(
        self, *args, numbers: list[str], names: frozenset[str], places, acceptance, known: dict[str, set[str]], **kwargs
    ):
        """`known` has where each number that was prepared before forwards to: agreed to once, it is not asked again."""
        super().__init__(*args, **kwargs)
        self.acceptance, self.known = acceptance, known
        self.asks_abroad = ""  # the field that goes abroad first: the question stands below it
        self.fields["forward_after"].choices = rings()
        self.fields["numbers"].choices = [(number, phone(number)) for number in numbers]
        self.fields["place"].queryset = EmergencyPlace.objects.none() if places is None else places
        self.fields["terms"].required = False  # asked for where an address is chosen
        absent = SETTINGS - names
        absent |= {"forward_after"} if "forward_to" in absent else set()
        absent |= {"confirm_abroad"} if absent.issuperset(TARGETS) else set()
        absent |= {"place", "terms"} if places is None or not places else set()
        absent |= {"terms"} if acceptance else set()
        for name in absent:
            self.fields.pop(name, None)

    def clean_forward_to(self):
        return self._target("forward_to")

    def clean_sms_forward_to(self):
        return self._target("sms_forward_to")

    def _target(self, name: str) -> str:
        target = self.cleaned_data[name]
        if target and target in dict(self.fields["numbers"].choices):
            raise ValidationError(_("A number cannot forward to itself."), code="itself")
        if target and phones.is_premium(target):
            raise ValidationError(_("Forwarding to premium numbers is not possible."), code="premium")
        return target

    def clean_sms_autoreply(self):
        return self.cleaned_data["sms_autoreply"].replace("\r\n", "\n").strip()

    def clean_caller_id_name(self):
        text = " ".join(self.cleaned_data["caller_id_name"].split())
        if text and not 3 <= len(text) <= 15:
            raise ValidationError(_("Use %(shortest)s to %(longest)s characters.") % {"shortest": 3, "longest": 15})
        if text and not PLAIN.match(text):
            raise ValidationError(_("Use letters, digits, spaces and simple signs only."), code="characters")
        return text

    def clean(self):
        data = super().clean()
        self._ask_abroad(data)
        if data.get("place") and not self.acceptance and not data.get("terms"):
            self.add_error("terms", self.fields["terms"].error_messages["required"])
        return data

    def _ask_abroad(self, data: dict) -> None:
        """As on a number's own page: a number abroad needs the person's explicit word."""
        numbers = data.get("numbers", [])
        abroad = [name for name in TARGETS if (target := data.get(name)) and is_abroad(target)]
        new = [name for name in abroad if any(data[name] not in self.known.get(one, ()) for one in numbers)]
        self.asks_abroad = new[0] if new else ""
        if new and not data.get("confirm_abroad"):
            problems = [ABROAD % {"number": phones.national(target)} for target in dict.fromkeys(map(data.get, new))]
            self.add_error("confirm_abroad", [ValidationError(problem, code="abroad") for problem in problems])

    def wish(self) -> Wish:
        data = self.cleaned_data
        calls = {"forwarding": True, "forward_to": data["forward_to"]} if data.get("forward_to") else {}
        if calls and "forward_after" in self.fields:
            calls["forward_after"] = data["forward_after"]
        if data.get("voicemail"):
            calls["voicemail"] = True
        if data.get("caller_id_name"):
            calls["caller_id_name"] = data["caller_id_name"]
        texts = {"sms": True, "sms_webhook": HERE} if data.get("sms") else {}
        texts |= {name: data[name] for name in ("sms_email", "sms_forward_to", "sms_autoreply") if data.get(name)}
        return Wish(calls, texts, data.get("place"), keeps_place="place" not in self.fields)


def first_values(plan: PortPlan | None, places, texting: bool) -> dict:
    """How a plan stands in the form; without one, texting as the port request said."""
    if plan is None:
        return {"sms": texting}
    chosen = places.filter(label=plan.place).first() if plan.place and places is not None else None
    return {
        "forward_to": plan.calls.get("forward_to", ""),
        "forward_after": plan.calls.get("forward_after", 0),
        "voicemail": plan.calls.get("voicemail", False),
        "caller_id_name": plan.calls.get("caller_id_name", ""),
        "sms": plan.texts.get("sms", False),
        "sms_email": plan.texts.get("sms_email", ""),
        "sms_forward_to": plan.texts.get("sms_forward_to", ""),
        "sms_autoreply": plan.texts.get("sms_autoreply", ""),
        "place": chosen.pk if chosen else None,
    }
