"""What ends here when a number is given up: campaigns that send from it, and texts that wait for their time."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.presenting import listed
from accounts.roles import May
from messaging import scheduling
from messaging.models import Campaign
from numbering.models import Number
from numbering.number_uses import Use

NAMED = 3


def uses_of(number: Number) -> list[Use]:
    return [*_campaigns(number), *_scheduled(number)]


def _campaigns(number: Number) -> list[Use]:
    over = (Campaign.State.STOPPED, Campaign.State.DONE)
    rows = Campaign.objects.for_account(number.account).filter(sender=number.number).exclude(state__in=over)
    found = list(rows.only("name", "public_id").order_by("-created_at", "-pk")[: NAMED + 1])
    if not found:
        return []
    named = [one.name for one in found[:NAMED]]
    names = listed([*named, _("others")] if len(found) > NAMED else named)
    text = ngettext(
        "This campaign sends from it and stops: %(names)s.",
        "These campaigns send from it and stop: %(names)s.",
        len(found),
    )
    only = reverse("messages:campaign", args=[found[0].public_id])
    url = only if len(found) == 1 else reverse("messages:campaigns")
    return [Use(text % {"names": names}, url, _("Open it") if len(found) == 1 else _("Open them"), May.READ_MESSAGES)]


def _scheduled(number: Number) -> list[Use]:
    count = scheduling.waiting(number.account).filter(our_number=number.number).order_by().count()
    if not count:
        return []
    text = ngettext(
        "%(count)s scheduled text from it does not go out.", "%(count)s scheduled texts from it do not go out.", count
    )
    link = _("Open it") if count == 1 else _("Open them")
    return [Use(text % {"count": count}, reverse("messages:scheduled"), link, May.READ_MESSAGES)]
