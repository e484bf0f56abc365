"""gunicorn's settings, for `./portal up` and the container alike."""

import ctypes
import gc
import os
import signal

wsgi_app = "cdo_portal.wsgi:application"
bind = os.environ.get("PORTAL_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_class = "gthread"
timeout = 60
graceful_timeout = 15
keepalive = 5
preload_app = True
# Behind a proxy Django decides whom to believe (TRUSTED_PROXIES), not gunicorn.
forwarded_allow_ips = ""
# Nothing of ours talks to it, and its default place is the home directory.
control_socket_disable = True
# Heartbeat files on memory: a busy disk must not look like a dead worker.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - gunicorn's advice

PR_SET_PDEATHSIG = 1


def when_ready(server):
    """After the load, before the fork: views too, then all of it out of the collector's way.

    Without it each worker loads the views again at its first request, and its collector walks, and
    so copies, hundreds of thousands of long-lived objects.
    """
    from django.urls import get_resolver  # noqa: PLC0415 - settings exist once the app is loaded

    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()


def post_fork(server, worker):
    """A worker never outlives its master, not even one that was killed with -9."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGTERM))
