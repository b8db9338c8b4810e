"""Campaigns: the list, writing one, the review of its check, starting, pausing and stopping it, its progress and result."""

import uuid

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import allowed, confirm_first, confirmed_lately
from accounts.actor import Actor
from accounts.exporting import csv_response
from accounts.presenting import phone
from accounts.roles import May
from messaging import reasons, senders, tasks
from messaging.campaign_forms import CampaignForm, StartForm
from messaging.campaigns import results, running
from messaging.campaigns.wording import why_it_rests
from messaging.models import Campaign, ContactGroup
from messaging.pages import Place, older, read_place
from messaging.presenters import campaigns as presenters
from messaging.presenters.conversations import labels_of
from messaging.services import CannotSend
from numbering.services.intents import IntentUsed, new_intent
from providers import waking

PAGE = 30
LARGE = 500  # texts, from which on the person shows once more that it is them
State = Campaign.State


@require_GET
@allowed(May.READ_MESSAGES)
def campaigns(request: HttpRequest) -> HttpResponse:
    place = read_place(request.GET.get("before", ""))
    found = list(older(Campaign.objects.for_account(request.account), "created_at", place)[: PAGE + 1])
    rows = found[:PAGE]
    labels = labels_of(request.account, [row.sender for row in rows])
    more = f"?before={Place(rows[-1].created_at, rows[-1].pk)}" if len(found) > PAGE else ""
    context = {
        "rows": presenters.lines(rows, request.account, labels),
        "more": more,
        "place": place,
        "may_send": request.standing.may(May.SEND_MESSAGES),
    }
    return render(request, "messages/campaigns.html", context)


def _own(request: HttpRequest, public_id) -> Campaign:
    rows = Campaign.objects.for_account(request.account).select_related("account", "created_by", "started_by")
    return get_object_or_404(rows, public_id=public_id)


# --- writing --------------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@allowed(May.SEND_MESSAGES)
def new(request: HttpRequest) -> HttpResponse:
    form = _form(request, initial=_like(request))
    if request.method == "GET":
        return _write(request, form)
    status = 422
    if form.is_valid():
        try:
            made = running.make(Actor.of(request), request.account, form.values(), intent=form.cleaned_data["intent"])
        except IntentUsed:
            form.add_error(
                None, _("This form has made another campaign already. Look in the list before you make one more.")
            )
            status = 409
        else:
            return _to_be_checked(form, made)
    return _write(request, form.again(), status)


def _like(request: HttpRequest) -> dict:
    """What a new one begins with: nothing, or all of an earlier one but its file."""
    try:
        like = uuid.UUID(request.GET.get("like", ""))
    except ValueError:
        return {}
    return _initial(_own(request, like)) | {"send_on": None, "send_time": None}


def _form(request: HttpRequest, *, campaign: Campaign | None = None, initial: dict | None = None) -> CampaignForm:
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    groups = ContactGroup.objects.for_account(request.account).annotate(size=Count("contacts")).order_by("name")
    found = senders.senders(request.account)
    return CampaignForm(
        *data, account=request.account, senders=found, groups=groups, campaign=campaign, initial=initial or {}
    )


def _write(request: HttpRequest, form: CampaignForm, status: int = 200) -> HttpResponse:
    campaign = form.campaign
    context = {
        "form": form,
        "campaign": campaign,
        "file_name": campaign.counts.get("file", "") if campaign and campaign.file else "",
        "has_senders": bool(form.fields["sender"].choices),
        "has_groups": form.fields["groups"].queryset.exists(),
        "has_templates": form.fields["template"].queryset.exists(),
    }
    return render(request, "messages/campaign_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
@allowed(May.SEND_MESSAGES)
def edit(request: HttpRequest, public_id) -> HttpResponse:
    campaign = _own(request, public_id)
    if not campaign.is_editable:
        return redirect("messages:campaign", public_id=public_id)
    form = _form(request, campaign=campaign, initial=_initial(campaign))
    if request.method == "GET":
        return _write(request, form)
    if form.is_valid():
        try:
            running.change(Actor.of(request), campaign, form.values())
        except running.NotNow:
            messages.error(request, _("Somebody else has started or changed it meanwhile."))
            return redirect("messages:campaign", public_id=public_id)
        return _to_be_checked(form, campaign)
    return _write(request, form.again(), 422)


def _initial(campaign: Campaign) -> dict:
    local = timezone.localtime(campaign.starts_at) if campaign.starts_at else None
    return {name: getattr(campaign, name) for name in ("name", "sender", "body_en", "body_fr")} | {
        "groups": list(campaign.groups.values_list("pk", flat=True)),
        "without": list(campaign.without.values_list("pk", flat=True)),
        "send_on": local and local.date(),
        "send_time": local and local.time(),
    }


def _to_be_checked(form: CampaignForm, campaign: Campaign) -> HttpResponse:
    waking.wake_on_commit(tasks.check_campaign.delay, campaign.pk)
    return redirect("messages:campaign", public_id=campaign.public_id)


# --- looking --------------------------------------------------------------------------------------------------------------


@require_GET
@allowed(May.READ_MESSAGES)
def campaign(request: HttpRequest, public_id) -> HttpResponse:
    """Where it stands; while something moves, the page asks again by itself."""
    row = _own(request, public_id)
    template = "messages/_campaign.html" if request.htmx.target == "campaign" else "messages/campaign.html"
    return render(request, template, _shown(request, row))


def _shown(request: HttpRequest, row: Campaign, start: StartForm | None = None) -> dict:
    sender = senders.sender(request.account, row.sender)
    checked = row.state == State.READY
    running_or_over = row.state not in (State.DRAFT, State.CHECKING, State.READY)
    return {
        "campaign": row,
        "state": presenters.state_of(row),
        "line": labels_of(request.account, [row.sender]).get(row.sender) or phone(row.sender, request.account.country),
        "review": presenters.review(row, sender) if checked else None,
        "progress": presenters.progress(row, sender) if running_or_over else None,
        "finished": presenters.finished(row) if row.is_over else "",
        "rests": why_it_rests(row.error),
        "working": row.state in (State.CHECKING, State.RUNNING),
        "start": start or StartForm(initial={"intent": new_intent(), "seen": row.counts.get("fit", 0)}),
        "may_send": request.standing.may(May.SEND_MESSAGES),
        "later": row.starts_at if row.starts_at and row.starts_at > timezone.now() else None,
        "file_name": row.counts.get("file", "") if row.file else "",
        "groups": [group.name for group in row.groups.all()],
        "without": [group.name for group in row.without.all()],
    }


@require_GET
@allowed(May.READ_MESSAGES)
def rows(request: HttpRequest, public_id) -> HttpResponse:
    """Every row with its verdict and what became of it."""
    row = _own(request, public_id)
    if row.state in (State.DRAFT, State.CHECKING):
        raise Http404
    name = f"{slugify(row.name) or 'campaign'}-{timezone.localdate():%Y-%m-%d}.csv"
    return csv_response(name, results.header(), results.table(row))


# --- running --------------------------------------------------------------------------------------------------------------


@require_POST
@allowed(May.SEND_MESSAGES)
def start(request: HttpRequest, public_id) -> HttpResponse:
    row, form = _own(request, public_id), StartForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Open the page again."))
        return redirect("messages:campaign", public_id=public_id)
    if form.cleaned_data["seen"] >= LARGE and not confirmed_lately(request):
        messages.info(request, _("Confirm that it is you; then press Start once more."))
        return confirm_first(request, reverse("messages:campaign", args=[public_id]))
    data = form.cleaned_data
    return _ask(request, row, running.start, intent=data["intent"], seen=data["seen"])


@require_POST
@allowed(May.SEND_MESSAGES)
def pause(request: HttpRequest, public_id) -> HttpResponse:
    return _ask(request, _own(request, public_id), running.pause)


@require_POST
@allowed(May.SEND_MESSAGES)
def resume(request: HttpRequest, public_id) -> HttpResponse:
    return _ask(request, _own(request, public_id), running.resume)


@require_http_methods(["GET", "POST"])
@allowed(May.SEND_MESSAGES)
def stop(request: HttpRequest, public_id) -> HttpResponse:
    """Asked first: what is stopped does not go on."""
    row = _own(request, public_id)
    if request.method == "GET":
        if row.state not in (State.RUNNING, State.PAUSED):
            return redirect("messages:campaign", public_id=public_id)
        context = {"campaign": row, "progress": presenters.progress(row, None)}
        return render(request, "messages/campaign_stop.html", context)
    return _ask(request, row, running.stop)


@require_POST
@allowed(May.SEND_MESSAGES)
def check(request: HttpRequest, public_id) -> HttpResponse:
    row = _own(request, public_id)
    answer = _ask(request, row, running.check_again)
    waking.wake_on_commit(tasks.check_campaign.delay, row.pk)
    return answer


def _ask(request: HttpRequest, row: Campaign, act, **options) -> HttpResponse:
    """Do it, and show what is so now. What cannot be done any more is said on the page as it is."""
    try:
        act(Actor.of(request), row, **options)
    except running.NotNow:
        messages.error(request, _("Somebody was faster: this is how the campaign stands now."))
    except running.Changed:
        messages.error(request, _("The check has found other people since. Look at the new figures, then start."))
        return render(request, "messages/campaign.html", _shown(request, _own(request, row.public_id)), status=409)
    except CannotSend as error:
        messages.error(request, why_it_rests(error.code) or reasons.reason(error.code))
    return redirect("messages:campaign", public_id=row.public_id)
