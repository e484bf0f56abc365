"""Session limits, the forced first change of password, and the chosen language."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, resolve_url
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from django.utils.http import (
    escape_leading_slashes,
    url_has_allowed_host_and_scheme,
    urlencode,
)
from django.utils.translation import gettext as _

from core import clock

Handler = Callable[[HttpRequest], HttpResponse]
STARTED, SEEN = "started_at", "seen_at"
# Where somebody was when the session ended: {"asked": address, "back": address to return to}.
TIMED_OUT = "timed_out"
# What a form held that was sent after the end of the session: {"user": id, "path", "sent": {name:
# [values]}}. Only views that say `keeps_drafts` get it back, and only for the same person.
LEFT_OVER = "left_over"
MOST_LEFT_OVER = 200_000  # characters
# Writing the session on each click would make every read a write.
SEEN_STEP_SECONDS = 60


class SessionLimitsMiddleware:
    """Ends a session after 30 idle minutes or 8 hours, whichever comes first."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and self._is_over(request):
            left_over = _left_over(request)
            logout(request)
            if left_over:
                request.session[LEFT_OVER] = left_over
            if not request.path.startswith("/api/"):
                request.session[TIMED_OUT] = {
                    "asked": request.get_full_path(),
                    "back": page_of(request),
                }
        return _for_htmx(request, self.get_response(request))

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


def _left_over(request: HttpRequest) -> dict[str, Any] | None:
    """The texts of a form of a view that keeps drafts; None for anything else. The cookie of the
    session comes with forms of this site only (SameSite), so nobody else can leave a draft here."""
    if request.method != "POST" or "HX-Request" in request.headers:
        return None
    try:
        view = getattr(resolve(request.path_info).func, "view_class", None)
    except Resolver404:
        return None
    if not getattr(view, "keeps_drafts", False):
        return None
    sent = {name: request.POST.getlist(name) for name in request.POST}
    size = sum(len(value) for values in sent.values() for value in values)
    if size > MOST_LEFT_OVER:
        return None
    return {"user": request.user.pk, "path": request.path, "sent": sent}


def page_of(request: HttpRequest) -> str:
    """The page to come back to: the address itself, or for a form the page it was sent from."""
    if request.method in {"GET", "HEAD"} and "HX-Request" not in request.headers:
        return request.get_full_path()
    sent_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(sent_from, {request.get_host()}):
        return ""
    parts = urlsplit(sent_from)
    path = escape_leading_slashes(parts.path)  # //elsewhere would lead out of this site
    return f"{path}?{parts.query}" if parts.query else path


def _for_htmx(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """401 instead of a redirect to the login page, which htmx would swap into the middle of a page;
    portal.js then loads the page anew."""
    to_login = response.headers.get("Location", "").split("?")[0] == resolve_url(settings.LOGIN_URL)
    if "HX-Request" in request.headers and response.status_code == 302 and to_login:
        return HttpResponse(status=401)
    return response


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
        page = reverse("accounts:password")
        open_paths = {page, reverse("accounts:logout")}
        if request.path in open_paths or request.path.startswith(settings.STATIC_URL):
            return None
        if request.path.startswith("/api/"):
            return _refuse_api(request)
        back = page_of(request)
        return redirect(f"{page}?{urlencode({'next': back})}" if back not in {"", "/"} else page)


def _refuse_api(request: HttpRequest) -> JsonResponse:
    """The API's one error shape (core.api), for a session that may not work yet."""
    body = {
        "code": "password_change_required",
        "message": _("先登录网页修改一次性密码，再使用接口。"),
        "errors": {},
        "request_id": getattr(request, "id", ""),
    }
    return JsonResponse(body, status=403, json_dumps_params={"ensure_ascii": False})
