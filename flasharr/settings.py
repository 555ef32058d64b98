"""Settings, all from the environment. Every name also works as NAME_FILE (a path whose content is the value)."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from flasharr import secrets

env = environ.FileAwareEnv()
BASE_DIR = Path(__file__).resolve().parent.parent
SHORTEST_KEY = 16


def url_setting(name: str, default: str) -> str:
    """A base URL without its trailing slash. Raises ImproperlyConfigured when it is not http(s)."""
    value = str(env.str(name, default)).rstrip("/")
    if urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname:
        raise ImproperlyConfigured(f"{name} must be an http or https address, not {value!r}.")
    return value


def flag(name: str, default: bool) -> bool:
    """True or false, spelt so that a typing error cannot switch a guard off."""
    value = env.str(name, str(default)).strip().lower()
    if value not in ("true", "false", "1", "0", "yes", "no"):
        raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}.")
    return value in ("true", "1", "yes")


def key_setting(name: str) -> str:
    """A key for programs, empty for none. Raises ImproperlyConfigured when it could be guessed."""
    value = str(env.str(name, "")).strip()
    if value and len(value) < SHORTEST_KEY:
        short = f"{name} must have at least {SHORTEST_KEY} characters, not {len(value)}"
        raise ImproperlyConfigured(f"{short}. Make one with: openssl rand -hex 24")
    return value


def seconds_setting(name: str, default: float) -> str:
    """A number of seconds, as configurations hold it. Raises ImproperlyConfigured for what is none."""
    value = env.str(name, str(default)).strip()
    if not re.fullmatch(r"\d{1,3}(\.\d{1,6})?", value, re.ASCII):
        raise ImproperlyConfigured(f"{name} must be a number of seconds from 0 to 999, not {value!r}.")
    return str(value)


# Paths
DATA_DIR = Path(env.str("FLASHARR_DATA_DIR", str(BASE_DIR / "data"))).expanduser().resolve()
DOWNLOAD_DIR = Path(env.str("FLASHARR_DOWNLOAD_DIR", str(DATA_DIR / "downloads"))).expanduser().resolve()
URL_PREFIX = "/" + env.str("FLASHARR_URL_PREFIX", "").strip("/")
PREFIX = "" if URL_PREFIX == "/" else URL_PREFIX

FLASHARR = {
    "DATA_DIR": DATA_DIR,
    "DOWNLOAD_DIR": DOWNLOAD_DIR,
    "ALLOW_PRIVATE_HOSTS": flag("FLASHARR_ALLOW_PRIVATE_HOSTS", False),
    "API_KEY": key_setting("FLASHARR_API_KEY"),
    "ADMIN_USERNAME": env.str("FLASHARR_ADMIN_USERNAME", ""),
    "ADMIN_PASSWORD": env.str("FLASHARR_ADMIN_PASSWORD", ""),
    "TRUSTED_PROXIES": env.list("FLASHARR_TRUSTED_PROXIES", default=[]),
    "DEMO": flag("FLASHARR_DEMO", False),
}

# Hosts: the real services unless a base URL says otherwise. No key of anybody's is built in.
HOST_CONFIG = {
    "FSHARE_API_URL": url_setting("FSHARE_API_URL", "https://api.fshare.vn"),
    "FSHARE_WEB_URL": url_setting("FSHARE_WEB_URL", "https://www.fshare.vn"),
    "FSHARE_APP_KEY": env.str("FSHARE_APP_KEY", ""),
    "FSHARE_USER_AGENT": env.str("FSHARE_USER_AGENT", ""),
    "FSHARE_EMAIL": env.str("FSHARE_EMAIL", ""),
    "FSHARE_INTERVAL": seconds_setting("FSHARE_INTERVAL", 0.5),
    "FSHARE_PASSWORD": env.str("FSHARE_PASSWORD", ""),
}

# Whom a search asks: TMDB about titles, with the user's own key, and TimFshare about files.
SEARCH_CONFIG = {
    "TMDB_API_URL": url_setting("TMDB_API_URL", "https://api.themoviedb.org/3"),
    "TMDB_IMAGE_URL": url_setting("TMDB_IMAGE_URL", "https://image.tmdb.org/t/p"),
    "TMDB_API_KEY": env.str("TMDB_API_KEY", "").strip(),
    "TMDB_ACCESS_TOKEN": env.str("TMDB_ACCESS_TOKEN", "").strip(),
    "TIMFSHARE_URL": url_setting("TIMFSHARE_URL", "https://timfshare.com"),
}

# Web
SECRET_KEY = env.str("SECRET_KEY", "") or secrets.secret_key(DATA_DIR)
DEBUG = False
ALLOWED_HOSTS = [*env.list("FLASHARR_ALLOWED_HOSTS", default=["*"]), "localhost", "127.0.0.1", "[::1]"]
ROOT_URLCONF = "flasharr.urls"
ASGI_APPLICATION = "flasharr.asgi.application"
FORCE_SCRIPT_NAME = PREFIX or None
APPEND_SLASH = True
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "downloads:queue"
LOGOUT_REDIRECT_URL = "login"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "django_htmx",
    "django_q",
    "lucide",
    "flasharr",
    "downloads",
    "search",
    "hosts",
]

MIDDLEWARE = [
    "flasharr.middleware.SecurityHeaders",
    "flasharr.middleware.TrustedProxy",
    "flasharr.middleware.MachineAnswers",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "flasharr.middleware.Alive",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "flasharr.middleware.SetupRequired",
    "flasharr.middleware.LoginRequired",
    "flasharr.middleware.UserZone",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "flasharr.middleware.HtmxMessages",
]

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
                "flasharr.context.shell",
            ],
            "builtins": ["flasharr.templatetags.units", "flasharr.templatetags.icons"],
        },
    },
]

SESSION_COOKIE_NAME = "flasharr_session"
CSRF_COOKIE_NAME = "flasharr_csrf"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = (PREFIX or "") + "/"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 60
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # TrustedProxy removes what strangers send
USE_X_FORWARDED_HOST = True
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024  # flasharr.web closes the door a little above
FILE_UPLOAD_HANDLERS: list[str] = []  # no page takes files; what is sent as one is dropped
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Database: SQLite tuned so that workers and the web process write side by side and a power cut loses nothing.
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'flasharr.sqlite3'}")}
if DATABASES["default"].get("ENGINE", "").rpartition(".")[2] not in ("sqlite3", "postgresql"):
    raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:// or postgres://.")
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-8000;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", "")
CHANNEL_LAYERS: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}
    if not REDIS_URL
    else {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": {"hosts": [REDIS_URL]}},
}

# Workers: one for the engine, one for chores (downloads/seats.py sees to that). `retry` hands an unfinished task out
# again; a second engine task finds the lease taken and ends at once, and chores end long before it.
Q_CLUSTER: dict[str, str | int] = {
    "name": "flasharr",
    "orm": "default",
    "workers": 2,
    "poll": 1,
    "timeout": 300,
    "retry": 360,
    "max_attempts": 3,
    "ack_failures": True,
    "queue_limit": 4,
    "bulk": 1,
    "save_limit": -1,
    "catch_up": False,
    "label": "Background work",
    "scheduler": False,
}

# Language and time
USE_I18N = True
USE_TZ = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("vi", "Tiếng Việt")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "flasharr.formats"
TIME_ZONE = os.environ.get("TZ") or "UTC"

# Static files
STATIC_URL = PREFIX + "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"redact": {"()": "flasharr.logs.Redact"}},
    "formatters": {"plain": {"()": "flasharr.logs.Plain", "fmt": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["redact"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},
        "django-q": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "daphne": {"level": "WARNING"},
        "urllib3": {"level": "ERROR"},
    },
}
