"""Who is asking, and what a view needs them to be allowed."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions, permissions
from rest_framework.request import Request


class BearerAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer <token>`; how a token is found is set by accounts at start-up."""

    find_token: Any = None  # accounts.apps sets it: core knows no accounts

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        scheme, _space, value = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        found = type(self).find_token(value.strip())
        if found is None:
            raise exceptions.AuthenticationFailed(
                _("令牌不存在、已过期或已撤销，或账号已停用。用create_token重新生成。")
            )
        return found

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = "core.api.access.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class DeclaredPermission(permissions.BasePermission):
    """A viewset says in `permission_map` what each action needs, any other view says it in
    `required_permission`; none said is none given. A token of scope read changes nothing."""

    check: Any = None  # pilots.apps sets it: core knows no roles

    def has_permission(self, request: Request, view: Any) -> bool:
        if not request.user or not request.user.is_authenticated:
            return False
        self._check_scope(request)
        if hasattr(view, "permission_map") and getattr(view, "action", None) in {None, "metadata"}:
            return True  # 405 and OPTIONS tell nothing of any row
        needed = getattr(view, "permission_map", {}).get(getattr(view, "action", None))
        needed = needed or getattr(view, "required_permission", None)
        return needed is not None and type(self).check(request.user, needed)

    def _check_scope(self, request: Request) -> None:
        if request.method in permissions.SAFE_METHODS or request.auth is None:
            return
        token: Any = request.auth
        if not token.may_write:
            raise exceptions.PermissionDenied(
                _("这个令牌只能读取。需要写入时用create_token --scope write另行生成。"),
                code="insufficient_scope",
            )
