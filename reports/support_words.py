"""The record of requests for support in words."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.history import Vocabulary

from .choices import SupportKind, SupportMove, SupportNature, SupportStatus

VERBS: dict[str, Any] = {
    "support.raise": _("提出支持事项"),
    **{f"support.{move.value}": move.label for move in SupportMove},
}
FIELDS: dict[str, Any] = {
    "supportrequest.status": _("状态"),
    "supportrequest.nature": _("性质"),
    "supportrequest.kind": _("支持事项"),
    "supportrequest.title": _("标题"),
    "supportrequest.text": _("具体情况"),
    "supportrequest.answer_by": _("答复期限"),
    "supportrequest.answered_on": _("答复日期"),
    "supportrequest.closed_on": _("结束日期"),
}
VALUES: dict[str, dict[str, Any]] = {
    "supportrequest.status": dict(SupportStatus.choices),
    "supportrequest.nature": dict(SupportNature.choices),
    "supportrequest.kind": dict(SupportKind.choices),
}
SUPPORT = Vocabulary(VERBS, FIELDS, VALUES)
