"""The birthday greeting of a group."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import allowed
from accounts.actor import Actor, audit
from accounts.roles import May
from messaging import senders
from messaging.greeting_forms import GreetingForm
from messaging.models import ContactGroup
from messaging.views.groups import own_group

FIELDS = ("greeting_from", "greeting_en", "greeting_fr")


@require_http_methods(["GET", "POST"])
@allowed(May.SEND_MESSAGES)
def greeting(request: HttpRequest, pk: int) -> HttpResponse:
    row, found = own_group(request, pk), senders.senders(request.account)
    initial = {name: getattr(row, name) for name in FIELDS}
    data = request.POST if request.method == "POST" else None
    form = GreetingForm(data, account=request.account, senders=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        _save(Actor.of(request), row, form.cleaned_data)
        saved = _("Saved. Each is greeted on the day, outside of their quiet hours.")
        none = _("Saved. This group sends no greetings.")
        messages.success(request, saved if _greets(row) else none)
        return redirect("messages:group", pk=pk)
    born = row.contacts.exclude(birthday=None).count()
    context = {"group": row, "form": form, "born": born, "has_senders": bool(found)}
    return render(request, "messages/greeting.html", context, status=422 if form.errors else 200)


def _greets(group: ContactGroup) -> bool:
    return bool(group.greeting_from and (group.greeting_en or group.greeting_fr))


def _save(actor: Actor, group: ContactGroup, values: dict) -> None:
    changed = {name: values[name] for name in FIELDS if getattr(group, name) != values[name]}
    if not changed:
        return
    before = {name: getattr(group, name) for name in changed}
    with transaction.atomic():
        for name, value in changed.items():
            setattr(group, name, value)
        group.save(update_fields=list(changed))
        audit(actor, "group.greeting_changed", group.name, account=group.account, before=before, after=changed)
