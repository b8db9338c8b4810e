"""The portal: settings, urls, the Celery app and the pages that look over all apps."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
