"""Doors for the workers: a text to send or settle, a picture to fetch, and the sweep that finds both by their rows."""

from celery import shared_task

from messaging.campaigns import birthdays, checking, handing
from messaging.exporting import writing
from messaging.importing import running
from messaging.models import Media, Message, MessageExport
from messaging.upstream import pictures, prices
from providers import outbox

PICTURES_AT_ONCE = 20
EXPORTS_AT_ONCE = 4
PRICES_AT_ONCE = 10


@shared_task
def deliver_message(pk: int) -> None:
    if not handing.waits_for_lane(pk):
        outbox.run(Message, pk)


@shared_task
def sweep_messages() -> int:
    for pk in Media.objects.to_fetch().order_by("-pk").values_list("pk", flat=True)[:PICTURES_AT_ONCE]:
        fetch_media.delay(pk)
    return outbox.sweep(Message)


@shared_task
def run_import(pk: int) -> None:
    running.work(pk, run_import.delay)


@shared_task
def sweep_imports() -> int:
    """Go on with imports that nobody works on, and delete files that are a week old."""
    waiting = running.waiting()
    for pk in waiting:
        run_import.delay(pk)
    running.forget_old()
    return len(waiting)


@shared_task
def fetch_media(pk: int) -> None:
    pictures.fetch(pk)


@shared_task(soft_time_limit=500, time_limit=540)
def write_export(pk: int) -> None:
    writing.run(pk)


@shared_task
def sweep_exports() -> int:
    """Wake what waits or was left behind, and delete what had its week."""
    waiting = list(MessageExport.objects.to_run().order_by("pk").values_list("pk", flat=True)[:EXPORTS_AT_ONCE])
    for pk in waiting:
        write_export.delay(pk)
    return len(waiting) + writing.expire()


@shared_task(soft_time_limit=500, time_limit=540)
def check_campaign(pk: int) -> None:
    checking.check(pk)


@shared_task
def run_campaigns() -> int:
    """Check what waits to be checked; hand rows over; wake the lanes that send them."""
    for pk in checking.waiting():
        check_campaign.delay(pk)
    return handing.tick(send_campaign_texts.delay)


@shared_task
def send_campaign_texts(connection_pk: int) -> None:
    handing.run_lane(connection_pk)


@shared_task
def read_text_prices() -> int:
    """Once a day for each connection, so that the price of a text is known while it is typed."""
    due = prices.stale()[:PRICES_AT_ONCE]
    for connection in due:
        prices.keep(connection)
    return len(due)


@shared_task
def greet_birthdays() -> int:
    return birthdays.greet()
