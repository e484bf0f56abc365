"""Step 4 of the staircase: what is owed, by whom, by when, and what was done."""

from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "duties"
    verbose_name = "职责与任务"
