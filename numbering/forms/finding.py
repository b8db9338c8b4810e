"""What kind of number a person looks for, in words that every upstream that sells numbers is asked in."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from numbering import places
from numbering.forms.addresses import tidy
from providers.clients import phones
from providers.models import Connection

KINDS = {"local": _("Local"), "tollfree": _("Toll-free")}
PATTERNS = [
    ("", _("Any number")),
    ("rare", _("Easy to remember")),
    ("double", _("A pair of equal digits")),
    ("double_pair", _("Two pairs")),
    ("triple", _("Three equal digits")),
    ("quadruple", _("Four equal digits")),
]
RUNS = (1, 2, 3, 5, 10)
AREA_CODE = r"^[2-9][0-8][0-9]$"
_IN_A_ROW = ngettext_lazy("%(count)s in a row", "%(count)s in a row", "count")


def _digits(pattern: str, longest: int, **kwargs) -> forms.RegexField:
    attributes = {"inputmode": "numeric", "autocomplete": "off", "maxlength": longest}
    return forms.RegexField(pattern, required=False, strip=True, widget=forms.TextInput(attrs=attributes), **kwargs)


class FindForm(forms.Form):
    """Offers only what one of `sellers` can be asked; what an upstream cannot narrow by is narrowed afterwards."""

    kind = forms.ChoiceField(label=_("Kind"), choices=list(KINDS.items()), required=False)
    area_code = _digits(
        AREA_CODE, 3, label=_("Area code"), error_messages={"invalid": _("Write three digits, such as 514.")}
    )
    city = forms.CharField(label=_("City or rate centre"), required=False, max_length=60)
    region = forms.ChoiceField(label=_("Province or state"), required=False)
    prefix = _digits(
        r"^[2-9][0-9]{2}$", 3, label=_("Next three digits"),
        error_messages={"invalid": _("Write three digits, such as 555.")},
    )  # fmt: skip
    ending = _digits(r"^[0-9]{1,4}$", 4, label=_("Ends in"), error_messages={"invalid": _("Write one to four digits.")})
    pattern = forms.ChoiceField(label=_("Pattern"), choices=PATTERNS, required=False)
    run = forms.TypedChoiceField(label=_("Sequence"), coerce=int, required=False, empty_value=1)
    sms = forms.BooleanField(label=_("Must be able to text"), required=False)

    MORE = ("region", "prefix", "ending", "pattern", "run", "sms")

    def __init__(self, data=None, *, sellers: list[Connection], **kwargs):
        super().__init__(data, **kwargs)
        classes = [one.client_class for one in sellers]
        finds_by = set().union(*(one.finds_by for one in classes)) if classes else set()
        kinds = {kind for one in classes for kind in one.sells}
        self.fields["kind"].choices = [(name, word) for name, word in KINDS.items() if name in kinds]
        self.fields["region"].choices = [("", _("Any")), *places.region_choices()[1:]]
        self.fields["run"].choices = [(1, _("One by one")), *((n, _IN_A_ROW % {"count": n}) for n in RUNS[1:])]
        if "pattern" not in finds_by:
            del self.fields["pattern"]
        for field in self.fields.values():
            field.needed = True  # every wish is optional, so none needs to say it

    @property
    def more(self) -> list:
        return [self[name] for name in self.MORE if name in self.fields]

    @property
    def is_open(self) -> bool:
        """Whether something of the further wishes is filled in, so that they must not be hidden."""
        data = self.data if self.is_bound else self.initial
        return any(data.get(name) not in (None, "", "1", 1, False) for name in self.MORE)

    def clean_city(self):
        return tidy(self.cleaned_data["city"])

    def clean_area_code(self):
        code = self.cleaned_data["area_code"]
        is_toll_free = phones.is_toll_free(f"+1{code}5550100")
        if code and is_toll_free != (self.cleaned_data.get("kind") == "tollfree"):
            text = (
                _("%(code)s is a toll-free code: choose that kind.")
                if is_toll_free
                else _("%(code)s is not toll-free.")
            )
            raise ValidationError(text % {"code": code}, code="kind")
        return code

    def clean(self):
        cleaned = super().clean()
        local = cleaned.get("kind") != "tollfree"
        if local and not self.errors and not any(cleaned.get(name) for name in ("area_code", "city", "region")):
            self.add_error("area_code", ValidationError(_("Write an area code or a city."), code="required"))
        if cleaned.get("prefix") and not cleaned.get("area_code"):
            self.add_error(
                "area_code", ValidationError(_("The three digits before those are needed."), code="required")
            )
        return cleaned

    def wanted(self) -> dict:
        """Only what was asked for, as JSON holds it."""
        wanted = {name: value for name, value in self.cleaned_data.items() if value}
        if wanted.get("run") == 1:
            del wanted["run"]
        return {"kind": "local", **wanted}


class OrderForm(forms.Form):
    """The last word: the hidden price is what the page showed, so that nobody confirms another one."""

    intent = forms.UUIDField(widget=forms.HiddenInput)
    price = forms.CharField(widget=forms.HiddenInput, max_length=64)
    unknown = forms.BooleanField(label=_("I agree to prices that I have not been told"), required=True)

    def __init__(self, *args, asks_consent: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not asks_consent:
            del self.fields["unknown"]
