"""The settings of a Newsroom site, read from the environment; docs/settings.md explains each variable."""

from pathlib import Path
from urllib.parse import urlsplit

from articles.content.embeds import FRAME_SOURCES
from newsroom import cache, cdn, csp, databases, env, files, machine, mail

BASE_DIR = Path(__file__).resolve().parent.parent

# Everything that a running site writes lies here: database, pictures, collected static files, secret key.
DATA_DIR = env.folder("DATA_DIR", BASE_DIR / "var")

DEBUG = env.boolean("DEBUG", default=False)
SECRET_KEY = env.secret_key("SECRET_KEY", kept_in=DATA_DIR / "secret_key")

# The address under which readers see the site; whether it is https decides on secure cookies and HSTS.
SITE_URL = env.address("SITE_URL", "http://127.0.0.1:8000")
SITE_HOST = urlsplit(SITE_URL).hostname or ""
IS_HTTPS = SITE_URL.startswith("https://")

ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", [SITE_HOST, "localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "newsroom.apps.NewsroomAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sites",
    "django.contrib.flatpages",
    # Before staticfiles, so that `runserver` serves static files in the way that production does.
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "taggit",
    "axes",
    # For its static files: the editor of a story's body.
    "django_prose_editor",
    "articles",
]

MIDDLEWARE = [
    # First: whoever looks at the address of a client then sees the right one.
    "newsroom.proxies.ClientAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    csp.MIDDLEWARE,
    "newsroom.headers.PermissionsPolicyMiddleware",
    # Before all that asks the database.
    "newsroom.readers.ReadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Last, as its documentation asks: it looks at what the views of sign-in answered.
    "axes.middleware.AxesMiddleware",
]

# What `manage.py serve` starts: processes, and threads in each that run Django.
WEB_WORKERS = env.integer("WEB_WORKERS", machine.default_workers(), minimum=1, maximum=64)
WEB_THREADS = env.integer("WEB_THREADS", 4, minimum=1, maximum=64)
# Connections that each process holds at once.
WEB_CONNECTIONS = env.integer("WEB_CONNECTIONS", 1024, minimum=16, maximum=65_536)
# What each process keeps of pages in memory; 0 for nothing.
PAGE_CACHE_MEGABYTES = env.integer("PAGE_CACHE_MEGABYTES", 64, minimum=0, maximum=65_536)

# How often each of these processes does what is due; 0 where `manage.py heartbeat` does it for all.
ARTICLES_HEARTBEAT_SECONDS = env.integer("HEARTBEAT_SECONDS", 5, maximum=3600)

ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "articles.views.context.site_chrome",
            ],
        },
    },
]

# Database ------------------------------------------------------------------------------------------------------------

DATABASE_URL = env.url("DATABASE_URL", f"sqlite:///{DATA_DIR / 'newsroom.sqlite3'}", schemes=databases.SCHEMES)
DATABASE_REPLICA_URL = env.url("DATABASE_REPLICA_URL", "", schemes=("postgres", "postgresql"))
DATABASES = databases.databases(DATABASE_URL, DATABASE_REPLICA_URL)
# Where readers' pages come from, and with them all that must not be older or newer than these.
READER_DATABASE = databases.REPLICA if DATABASE_REPLICA_URL else databases.PRIMARY
DATABASE_ROUTERS = ["newsroom.readers.ReplicaRouter"] if DATABASE_REPLICA_URL else []
# How long a statement of a request may take, and a transaction of a request wait for its next one; 0 for no limit.
DATABASE_REQUEST_SECONDS = env.integer("DATABASE_REQUEST_SECONDS", 30, maximum=86_400)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Without a server for it, a file that all processes of this machine share: who read what a moment ago stands there.
CACHE_URL = env.url(
    "CACHE_URL", f"sqlite:///{DATA_DIR / 'cache.sqlite3'}", schemes=("sqlite", "redis", "rediss", "locmem")
)
CACHES = {"default": cache.cache_settings(CACHE_URL)}

# Sign-in -------------------------------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Locked by address and name together: an outsider's guesses do not lock an editor out from elsewhere.
AXES_LOCKOUT_PARAMETERS = [["ip_address", "username"]]
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 1  # hours
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "admin/locked_out.html"
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

# Addresses of files --------------------------------------------------------------------------------------------------

# Paths of this site, which serves both itself, or the addresses of a CDN that fetches them here.
STATIC_URL = env.place_of_files("STATIC_URL", "/static/")
MEDIA_URL = env.place_of_files("MEDIA_URL", "/media/")
STATIC_HOSTS = files.origins(STATIC_URL)

# Security ------------------------------------------------------------------------------------------------------------

SECURE_CSP = {
    "default-src": [csp.NONE],
    "script-src": [csp.SELF, *STATIC_HOSTS],
    "style-src": [csp.SELF, *STATIC_HOSTS],
    "img-src": [csp.SELF, "data:", *files.origins(STATIC_URL, MEDIA_URL)],
    "font-src": [csp.SELF, *STATIC_HOSTS],
    "connect-src": [csp.SELF],
    # The preview beside the text at the desk, and the providers of embeds, loaded only when a reader asks.
    "frame-src": [csp.SELF, *FRAME_SOURCES],
    "manifest-src": [csp.SELF],
    "form-action": [csp.SELF],
    "base-uri": [csp.NONE],
    "frame-ancestors": [csp.NONE],
    "object-src": [csp.NONE],
}
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Only what these say of a client's address is believed.
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES")
# A load balancer that ends TLS says so in this header; trusted only where an operator declares that there is one.
if env.boolean("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = IS_HTTPS and not DEBUG
# Whoever watches a process asks it directly, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_HSTS_SECONDS = env.integer("HSTS_SECONDS", 31_536_000) if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS and env.boolean("HSTS_INCLUDE_SUBDOMAINS", default=True)
SECURE_HSTS_PRELOAD = IS_HTTPS and env.boolean("HSTS_PRELOAD", default=True)
SESSION_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True

# Languages and time --------------------------------------------------------------------------------------------------

LANGUAGE_CODE = env.language("LANGUAGE_CODE", "en-gb")
TIME_ZONE = env.time_zone("TIME_ZONE", "UTC")
USE_I18N = True
USE_TZ = True

# Files ---------------------------------------------------------------------------------------------------------------

STATIC_ROOT = env.folder("STATIC_ROOT", DATA_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = env.folder("MEDIA_ROOT", DATA_DIR / "media")
STORAGES = {
    "default": files.picture_storage(env.url("MEDIA_STORAGE", "", schemes=("s3",)), base_url=MEDIA_URL),
    "staticfiles": files.static_storage(
        env.url("STATIC_STORAGE", "", schemes=("s3",)), base_url=STATIC_URL, debug=DEBUG
    ),
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
FILE_UPLOAD_PERMISSIONS = 0o644
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

# E-mail --------------------------------------------------------------------------------------------------------------

globals().update(mail.mail_settings(env.url("EMAIL_URL", "console://", schemes=mail.SCHEMES)))
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"newsroom@{SITE_HOST}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Caches in front of the site -----------------------------------------------------------------------------------------

ARTICLES_CDNS = [
    *cdn.cloudflare(env.text("CLOUDFLARE_ZONE"), env.text("CLOUDFLARE_TOKEN")),
    *cdn.fastly(env.text("FASTLY_SERVICE"), env.text("FASTLY_TOKEN")),
    *cdn.varnish(env.words("VARNISH_URLS")),
]
# How long they keep a page of which they are told no change; browsers ask each time.
ARTICLES_CDN_SECONDS = env.integer("CDN_SECONDS", 3600 if ARTICLES_CDNS else 0, maximum=31_536_000)
if ARTICLES_CDN_SECONDS:
    # A page that has lain in memory for longer than that would arrive there as too old to be kept.
    ARTICLES_PAGE_SECONDS = min(ARTICLES_CDN_SECONDS, 3600)

# Apps ----------------------------------------------------------------------------------------------------------------

SITE_ID = 1
TAGGIT_CASE_INSENSITIVE = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"articles": {"level": "INFO"}, "django.server": {"level": "INFO"}},
}
