"""Templates: the list, one being written with its preview, and deleting it."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import allowed
from accounts.actor import Actor
from accounts.roles import May
from messaging import segments, template_texts, templating
from messaging.models import Template
from messaging.presenters.texts import length_of
from messaging.template_forms import TemplateForm

EXAMPLES = {"name": "Anne Roy", "first_name": "Anne"}


@dataclass(frozen=True, slots=True)
class Preview:
    """What a contact would read, and what it costs."""

    language: str
    text: str
    length: dict
    trouble: str = ""


def own_template(request: HttpRequest, pk: int) -> Template:
    return get_object_or_404(Template.objects.for_account(request.account).select_related("account"), pk=pk)


@require_GET
@allowed(May.READ_MESSAGES)
def templates(request: HttpRequest) -> HttpResponse:
    rows = Template.objects.for_account(request.account).order_by("name")
    context = {"rows": list(rows), "may_change": request.standing.may(May.SEND_MESSAGES)}
    return render(request, "messages/templates.html", context)


@require_http_methods(["GET", "POST"])
@allowed(May.SEND_MESSAGES)
def new(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@allowed(May.SEND_MESSAGES)
def template(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, own_template(request, pk))


def _edit(request: HttpRequest, row: Template | None) -> HttpResponse:
    known = template_texts.known_variables(request.account)
    initial = {name: getattr(row, name) for name in template_texts.FIELDS} if row else {}
    form = TemplateForm(request.POST or None, known=known, initial=initial)
    if request.method == "POST" and "preview" not in request.POST and form.is_valid():
        try:
            template_texts.save(Actor.of(request), request.account, row, form.cleaned_data)
        except template_texts.NameTaken:
            form.add_error("name", _("There is a template of this name already."))
        else:
            messages.success(request, _("The template is saved."))
            return redirect("messages:templates")
    bodies = {name: form[name].value() or "" for name in ("body_en", "body_fr")}
    context = {"template": row, "form": form, "known": known, "previews": _previews(bodies)}
    status = 422 if form.errors and "preview" not in request.POST else 200
    return render(request, "messages/template.html", context, status=status)


@require_POST
@allowed(May.SEND_MESSAGES)
def preview(request: HttpRequest) -> HttpResponse:
    """Both languages as a contact would read them, for what is typed so far."""
    return render(request, "messages/_template_preview.html", {"previews": _previews(request.POST)})


def _previews(bodies) -> list[Preview]:
    named = (("en", bodies.get("body_en", "")), ("fr", bodies.get("body_fr", "")))
    return [_preview(language, text[:4000]) for language, text in named if text.strip()]


def _preview(language: str, text: str) -> Preview:
    """Variables without an example stand as their own names, so that the length is near what it will be."""
    body = segments.clean(text.replace("\0", ""))
    try:
        values = {name: EXAMPLES.get(name, name) for name in templating.variables_of(body)}
        shown = templating.render(body, values)
    except templating.BracesOpen:
        return Preview(language, body, length_of(segments.count(body)), _("There are braces without a variable."))
    return Preview(language, shown, length_of(segments.count(shown)))


@require_http_methods(["GET", "POST"])
@allowed(May.SEND_MESSAGES)
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    row = own_template(request, pk)
    if request.method == "POST":
        template_texts.delete(Actor.of(request), row)
        messages.success(request, _("The template is deleted."))
        return redirect("messages:templates")
    return render(request, "messages/template_delete.html", {"template": row})
