"""Forms of the pages about sub-accounts."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.services import NewSubaccount
from numbering.services.intents import new_intent
from providers.models import Connection


class IntentForm(forms.Form):
    """A form that is one act: its hidden key makes a second sending the same act."""

    intent = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": "", "invalid": ""})

    def __init__(self, data=None, **kwargs):
        super().__init__(data, **kwargs)
        self.initial.setdefault("intent", new_intent())

    @property
    def key(self) -> str:
        return str(self.cleaned_data["intent"])


class SubaccountForm(IntentForm):
    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("What you call this customer."))
    organization = forms.CharField(label=_("Organization"), max_length=100, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    owner_name = forms.CharField(label=_("Owner"), max_length=120, required=False)
    owner_email = forms.EmailField(
        label=_("Owner's e-mail"), max_length=254, help_text=_("We mail a link to choose a password. You never see it.")
    )

    def wanted(self) -> NewSubaccount:
        return NewSubaccount(**{name: self.cleaned_data[name] for name in NewSubaccount.__dataclass_fields__})


class NewSubaccountForm(SubaccountForm):
    """With the upstream at which the sub-account is made; not asked where there is no choice."""

    connection = forms.ModelChoiceField(
        Connection.objects.none(), label=_("Upstream"), required=False, empty_label=_("None, in the portal only")
    )

    def __init__(self, *args, connections: list[Connection], **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["connection"]
        field.queryset = Connection.objects.filter(pk__in=[connection.pk for connection in connections])
        if not connections:
            del self.fields["connection"]
        else:
            self.initial.setdefault("connection", connections[0].pk)


class LinkForm(IntentForm):
    """Which of one's customers an upstream sub-account is."""

    account = forms.ModelChoiceField(Account.objects.none(), label=_("Customer"), empty_label=_("Choose a customer"))

    def __init__(self, *args, accounts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["account"].queryset = accounts


class SuspendForm(IntentForm):
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Your customer reads it."), widget=forms.TextInput()
    )


class MoveForm(IntentForm):
    """Which of one's own numbers go to the sub-account."""

    numbers = forms.TypedMultipleChoiceField(
        label=_("Numbers"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one number.")},
    )

    def __init__(self, *args, choices: list[tuple[int, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["numbers"].choices = choices
