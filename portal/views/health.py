"""Health: is this process alive, and can the portal do its work? Details only for staff."""

from datetime import timedelta

from django.db import OperationalError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError as BrokerError

from accounts.access import public
from messaging.models import Message
from portal.celery import app
from providers.models import Heartbeat, Operation

WORKER_SILENCE = timedelta(seconds=90)


@public
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """This process answers."""
    return JsonResponse({"status": "ok"})


@public
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Database, broker and workers. 503 when one of them is missing."""
    checks = {"database": _database()}
    checks["broker"] = _broker()
    checks["workers"] = checks["database"] and _workers()
    answer = {"status": "ok" if all(checks.values()) else "failing", "checks": checks}
    if checks["database"] and request.user.is_authenticated and request.user.is_staff:
        answer["lag"] = _lag()
    return JsonResponse(answer, status=200 if all(checks.values()) else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        return False
    return True


def _broker() -> bool:
    try:
        with app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except (BrokerError, OSError):
        return False
    return True


def _workers() -> bool:
    seen = Heartbeat.objects.filter(name="worker").values_list("seen_at", flat=True).first()
    return bool(seen and timezone.now() - seen < WORKER_SILENCE)


def _lag() -> dict:
    """Seconds that the oldest due work has been waiting."""
    return {"operations": _oldest(Operation), "messages": _oldest(Message)}


def _oldest(model) -> float:
    due = (
        model.objects.due()
        .filter(state__in=["queued", "unknown"])
        .order_by("due_at")
        .values_list("due_at", flat=True)
        .first()
    )
    return (timezone.now() - due).total_seconds() if due else 0.0
