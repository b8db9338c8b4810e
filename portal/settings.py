"""All settings, from the environment. With nothing set the portal runs on embedded parts and sends nothing outside."""

import sys
from pathlib import Path

import environ
from cryptography.fernet import Fernet
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from portal.local import kept_secret

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()  # what no server keeps for us

# Embedded: neither database nor broker named, so one machine, no servers, secrets of its own.
DATABASE_URL = env("DATABASE_URL", default="")
BROKER_URL = env("CELERY_BROKER_URL", default="")
EMBEDDED = not DATABASE_URL and not BROKER_URL

DEBUG = env.bool("DEBUG", default=False)
PORTAL_URL = env("PORTAL_URL", default="http://127.0.0.1:8000").rstrip("/")
HTTPS = PORTAL_URL.startswith("https://")


def _secret(name: str, file_name: str, make) -> str:
    """The value of `name`; a machine with embedded parts makes and keeps its own, a real one must be told."""
    if value := env(name, default=""):
        return value
    if DATABASE_URL.startswith(("postgres", "psql")):
        raise ImproperlyConfigured(f"Set {name}: a portal on a shared database needs a secret of its own.")
    return kept_secret(VAR_DIR / file_name, make)


SECRET_KEY = _secret("SECRET_KEY", "secret.key", get_random_secret_key)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
CREDENTIAL_KEYS = _secret("CREDENTIAL_KEYS", "credential.key", lambda: Fernet.generate_key().decode()).split(",")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = [PORTAL_URL] if HTTPS else []

INSTALLED_APPS = [
    "providers",
    "accounts",
    "billing",
    "numbering",
    "messaging",
    "portal",
    "unfold",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "heroicons",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "portal.middleware.AddressMiddleware",
    "portal.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.NulMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.middleware.SizeMiddleware",  # nothing before it reads what was sent
    "django_htmx.middleware.HtmxMiddleware",
    "portal.middleware.FragmentRedirectMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.IdleMiddleware",
    "accounts.middleware.AccountMiddleware",
    "portal.middleware.PrivacyMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
ASGI_APPLICATION = "portal.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.accounts",
                "portal.context.frame",
            ],
            "builtins": ["accounts.templatetags.look", "django.templatetags.i18n", "django.templatetags.static"],
        },
    },
]
FORM_RENDERER = "accounts.rendering.FormRenderer"

# --- data -----------------------------------------------------------------------------------------------------------
# Measured: with these options three writers and a bulk writer share one SQLite file without a single "database is locked".
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        # No mmap_size: together with a fault of many SQLite versions it destroyed a file (portal/sqlite.py).
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-65536;PRAGMA temp_store=MEMORY;"
    ),
}
DATABASES = {"default": env.db_url_config(DATABASE_URL or f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": env.cache_url_config(env("CACHE_URL", default="locmemcache://"))}
# Memory of one process: another would not hear of a sign-out, so several without a shared cache ask the database.
SEVERAL_MEMORIES = not env("CACHE_URL", default="") and (not EMBEDDED or env.int("WEB_CONCURRENCY", default=1) > 1)
SESSION_ENGINE = f"django.contrib.sessions.backends.{'db' if SEVERAL_MEMORIES else 'cached_db'}"

VAR_DIR.mkdir(parents=True, exist_ok=True)
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(VAR_DIR / "media")))
STATIC_ROOT = VAR_DIR / "static"
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
MOST_UPLOADED = 55 * 1024 * 1024  # a whole request: five documents of a port and the form around them

# --- people ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
PASSWORD_RESET_TIMEOUT = 3600
SESSION_COOKIE_AGE = 12 * 3600
IDLE_SECONDS = 60 * env.int("IDLE_MINUTES", default=30)
IDLE_SECONDS_STAFF = min(IDLE_SECONDS, 15 * 60)
SELF_REFRESHING = {
    "messages:unread",
    "messages:since",
    "numbers:state",
    "numbers:port_state",
    "numbers:e911_state",
    "numbers:directory_state",
    "brand_css",
    "live",
    "ready",
}
SELF_REFRESHING_ELEMENTS = {"threads", "subaccount_state", "import_state", "campaign", "e911_assignment"}
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# A __Host- cookie cannot be set by a sibling host; browsers accept the prefix over https only.
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portal.views.errors.csrf_failure"

ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "accounts.adapter.PortalAccountAdapter"  # no sign-up: people come by invitation
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
PORT_REVIEW = env.bool("PORT_REVIEW", default=False)  # our own staff approve each port before any upstream hears of it
FRESH_SIGN_IN = env.bool("FRESH_SIGN_IN", default=True)  # ask again before a port is submitted or a 911 address removed
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # and always before the address changes by which a password can be reset
ACCOUNT_SESSION_REMEMBER = None
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an invited person has come by a link sent to that address
MFA_TOTP_ISSUER = "Portal"
MFA_TOTP_TOLERANCE = 1
USERSESSIONS_TRACK_ACTIVITY = True  # by our IdleMiddleware, once a minute: the library's own writes with every page

# --- language -------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_TZ = True
TIME_ZONE = "UTC"

# --- browser --------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "media-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)  # only where the proxy sets these headers itself
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

UNFOLD = {
    "SITE_TITLE": _("Portal staff"),
    "SITE_HEADER": _("Portal staff"),
    "SITE_URL": None,
    "SITE_SYMBOL": "settings_phone",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("favicon.svg")}],
    "SHOW_HISTORY": True,
    "SHOW_LANGUAGES": False,
    "COLORS": {
        "primary": {
            "50": "oklch(0.97 0.014 255)", "100": "oklch(0.93 0.03 255)", "200": "oklch(0.88 0.06 255)",
            "300": "oklch(0.81 0.1 255)", "400": "oklch(0.71 0.14 255)", "500": "oklch(0.62 0.16 255)",
            "600": "oklch(0.53 0.16 255)", "700": "oklch(0.48 0.15 255)", "800": "oklch(0.42 0.13 255)",
            "900": "oklch(0.37 0.1 255)", "950": "oklch(0.28 0.08 255)",
        }
    },
    "SIDEBAR": {"show_search": True, "show_all_applications": True},
}  # fmt: skip

# --- mail -----------------------------------------------------------------------------------------------------------
# Embedded: mails are written to a folder, so that nothing ever leaves the machine by accident.
vars().update(env.email_url("EMAIL_URL", default=f"filemail:///{VAR_DIR / 'mail'}"))
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="portal@localhost")

# --- work in the background (RELIABILITY: the row is the truth, the queue only a hint) ---------------------------------
CELERY_BROKER_URL = BROKER_URL or f"portal-sqlite:///{VAR_DIR / 'queue.sqlite3'}"
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 40
CELERY_TASK_TIME_LIMIT = 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 2000
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = True
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_ETA_TASK_LIMIT = 1000
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_VISIBILITY_TIMEOUT = 600
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"visibility_timeout": 600}
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600}
if CELERY_BROKER_URL.startswith(("redis", "rediss")):
    CELERY_BROKER_TRANSPORT_OPTIONS |= {
        "unacked_mutex_expire": 30,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 30,
        "socket_connect_timeout": 5,
        "socket_keepalive": True,
        "health_check_interval": 25,
    }
CELERY_DB_REUSE_MAX = sys.maxsize  # portal/celery.py closes connections by Django's own rule
CELERY_TASK_DEFAULT_QUEUE = "interactive"
CELERY_TASK_ROUTES = {
    "providers.tasks.run_feed": {"queue": "sync"},
    "providers.tasks.wake_feeds": {"queue": "sync"},
    "messaging.tasks.run_import": {"queue": "sync"},
    "numbering.tasks.run_batch": {"queue": "sync"},
    "messaging.tasks.check_campaign": {"queue": "sync"},
    "messaging.tasks.run_campaigns": {"queue": "sync"},
    "messaging.tasks.send_campaign_texts": {"queue": "sync"},
    "messaging.tasks.write_export": {"queue": "sync"},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat")
# Each entry expires before its next tick, so a worker that was away is not met by a pile of stale wake-ups.
CELERY_BEAT_SCHEDULE = {
    "heartbeat": {"task": "providers.tasks.heartbeat", "schedule": 15.0, "options": {"expires": 14}},
    "wake-feeds": {"task": "providers.tasks.wake_feeds", "schedule": 5.0, "options": {"expires": 5}},
    "sweep-operations": {"task": "providers.tasks.sweep_operations", "schedule": 5.0, "options": {"expires": 5}},
    "sweep-webhooks": {"task": "providers.tasks.sweep_webhooks", "schedule": 5.0, "options": {"expires": 5}},
    "sweep-messages": {"task": "messaging.tasks.sweep_messages", "schedule": 3.0, "options": {"expires": 3}},
    "sweep-exports": {"task": "messaging.tasks.sweep_exports", "schedule": 20.0, "options": {"expires": 19}},
    "run-campaigns": {"task": "messaging.tasks.run_campaigns", "schedule": 3.0, "options": {"expires": 3}},
    "read-text-prices": {"task": "messaging.tasks.read_text_prices", "schedule": 60.0, "options": {"expires": 59}},
    "greet-birthdays": {"task": "messaging.tasks.greet_birthdays", "schedule": 600.0, "options": {"expires": 590}},
    "tell-staff-of-911-doubts": {
        "task": "numbering.tasks.tell_staff_of_doubts",
        "schedule": 30.0,
        "options": {"expires": 29},
    },
    "yearly-911-notices": {
        "task": "numbering.tasks.send_yearly_911_notices",
        "schedule": 3600.0,
        "options": {"expires": 3500},
    },
    "sweep-port-notices": {"task": "numbering.tasks.sweep_port_notices", "schedule": 15.0, "options": {"expires": 14}},
    "begin-port-plans": {"task": "numbering.tasks.begin_port_plans", "schedule": 10.0, "options": {"expires": 9}},
    "sweep-911-assignments": {"task": "numbering.tasks.sweep_assignments", "schedule": 5.0, "options": {"expires": 5}},
    "sweep-imports": {"task": "messaging.tasks.sweep_imports", "schedule": 10.0, "options": {"expires": 9}},
    "forget-searches": {"task": "numbering.tasks.forget_searches", "schedule": 900.0, "options": {"expires": 890}},
    "match-back-orders": {"task": "numbering.tasks.match_back_orders", "schedule": 120.0, "options": {"expires": 119}},
    "tell-of-emergency-calls": {
        "task": "numbering.tasks.tell_of_emergency_calls",
        "schedule": 30.0,
        "options": {"expires": 29},
    },
    "sweep-releases": {"task": "numbering.tasks.sweep_releases", "schedule": 60.0, "options": {"expires": 59}},
    "sweep-batches": {"task": "numbering.tasks.sweep_batches", "schedule": 10.0, "options": {"expires": 9}},
    "tell-of-gone-numbers": {
        "task": "numbering.tasks.tell_of_gone_numbers",
        "schedule": 60.0,
        "options": {"expires": 59},
    },
    "sweep-invitations": {"task": "accounts.tasks.sweep_invitations", "schedule": 30.0, "options": {"expires": 29}},
    "forget-exchanges": {
        "task": "providers.tasks.forget_old_exchanges",
        "schedule": 3600.0,
        "options": {"expires": 3500},
    },
}

# How upstream work is paced. Seconds unless said; short in the demo so that a person sees things happen.
UPSTREAM_DEADLINE = env.float("UPSTREAM_DEADLINE", default=20.0)  # one whole call
UPSTREAM_LOG_LAG = env.float("UPSTREAM_LOG_LAG", default=5.0)  # how late a sent text may appear in the upstream's log
# Upstreams that count requests by IP address count all of ours together; hosts that leave by another address name it here.
EGRESS_ADDRESS = env("EGRESS_ADDRESS", default="default")
CAMPAIGN_OPEN = env.int("CAMPAIGN_OPEN", default=40)  # texts of campaigns that may wait at one connection
CAMPAIGN_LANES = env.int("CAMPAIGN_LANES", default=4)  # how many of them are on their way at once, of all connections
RELEASE_GRACE_DAYS = env.int("RELEASE_GRACE_DAYS", default=7)  # a released number can be had back for so long
FEED_PACE = env.float("FEED_PACE", default=1.0)  # 0.1 = feeds ten times as often

# --- logging --------------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"redact": {"()": "portal.logs.RedactingFilter"}},
    "formatters": {"lines": {"()": "portal.logs.LineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines", "filters": ["redact"]}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.server": {"propagate": True, "handlers": []},
        "celery": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
    },
}
