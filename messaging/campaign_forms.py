"""Writing a campaign: what, from which number, to which groups and file, and when."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import csv_reading as reading
from accounts.models import Account
from accounts.presenting import phone
from messaging import reasons, segments, templating
from messaging.later_forms import SendLater
from messaging.models import Campaign, ContactGroup, Template
from messaging.senders import Sender
from numbering.forms.uploads import REFUSED
from numbering.services.intents import new_intent


class GroupChoices(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, group) -> str:
        return f"{group.name} ({group.size})" if hasattr(group, "size") else group.name


class CampaignForm(SendLater):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Give the campaign a name.")},
    )
    sender = forms.ChoiceField(label=gettext_lazy("From"))
    template = forms.ModelChoiceField(
        Template.objects.none(),
        label=gettext_lazy("Template"),
        required=False,
        empty_label=gettext_lazy("None"),
        help_text=gettext_lazy("Its texts are used where you write none below."),
    )
    body_en = forms.CharField(
        label=gettext_lazy("English"),
        required=False,
        max_length=4000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "lang": "en"}),
        help_text=gettext_lazy("Variables such as {{first_name}} take their value from the contact or the file."),
    )
    body_fr = forms.CharField(
        label=gettext_lazy("French"),
        required=False,
        max_length=4000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "lang": "fr"}),
        help_text=gettext_lazy("Sent to those whose language is French. Without it everybody gets the other text."),
    )
    groups = GroupChoices(ContactGroup.objects.none(), label=gettext_lazy("To groups"), required=False)
    without = GroupChoices(ContactGroup.objects.none(), label=gettext_lazy("But not to"), required=False)
    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        required=False,
        help_text=gettext_lazy("One person a row, with a phone number. At most 50 MB and 1,000,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv,text/plain"}),
        error_messages={"empty": gettext_lazy("This file is empty.")},
    )
    drop_file = forms.BooleanField(label=gettext_lazy("Without the file"), required=False)
    intent = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": gettext_lazy("Open the page again.")}
    )

    def __init__(
        self, *args, account: Account, senders: list[Sender], groups, campaign: Campaign | None = None, **kwargs
    ):
        super().__init__(*args, **kwargs)
        self.campaign = campaign
        self.initial.setdefault("intent", new_intent())
        self.fields["sender"].choices = [(sender.number, name_of(sender, account.country)) for sender in senders]
        self.fields["sender"].error_messages["invalid_choice"] = reasons.reason("number-gone")
        self.fields["template"].queryset = Template.objects.for_account(account)
        for name in ("groups", "without"):
            self.fields[name].queryset = groups
        if campaign is None or not campaign.file:
            del self.fields["drop_file"]

    @property
    def keeps_file(self) -> bool:
        return bool(self.campaign and self.campaign.file and not self.cleaned_data.get("drop_file"))

    def clean_body_en(self) -> str:
        return _text(self.cleaned_data["body_en"])

    def clean_body_fr(self) -> str:
        return _text(self.cleaned_data["body_fr"])

    def clean_file(self):
        """The upload as it is kept; what the browser says about it counts for nothing."""
        upload = self.cleaned_data["file"]
        if not upload:
            return None
        try:
            taken = reading.take_in(upload)
            reading.look(taken)
        except reading.NotReadable as error:
            raise ValidationError(str(REFUSED[error.code]), code=error.code) from None
        taken.seek(0)
        return taken

    def clean(self):
        data = super().clean()
        template = data.get("template")
        for name in ("body_en", "body_fr"):
            if template and name in data and not data[name]:
                data[name] = getattr(template, name)
        if not data.get("body_en") and not data.get("body_fr") and not {"body_en", "body_fr"} & self.errors.keys():
            self.add_error("body_en", _("Write a text, or choose a template."))
        if not data.get("groups") and not data.get("file") and not self.keeps_file and "file" not in self.errors:
            self.add_error("groups", _("Choose a group, or a file with numbers."))
        return data

    def values(self) -> dict:
        data = self.cleaned_data
        upload = self.files.get("file")
        file = data.get("file") or (False if data.get("drop_file") else None)
        values = {name: data[name] for name in ("name", "sender", "body_en", "body_fr", "groups", "without")}
        return values | {
            "name": " ".join(values["name"].split()),
            "starts_at": data["send_at"],
            "file": file,
            "file_name": upload.name[:80] if upload and file else "",
        }

    def again(self) -> "CampaignForm":
        """The same, with what was typed and a fresh key. No browser keeps a chosen file."""
        if self.files and "file" not in self.errors:
            self.add_error("file", _("Choose the file again, please."))
        self.data = self.data.copy()
        self.data["intent"] = new_intent()
        return self


def _text(text: str) -> str:
    body = segments.clean(text.replace("\0", ""))
    if segments.count(body).too_long:
        raise ValidationError(reasons.too_long(segments.LONGEST), code="too-long")
    try:
        templating.variables_of(body)
    except templating.BracesOpen:
        raise ValidationError(
            _("There are braces here that are no variable. Write {{first_name}}, with two on either side."),
            code="braces",
        ) from None
    return body


def name_of(sender: Sender, country: str) -> str:
    shown = phone(sender.number, country)
    return f"{sender.label} · {shown}" if sender.label else shown


class StartForm(forms.Form):
    """What the person has seen when they let it go."""

    intent = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
