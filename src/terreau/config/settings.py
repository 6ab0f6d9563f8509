"""Settings, read from the environment alone; `docs/operate.md` lists every variable."""

import os
import secrets
import sys
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

PACKAGE = Path(__file__).resolve().parent.parent
ROOT = PACKAGE.parent.parent


def env(name: str, default: str = "") -> str:
    return os.environ.get(f"TERREAU_{name}", default)


def flag(name: str, *, default: bool = False) -> bool:
    return env(name, str(default)).lower() in {"1", "true", "yes", "on"}


TESTING = "pytest" in sys.modules
PRODUCTION = flag("PRODUCTION")
HOME = Path(env("HOME") or ROOT / "var").resolve()  # everything the instance writes
HOME.mkdir(parents=True, exist_ok=True)
DATA_PACK = env("DATA")  # folder of the territorial data pack, if any
NODE_MODULES = Path(env("NODE_MODULES") or ROOT / "node_modules")
REFERENCE_PACKAGES = Path(env("REFERENCE") or ROOT / ".reference")


def secret_key() -> str:
    """The key of the environment; on a laptop, one made at first use and readable by its owner alone."""
    if key := env("SECRET_KEY"):
        return key
    if PRODUCTION:
        raise ImproperlyConfigured("TERREAU_SECRET_KEY is required in production.")
    kept = HOME / "secret.key"
    if not kept.exists():
        descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return kept.read_text()


SECRET_KEY = secret_key()
DEBUG = flag("DEBUG")
ALLOWED_HOSTS = env("HOSTS", "127.0.0.1 localhost testserver").split()
CSRF_TRUSTED_ORIGINS = env("ORIGINS").split()
SITE_NAME = env("SITE_NAME", "Terreau")
SITE_URL = env("SITE_URL", "http://127.0.0.1:8000").rstrip("/")  # what links in e-mails start with
PUBLISHER, CONTACT, HOSTING = env("PUBLISHER"), env("CONTACT"), env("HOSTING")  # what the legal notice must name

INSTALLED_APPS = [
    "terreau.core",
    "terreau.territories",
    "terreau.accounts",
    "terreau.calls",
    "terreau.projects",
    "terreau.selection",
    "terreau.funding",
    "terreau.engagement",
    "terreau.demo",
    "terreau.web.ui",
    "terreau.web.public",
    "terreau.web.member",
    "terreau.web.applicant",
    "terreau.web.jury",
    "terreau.web.office",
    "terreau.web.company",
    "terreau.web.participant",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "django_tasks_db",
    "rules.apps.AutodiscoverRulesConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "terreau.web.ui.language.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "terreau.web.member.middleware.SignInMiddleware",
    "terreau.web.member.middleware.SecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "terreau.config.urls"
WSGI_APPLICATION = "terreau.config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "terreau.web.ui.context.site",
            ],
            "builtins": ["terreau.web.ui.templatetags.ui"],
        },
    },
]

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or f"sqlite:///{HOME / 'terreau.sqlite3'}",
        conn_max_age=60,
    ),
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(HOME / "test.sqlite3")}  # a file: threads meet as in life
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # a writer queues at BEGIN instead of failing at its first write
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;"
            "PRAGMA mmap_size=67108864; PRAGMA temp_store=MEMORY;"
        ),
    }

LOGGING = {  # what goes wrong is on the server's standard error, without a request's content
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"errors": {"class": "logging.StreamHandler", "formatter": "line", "level": "ERROR"}},
    "root": {"handlers": ["errors"]},
    "loggers": {"django": {"handlers": []}},
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "terreau.web.member.backend.SignInBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "public:home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = env("EMAIL_VERIFICATION", "mandatory" if PRODUCTION else "optional")
ACCOUNT_ADAPTER = "terreau.web.member.adapter.AccountAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = "terreau.accounts.forms.SignupForm"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password or a new key is told by e-mail
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if flag("BEHIND_PROXY") else 0  # whose address the rate limits count
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION  # browsers treat localhost as secure
REQUIRE_MFA = flag("REQUIRE_MFA", default=PRODUCTION)  # for the funder's staff
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": name,
                "name": env(f"OIDC_{name.upper()}_LABEL", name),
                "client_id": env(f"OIDC_{name.upper()}_CLIENT_ID"),
                "secret": env(f"OIDC_{name.upper()}_SECRET"),
                "settings": {"server_url": env(f"OIDC_{name.upper()}_URL")},
            }
            for name in env("OIDC").split()
        ],
    },
}

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("Français")), ("en", _("Anglais"))]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Europe/Paris"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [
    ("vendor/bootstrap", NODE_MODULES / "bootstrap" / "dist"),
    ("vendor/htmx", NODE_MODULES / "htmx.org" / "dist"),
    ("vendor/atkinson", NODE_MODULES / "@fontsource-variable" / "atkinson-hyperlegible-next" / "files"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},  # private: no URL leads to it
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if TESTING or DEBUG
            else "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
        ),
    },
}
WHITENOISE_USE_FINDERS = TESTING or DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = HOME / "files"
MEDIA_URL = ""
UPLOAD_LIMIT = int(env("UPLOAD_LIMIT", str(10 * 1024 * 1024)))  # bytes, one document
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {
    "default": {
        "BACKEND": (
            "django.tasks.backends.immediate.ImmediateBackend" if TESTING else "django_tasks_db.DatabaseBackend"
        ),
    },
}
MAILERS = {
    "default": (
        {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": env("SMTP_HOST"),
                "port": int(env("SMTP_PORT", "587")),
                "username": env("SMTP_USER"),
                "password": env("SMTP_PASSWORD"),
                "use_tls": flag("SMTP_TLS", default=True),
            },
        }
        if env("SMTP_HOST")
        else {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
    ),
}
DEFAULT_FROM_EMAIL = env("FROM_EMAIL", "Terreau <ne-pas-repondre@terreau.example>")

OIDC_ORIGINS = sorted(
    {"{0.scheme}://{0.netloc}".format(urlsplit(env(f"OIDC_{name.upper()}_URL"))) for name in env("OIDC").split()}
)
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],  # Bootstrap draws its control marks as data: pictures
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF, *OIDC_ORIGINS],  # a browser checks where a sent form is redirected to
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "manifest-src": [CSP.SELF],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if flag("BEHIND_PROXY") else None
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS: list[str] = []

GIVING_PREFIX = env("GIVING_PREFIX", "360G-terreau")  # given to each publisher by the register of 360Giving
DEMO = flag("DEMO")  # every page says that the data is synthetic
