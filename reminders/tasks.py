"""The bell of reminders: both tasks only wake up what `plan_notices` and `deliver_notices` do."""

from celery import shared_task

from . import services


@shared_task(name="reminders.plan_and_deliver")
def plan_and_deliver() -> None:
    services.tick()
    services.beat("worker")
    while services.deliver().settled:
        pass
