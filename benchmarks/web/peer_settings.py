"""pretalx's own settings with caches in the process: no Redis to start, and no cost of a socket for the peer."""

from pretalx.settings import *  # noqa: F403

_LOCAL = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
CACHES = {name: _LOCAL | {"LOCATION": name} for name in ("default", "redis", "redis_sessions")}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
