"""Contacts: the list, one with its consents and conversations, merging two that are one person."""

from urllib.parse import quote

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import allowed
from accounts.actor import Actor
from accounts.presenting import phone
from accounts.roles import May
from messaging import people, people_listing
from messaging.models import Contact, ContactGroup, OptOut, Thread
from messaging.pages import moment, stamp
from messaging.people import ChangedMeanwhile, NumberTaken
from messaging.people_forms import ConsentForm, ContactForm
from messaging.people_listing import PeopleListing
from messaging.presenters import people as presenters
from messaging.presenters.conversations import labels_of
from providers.clients import phones

MOST_TALKS = 20
MOST_CONSENTS = 50
OFFERED = 8


def own_contact(request: HttpRequest, pk: int) -> Contact:
    return get_object_or_404(Contact.objects.for_account(request.account).select_related("account"), pk=pk)


def groups_of(request: HttpRequest) -> QuerySet[ContactGroup]:
    return ContactGroup.objects.for_account(request.account).order_by("name", "pk")


@require_GET
@allowed(May.READ_MESSAGES)
def contacts(request: HttpRequest) -> HttpResponse:
    wanted = PeopleListing.of(request.account, request.GET)
    found, after = wanted.page(request.GET.get("after", ""))
    context = {
        "listing": wanted,
        "rows": presenters.person_rows(found, request.account),
        "groups": list(groups_of(request)),
        "next_url": request.path + wanted.query(after=after) if after else "",
        "first_url": request.path + wanted.query() if request.GET.get("after") else "",
        "query": wanted.query(),
        "new_number": "" if found else quote(_as_number(wanted.search, request.account)),
        "may_change": request.standing.may(May.SEND_MESSAGES),
    }
    template = "messages/_people.html" if request.htmx.target == "people" else "messages/contacts.html"
    return render(request, template, context)


def _as_number(text: str, account) -> str:
    """What was searched for, where it is a whole number that no contact has."""
    try:
        return phones.parse(text, account.country)
    except phones.PhoneError:
        return ""


@require_GET
@allowed(May.SEND_MESSAGES)
def options(request: HttpRequest) -> HttpResponse:
    """Contacts whose name or number fits what is typed as a recipient."""
    typed = request.GET.get("to", "").replace("\0", "").strip()[: people_listing.LONGEST]
    found = Contact.objects.for_account(request.account).search(typed).exclude(name="")
    rows = found.order_by("folded", "pk")[:OFFERED] if len(typed) > 1 else []
    offered = [(row.name, phone(row.number, request.account.country)) for row in rows]
    return render(request, "messages/_people_options.html", {"offered": offered})


# --- one contact ------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@allowed(May.SEND_MESSAGES)
def new(request: HttpRequest) -> HttpResponse:
    country = request.account.country
    form = ContactForm(request.POST or None, country=country, initial={"number": request.GET.get("number", "")[:40]})
    taken = None
    if request.method == "POST" and form.is_valid():
        try:
            row = people.create(Actor.of(request), request.account, form.values)
        except NumberTaken as error:
            taken = _refuse(form, error)
        else:
            messages.success(request, _("The contact is saved."))
            return redirect("messages:contact", pk=row.pk)
    status = 422 if form.errors else 200
    return render(request, "messages/contact_new.html", {"form": form, "taken": taken}, status=status)


def _refuse(form: ContactForm, error: NumberTaken) -> Contact:
    form.add_error("number", _("This is the number of %(name)s already.") % {"name": error.contact})
    return error.contact


@require_GET
@allowed(May.READ_MESSAGES)
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, own_contact(request, pk))


def _page(request: HttpRequest, row: Contact, status: int = 200, **context) -> HttpResponse:
    account = request.account
    threads = list(
        Thread.objects.for_account(account).filter(contact_number=row.number).order_by("-last_at")[:MOST_TALKS]
    )
    opted_out = OptOut.objects.of(account, row.number).select_related("message", "connection").first()
    version = {"version": str(stamp(row.changed_at))}
    shown = {
        "contact": row,
        "title": row.name or phone(row.number, account.country),
        "number": phone(row.number, account.country),
        "form": ContactForm(instance=row, country=account.country, initial=version | {"number": _typed(row, account)}),
        "consent_form": ConsentForm(),
        "consents": [presenters.consent_row(consent) for consent in row.consents.all()[:MOST_CONSENTS]],
        "opt_out": presenters.opt_out_shown(opted_out),
        "talks": presenters.talks(threads, labels_of(account, [thread.our_number for thread in threads]), account),
        "groups": list(row.groups.order_by("name")),
        "fields": sorted(row.fields.items()),
        "language": Contact.Language(row.language).label if row.language in Contact.Language else row.language,
        "tags": [tag for tag in row.tags.split(", ") if tag],
        "may_change": request.standing.may(May.SEND_MESSAGES),
        **context,
    }
    return render(request, "messages/contact.html", shown, status=status)


def _typed(row: Contact, account) -> str:
    return phone(row.number, account.country).replace("\u00a0", " ")


@require_POST
@allowed(May.SEND_MESSAGES)
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """A refused form is shown with all that was typed; the number of somebody else offers to merge the two."""
    row = own_contact(request, pk)
    form = ContactForm(request.POST, instance=own_contact(request, pk), country=request.account.country)
    if not form.is_valid():
        return _page(request, row, 422, form=form)
    try:
        people.save(Actor.of(request), row, form.values, seen=_seen(form.cleaned_data["version"]))
    except NumberTaken as error:
        return _page(request, row, 422, form=form, taken=_refuse(form, error))
    except ChangedMeanwhile:
        form.add_error(None, _("Somebody changed this contact while you were typing. Check it and save again."))
        form.data = {**form.data.dict(), "version": str(stamp(row.changed_at))}
        return _page(request, row, 409, form=form)
    messages.success(request, _("The contact is saved."))
    return redirect("messages:contact", pk=pk)


def _seen(text: str):
    try:
        return moment(int(text)) if text.isascii() and text.isdigit() else None
    except (OverflowError, ValueError):
        return None


@require_POST
@allowed(May.SEND_MESSAGES)
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = own_contact(request, pk), ConsentForm(request.POST)
    if not form.is_valid():
        return _page(request, row, 422, consent_form=form)
    people.record_consent(Actor.of(request), row, form.cleaned_data)
    messages.success(request, _("The consent is recorded."))
    return redirect("messages:contact", pk=pk)


@require_POST
@allowed(May.SEND_MESSAGES)
def block(request: HttpRequest, pk: int) -> HttpResponse:
    people.block(Actor.of(request), own_contact(request, pk), blocked=request.POST.get("blocked") == "1")
    return redirect("messages:contact", pk=pk)


@require_http_methods(["GET", "POST"])
@allowed(May.SEND_MESSAGES)
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    row = own_contact(request, pk)
    if request.method == "POST":
        people.delete(Actor.of(request), row)
        messages.success(request, _("The contact is deleted. Its conversations are still there."))
        return redirect("messages:contacts")
    title = row.name or phone(row.number, request.account.country)
    return render(request, "messages/contact_delete.html", {"contact": row, "title": title})


@require_http_methods(["GET", "POST"])
@allowed(May.SEND_MESSAGES)
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the other one, then field by field what stays."""
    row = own_contact(request, pk)
    other = _other(request, row)
    if request.method == "POST" and other:
        taken = [choice.name for choice in presenters.choices(row, other, request.account) if _theirs(request, choice)]
        people.merge(Actor.of(request), row, other, taken)
        messages.success(request, format_html(_("The two contacts are one now: {}."), str(other)))
        return redirect("messages:contact", pk=pk)
    wanted = PeopleListing.of(request.account, {"q": request.GET.get("q", "")})
    found = wanted.contacts().exclude(pk=row.pk).order_by("folded", "pk")[:20] if wanted.search and not other else []
    context = {
        "contact": row,
        "title": row.name or phone(row.number, request.account.country),
        "other": other,
        "other_title": (other.name or phone(other.number, request.account.country)) if other else "",
        "choices": presenters.choices(row, other, request.account) if other else [],
        "search": wanted.search,
        "rows": presenters.person_rows(list(found), request.account),
    }
    return render(request, "messages/contact_merge.html", context)


def _theirs(request: HttpRequest, choice: presenters.Choice) -> bool:
    return request.POST.get(f"take_{choice.name}", "") == "theirs"


def _other(request: HttpRequest, row: Contact) -> Contact | None:
    text = request.POST.get("with", "") or request.GET.get("with", "")
    if not (text.isascii() and text.isdigit() and len(text) < 18) or int(text) == row.pk:
        return None
    return own_contact(request, int(text))
