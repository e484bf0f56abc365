"""The record of signing in words: verbs, fields and stored values."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.history import Vocabulary

from .choices import Decision, Purpose, Route, State, StepKind

VERBS: dict[str, Any] = {
    "approval.open": _("提交审签"),
    "approval.agree": pgettext_lazy("signing", "同意"),
    "approval.sign": pgettext_lazy("signing", "审签"),
    "approval.send_back": _("退回修改"),
    "approval.recall": _("撤回"),
    "approval.reserve": _("改由他人签署"),
    "chain.choose": _("设定审签流程"),
    "chain.reserve": _("审签流程改由他人签署"),
}
FIELDS: dict[str, Any] = {
    "approval.subject": _("编号"),
    "approval.round": _("第几次"),
    "approval.steps": _("审签步骤"),
    "approval.step": _("步骤"),
    "approval.name": _("签署人"),
    "approval.on_behalf_of": _("受谁授权"),
    "approval.reason": _("要改什么"),
    "approval.route": _("审签方式"),
    "approval.state": _("状态"),
    "unit.steps": _("审签步骤"),
    "unit.signer": _("指定的签署人"),
    "approval.signer": _("指定的签署人"),
    "delegated_by": _("授权人"),
}
STEPS = dict(StepKind.choices)
VALUES: dict[str, dict[str, Any]] = {
    "approval.step": STEPS,
    "approval.steps": STEPS,
    "approval.route": dict(Route.choices),
    "approval.state": dict(State.choices),
    "approval.purpose": dict(Purpose.choices),
    "approval.decision": dict(Decision.choices),
    "unit.steps": STEPS,
}
APPROVALS = Vocabulary(VERBS, FIELDS, VALUES)
