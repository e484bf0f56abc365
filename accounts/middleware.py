"""Session limits, the forced first change of password, and the chosen language."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from core import clock

Handler = Callable[[HttpRequest], HttpResponse]
STARTED, SEEN = "started_at", "seen_at"
# Writing the session on each click would make every read a write.
SEEN_STEP_SECONDS = 60


class SessionLimitsMiddleware:
    """Ends a session after 30 idle minutes or 8 hours, whichever comes first."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and self._is_over(request):
            logout(request)
            if not request.path.startswith("/api/"):
                messages.info(request, _("登录已超时。登录后回到原处。"))
        return self.get_response(request)

    def _is_over(self, request: HttpRequest) -> bool:
        now = clock.now().timestamp()
        started = request.session.setdefault(STARTED, now)
        seen = request.session.setdefault(SEEN, now)
        if now - seen > settings.SESSION_IDLE_SECONDS:
            return True
        if now - started > settings.SESSION_ABSOLUTE_SECONDS:
            return True
        if now - seen > SEEN_STEP_SECONDS:
            request.session[SEEN] = now
        return False


class LanguageMiddleware:
    """Chinese first: the browser's own language is not asked, only what the person chose."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = getattr(request.user, "language", "") or request.COOKIES.get(
            settings.LANGUAGE_COOKIE_NAME, ""
        )
        known = {code for code, _name in settings.LANGUAGES}
        language = chosen if chosen in known else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", "en" if language == "en" else "zh-CN")
        return response


class ForcedPasswordChangeMiddleware:
    """Nobody works with a password that somebody else has seen."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        user = request.user
        if not user.is_authenticated or not getattr(user, "must_change_password", False):
            return None
        open_paths = {reverse("accounts:password"), reverse("accounts:logout")}
        if request.path in open_paths or request.path.startswith(settings.STATIC_URL):
            return None
        return redirect("accounts:password")
