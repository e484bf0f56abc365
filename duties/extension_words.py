"""The record of requests for a later day in words."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.history import Vocabulary

from .choices import ExtensionMove, ExtensionState, Verdict

VERBS: dict[str, Any] = {
    "extension.ask": _("申请延期"),
    "extension.enter": _("代录来文"),
    **{f"extension.{move.value}": move.label for move in ExtensionMove},
    "assignment.extend": _("延长截止日期"),
    "assignment.unextend": _("恢复原来的截止日期"),
}
FIELDS: dict[str, Any] = {
    "extension.state": _("状态"),
    "extension.wanted_on": _("申请延至"),
    "extension.reason": _("延期理由"),
    "extension.done_so_far": _("已做工作"),
    "extension.file_name": _("附件"),
    "extension.letter_from": _("来文单位"),
    "extension.letter_number": _("来文文号"),
    "extension.letter_on": _("来文日期"),
    "extension.verdict": _("审批意见"),
    "extension.granted_on": _("同意延至"),
    "extension.answer": _("审批说明"),
    "extension.state_note": _("退回或撤回的说明"),
}
VALUES: dict[str, dict[str, Any]] = {
    "extension.state": dict(ExtensionState.choices),
    "extension.verdict": dict(Verdict.choices),
}
EXTENSIONS = Vocabulary(VERBS, FIELDS, VALUES)
