"""Step 1 of the staircase: who is asking."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core.api import BearerAuthentication


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("账号")

    def ready(self) -> None:
        from . import tokens  # noqa: PLC0415 - models exist only once the apps are ready

        BearerAuthentication.find_token = staticmethod(tokens.authenticate)
