"""Groups of contacts: the list, one with its members, and putting contacts in and out."""

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import allowed
from accounts.actor import Actor
from accounts.roles import May
from messaging import people, people_listing
from messaging.models import Contact, ContactGroup
from messaging.people_forms import ChosenForm, GroupForm
from messaging.people_listing import PeopleListing
from messaging.presenters.people import person_rows

FOUND = 20


def own_group(request: HttpRequest, pk: int) -> ContactGroup:
    return get_object_or_404(ContactGroup.objects.for_account(request.account).select_related("account"), pk=pk)


@require_GET
@allowed(May.READ_MESSAGES)
def groups(request: HttpRequest) -> HttpResponse:
    return _list(request, GroupForm())


def _list(request: HttpRequest, form: GroupForm, status: int = 200) -> HttpResponse:
    rows = ContactGroup.objects.for_account(request.account).annotate(size=Count("contacts")).order_by("name", "pk")
    context = {"rows": list(rows), "form": form, "may_change": request.standing.may(May.SEND_MESSAGES)}
    return render(request, "messages/groups.html", context, status=status)


@require_POST
@allowed(May.SEND_MESSAGES)
def new(request: HttpRequest) -> HttpResponse:
    form = GroupForm(request.POST)
    if not form.is_valid():
        return _list(request, form, 422)
    return redirect(
        "messages:group", pk=people.create_group(Actor.of(request), request.account, form.cleaned_data["name"]).pk
    )


@require_GET
@allowed(May.READ_MESSAGES)
def group(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, own_group(request, pk))


def _page(request: HttpRequest, row: ContactGroup, form: GroupForm | None = None, status: int = 200) -> HttpResponse:
    """Members by name, and those that a search finds outside the group."""
    members, after = people_listing.page_of(row.contacts.all(), request.GET.get("after", ""))
    wanted = PeopleListing.of(request.account, {"q": request.GET.get("q", "")})
    inside = ContactGroup.contacts.through.objects.filter(contactgroup=row, contact=OuterRef("pk"))
    found = wanted.contacts().exclude(Exists(inside)).order_by("folded", "pk")[:FOUND] if wanted.search else []
    context = {
        "group": row,
        "size": row.contacts.count(),
        "members": person_rows(members, request.account),
        "next_url": f"{request.path}?after={after}" if after else "",
        "first_url": request.path if request.GET.get("after") else "",
        "search": wanted.search,
        "found": person_rows(list(found), request.account),
        "form": form or GroupForm(initial={"name": row.name}),
        "may_change": request.standing.may(May.SEND_MESSAGES),
    }
    template = "messages/_group_found.html" if request.htmx.target == "group_found" else "messages/group.html"
    return render(request, template, context, status=status)


@require_POST
@allowed(May.SEND_MESSAGES)
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = own_group(request, pk), GroupForm(request.POST)
    if form.is_valid():
        try:
            people.rename_group(Actor.of(request), row, form.cleaned_data["name"])
        except people.NameTaken:
            form.add_error("name", _("There is a group of this name already."))
        else:
            return redirect("messages:group", pk=pk)
    return _page(request, row, form, 422)


@require_http_methods(["GET", "POST"])
@allowed(May.SEND_MESSAGES)
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    row = own_group(request, pk)
    if request.method == "POST":
        people.delete_group(Actor.of(request), row)
        messages.success(request, _("The group is deleted. Its contacts are still there."))
        return redirect("messages:groups")
    return render(request, "messages/group_delete.html", {"group": row, "size": row.contacts.count()})


@require_POST
@allowed(May.SEND_MESSAGES)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = own_group(request, pk), ChosenForm(request.POST, account=request.account)
    if form.is_valid() and form.cleaned_data["contacts"]:
        gone = people.remove_from_group(Actor.of(request), row, form.cleaned_data["contacts"])
        words = ngettext("%(count)s contact left the group.", "%(count)s contacts left the group.", gone)
        messages.success(request, words % {"count": gone})
    else:
        messages.error(request, _("Tick the contacts first."))
    return redirect("messages:group", pk=pk)


@require_POST
@allowed(May.SEND_MESSAGES)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """From the group's own page."""
    row, form = own_group(request, pk), ChosenForm(request.POST, account=request.account)
    if form.is_valid() and form.cleaned_data["contacts"]:
        _put(request, row, form.cleaned_data["contacts"])
    else:
        messages.error(request, _("Tick the contacts first."))
    return redirect("messages:group", pk=pk)


@require_POST
@allowed(May.SEND_MESSAGES)
def choose(request: HttpRequest) -> HttpResponse:
    """From the list of contacts: those that are ticked, or all that the list's filter finds, into a group."""
    wanted = PeopleListing.of(request.account, request.GET)
    form = ChosenForm(request.POST, account=request.account)
    back = redirect("messages:contacts")
    back["Location"] += wanted.query()
    chosen = _chosen(form, wanted) if form.is_valid() else None
    row = _group(request, form) if chosen is not None else None
    if row is None:
        messages.error(request, _("Tick contacts and choose a group, or write the name of a new one."))
        return back
    _put(request, row, chosen)
    return back


def _chosen(form: ChosenForm, wanted: PeopleListing):
    if form.cleaned_data["all"]:
        return wanted.contacts()
    return form.cleaned_data["contacts"] or None


def _group(request: HttpRequest, form: ChosenForm) -> ContactGroup | None:
    if name := form.cleaned_data["new_group"]:
        return people.create_group(Actor.of(request), request.account, name)
    return form.cleaned_data["group"]


def _put(request: HttpRequest, row: ContactGroup, contacts) -> None:
    added = people.add_to_group(Actor.of(request), row, Contact.objects.filter(pk__in=contacts.values("pk")))
    words = ngettext("%(count)s contact added to %(group)s.", "%(count)s contacts added to %(group)s.", added)
    messages.success(request, words % {"count": added, "group": row.name})
