"""Settings, all from the environment; `cy` sets it for every process it starts."""

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from chengyun import __version__

VERSION = __version__
DATA_DIR = Path(os.environ.get("CHENGYUN_DATA_DIR", "data")).absolute()
if "CHENGYUN_DATA_DIR" in os.environ:
    # Read when prometheus_client is first imported: the processes of a node count together.
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(DATA_DIR / "run" / "metrics"))
DEBUG = os.environ.get("CHENGYUN_DEBUG") == "1"
# Tools without `cy` (an editor, mypy) get this value; the supervisor refuses to serve with it.
DEFAULT_SECRET = "not-secret-only-for-tools"  # noqa: S105 - says so itself
SECRET_KEY = os.environ.get("CHENGYUN_SECRET_KEY", DEFAULT_SECRET)
MASTER_KEY = os.environ.get("CHENGYUN_MASTER_KEY", SECRET_KEY)
STREAM_URL = os.environ.get("CHENGYUN_STREAM_URL", "")
PUBLIC_URL = os.environ.get("CHENGYUN_PUBLIC_URL", "")
# Where links in mails and messages lead.
_HERE = f"http://{os.environ.get('CHENGYUN_HOST', '127.0.0.1')}"
SITE_URL = PUBLIC_URL.rstrip("/") or f"{_HERE}:{os.environ.get('CHENGYUN_PORT', '8420')}"
# Telling: how it leaves the house (docs/how-to/notices.md).
MAIL_URL = os.environ.get("CHENGYUN_MAIL_URL", "")
GATEWAYS_DIR = Path(os.environ.get("CHENGYUN_GATEWAYS", DATA_DIR / "gateways"))
VAPID_SECRET = os.environ.get("CHENGYUN_VAPID_KEY", MASTER_KEY)
VAPID_CONTACT = os.environ.get("CHENGYUN_VAPID_CONTACT", "mailto:operator@localhost")
PUSH_SERVICES = frozenset(
    origin for origin in os.environ.get("CHENGYUN_PUSH_SERVICES", "").split(",") if origin
)
# The broker of devices: where our processes reach it, and the secret they share with it.
BROKER_URL = os.environ.get("CHENGYUN_BROKER_URL", "")
# Hosts that feeds may reach; one in a private network is written `private:host`.
_HOSTS = {h.strip() for h in os.environ.get("CHENGYUN_FEED_HOSTS", "").split(",") if h.strip()}
PRIVATE_FEED_HOSTS = frozenset(h.removeprefix("private:") for h in _HOSTS if ":" in h)
FEED_HOSTS = frozenset(h.removeprefix("private:") for h in _HOSTS)
MQTT_URL = os.environ.get("CHENGYUN_MQTT_URL", "")
MQTT_LOCAL = os.environ.get("CHENGYUN_MQTT_LOCAL", "")
BROKER_KEY = os.environ.get("CHENGYUN_BROKER_KEY", "")
WEB_DIST = Path(os.environ.get("CHENGYUN_WEB_DIST", Path(__file__).parents[3] / "web" / "dist"))
SIMULATED = os.environ.get("CHENGYUN_SIMULATE") == "1"
ALLOWED_HOSTS = [h for h in os.environ.get("CHENGYUN_ALLOWED_HOSTS", "").split(",") if h] or [
    "localhost",
    "127.0.0.1",
    "[::1]",
    "testserver",
]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []


def database(url: str) -> dict[str, object]:
    """Django's database settings of a PostgreSQL URL; a socket directory goes in `?host=`."""
    parts = urlsplit(url)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    options: dict[str, object] = {
        key: value for key, value in query.items() if key not in ("host", "port")
    }
    options["application_name"] = "chengyun"
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "chengyun",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host") or parts.hostname or "",
        "PORT": str(parts.port or query.get("port") or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": True,
        "OPTIONS": options,
        "TEST": {"NAME": os.environ.get("CHENGYUN_TEST_DB", "test_chengyun")},
    }


DATABASES = {
    "default": database(os.environ.get("CHENGYUN_DATABASE_URL", "postgresql://localhost/chengyun"))
}

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "procrastinate.contrib.django",
    "chengyun.kernel",
    "chengyun.people",
    "chengyun.places",
    "chengyun.notices",
    "chengyun.cases",
    "chengyun.sensing",
    "chengyun.rules",
    "chengyun.dispatch",
    "chengyun.vitals",
    "chengyun.app",
]
# Every room keeps its later work in jobs.py.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
AUTH_USER_MODEL = "people.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

MIDDLEWARE = [
    "chengyun.app.metrics.Measured",
    "chengyun.app.middleware.SmallText",
    "chengyun.app.middleware.RequestFacts",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
ROOT_URLCONF = "chengyun.app.urls"
WSGI_APPLICATION = "chengyun.app.wsgi.application"
TEMPLATES: list[dict[str, object]] = []

SESSION_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
# Set where a reverse proxy of ours stands in front and sets X-Forwarded-For.
TRUST_FORWARDED = os.environ.get("CHENGYUN_TRUST_FORWARDED") == "1"
UPLOAD_MAX_BYTES = 20 * 1024 * 1024

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = True
APPEND_SLASH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("CHENGYUN_LOG", "INFO")},
    # One line a refused request is noise at 1,000 reports a second; problems go to the caller.
    "loggers": {
        "django.request": {"level": "ERROR"},
        # Every command would begin by telling which jobs there are.
        "procrastinate.blueprints": {"level": "WARNING"},
        "procrastinate.periodic": {"level": "WARNING"},
    },
}
