"""Settings of a real installation and of the trial: this file plus the environment (README.md)."""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from .environment import database, email, env, env_bool, env_int, env_list, redis_urls

BASE_DIR = Path(__file__).resolve().parents[2]
DATA_DIR = Path(env("PORTAL_DATA", str(BASE_DIR / ".portal")))

# The trial world: embedded servers, demonstration data, a date that may stand still.
TRIAL = env_bool("PORTAL_TRIAL")
TODAY = env("PORTAL_TODAY", "") if TRIAL else ""
INSTANCE = env("PORTAL_INSTANCE", "local")

DEBUG = env_bool("DEBUG")
SECRET_KEY = env("SECRET_KEY")
SECRET_KEY_FALLBACKS = env_list("SECRET_KEY_FALLBACKS")
FIELD_KEYS = env_list("FIELD_KEYS")

# The public address decides names and flags of cookies: on plain http `Secure` would lock all out.
PORTAL_URL = env("PORTAL_URL", "http://127.0.0.1:8000/").rstrip("/") + "/"
IS_HTTPS = urlsplit(PORTAL_URL).scheme == "https"
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", urlsplit(PORTAL_URL).hostname or "127.0.0.1")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS", PORTAL_URL.rstrip("/"))
TRUSTED_PROXIES = env_int("TRUSTED_PROXIES", 0)

INSTALLED_APPS = [
    "cdo_portal.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "axes",
    "pgtrigger",
    "django_htmx",
    "template_partials",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "core",
    "accounts",
    "pilots",
    "reminders",
    "approvals",
    "duties",
    "reports",
    "projects",
    "officers",
    "trainings",
    "evaluations",
    "cdo_portal.apps.PortalConfig",
]

MIDDLEWARE = [
    "core.middleware.RequestContextMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "core.middleware.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.NoZeroMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SessionLimitsMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.middleware.ForcedPasswordChangeMiddleware",
    "pilots.access.AccessMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "cdo_portal.urls"
WSGI_APPLICATION = "cdo_portal.wsgi.application"

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
                "cdo_portal.pages.context.chrome",
            ],
            "builtins": ["django.templatetags.i18n", "core.templatetags.portal"],
        },
    }
]
FORM_RENDERER = "core.rendering.PortalRenderer"

# Two roles: the application's own, and the owner's for migrations (house.md §4.1).
DATABASES = {
    "default": database(env("DATABASE_URL"), application=f"portal-{INSTANCE}"),
    "owner": database(
        env("DATABASE_OWNER_URL", env("DATABASE_URL")), application=f"portal-owner-{INSTANCE}"
    ),
}
_LIMITS = (
    "-c statement_timeout={0} -c lock_timeout={1} -c idle_in_transaction_session_timeout=60000"
)
DATABASES["default"]["OPTIONS"]["options"] = _LIMITS.format(30_000, 5_000)
DATABASES["owner"]["OPTIONS"]["options"] = _LIMITS.format(0, 10_000)
DATABASES["owner"]["CONN_MAX_AGE"] = 0
DATABASE_ROUTERS = ["core.router.OwnerOnlyMigrates"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL", "")
_CACHE_URL, CELERY_BROKER_URL = redis_urls(REDIS_URL)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": _CACHE_URL,
        # Redis is comfort: half a second, then go on without it (reliability.md §3.12).
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

EMAIL_FILE_PATH = ""  # where the trial keeps its mails, when EMAIL_URL names a folder
for _name, _value in email(env("EMAIL_URL", f"file://{DATA_DIR}/mail")).items():
    globals()[_name] = _value
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("MAIL_FROM", f"cdo-portal@{urlsplit(PORTAL_URL).hostname}")

# Calls to other machines go straight there, past any proxy of the environment, unless one is named.
OUTBOUND_PROXY = env("OUTBOUND_PROXY", "")
OUTBOUND_CA_FILE = env("OUTBOUND_CA_FILE", "")
OUTBOUND_CONNECT_SECONDS = env_int("OUTBOUND_CONNECT_SECONDS", 5)
OUTBOUND_TOTAL_SECONDS = env_int("OUTBOUND_TOTAL_SECONDS", 10)
PORTAL_BIND = env("PORTAL_BIND", "127.0.0.1:8000")
# Short messages: a class of the supplier's own, or files (reminders/channels/sms.py).
SMS_BACKEND = env("SMS_BACKEND", "reminders.channels.sms.FileGateway")
SMS_FILE_PATH = env("SMS_FILE_PATH", f"{DATA_DIR}/sms")

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.backends.AccountBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.CharacterClassesValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:login"

AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "accounts.lockout.locked_out"
AXES_CLIENT_IP_CALLABLE = "core.middleware.client_ip"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# Locking by name alone is meant: an attacker behind many addresses guesses at one account.
# Redirecting to https is the reverse proxy's work; health checks come by plain http.
SILENCED_SYSTEM_CHECKS = ["axes.W006", "security.W008"]

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "__Host-portal-session" if IS_HTTPS else "portal_session"
CSRF_COOKIE_NAME = "__Host-portal-csrf" if IS_HTTPS else "portal_csrf"
LANGUAGE_COOKIE_NAME = "portal_language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_IDLE_SECONDS = 30 * 60
SESSION_ABSOLUTE_SECONDS = 8 * 3600
SECURE_SSL_REDIRECT = False  # the reverse proxy redirects; health checks come by plain http
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "cdo_portal.pages.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Uncompressed and served by finders in trial mode: compressing everything took over a minute.
WHITENOISE_USE_FINDERS = TRIAL or DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TRIAL or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "core.api.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["core.api.DeclaredPermission"],
    "DEFAULT_FILTER_BACKENDS": [],  # core.api.ReadViewSet names its own
    "DEFAULT_PAGINATION_CLASS": "core.api.Pagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.api.parsing.JSONParser"],
    "NON_FIELD_ERRORS_KEY": "",
    "EXCEPTION_HANDLER": "core.api.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "首席数据官履职管理平台 API",
    "VERSION": "1",
    "DESCRIPTION": "登记、职责、时限、报送与评价。Dates are Asia/Shanghai calendar days (YYYY-MM-DD).",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "UnitKind": "pilots.choices.UnitKind",
        "Part": "pilots.choices.Part",
        "AppointmentKind": "officers.choices.Kind",
        "AppointmentStatus": "officers.choices.Status",
        "EntryMode": "officers.choices.EntryMode",
        "FilingKind": "officers.choices.FilingKind",
        "FilingRoute": "officers.choices.Route",
        "FilingState": "officers.choices.FilingState",
        "FilingStatus": "officers.choices.FilingStatus",
        "FilingSubject": "officers.api.inputs.appointments.SUBJECTS",
        "OrderLevel": "duties.choices.Level",
        "PostLevel": "officers.choices.PostLevel",
        "Rank": "officers.choices.Rank",
        "FindingNature": "projects.choices.Nature",
        "FindingStatus": "projects.choices.FindingStatus",
        "FindingStepKind": "projects.choices.Step",
        "Gate": "projects.choices.Gate",
        "OpinionDecision": "projects.choices.Decision",
        "OpinionRoute": "projects.choices.Route",
        "ProjectKind": "projects.choices.ProjectKind",
        "ProjectRecordKind": "projects.choices.RecordKind",
        "ProjectWarning": "projects.choices.Alert",
        "SlipLevel": "duties.choices.SlipLevel",
        "SupportKind": "reports.choices.SupportKind",
        "SupportNature": "reports.choices.SupportNature",
        "TeamKind": "officers.choices.TeamKind",
        "EventKind": "trainings.choices.EventKind",
        "EventStatus": "trainings.choices.EventStatus",
        "EventForm": "trainings.choices.EventForm",
        "EventFileKind": "trainings.choices.FileKind",
        "EventAnswer": "trainings.choices.Answer",
        "AttendanceRoute": "trainings.choices.Route",
        "DeclarationState": "trainings.choices.DeclarationState",
        "ExchangeReading": "trainings.choices.Reading",
        "DeliveryState": "reminders.choices.DeliveryState",
        "ObjectionState": "evaluations.choices.ObjectionState",
        "RoundState": "evaluations.choices.State",
        "ScoringHand": "evaluations.choices.Hand",
    },
}

CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT, CELERY_TASK_SOFT_TIME_LIMIT = 600, 540
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900, "socket_timeout": 5}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

LOG_LEVEL = env("LOG_LEVEL", "INFO")
LOGGING_CONFIG = None  # core.logs.configure() below sets structlog and the standard library

SITE_NAME = _("首席数据官履职管理平台")
LEAD_BUREAU_NAME = env("LEAD_BUREAU_NAME", "市政数局")  # 牵头单位简称
SITE_OWNER = env("SITE_OWNER", "市政务服务数据管理局")  # 主办单位, in the footer
HELP_PHONE = env("HELP_PHONE", "")
HELP_HOURS = env("HELP_HOURS", "工作日9:00—17:30")
VERSION = "0.1.0"
# Asked once a minute while reminders are planned and sent: a watch outside raises the alarm when it is
# not. Its host needs an approved gate (对外连接地址).
HEARTBEAT_PING_URL = env("HEARTBEAT_PING_URL", "")
# A worker that died is given up after so many seconds; longer than any one provider may take.
REMINDER_LEASE_SECONDS = env_int("REMINDER_LEASE_SECONDS", 300)
DUE_SOON_WORKDAYS = env_int("DUE_SOON_WORKDAYS", 10)  # 临期 (house.md §6.4)
