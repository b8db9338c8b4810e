"""The portal: settings, urls, the Celery app and the pages that look over all apps."""

from portal import sqlite  # first of all: whatever imports sqlite3 from here on gets that one
from portal.celery import app as celery_app

__all__ = ["celery_app", "sqlite"]
