"""Step 0 of the staircase: no word of the domain."""

from django.apps import AppConfig

from . import logs


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "基础"

    def ready(self) -> None:
        logs.configure()
