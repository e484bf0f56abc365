"""The bell: Celery wakes the services up; PostgreSQL holds what is to be done (house.md §4.2)."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cdo_portal.settings.base")

app = Celery("cdo_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    # Every minute: plan what is due by today and not yet told, then deliver what is waiting.
    "plan-and-deliver": {
        "task": "reminders.plan_and_deliver",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    # Every minute: beat and worker say that they live.
    "heartbeat": {"task": "core.beat_heartbeat", "schedule": 60.0, "options": {"expires": 55}},
    # Every ten seconds: PDFs of Word files that somebody wants to read; mostly a look at a folder.
    "make-previews": {
        "task": "core.make_previews",
        "schedule": 10.0,
        "options": {"expires": 9},
    },
    # Every ten minutes: a unit named, merged or enrolled since then gets what it owes.
    "sync-assignments": {
        "task": "duties.sync_assignments",
        "schedule": 600.0,
        "options": {"expires": 300},
    },
    # And the task of each period that is still open.
    "sync-periods": {
        "task": "reports.sync_periods",
        "schedule": 600.0,
        "options": {"expires": 300},
    },
    # At 03:10: recount the last working days, in case the calendar was mended.
    "refresh-workdays": {"task": "duties.refresh_workdays", "schedule": crontab(hour=3, minute=10)},
    # At 03:30: sessions, idempotency keys, old trial mails and deliveries.
    "purge": {"task": "cdo_portal.purge", "schedule": crontab(hour=3, minute=30)},
}
