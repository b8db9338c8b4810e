"""The Celery app. Its settings are Django's, with the prefix CELERY_.

Database connections: Celery's own Django fix-up closes them before and after each task, in the thread that runs it, so
the thread pool needs nothing more (tests/portal/test_worker.py holds it to that).
"""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

# Before the app exists: kombu looks a URL's scheme up here when the first connection is made.
TRANSPORT_ALIASES["portal-sqlite"] = "portal.broker:Transport"

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
