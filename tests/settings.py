"""The settings of the tests: those of the portal, with quick hashing, nothing kept, and nothing sent.

With `DATABASE_URL`, `CELERY_BROKER_URL` and `CACHE_URL` set, the same suite runs on PostgreSQL and Redis
(`tests/run_services.py` starts both); with nothing set it runs on SQLite and the embedded queue.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# A folder of this run. Children (worker, sandbox, web) that a test starts inherit it, so that they meet in one place.
if "PORTAL_TEST_DIR" not in os.environ:
    os.environ["PORTAL_TEST_DIR"] = tempfile.mkdtemp(prefix="portal-test-")
    atexit.register(shutil.rmtree, os.environ["PORTAL_TEST_DIR"], ignore_errors=True)
TEST_DIR = Path(os.environ["PORTAL_TEST_DIR"])

# Of several pytest processes each has its own folder, and its own two databases of a Redis; its children share them.
RUN = os.environ.get("PYTEST_XDIST_WORKER", "")
if RUN:
    TEST_DIR /= RUN
    TEST_DIR.mkdir(exist_ok=True)
    if os.environ.get("PORTAL_TEST_RUN") != RUN:
        os.environ["PORTAL_TEST_RUN"] = RUN
        for name in ("CELERY_BROKER_URL", "CACHE_URL"):
            server, _, number = os.environ.get(name, "").rpartition("/")
            if server.startswith("redis"):
                os.environ[name] = f"{server}/{int(number) + 2 * int(RUN.removeprefix('gw'))}"

os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ.setdefault("CREDENTIAL_KEYS", "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=")

from portal.settings import *  # noqa: E402,F403
from portal.settings import BROKER_URL, DATABASES, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = TEST_DIR / "media"
STATIC_ROOT = TEST_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]

# A file, not memory: the live server, the worker and the test are threads and processes that share it.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(TEST_DIR / "test.sqlite3")}

CELERY_BROKER_URL = BROKER_URL or f"portal-sqlite:///{TEST_DIR / 'queue.sqlite3'}"

FRESH_SIGN_IN = False  # tests sign in by force; those of the confirmation switch it on
