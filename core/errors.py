"""Refusals that a person can act on. One API handler and one view mixin turn them into answers."""

from typing import Any

from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """A change that the rules refuse; `message` is Chinese and says what to do next."""

    status = 409
    code = "refused"

    def __init__(self, message: Any = "") -> None:
        super().__init__(message)
        self.message = message or self.default_message

    default_message: Any = _("现在不能这样做。")

    def __str__(self) -> str:
        return str(self.message)


class MoveNotAllowed(Refused):
    """The row is in a state from which this move does not lead (409)."""

    code = "move_not_allowed"
    default_message = _("当前状态不允许这一步。刷新页面后再看。")


class StaleVersion(Refused):
    """Somebody changed the row since it was read (412, RFC 9110 §15.5.13)."""

    status = 412
    code = "stale_version"
    default_message = _("这条记录刚被别人改过。刷新页面，核对后再改。")


class VersionMissing(Refused):
    """A change of a versioned row came without If-Match (428, RFC 6585 §3)."""

    status = 428
    code = "version_missing"
    default_message = _("修改时要带上版本号：把读取时得到的ETag放进If-Match。")


class PermissionRefused(Refused):
    """The person may see the row and may not do this to it (403)."""

    status = 403
    code = "permission_refused"
    default_message = _("当前账号没有这项权限。需要时联系本单位管理员或市政数局。")
