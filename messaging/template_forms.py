"""A template: a name, and a text in English, French or both."""

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from messaging import reasons, segments, templating
from messaging.people_forms import tidy

# The preview is drawn while a person types.
PREVIEWED = {
    "rows": 4,
    "hx-post": reverse_lazy("messages:template_preview"),
    "hx-trigger": "input changed delay:350ms",
    "hx-target": "#template_preview",
    "hx-swap": "outerHTML",
    "hx-include": "closest form",
    "hx-sync": "closest form:replace",
}


class TemplateForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("A template needs a name.")},
    )
    body_en = forms.CharField(
        label=gettext_lazy("English"),
        required=False,
        max_length=4000,
        strip=False,
        widget=forms.Textarea(attrs={**PREVIEWED, "lang": "en"}),
    )
    body_fr = forms.CharField(
        label=gettext_lazy("French"),
        required=False,
        max_length=4000,
        strip=False,
        widget=forms.Textarea(attrs={**PREVIEWED, "lang": "fr"}),
    )

    def __init__(self, *args, known: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.known = known

    def clean_name(self) -> str:
        return tidy(self.cleaned_data["name"])

    def clean_body_en(self) -> str:
        return self._body("body_en")

    def clean_body_fr(self) -> str:
        return self._body("body_fr")

    def _body(self, field: str) -> str:
        body = segments.clean(self.cleaned_data[field].replace("\0", ""))
        if segments.count(body).too_long:
            raise forms.ValidationError(reasons.too_long(segments.LONGEST), code="too-long")
        check_variables(body, self.known)
        return body

    def clean(self) -> dict:
        bodies = (self.cleaned_data.get("body_en"), self.cleaned_data.get("body_fr"))
        if not any(bodies) and not {"body_en", "body_fr"} & set(self.errors):
            self.add_error("body_en", _("Write the text in English, in French or in both."))
        return self.cleaned_data


def check_variables(body: str, known: list[str]) -> None:
    """Raises `ValidationError` with the variable that no contact has, and those there are."""
    try:
        unknown = templating.unknown(body, known)
    except templating.BracesOpen:
        raise forms.ValidationError(
            _("A variable is a word between two braces on either side: {{name}}. Mend the braces that hold no word."),
            code="braces",
        ) from None
    if unknown:
        words = {"name": _written(unknown[0]), "known": ", ".join(map(_written, known[:12]))}
        raise forms.ValidationError(_("No contact has %(name)s. There are: %(known)s.") % words, code="unknown")


def _written(name: str) -> str:
    return "{{" + name + "}}"
