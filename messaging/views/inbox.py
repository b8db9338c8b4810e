"""The inbox: folders, search, the list of conversations that keeps itself up to date, and the bell."""

from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from accounts.access import allowed
from accounts.roles import May
from accounts.sources import Sources
from messaging import listing, teamwork
from messaging.models import Thread
from messaging.pages import read_place
from messaging.presenters.conversations import Shown, thread_rows


@require_GET
@allowed(May.READ_MESSAGES)
def inbox(request: HttpRequest) -> HttpResponse:
    """The page; or only its list, for the poll; or the conversations further down."""
    place = read_place(request.GET.get("before", ""))
    context = threads_of(request, place)
    if place and request.htmx.target == "older":
        return render(request, "messages/_older.html", context)
    if request.htmx.target == "threads":
        unchanged = request.GET.get("v") == context["mark"]
        return HttpResponse(status=204) if unchanged else render(request, "messages/_threads.html", context)
    return render(request, "messages/inbox.html", context)


def threads_of(request: HttpRequest, place=None, current: int = 0) -> dict:
    """What `_threads.html` and its neighbours show."""
    wanted = listing.Listing.of(request.account, request.user, request.GET)
    current = current or _number(request.GET.get("open", ""))
    threads, more = wanted.page(place)
    query = wanted.query()
    return {
        "listing": wanted,
        "folders": _folders(wanted),
        "rows": _Rows(threads, wanted, query, current, sources_of(request)),
        "mark": listing.mark(threads, current, sources_of(request).standing),
        "older_query": wanted.query(before=str(more)) if more else "",
        "query": query,
        "current": current,
        "may_send": request.standing.may(May.SEND_MESSAGES),
        "colleagues": teamwork.colleagues(request.account),
    }


def sources_of(request: HttpRequest) -> Sources:
    """The upstreams that texts come from, asked once for a page."""
    if not hasattr(request, "text_sources"):
        request.text_sources = Sources.of(request.account, "messages")
    return request.text_sources


class _Rows:
    """The rows of the list, made only when they are drawn: an unchanged poll draws none."""

    def __init__(self, threads: list[Thread], wanted: listing.Listing, query: str, current: int, sources: Sources):
        self.threads, self.wanted, self.query, self.current, self.sources = threads, wanted, query, current, sources

    def __iter__(self):
        words, hits = self.wanted.question.words, self.wanted.hits(self.threads)
        shown = Shown(self.wanted.account, self.wanted.person, self.query, words, hits, self.current, self.sources)
        return iter(thread_rows(self.threads, shown))

    def __len__(self) -> int:
        return len(self.threads)


IN_SIGHT = 3  # folders beside each other; the others are in a menu


def _folders(wanted: listing.Listing) -> dict:
    links = [
        (
            folder.label,
            listing.Listing(wanted.account, None, name).query() or "?",
            not wanted.is_search and wanted.folder == name,
        )
        for name, folder in listing.FOLDERS.items()
    ]
    chosen = [label for label, _url, current in links[IN_SIGHT:] if current]
    return {"near": links[:IN_SIGHT], "more": links[IN_SIGHT:], "chosen": chosen[0] if chosen else ""}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


@require_GET
@allowed(May.READ_MESSAGES)
def unread(request: HttpRequest) -> HttpResponse:
    """The bell: how many conversations have something new. Unchanged, it answers nothing."""
    rows = Thread.objects.for_account(request.account).unread()
    count = rows.aggregate(threads=Count("pk"), texts=Sum("unread"))
    mark = f"{count['threads']}-{count['texts'] or 0}"
    if request.GET.get("v") == mark:
        return HttpResponse(status=204)
    words = ngettext("%(count)s unread conversation", "%(count)s unread conversations", count["threads"])
    context = {"count": count["threads"], "mark": mark, "words": words % {"count": count["threads"]}}
    return render(request, "messages/_unread.html", context)
