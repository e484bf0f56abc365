"""People who log in, the three administrators, and the tokens of other systems."""

from datetime import date
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .roles import SiteRoleKind

ADMIN_APPS = {
    SiteRoleKind.SYSTEM_ADMIN: {
        "core.workingday",
        "core.heartbeat",
        "core.sitestate",
        # What packs say of posts is set-up, no business row; people and their appointments are.
        "officers.post",
        "officers.postrule",
        "projects.power",
        "reminders.reminderrule",
        "reminders.channelsetting",
        # Groups of bodies, so that one that nothing gets through to can be closed.
        "reminders.endpoint",
    },
    SiteRoleKind.SECURITY_ADMIN: {"accounts.user", "accounts.siterole", "accounts.token"},
}
READ_ONLY_IN_ADMIN = {
    "core.heartbeat",
    "core.sitestate",
    "officers.post",
    "officers.postrule",
    "projects.power",
}


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """One person's account. What the person may do comes from memberships at units or from one
    site role; there is no superuser."""

    username = models.CharField(
        _("账号"),
        max_length=60,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("这个账号名已有人用，换一个。")},
    )
    display_name = models.CharField(_("姓名"), max_length=60)
    email = models.EmailField(_("电子邮箱"), blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    must_change_password = models.BooleanField(_("下次登录须改密码"), default=True)
    password_changed_at = models.DateTimeField(_("密码修改时间"), null=True, blank=True)
    created_at = models.DateTimeField(_("开通时间"))
    language = models.CharField(_("语言"), max_length=10, default="zh-hans")
    theme = models.CharField(
        _("外观"),
        max_length=10,
        default="auto",
        choices=[("auto", _("跟随系统")), ("light", _("浅色")), ("dark", _("深色"))],
    )
    density = models.CharField(
        _("行距"),
        max_length=10,
        default="normal",
        choices=[("compact", _("紧凑")), ("normal", _("标准")), ("relaxed", _("宽松大字"))],
    )
    # {path of a list: names of its columns that the person left out}; of those that come later a
    # list knows by itself. Here, because the account is read for every page anyway.
    hidden_columns = models.JSONField(_("不显示的列"), default=dict, blank=True, editable=False)

    USERNAME_FIELD = "username"
    objects = UserManager()

    class Meta:
        verbose_name = verbose_name_plural = _("账号")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.display_name or self.username

    @property
    def audit_label(self) -> str:
        return f"{self.display_name}（{self.username}）"

    @property
    def audit_key(self) -> str:
        return self.username

    @property
    def audit_role(self) -> str:
        """What the person acts as in this request: the site role, or the roles at units that
        `pilots.access` has looked up for it."""
        return self.__dict__.get("_acts_as", "") or self.site_role_kind

    @property
    def site_role_kind(self) -> str:
        """The kind of site role held, or ''. At most one query, kept for the request."""
        if "site_role" in self._state.fields_cache:
            return getattr(self._state.fields_cache["site_role"], "kind", "")
        if "_site_role_kind" not in self.__dict__:
            row = SiteRole.objects.filter(user=self).values_list("kind", flat=True).first()
            self.__dict__["_site_role_kind"] = row or ""
        return self.__dict__["_site_role_kind"]

    # What django.contrib.admin asks of a user; business rows are in no administrator's list.
    @property
    def is_staff(self) -> bool:
        return self.site_role_kind in ADMIN_APPS

    def has_module_perms(self, app_label: str) -> bool:
        allowed = ADMIN_APPS.get(self.site_role_kind, set())  # type: ignore[call-overload]
        return any(name.startswith(f"{app_label}.") for name in allowed)

    def has_perm(self, permission: str, obj: Any = None) -> bool:
        """`permission` as Django names it: `app.action_model`."""
        app_label, _dot, codename = permission.partition(".")
        action, _line, model = codename.partition("_")
        name = f"{app_label}.{model}"
        if name not in ADMIN_APPS.get(self.site_role_kind, set()):  # type: ignore[call-overload]
            return False
        return action == "view" or name not in READ_ONLY_IN_ADMIN


class SiteRole(models.Model):
    """Membership in one of the three administrator roles; one row a person, by the database."""

    user = models.OneToOneField(
        User, models.PROTECT, related_name="site_role", verbose_name=_("账号")
    )
    kind = models.CharField(_("站点角色"), max_length=20, choices=SiteRoleKind.choices)
    granted_at = models.DateTimeField(_("授予时间"))
    granted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("授予人")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("站点角色")
        ordering = ["user__username"]

    def __str__(self) -> str:
        return f"{self.user} {self.get_kind_display()}"


class TokenQuerySet(models.QuerySet["Token"]):
    def live(self, on: date) -> "TokenQuerySet":
        """Tokens neither revoked nor expired on that day, of users who may log in."""
        return self.filter(revoked_at=None, expires_on__gte=on, user__is_active=True)


class Token(models.Model):
    """A key of another system. Only its SHA-256 is kept: a stolen table opens nothing."""

    class Scope(models.TextChoices):
        READ = "read", _("只读")
        WRITE = "write", _("读写")

    user = models.ForeignKey(User, models.PROTECT, related_name="tokens", verbose_name=_("账号"))
    name = models.CharField(_("用途"), max_length=100)
    digest = models.CharField(_("摘要"), max_length=64, unique=True, editable=False)
    scope = models.CharField(_("范围"), max_length=10, choices=Scope.choices, default=Scope.READ)
    created_at = models.DateTimeField(_("生成时间"))
    expires_on = models.DateField(_("有效期至"))
    revoked_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("接口令牌")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name}（{self.user}）"

    @property
    def may_write(self) -> bool:
        return self.scope == self.Scope.WRITE
