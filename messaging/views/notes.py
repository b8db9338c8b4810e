"""Notes between colleagues, and drafts as they are typed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.access import allowed
from accounts.actor import Actor
from accounts.roles import May
from messaging import teamwork
from messaging.models import Note
from messaging.note_forms import NoteForm
from messaging.views.conversation import thread_of


@require_POST
@allowed(May.SEND_MESSAGES)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """The conversation is told to look for it at once."""
    row, form = thread_of(request, pk), NoteForm(request.POST)
    context = {"thread": row, "note_form": form}
    if not form.is_valid():
        name = "messages/_note_form.html" if request.htmx else "messages/note.html"
        return render(request, name, context, status=422)
    teamwork.add_note(Actor.of(request), row, form.cleaned_data["note"])
    if not request.htmx:
        return redirect("messages:thread", pk=pk)
    response = render(request, "messages/_note_form.html", {**context, "note_form": NoteForm()})
    response["HX-Trigger"] = "sent"
    return response


@require_POST
@allowed(May.SEND_MESSAGES)
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Only one's own."""
    notes = Note.objects.filter(thread__account=request.account, author=request.user, deleted_at=None)
    note = get_object_or_404(notes.select_related("thread__account"), pk=pk)
    teamwork.take_back(Actor.of(request), note)
    return HttpResponse() if request.htmx else redirect("messages:thread", pk=note.thread_id)


@require_POST
@allowed(May.SEND_MESSAGES)
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Sent by the page while a person types, so that nothing typed is lost and colleagues see that somebody answers."""
    intent = request.POST.get("intent", "")[:40]
    body = request.POST.get("body", "").replace("\0", "")
    teamwork.keep_draft(request.user, thread_of(request, pk), body, key=f"sms:{request.user.pk}:{intent}")
    return HttpResponse(status=204)
