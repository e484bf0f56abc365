"""For the security administrator: accounts, site roles, tokens. Every change goes through services;
passwords are shown once and never typed in by somebody else."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused

from . import services, tokens
from .models import SiteRole, Token, User


class NoDeletion:
    """Nothing is deleted; rows are closed, reopened, revoked."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def show_passwords(
    model_admin: admin.ModelAdmin, request: HttpRequest, pairs: list[tuple[User, str]]
) -> HttpResponse:
    """The one time that one-time passwords are on screen: the answer itself, not an address."""
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("一次性密码"),
        "opts": model_admin.model._meta,
        "pairs": pairs,
    }
    return TemplateResponse(request, "admin/accounts/one_time.html", context)


class UserForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["username", "display_name", "email"]


@admin.action(description=gettext_lazy("重置密码（显示一次性密码）"))
def reset(model_admin: Any, request: HttpRequest, rows: QuerySet[User]) -> HttpResponse | None:
    try:
        pairs = [(user, services.reset_password(user, by=request.user)) for user in rows]
    except Refused as refusal:
        messages.error(request, str(refusal))
        return None
    return show_passwords(model_admin, request, pairs)


def _each(request: HttpRequest, rows: Any, work: Callable[[Any], Any], said: str) -> None:
    """Run a service for each row; refusals are said, the others are done and counted."""
    done = 0
    for row in rows:
        try:
            work(row)
            done += 1
        except Refused as refusal:
            messages.error(request, str(refusal))
    if done:
        messages.success(request, said % {"count": done})


@admin.action(description=gettext_lazy("停用账号"))
def close(_admin: Any, request: HttpRequest, rows: QuerySet[User]) -> None:
    _each(
        request,
        rows,
        lambda user: services.set_active(user, is_active=False, by=request.user),
        _("已停用%(count)s个账号。"),
    )


@admin.action(description=gettext_lazy("重新启用账号"))
def reopen(_admin: Any, request: HttpRequest, rows: QuerySet[User]) -> None:
    _each(
        request,
        rows,
        lambda user: services.set_active(user, is_active=True, by=request.user),
        _("已重新启用%(count)s个账号。"),
    )


class UserAdmin(NoDeletion, admin.ModelAdmin):
    form = UserForm
    list_display = [
        "username",
        "display_name",
        "email",
        "kind",
        "is_active",
        "must_change_password",
    ]
    list_filter = ["is_active", "must_change_password", "site_role__kind"]
    search_fields = ["username", "display_name", "email"]
    list_select_related = ["site_role"]
    ordering = ["username"]
    actions = [reset, close, reopen]

    @admin.display(description=gettext_lazy("站点角色"))
    def kind(self, user: User) -> str:
        held = getattr(user, "site_role", None)
        return held.get_kind_display() if held else "—"

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """No list by hash: `?password__startswith=` would tell one sign by sign."""
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        return [] if obj is None else ["username", "is_active", "created_at", "password_changed_at"]

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        new = ["username", "display_name", "email"]
        return new if obj is None else [*new, "is_active", "created_at", "password_changed_at"]

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        facts = {"display_name": obj.display_name, "email": obj.email, "by": request.user}
        if change:
            services.edit_account(obj, **facts)
            return
        user, request.one_time = services.open_account(username=obj.username, **facts)  # type: ignore[attr-defined]
        obj.pk = user.pk

    def response_add(
        self, request: HttpRequest, obj: User, post_url_continue: str | None = None
    ) -> HttpResponse:
        return show_passwords(self, request, [(obj, request.one_time)])  # type: ignore[attr-defined]


class SiteRoleForm(forms.ModelForm):
    class Meta:
        model = SiteRole
        fields = ["user", "kind"]

    def clean(self) -> dict[str, Any]:
        """Says beside the form what the database would refuse."""
        values = super().clean() or {}
        user = values.get("user")
        if user is not None and user.memberships.filter(revoked_at=None).exists():
            raise ValidationError(
                _("%(user)s还有单位身份，先撤销，或另开一个账号担任站点角色。") % {"user": user}
            )
        return values


class SiteRoleAdmin(admin.ModelAdmin):
    """Granting and taking away; a role is never changed into another, so that the record is clear."""

    form = SiteRoleForm
    list_display = ["user", "kind", "granted_at", "granted_by"]
    list_filter = ["kind"]
    list_select_related = ["user", "granted_by"]
    autocomplete_fields = ["user"]
    actions = None

    def has_change_permission(self, request: HttpRequest, obj: SiteRole | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: SiteRole | None = None) -> bool:
        own = obj is not None and obj.user_id == request.user.pk
        return super().has_delete_permission(request, obj) and not own

    def save_model(self, request: HttpRequest, obj: SiteRole, form: Any, change: bool) -> None:
        obj.pk = services.grant_site_role(obj.user, obj.kind, by=request.user).pk

    def delete_model(self, request: HttpRequest, obj: SiteRole) -> None:
        services.revoke_site_role(obj.user, by=request.user)


@admin.action(description=gettext_lazy("撤销令牌"))
def revoke(_admin: Any, request: HttpRequest, rows: QuerySet[Token]) -> None:
    _each(
        request,
        rows,
        lambda token: tokens.revoke_token(token, by=request.user),
        _("已撤销%(count)s个令牌。"),
    )


class TokenAdmin(NoDeletion, admin.ModelAdmin):
    """Made by the command create_token, which shows the secret once; here they are revoked."""

    list_display = ["name", "user", "scope", "created_at", "expires_on", "revoked_at"]
    list_filter = ["scope", "revoked_at"]
    search_fields = ["name", "user__username", "user__display_name"]
    list_select_related = ["user"]
    actions = [revoke]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Token | None = None) -> bool:
        # The list needs it for its action; a single token shows no form.
        return obj is None and super().has_change_permission(request, obj)


admin.site.register(User, UserAdmin)
admin.site.register(SiteRole, SiteRoleAdmin)
admin.site.register(Token, TokenAdmin)
