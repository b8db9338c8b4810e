"""What staff's actions on ports and 911 share: read the upstream again now, and show JSON as text."""

import json

from django.contrib import messages
from django.utils.html import format_html
from django.utils.translation import ngettext

from providers import tasks, waking
from providers.models import Feed


def read_again(request, connection_ids, feed: str) -> None:
    """Wake the feed of these connections; the answer is on the sync board a moment later."""
    feeds = Feed.objects.filter(connection__in=set(connection_ids), name=feed)
    for row in feeds:
        waking.wake(lambda pk: tasks.run_feed.delay(pk, trigger=str(request.user), force=True), row.pk)
    text = ngettext("One connection is being read again.", "%(count)s connections are being read again.", len(feeds))
    messages.success(request, text % {"count": len(feeds)})


def as_text(value) -> str:
    return format_html("<pre>{}</pre>", json.dumps(value, indent=2, ensure_ascii=False, default=str))
