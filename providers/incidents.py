"""Incidents: when a connection stopped working, why, and when it worked again. Written by the gateway, read by staff (H3)."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from providers.models import Connection, Incident

KEEP = timedelta(days=400)


def open_one(connection: Connection, kind: str, reason: str) -> None:
    """Begin an incident of a kind unless one is open; the first reason stays."""
    if Incident.objects.filter(connection=connection, kind=kind, ended_at=None).exists():
        return
    started = connection.failing_since or timezone.now() if kind == Incident.Kind.FAILING else timezone.now()
    try:
        with transaction.atomic():
            Incident.objects.create(connection=connection, kind=kind, reason=reason[:300], started_at=started)
    except IntegrityError:
        pass  # another worker was quicker


def close_all(connection: Connection) -> int:
    """A good answer ends whatever was wrong."""
    return Incident.objects.filter(connection=connection, ended_at=None).update(ended_at=timezone.now())


def forget_old() -> int:
    return Incident.objects.filter(ended_at__lt=timezone.now() - KEEP).delete()[0]
