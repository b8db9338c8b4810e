"""The portal's own settings, and the faults."""

from portal.settings import *  # noqa: F403
from portal.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.hooks.apps.HooksConfig"]
