"""Context processor `chrome`: what the frame of every page shows, and the day of reckoning.

Everything is lazy: a fragment that shows no frame costs no query.
"""

from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.roles import Permission
from core import clock, words
from pilots.access import permissions_of

from . import navigation
from .alarms import Alarm, alarms_for, hears
from .frame import Frame, frame_for
from .navigation import address


class Chrome:
    """The frame of one request's page. Attributes are read by base.html and its includes."""

    site_name = settings.SITE_NAME
    owner = settings.SITE_OWNER
    help_phone = settings.HELP_PHONE
    help_hours = settings.HELP_HOURS
    version = settings.VERSION

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.user = getattr(request, "user", None)
        self.is_known = bool(self.user and self.user.is_authenticated)

    @cached_property
    def frame(self) -> Frame:
        return frame_for(self.user, clock.today(), hears=hears(self.user))

    @property
    def theme(self) -> str:
        return getattr(self.user, "theme", "") or "auto"

    @property
    def density(self) -> str:
        return getattr(self.user, "density", "") or "normal"

    @property
    def person(self) -> str:
        return str(self.user) if self.is_known else ""

    @cached_property
    def place(self) -> str:
        return words.listed(self.frame.places)

    @cached_property
    def nav(self) -> list[navigation.Entry]:
        if not self.is_known:
            return []
        return navigation.entries(self.request, {"reports:review-queue": self.frame.to_review})

    @cached_property
    def menu(self) -> list[navigation.Entry]:
        return navigation.links(navigation.PERSON_MENU, self.user) if self.is_known else []

    @cached_property
    def foot(self) -> list[navigation.Entry]:
        return navigation.links(navigation.FOOTER, self.user)

    @cached_property
    def inbox_count(self) -> int:
        return self.frame.unread

    @cached_property
    def may_sign(self) -> bool:
        return self.is_known and Permission.SIGN_DOCUMENTS in permissions_of(self.user)

    @property
    def sign_url(self) -> str:
        return address("approvals:mine") if self.may_sign else ""

    @cached_property
    def sign_count(self) -> int:
        return self.frame.to_sign

    @property
    def sign_current(self) -> bool:
        return bool(self.sign_url) and self.request.path.startswith(self.sign_url)

    @property
    def home_url(self) -> str:
        return address("home") or "/"

    @property
    def search_url(self) -> str:
        return address("search") if self.is_known else ""

    @property
    def inbox_url(self) -> str:
        return address("reminders:inbox") if self.is_known else ""

    @property
    def inbox_current(self) -> bool:
        return bool(self.inbox_url) and self.request.path.startswith(self.inbox_url)

    @property
    def roles_url(self) -> str:
        return address("roles")

    @property
    def logout_url(self) -> str:
        return address("accounts:logout")

    @cached_property
    def is_demo(self) -> bool:
        return self.frame.is_demo

    @property
    def fixed_date(self) -> date | None:
        return clock.today() if settings.TODAY else None

    @cached_property
    def warns_http(self) -> bool:
        """Plain http outside the trial: administrators are told, on every page."""
        return (
            not settings.IS_HTTPS
            and not settings.TRIAL
            and self.is_known
            and bool(getattr(self.user, "site_role_kind", ""))
        )

    @cached_property
    def alarms(self) -> list[Alarm]:
        """What is wrong with reminders, said to those who can do something about it."""
        found = self.frame.signs if self.is_known else None
        return alarms_for(found, self.user) if found else []

    @cached_property
    def calendar_note(self) -> str:
        """Working days that are only a guess, said to those who can do something about it."""
        if not self.is_known or not navigation.minds_the_calendar(self.user):
            return ""
        years = words.listed(self.frame.unknown_years)
        return (
            _("%(years)s年放假通知未登记，工作日按周末规则暂定。") % {"years": years}
            if years
            else ""
        )


def chrome(request: HttpRequest) -> dict[str, Any | Callable[[], Any]]:
    return {"chrome": Chrome(request), "today": clock.today()}
