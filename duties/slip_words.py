"""The record of slips in words."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.history import Vocabulary

from .choices import SlipLevel, SlipMove, SlipState

VERBS: dict[str, Any] = {
    "slip.draft": _("拟提醒单，提交审定"),
    **{f"slip.{move.value}": move.label for move in SlipMove},
    "slip.name_levels": _("改提醒单级别名称"),
}
FIELDS: dict[str, Any] = {
    "slip.state": _("状态"),
    "slip.level": _("级别"),
    "slip.label": pgettext_lazy("slip", "名称"),
    "slip.text": _("正文"),
    "slip.reply": pgettext_lazy("slip", "回复"),
    "slip.reply_by": _("回复期限"),
    "slip.is_at_once": _("即时发送"),
    "slip.state_note": _("退回或不发的说明"),
    "programme.hint": pgettext_lazy("slip", "提示"),
    "programme.chase": pgettext_lazy("slip", "催办"),
    "programme.supervise": pgettext_lazy("slip", "督导"),
}
VALUES: dict[str, dict[str, Any]] = {
    "slip.state": dict(SlipState.choices),
    "slip.level": dict(SlipLevel.choices),
}
SLIPS = Vocabulary(VERBS, FIELDS, VALUES)
