"""What upstream refused, as a sentence for the person. Upstream's own words stay beside it, for staff."""

from django.utils.translation import gettext as _

from accounts.presenting import phone
from providers.causes import explain
from providers.clients.errors import Cause
from providers.models import Operation

OURS = {Cause.NOT_ALLOWED, Cause.SUSPENDED, Cause.NOT_YOURS}
# Fields of our forms that hold what a record calls by another name.
FORM_FIELDS = {"country": "region", "unit_type": "unit_type", "phone_number": "numbers"}


def field_of(problem: dict, fields) -> str:
    """The form field that a problem is about, or "" when the form has none for it."""
    name = FORM_FIELDS.get(problem.get("field", ""), problem.get("field", ""))
    return name if name in fields else ""


def sentence(problem: dict, upstream: str) -> str:
    code = problem.get("code", "")
    if code.endswith("_required"):
        return _("%(upstream)s needs this.") % {"upstream": upstream}
    if code.endswith("_not_found"):
        return _("%(upstream)s does not know this. Check the spelling.") % {"upstream": upstream}
    if code == "street-type":
        return _("Write the street with its kind, such as Main St or Oak Avenue.")
    if code == "not-portable":
        number = phone(problem.get("words", "").partition(":")[0])
        return _("%(upstream)s cannot take over %(number)s.") % {"upstream": upstream, "number": number}
    if code == "entry_is_default_endpoint":
        return _("This is the account's default address. Your provider has to choose another default first.")
    if code == "alternate_address_provided":
        return _("%(upstream)s does not know this address.") % {"upstream": upstream}
    if code in {"permission_refused", "unsupported"}:
        return _("%(upstream)s does not allow this for the account.") % {"upstream": upstream}
    if problem.get("cause", Cause.UNKNOWN) != Cause.UNKNOWN:
        return explain(problem["cause"], upstream).what
    return _("%(upstream)s does not accept this.") % {"upstream": upstream}


def stopped(operation: Operation) -> str:
    """Why the portal itself did not send it (`accounts.guarding`); empty where the upstream refused."""
    return str(explain(operation.error_cause, "")) if operation.error_cause in OURS else ""


def put_on(form, problems: list[dict], upstream: str) -> None:
    """Show an earlier refusal at the fields of a form that nobody has sent yet."""
    form.cleaned_data = {}
    for problem in problems:
        form.add_error(field_of(problem, form.fields) or None, sentence(problem, upstream))
