"""The Celery app. Its settings are Django's, with the prefix CELERY_.

Database connections: a thread of the worker keeps its own from one task to the next as long as CONN_MAX_AGE says, by the
rule that Django follows between two requests. Celery's own fix-up would open a new one for every task, which costs more
than most tasks do; CELERY_DB_REUSE_MAX stops it (tests/portal/test_worker.py holds both to that).
"""

import os

from celery import Celery, signals
from django.db import close_old_connections
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
# `manage.py prepare` has done them; they would load every page of the portal into a worker and delay each start.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

# Before the app exists: kombu looks a URL's scheme up here when the first connection is made.
TRANSPORT_ALIASES["portal-sqlite"] = "portal.broker:Transport"

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def _as_between_requests(task, **_) -> None:
    if not task.request.is_eager:  # else it runs inside of something that has a transaction of its own
        close_old_connections()


signals.task_prerun.connect(_as_between_requests, weak=False)
signals.task_postrun.connect(_as_between_requests, weak=False)
