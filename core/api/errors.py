"""Every refusal of the API in one shape, with Chinese text.

`{"code", "message", "errors": {field: [text]}, "request_id"}`; `errors` is empty unless single
fields or parameters are at fault.
"""

from typing import Any

from django.core.exceptions import ValidationError as ModelError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response

from .. import context
from ..errors import Refused

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
Answer = tuple[int, str, str, dict[str, list[str]], dict[str, str]]


def exception_handler(error: Exception, _context: dict[str, Any]) -> Response | None:
    """The answer to a refusal; None lets an unknown error become a 500 (or, for a database that is
    away, a 503)."""
    answer = _answer(error)
    if answer is None:
        return None
    status, code, message, errors, headers = answer
    body = {
        "code": code,
        "message": message,
        "errors": errors,
        "request_id": context.current().request_id,
    }
    return Response(body, status=status, headers=headers)


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
    return None


def _api_answer(error: exceptions.APIException) -> Answer:
    status = error.status_code
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    code = error.get_codes()
    code = code if code == "insufficient_scope" else CODES.get(status, error.default_code)
    return status, code, _message(error), {}, headers


def _message(error: exceptions.APIException) -> str:
    """Our own words where the error brings none, or brings the framework's."""
    general = {
        400: _("请求内容不是正确的JSON。"),
        401: _("先登录，或带上Authorization: Bearer令牌。"),
        403: _("当前账号没有这项权限。需要时联系本单位管理员或市政数局。"),
        404: _("没有找到，或当前账号看不到。"),
        405: _("这个地址不支持这种请求方法。"),
        406: _("只能以application/json答复。"),
        415: _("请求内容只接受application/json。"),
        429: _("请求太频繁，稍后再试。"),
    }
    own = str(error.detail)
    if own.startswith("CSRF"):
        return _("网页会话的写请求要带X-CSRFToken；其他系统改用Bearer令牌。")
    said_by_us = type(error) in {
        exceptions.AuthenticationFailed,
        exceptions.PermissionDenied,
        exceptions.NotFound,
    }
    is_own = said_by_us and own != str(error.default_detail)
    return own if is_own else general.get(error.status_code, own)


def _field_errors(detail: Any) -> dict[str, list[str]]:
    if isinstance(detail, dict):
        return {str(name): _texts(value) for name, value in detail.items()}
    return {"": _texts(detail)}


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [
            f"{name}：{text}" if name else text
            for name, item in value.items()
            for text in _texts(item)
        ]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return [str(value)]


def _model_errors(error: ModelError) -> dict[str, list[str]]:
    if hasattr(error, "error_dict"):
        names = {"__all__": ""}
        return {names.get(name, name): texts for name, texts in error.message_dict.items()}
    return {"": error.messages}
