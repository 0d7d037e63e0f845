"""One settings file: the environment decides, and production refuses unsafe values (see `safety.py`)."""

import zoneinfo
from pathlib import Path
from urllib.parse import urlsplit

from bootstrap_wrapper import get_bootstrap_dir
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from nis_library import environment as env
from nis_library import logs, safety

BASE_DIR = Path(__file__).resolve().parent.parent
# Zones come from the package tzdata, which the lock holds, and not from a machine that may be years behind.
zoneinfo.reset_tzpath(to=())
zoneinfo.ZoneInfo.clear_cache()

NIS_ENV = env.choice("NIS_ENV", "demo", of=("demo", "production"))
DEMO = NIS_ENV == "demo"
DEBUG = env.boolean("DEBUG")

DATA_DIR = env.folder("DATA_DIR", BASE_DIR / "var")
SECRET_KEY = env.text("SECRET_KEY") or (env.own_key(DATA_DIR / "secret_key") if DEMO else "")
FIELD_KEY = env.text("FIELD_KEY") or (env.own_key(DATA_DIR / "field_key") if DEMO else "")
BIND = env.text("BIND", "127.0.0.1")
PORT = env.integer("PORT", 8000, least=1, most=65535)
WEB_CONCURRENCY = env.integer("WEB_CONCURRENCY", 1, least=1, most=64)
WORKER_CONCURRENCY = env.integer("WORKER_CONCURRENCY", 2, least=1, most=64)
SITE_URL = env.address("SITE_URL", f"http://localhost:{PORT}" if DEMO else "")
SITE_HOST = urlsplit(SITE_URL).hostname or ""
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]", SITE_HOST] if DEMO else [])
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", [])
TRUSTED_PROXY_COUNT = env.integer("TRUSTED_PROXY_COUNT", 0, least=0, most=10)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT

# -- rooms and libraries ---------------------------------------------------------------------------
INSTALLED_APPS = [
    "nis_library.home",
    "nis_library.reports",
    "conferences",
    "courses",
    "schools",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "nis_library.home.staticfiles.PortalStaticFiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "bs_icon_templates",
    "csp",
]

MIDDLEWARE = [
    "nis_library.logs.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "nis_library.home.compressing.CompressPages",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "schools.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "schools.second_factor.SecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "nis_library.urls"
WSGI_APPLICATION = "nis_library.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "nis_library.home.menu.menu",
            ],
        },
    }
]

# -- databases, cache, broker ----------------------------------------------------------------------
DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{DATA_DIR / 'portal.sqlite3'}")}
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
if DATABASES["default"]["ENGINE"] == env.SQLITE:
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["OPTIONS"] = {"connect_timeout": 5, **DATABASES["default"].get("OPTIONS", {})}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.address("REDIS_URL", schemes=("rediss", "redis"))
IN_DATABASE = {
    "BACKEND": "django.core.cache.backends.db.DatabaseCache",
    "LOCATION": "cache",
    "OPTIONS": {"MAX_ENTRIES": 50_000},  # Django's 300 would throw out rate limits in a busy minute
}
CACHES = {"default": IN_DATABASE}
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "nis_library.home.caching.RedisElseDatabase",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 1, "retry": None},
        },
        "database": IN_DATABASE,
    }

# The row is the truth, the broker only a bell: messages may be lost or come twice, and nobody waits for one.
CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
    "visibility_timeout": 3600,
}
if not REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        option: str(DATA_DIR / "queue" / folder)
        for option, folder in (
            ("data_folder_in", "messages"),
            ("data_folder_out", "messages"),
            ("processed_folder", "processed"),
            ("control_folder", "control"),
        )
    }
    for folder in set(CELERY_BROKER_TRANSPORT_OPTIONS.values()):
        Path(str(folder)).mkdir(parents=True, exist_ok=True)
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for the broker for as long as it takes
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 2000
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_DB_REUSE_MAX = 500
CELERY_TIMEZONE = "UTC"
BEAT = {
    "schools.tasks.sweep_outbox": 30,
    "schools.tasks.seal_audit": 30,
    "schools.tasks.sweep_jobs": 30,
    "schools.tasks.sweep_files": 3600,
    "courses.tasks.sweep_moves": 60,
    "courses.tasks.sweep_notices": 60,
    "courses.tasks.expire_offers": 60,
    "courses.tasks.fill_waiting": 60,
    "courses.tasks.settle_hand_overs": 60,
    "courses.tasks.tell_of_held": 300,
    "courses.tasks.tidy_demand": 900,
    "conferences.tasks.sweep_trips": 60,
    "conferences.tasks.remind_approvers": 900,
    "conferences.tasks.sweep_reports": 60,
    "conferences.tasks.remind_of_reports": 900,
    "conferences.tasks.review_documents": 3600,
    "courses.tasks.send_reminders": 60,
    "conferences.tasks.keep_promises": 300,
    "conferences.tasks.remind_promises": 900,
}
"""What beat asks for, and every how many seconds; a call that nobody took by the next one is dropped."""
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    task.rpartition(".")[2].replace("_", "-"): {
        "task": task,
        "schedule": float(seconds),
        "options": {"expires": max(60, seconds)},
    }
    for task, seconds in BEAT.items()
}

# -- accounts --------------------------------------------------------------------------------------
AUTH_USER_MODEL = "schools.User"
AUTHENTICATION_BACKENDS = ["schools.backends.PortalBackend"]
PASSWORD_HASHERS = [
    "schools.hashers.PortalArgon2Hasher",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home:mine"
LOGOUT_REDIRECT_URL = "home:landing"
ACCOUNT_ADAPTER = "schools.accounts.PortalAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = None
# A school is one address, and its staff room signs in when a course opens. Guessing stays limited by the failed
# sign-ins: ten in a minute of an address, five in five minutes of an account.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip"}
SOCIALACCOUNT_ADAPTER = "schools.social.PortalSocialAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"  # the provider has vouched for the address, or the link stands already
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO

# An address that the identity provider has verified and an account of ours already has is the same person.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
OIDC_SERVER_URL = env.address("OIDC_SERVER_URL")
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, object]] = {}
if OIDC_SERVER_URL:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "oidc",
                "name": env.text("OIDC_NAME", "OpenID Connect"),
                "client_id": env.needed("OIDC_CLIENT_ID", by="OIDC_SERVER_URL"),
                "secret": env.needed("OIDC_CLIENT_SECRET", by="OIDC_SERVER_URL"),
                "settings": {"server_url": OIDC_SERVER_URL},
            }
        ],
    }

# -- mail ------------------------------------------------------------------------------------------
# Without a mail server letters stay in the outbox, where a demo shows them.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
EMAIL_TIMEOUT = 20
globals().update(env.mail("EMAIL_URL"))
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "portal@nis.example.kz")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# -- languages and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "kk"
LANGUAGES = [("kk", _("Kazakh")), ("ru", _("Russian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "nis_library/locale", BASE_DIR / "nis_library/locale_vendor"]
FORMAT_MODULE_PATH = "nis_library.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Almaty"
FIRST_DAY_OF_WEEK = 1

# -- files and look --------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "build" / "static"  # follows from the code, so it lies beside the code
BUILD_DIR = BASE_DIR / "build" / "assets"
BUILD_DIR.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static", BUILD_DIR, ("bootstrap", get_bootstrap_dir())]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "nis_library.home.staticfiles.PortalStaticStorage"},
}
MEDIA_ROOT = DATA_DIR / "files"  # private: handed out by views that ask who is reading, never by address
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# -- safety ----------------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not DEMO
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
SECURE_SSL_REDIRECT = not DEMO
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 0 if DEMO else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEMO
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "img-src": [SELF, "data:"],
        "form-action": [SELF, *([env.origin(OIDC_SERVER_URL)] if OIDC_SERVER_URL else [])],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
LOGGING = logs.settings_for("DEBUG" if DEBUG else "INFO")

safety.refuse_unsafe(globals())
