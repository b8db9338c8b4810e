"""Putting a template's text into a text that is being written: a menu beside it, and ways that need no script."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import allowed
from accounts.roles import May
from messaging import people_listing, template_texts
from messaging.models import Template, Thread
from providers.clients import phones


@dataclass(frozen=True, slots=True)
class Offer:
    """A template with its text for the one who will read it."""

    pk: int
    name: str
    text: str
    missing: str
    url: str = ""


def _template(request: HttpRequest, text: str) -> Template | None:
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        return None
    return Template.objects.for_account(request.account).filter(pk=int(text)).first()


def _thread(request: HttpRequest, pk) -> Thread:
    return get_object_or_404(Thread.objects.for_account(request.account).select_related("account"), pk=pk)


@require_GET
@allowed(May.SEND_MESSAGES)
def menu(request: HttpRequest) -> HttpResponse:
    """The templates for one conversation, or for whoever stands in the field "To": a menu, or a page without scripts."""
    thread = request.GET.get("thread", "")
    row = _thread(request, int(thread)) if thread.isascii() and thread.isdigit() and len(thread) < 18 else None
    typed = request.GET.get("to", "").replace("\0", "")[:120]
    number = row.contact_number if row else number_typed(request, typed)
    offers = [_offer(request, template, number, typed) for template in template_texts.for_menu(request.account)]
    context = {"thread": row, "offers": offers, "to": typed}
    is_menu = request.htmx.target == "template_menu"
    return render(request, "messages/_insert_menu.html" if is_menu else "messages/insert.html", context)


def _offer(request: HttpRequest, template: Template, number: str, typed: str) -> Offer:
    filled = template_texts.fill(template, request.account, number)
    query = urlencode({"template": template.pk, "to": typed})
    return Offer(
        template.pk, template.name, filled.text, ", ".join(filled.missing), f"{reverse('messages:compose')}?{query}"
    )


def number_typed(request: HttpRequest, typed: str) -> str:
    """Of whom a person typed; "" while that is nobody yet."""
    if found := people_listing.named(request.account, typed) if typed.strip() else []:
        return found[0].number if len(found) == 1 else ""
    try:
        return phones.parse(typed, request.account.country)
    except phones.PhoneError:
        return ""


def inserted(request: HttpRequest, to: str) -> str:
    """The text that the link `?template=` names, for a new message."""
    template = _template(request, request.GET.get("template", ""))
    return template_texts.fill(template, request.account, number_typed(request, to)).text if template else ""


@require_POST
@allowed(May.SEND_MESSAGES)
def insert(request: HttpRequest, pk: int) -> HttpResponse:
    """Without scripts: the template's text is put behind what the person had typed, as the conversation's draft."""
    row, template = _thread(request, pk), _template(request, request.POST.get("template", ""))
    if template is None:
        messages.error(request, _("This template is no longer there."))
    else:
        filled = template_texts.fill(template, request.account, row.contact_number)
        template_texts.add_to_draft(request.user, row, filled.text)
    return redirect("messages:thread", pk=pk)
