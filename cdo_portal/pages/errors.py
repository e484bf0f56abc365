"""Answers of last resort: 400, 403, 404, 500, 503 and the failed CSRF check, for people and for the API."""

import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.translation import gettext as _

from pilots.access import PUBLIC

API = "/api/"


def _id(request: HttpRequest) -> str:
    return getattr(request, "id", "")


def _json(request: HttpRequest, status: int, code: str, message: str) -> JsonResponse:
    """The error shape of the API (core.api), for addresses that no API view answers."""
    body = {"code": code, "message": message, "errors": {}, "request_id": _id(request)}
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})


def _bare(request: HttpRequest, status: int) -> HttpResponse:
    """A page without context processors: the database may be the very thing that is broken."""
    page = get_template(f"errors/{status}.html").render({"request_id": _id(request)})
    return HttpResponse(page, status=status)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    if request.path.startswith(API):
        return _json(request, 400, "bad_request", _("这个请求没有看懂"))
    return _bare(request, 400)


def permission_denied(request: HttpRequest, exception: Any = None) -> HttpResponse:
    if request.path.startswith(API):
        return _json(request, 403, "permission_refused", _("没有这项权限"))
    return render(request, "errors/403.html", status=403)


def page_not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    if request.path.startswith(API):
        return _json(request, 404, "not_found", _("没有找到"))
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Also 503: the database may be away as early as in the session's middleware, and every error
    of every layer ends here."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return _unavailable(request)
    if request.path.startswith(API):
        return _json(request, 500, "server_error", _("系统出错"))
    return _bare(request, 500)


def _unavailable(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(API):
        answer: HttpResponse = _json(request, 503, "unavailable", _("数据库暂时连不上，稍后再试"))
    else:
        answer = _bare(request, 503)
    answer["Retry-After"] = "30"
    return answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long, or cookies that are switched off."""
    message = _("页面打开太久，这次提交没有生效。返回上一页刷新后再提交。")
    return render(request, "errors/403.html", {"message": message}, status=403)


csrf_failure.required_permission = PUBLIC  # type: ignore[attr-defined]
