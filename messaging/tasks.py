"""Doors for the workers: a text to send or settle, a picture to fetch, and the sweep that finds both by their rows."""

from celery import shared_task

from messaging.importing import running
from messaging.models import Media, Message
from messaging.upstream import pictures
from providers import outbox

PICTURES_AT_ONCE = 20


@shared_task
def deliver_message(pk: int) -> None:
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
