"""Tests: real PostgreSQL from the environment, quick hashing, undefined template variables fail."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)
os.environ.setdefault("FIELD_KEYS", "3b0d3xZrT4s2bHqOQm1uS8yqQ7m6c0Lw9y1VZrT4s2Y=")
os.environ.setdefault("ALLOWED_HOSTS", "testserver,127.0.0.1,localhost")
os.environ.setdefault("PORTAL_TRIAL", "1")

from .base import *  # noqa: F403 - a settings overlay takes everything from its base

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# One database: Django builds the test database through the owner, who may do what migrations need.
DATABASES["default"] = {**DATABASES["owner"], "CONN_MAX_AGE": 0}  # noqa: F405 - from base
DATABASES["default"]["TEST"] = {"NAME": os.environ.get("PORTAL_TEST_DB") or None}  # noqa: F405 - from base
del DATABASES["owner"]  # noqa: F405 - from base
DATABASE_ROUTERS = []
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"  # noqa: F405 - from base
# Every test client makes the middleware anew: files are looked for when one is asked for, not before.
WHITENOISE_AUTOREFRESH = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TODAY = "2022-04-15"  # the day on which every test stands, unless it says otherwise
TEST_CLOCK_OFFSET = True  # arms core.clock.offset() and portal_now()
