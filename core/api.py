"""Bases of the REST API: who is asking, one error shape, one page shape, versions.

Error shape: `{"code", "message", "errors": {field: [text]}, "request_id"}` with Chinese text.
"""

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.core.exceptions import ValidationError as ModelError
from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions, filters, pagination, permissions
from rest_framework.request import Request
from rest_framework.response import Response

from . import context
from .errors import Refused, VersionMissing

CODES = {
    400: "bad_request",
    401: "not_authenticated",
    403: "permission_refused",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    415: "unsupported_media_type",
    429: "throttled",
}


class BearerAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer <token>`; the token's model is set by accounts at start-up."""

    find_token: Any = None  # accounts.apps sets it: core knows no accounts

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        scheme, _space, value = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        found = type(self).find_token(value.strip(), request.method)
        if found is None:
            raise exceptions.AuthenticationFailed(
                _("令牌不存在、已过期、已撤销或权限范围不够。用create_token重新生成。")
            )
        return found

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = "core.api.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class DeclaredPermission(permissions.BasePermission):
    """A viewset says which permission each action needs in `permission_map`; none said is none given."""

    check: Any = None  # pilots.apps sets it: core knows no roles

    def has_permission(self, request: Request, view: Any) -> bool:
        if not request.user or not request.user.is_authenticated:
            return False
        needed = getattr(view, "permission_map", {}).get(getattr(view, "action", None) or "")
        if needed is None and getattr(view, "action", None) in {None, "metadata"}:
            return True  # 405 and OPTIONS tell nothing of any row
        return needed is not None and type(self).check(request.user, needed)


class Pagination(pagination.PageNumberPagination):
    """`{count, next, previous, results}`; `page_size` 1–500, 50 unless told."""

    page_size = 50
    max_page_size = 500
    page_size_query_param = "page_size"

    def get_next_link(self) -> str | None:
        link = super().get_next_link()
        return link

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        try:
            return super().paginate_queryset(queryset, request, view)
        except exceptions.NotFound:
            raise exceptions.NotFound(_("没有这一页。从next和previous给出的地址翻页。")) from None


class StableOrderingFilter(filters.OrderingFilter):
    """`?ordering=-due_on,number`; the primary key always breaks ties, so that pages never overlap."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        ordering = self.get_ordering(request, queryset, view)
        if not ordering:
            return queryset
        return queryset.order_by(*ordering, "pk")


class VersionedMixin:
    """ETag on a detail answer; `required_version()` for changes."""

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        instance = self.get_object()  # type: ignore[attr-defined]
        serializer = self.get_serializer(instance)  # type: ignore[attr-defined]
        headers = {"ETag": instance.etag} if hasattr(instance, "etag") else None
        return Response(serializer.data, headers=headers)

    def required_version(self, request: Request) -> int:
        """Version in If-Match; raises VersionMissing (428) or StaleVersion's caller error (412)."""
        given = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
        if not given:
            raise VersionMissing
        return int(given) if given.isdigit() else -1


def exception_handler(error: Exception, _context: dict[str, Any]) -> Response | None:
    """Every refusal of the API in one shape; None lets an unknown error become a 500."""
    answer = _answer(error)
    if answer is None:
        return None
    if getattr(transaction.get_connection(), "in_atomic_block", False):
        transaction.set_rollback(True)
    status, code, message, errors, headers = answer
    body = {
        "code": code,
        "message": message,
        "errors": errors,
        "request_id": context.current().request_id,
    }
    return Response(body, status=status, headers=headers)


Answer = tuple[int, str, str, dict[str, list[str]], dict[str, str]]


def _answer(error: Exception) -> Answer | None:
    if isinstance(error, Refused):
        headers = {"Retry-After": "5"} if error.code == "idempotency_key_busy" else {}
        return error.status, error.code, str(error.message), {}, headers
    if isinstance(error, ModelError):
        return 422, "invalid", _("有内容需要修改。"), _model_errors(error), {}
    if isinstance(error, Http404):
        return 404, "not_found", _("没有找到，或当前账号看不到。"), {}, {}
    if isinstance(error, exceptions.ValidationError):
        return 422, "invalid", _("有内容需要修改。"), _field_errors(error.detail), {}
    if isinstance(error, exceptions.APIException):
        return _api_answer(error)
    if isinstance(error, FieldDoesNotExist):
        return 422, "invalid", _("没有这个字段。"), {}, {}
    if isinstance(error, DatabaseError) and not isinstance(
        error, OperationalError | InterfaceError
    ):
        return None
    return None


def _api_answer(error: exceptions.APIException) -> Answer:
    status = error.status_code
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    messages = {
        401: _("先登录，或带上Authorization: Bearer令牌。"),
        403: _("当前账号没有这项权限。需要时联系本单位管理员或市政数局。"),
        404: _("没有找到，或当前账号看不到。"),
        405: _("这个地址不支持这种请求方法。"),
    }
    own = str(error.detail) if not isinstance(error.detail, dict | list) else ""
    is_default = own == str(getattr(error, "default_detail", ""))
    message = messages.get(status, own) if is_default or not own else own
    return status, CODES.get(status, error.default_code), message, {}, headers


def _field_errors(detail: Any) -> dict[str, list[str]]:
    if isinstance(detail, dict):
        return {str(name): _texts(value) for name, value in detail.items()}
    return {"": _texts(detail)}


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [f"{name}：{text}" for name, item in value.items() for text in _texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return [str(value)]


def _model_errors(error: ModelError) -> dict[str, list[str]]:
    if hasattr(error, "error_dict"):
        names = {"__all__": ""}
        return {names.get(name, name): texts for name, texts in error.message_dict.items()}
    return {"": error.messages}
