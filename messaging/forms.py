"""Writing a text: who from, who to, what, and one picture that really is one."""

import io
import json
import warnings

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image

from accounts.presenting import phone
from accounts.sources import names_of
from messaging import people_listing, reasons, segments
from messaging.counting import COUNTED, counted_for
from messaging.later_forms import SendLater, without_gaps
from messaging.people_forms import tidy
from messaging.senders import Sender
from messaging.services import CannotSend, destination
from numbering.services.intents import new_intent
from providers.clients.records import Attachment

LARGEST_PICTURE = 1024 * 1024
MOST_PIXELS = 40_000_000
ANSWERED = COUNTED | {"data-enter-sends": True, "autofocus": True}
# Another sender may take less, or be one that nobody can answer to.
CHOSEN = {
    "hx-post": reverse_lazy("messages:count"),
    "hx-trigger": "change",
    "hx-target": "#count",
    "hx-swap": "outerHTML",
    "hx-params": "body,sender,to,hint",
    "hx-encoding": "application/x-www-form-urlencoded",
    "hx-sync": "this:replace",
}
# Contacts are offered while a name is typed; without scripts the exact name does.
OFFERED = {
    "autocomplete": "off",
    "autofocus": True,
    "placeholder": gettext_lazy("514 555-0134, or a name"),
    "list": "people-options",
    "hx-get": reverse_lazy("messages:contact_options"),
    "hx-trigger": "input changed delay:250ms",
    "hx-target": "#people-options",
    "hx-swap": "outerHTML",
    "hx-params": "to",
    "hx-sync": "this:replace",
}
KINDS = {"JPEG": ("image/jpeg", "jpg"), "PNG": ("image/png", "png"), "GIF": ("image/gif", "gif")}


class PictureField(forms.FileField):
    """Cleans to an `Attachment`. What the browser says about the file counts for nothing."""

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        return _read_picture(upload) if upload else None


def _read_picture(upload) -> Attachment:
    if upload.size > LARGEST_PICTURE:
        raise ValidationError(_("The picture is larger than 1 MB. Choose a smaller one."), code="size")
    content = upload.read()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=list(KINDS)) as image:
                kind, (width, height) = image.format, image.size
                if width * height > MOST_PIXELS:
                    raise ValueError("too many pixels")
                image.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ValidationError(_("This is not a JPEG, PNG or GIF picture."), code="kind") from None
    mime_type, ending = KINDS[kind]
    return Attachment(name=f"{_stem(upload.name)}.{ending}", content=content, mime_type=mime_type)


def _stem(name: str) -> str:
    """The file's name as it may travel: letters, digits and dashes, without its ending."""
    stem = name.rpartition(".")[0] or name
    return "".join(char if char.isalnum() and char.isascii() else "-" for char in stem).strip("-")[:60] or "picture"


class TextForm(SendLater):
    """The answer in a conversation: both numbers are known."""

    body = forms.CharField(
        label=gettext_lazy("Text"),
        required=False,
        max_length=4000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 1, **ANSWERED}),
    )
    picture = PictureField(
        label=gettext_lazy("Picture"),
        required=False,
        help_text=gettext_lazy("JPEG, PNG or GIF, at most 1 MB."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/gif"}),
    )
    picture_alt = forms.CharField(
        label=gettext_lazy("What the picture shows"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("For colleagues who do not see it, and for exports. It is not sent."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    intent = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": gettext_lazy("Open the page again.")}
    )

    def __init__(self, *args, sender: Sender | None = None, to: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.sender = sender
        self.initial.setdefault("intent", new_intent())
        if sender:  # the length is counted for whoever sends
            self.fields["body"].widget.attrs.update(counted_for(sender.number, to))

    def chosen_sender(self) -> Sender | None:
        return self.sender

    def clean_body(self) -> str:
        return without_gaps(segments.clean(self.cleaned_data["body"].replace("\0", "")))

    def clean_picture_alt(self) -> str:
        return tidy(self.cleaned_data["picture_alt"])

    def clean(self):
        super().clean()
        body = self.cleaned_data.get("body", "")
        if not body and not self.cleaned_data.get("picture") and not self.errors:
            self.add_error("body", reasons.reason("empty"))
        elif segments.count(body).longer_than(longest := longest_of(self.chosen_sender())):
            self.add_error("body", reasons.too_long(longest))
        return self.cleaned_data

    def refuse(self, error: CannotSend) -> None:
        """Show at its field why the text cannot go out."""
        words = reasons.too_long(error.longest) if error.longest else reasons.reason(error.code)
        self.add_error(error.field if error.field in self.fields else None, words)

    def again(self) -> "TextForm":
        """The same, with what was typed and a fresh key: for showing it once more. No browser keeps a chosen file."""
        if self.files and "picture" not in self.errors:
            self.add_error("picture", _("Choose the picture again, please."))
        self.data = {**self.data.dict(), "intent": new_intent()}
        return self


class ComposeForm(TextForm):
    sender = forms.ChoiceField(label=gettext_lazy("From"), widget=forms.Select(attrs=CHOSEN))
    to = forms.CharField(
        label=gettext_lazy("To"),
        max_length=120,
        widget=forms.TextInput(attrs=OFFERED),
    )
    field_order = ["sender", "to", "body", "picture", "picture_alt", "intent"]

    def __init__(self, *args, senders: list[Sender], account, **kwargs):
        super().__init__(*args, **kwargs)
        self.account, self.country = account, account.country
        self.senders = {sender.number: sender for sender in senders}
        self.fields["sender"].choices = _choices(senders, account.country)
        self.takes_pictures = any(sender.mms for sender in senders)  # else the page does not ask for one
        self.fields["sender"].widget.attrs["hx-vals"] = json.dumps({"hint": "pictures" if self.takes_pictures else "1"})
        self.fields["sender"].error_messages["invalid_choice"] = reasons.reason("number-gone")
        self.fields["body"].widget.attrs["rows"] = 4
        for answers_only in ("data-enter-sends", "autofocus"):
            del self.fields["body"].widget.attrs[answers_only]

    def chosen_sender(self) -> Sender | None:
        """The one in the form, also where other fields are wrong or nothing was sent yet."""
        return self.senders.get(self["sender"].value() or next(iter(self.senders), ""))

    def clean_to(self) -> str:
        try:
            sender = self.senders.get(self.cleaned_data.get("sender", ""))
            return destination(self._number(self.cleaned_data["to"]), sender, self.country)
        except CannotSend as error:
            words = reasons.abroad(self._reaching_abroad()) if error.code == "abroad" else reasons.reason(error.code)
            raise ValidationError(words, code=error.code) from None

    def _reaching_abroad(self) -> list[str]:
        labels = [sender.connection.label for sender in self.senders.values() if sender.reaches_abroad]
        return list(dict.fromkeys(labels))

    def _number(self, typed: str) -> str:
        """The number of whom a person typed: a contact's name, a name with its number as offered, or a number."""
        if not any(char.isalpha() for char in typed) or typed.casefold().startswith("tel:"):
            return typed
        found = people_listing.named(self.account, typed)
        if len(found) > 1:
            offered = ", ".join(f"{row.name} · {phone(row.number, self.country)}" for row in found)
            raise ValidationError(
                _("Several contacts have this name: %(offered)s.") % {"offered": offered}, code="several"
            )
        return found[0].number if found else typed.rpartition(" · ")[2]


def longest_of(sender: Sender | None) -> int:
    return sender.longest if sender else segments.LONGEST


def _choices(senders: list[Sender], country: str) -> list:
    """Under the name of each upstream, where they are at several."""
    names = names_of({sender.connection.pk: sender.connection for sender in senders}.values())
    if len(names) < 2:
        return [(sender.number, _name_of(sender, country)) for sender in senders]
    groups: dict[int, list] = {}
    for sender in senders:
        pk, shown = sender.connection.pk, sender.number if sender.is_name else _name_of(sender, country)
        groups.setdefault(pk, []).append((sender.number, f"{shown} ({names[pk]})"))
    return [(names[pk], groups[pk]) for pk in sorted(groups, key=lambda pk: names[pk].casefold())]


def _name_of(sender: Sender, country: str) -> str:
    shown = phone(sender.number, country)
    return f"{sender.label} · {shown}" if sender.label else shown


class NameForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80, required=False)

    def clean_name(self) -> str:
        return " ".join("".join(char for char in self.cleaned_data["name"] if char.isprintable()).split())
