"""What ends with a person's account: keys of other systems and open logins."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.handover import Fate, Leaving, OpenItem, Part, register

from . import tokens
from .models import Token


def open_items(leaving: Leaving) -> list[OpenItem]:
    if leaving.user is None:
        return []
    live = Token.objects.live(tokens.real_today()).filter(user=leaving.user)
    items = [_token_item(token) for token in live]
    if leaving.user.is_active:
        detail = _(
            "没有其他单位身份的，账号停用，已登录的页面下一次点击即退出；有的，只失去本单位权限。"
        )
        items.append(
            OpenItem(_("账号%(user)s") % {"user": leaving.user.username}, detail, "", Fate.ENDS)
        )
    return items


def _token_item(token: Token) -> OpenItem:
    facts = {"scope": token.get_scope_display(), "day": token.expires_on}
    detail = _("%(scope)s，有效期至%(day)s；撤销后，使用它的系统要换新的令牌。") % facts
    return OpenItem(_("接口令牌：%(name)s") % {"name": token.name}, detail, "", Fate.ENDS)


def move(leaving: Leaving) -> int:
    if leaving.user is None:
        return 0
    return len(tokens.revoke_tokens(leaving.user, by=leaving.by))


PART = register(Part("accounts", gettext_lazy("账号和接口令牌"), open_items, move))
