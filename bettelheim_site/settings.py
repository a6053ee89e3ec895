"""Settings, all from the environment (README.md lists them). Importing this module starts nothing."""

import re
from datetime import timedelta
from pathlib import Path

from csp import constants as csp
from django.core.exceptions import ImproperlyConfigured

from bettelheim_site import database, logs
from bettelheim_site.environment import Environment

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()

DEBUG = env.bool("DEBUG", default=False)
# A reader's own machine: plain HTTP on a loopback address, the embedded PostgreSQL, a key made on the spot.
LOCAL = env.bool("ARCHIVE_LOCAL", default=False) or DEBUG

SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if not LOCAL:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set: give a long random one, or set ARCHIVE_LOCAL=1 on your own machine."
        )
    SECRET_KEY = database.local_secret(BASE_DIR / "var")
# Former keys: what they signed (sessions, links) still counts while a new key comes into use.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if LOCAL else [])

# The archive's public origin, such as https://archive.example, for the addresses in pages and citations.
ARCHIVE_URL = env.str("ARCHIVE_URL", default="").rstrip("/")
if ARCHIVE_URL and not re.fullmatch(r"https?://[^/?#\s]+", ARCHIVE_URL):
    raise ImproperlyConfigured(
        "ARCHIVE_URL must be a scheme and a host only, such as https://archive.example."
    )

# The mail address for readers' reports. Anything more that a mail program could read in it (a second address, a header)
# is refused.
REPORT_ADDRESS = env.str("REPORT_ADDRESS", default="")
if REPORT_ADDRESS and not re.fullmatch(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", REPORT_ADDRESS):
    raise ImproperlyConfigured(
        "REPORT_ADDRESS must be a single mail address, such as editors@archive.example: put it right or leave it out."
    )

# The files that readers may take away: of chapters and the whole volume, of chapters alone, or none.
DOWNLOADS = env.str("DOWNLOADS", default="all")
if DOWNLOADS not in ("all", "chapters", "none"):
    raise ImproperlyConfigured("DOWNLOADS must be all, chapters or none: put it right or leave it out.")

# Where readers see terms that the text explains and no editor has checked: in the text and in the glossary's index, in
# the index alone, or nowhere.
EXPLAINED_TERMS = env.str("EXPLAINED_TERMS", default="text")
if EXPLAINED_TERMS not in ("text", "index", "none"):
    raise ImproperlyConfigured("EXPLAINED_TERMS must be text, index or none: put it right or leave it out.")

# Only the reader: no admin, no account, no session, for a process whose database role may only read.
PUBLIC_ONLY = env.bool("ARCHIVE_PUBLIC_ONLY", default=False)
CORRECTION_APPS = [
    "bettelheim_site.apps.ArchiveAdmin",
    "bettelheim_site.apps.Accounts",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "import_export",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
]
CORRECTION_MIDDLEWARE = [
    "bettelheim_site.health.Health",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]

INSTALLED_APPS = [
    *([] if PUBLIC_ONLY else CORRECTION_APPS),
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "csp",
    "glossary",
    "reader",
    "corpus_import",
]

MIDDLEWARE = [
    "bettelheim_site.health.Health",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "bettelheim_site.security.Restrictions",
    "reader.middleware.InterfaceLanguage",
    "reader.middleware.OnlyToRead",
    "reader.middleware.WithinLimits",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    *([] if PUBLIC_ONLY else CORRECTION_MIDDLEWARE),
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "bettelheim_site.watching.Route",
]

ROOT_URLCONF = "bettelheim_site.urls"
WSGI_APPLICATION = "bettelheim_site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                *(
                    f"django.contrib.{name}"
                    for name in ("auth.context_processors.auth", "messages.context_processors.messages")
                    if not PUBLIC_ONLY
                ),
            ],
        },
    },
]

DATABASES = {
    "default": {
        **env.db_url_config(database.address(BASE_DIR, local=LOCAL)),
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 60,
        "DISABLE_SERVER_SIDE_CURSORS": True,  # for a connection pooler
    }
}
# A server that takes no connection is away; readers are told so, instead of waiting for minutes.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 3)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# After five wrong passwords an account waits for the address from which they came, longer with each further one
# (bettelheim_site/logins.py). The database counts, because processes share nothing else; names without an account are
# counted, too.
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(days=1)  # failures are forgotten
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # what is tried during the delay does not count
AXES_HANDLER = "bettelheim_site.logins.GrowingDelay"
AXES_CLIENT_IP_CALLABLE = "bettelheim_site.logins.address_of"
AXES_LOCKOUT_CALLABLE = "bettelheim_site.logins.locked_out"
AXES_ENABLE_ADMIN = AXES_VERBOSE = False

# An account with a second factor must always give its code; with this, every account must have one.
ADMIN_REQUIRES_TOTP = env.bool("ADMIN_REQUIRES_TOTP", default=False)
OTP_TOTP_ISSUER = "Archive"
OTP_ADMIN_HIDE_SENSITIVE_DATA = True

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# What the archive keeps in sentences of its own is English, and so are its commands and data for programs.
LANGUAGE_CODE = "en"
# The languages into which the interface is translated, and those that this archive offers: the first is for readers who
# ask for none of them.
LANGUAGES = [("en", "English"), ("fr", "Français")]
ARCHIVE_LANGUAGES = env.languages(
    "ARCHIVE_LANGUAGES", known=[code for code, _ in LANGUAGES], default=["en", "fr"]
)
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [BASE_DIR / "bettelheim_site" / "locale"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / "var" / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "bettelheim_site.static_files.ModuleStorage"
    },
}

# The settings below are what `manage.py check --deploy` asks of a public server; LOCAL has no TLS to require.
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=not LOCAL)
# By default what can be taken back: this host alone, for a month. `check --deploy` asks for more, and need not.
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=0 if LOCAL else 30 * 24 * 3600)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=False)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOCAL
CSRF_COOKIE_HTTPONLY = True
if not PUBLIC_ONLY:
    CSRF_FAILURE_VIEW = "bettelheim_site.admin.csrf_failure"
if not LOCAL:
    # A browser takes a cookie with this prefix only from this host, and only over TLS (RFC 6265bis, 4.1.3.2).
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
SESSION_COOKIE_AGE = 12 * 3600  # seconds: a day's work
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# One policy for readers and admin: nothing inline, nothing from another host.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [csp.NONE],
        "script-src": [csp.SELF],
        "style-src": [csp.SELF],
        "img-src": [csp.SELF],
        "font-src": [csp.SELF],
        "connect-src": [csp.SELF],
        "form-action": [csp.SELF],
        "base-uri": [csp.NONE],
        "frame-ancestors": [csp.NONE],
    }
}
LARGEST_BODY = 10 * 2**20  # bytes of a request, a table of terms or a volume included
# What the process of an import in the admin may take: megabytes of memory, and seconds.
IMPORT_MEMORY = env.int("IMPORT_MEMORY", default=2048)
IMPORT_SECONDS = env.int("IMPORT_SECONDS", default=1800)
# Draws a piece of a page of a source, for correctors: the reader's room does not know the one that reads such files.
PAGE_PICTURE = "corpus_import.jobs.pictures.page_picture"
# Megabytes of pages that a process keeps in memory (reader/publishing/memory.py); 0 keeps none.
PAGES_IN_MEMORY = env.int("PAGES_IN_MEMORY", default=64)
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Empty without the admin.
ADMIN_PATH = "" if PUBLIC_ONLY else env.str("ADMIN_PATH", default="admin/").strip("/") + "/"
if ADMIN_PATH == "/":
    raise ImproperlyConfigured("ADMIN_PATH is a path of its own, such as admin/: the archive itself is at /.")

# Programs that bring this word may read the archive's figures at /metrics; without it there is no such address.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
if METRICS_TOKEN and len(METRICS_TOKEN) < 20:
    raise ImproperlyConfigured("METRICS_TOKEN is too short: give a random one of 20 characters or more.")

LOG_FORMAT = env.str("LOG_FORMAT", default="plain")
if LOG_FORMAT not in ("plain", "json"):
    raise ImproperlyConfigured("LOG_FORMAT must be plain or json: put it right or leave it out.")
# Milliseconds from which a statement is named in the log; 0 names none.
SLOW_QUERIES = env.int("SLOW_QUERIES", default=1000)
LOGGING = logs.configuration(is_json=LOG_FORMAT == "json", level=env.level("LOG_LEVEL", default="INFO"))
