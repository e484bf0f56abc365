"""The record of trainings and meetings in words: verbs, fields and stored values."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.history import Vocabulary

from .choices import (
    Answer,
    DeclarationMove,
    DeclarationState,
    EventForm,
    EventKind,
    EventMove,
    EventStatus,
    FileKind,
    Reading,
    Route,
)

VERBS: dict[str, Any] = {
    "event.plan": _("登记培训或会议"),
    "event.mend": _("更正培训或会议"),
    "event.add_file": _("上传材料"),
    "event.remove_file": _("移除材料"),
    "event.attend": _("登记参加人员"),
    "event.strike_out": _("划去参加人员"),
    "event.answer": _("送参会回执"),
    "event.minutes": _("填写纪要"),
    "event.resolve": _("登记议定事项"),
    "event.drop_resolution": _("删去议定事项"),
    "event.order": _("议定事项转为任务"),
    "event.counting": _("确认交流会次数的读法"),
    "events.export": _("导出培训和会议"),
    **{f"event.{move.value}": move.label for move in EventMove},
    "declaration.declare": _("申报参加情况"),
    **{f"declaration.{move.value}": move.label for move in DeclarationMove},
}

FIELDS: dict[str, Any] = {
    "event.kind": _("类别"),
    "event.title": _("名称"),
    "event.starts_on": _("开始日期"),
    "event.ends_on": _("结束日期"),
    "begins_at": _("开始时间"),
    "event.form": _("形式"),
    "hours": _("学时"),
    "place": _("地点"),
    "audience": _("参加对象"),
    "expected": _("应参加人数"),
    "event.content": _("内容"),
    "event.document_number": _("通知文号"),
    "reply_by_on": _("回执截止日期"),
    "minutes": _("纪要"),
    "event.status": _("状态"),
    "cancel_reason": _("取消原因"),
    "organisers": _("举办单位"),
    "file_kind": _("材料类别"),
    "names": _("姓名"),
    "event.route": _("录入方式"),
    "answer": _("回执"),
    "headcount": _("参加人数"),
    "event.people": _("参加人员"),
    "event.text": _("议定事项"),
    "event.due_on": _("完成期限"),
    "order": _("专项通知"),
    "exchange_reading": _("交流会次数的读法"),
    "trains": _("计入培训任务的类别"),
    "declaration.state": _("状态"),
    "event.reason": _("原因"),
    "declaration.reason": _("退回原因"),
}

VALUES: dict[str, dict[str, Any]] = {
    "event.kind": dict(EventKind.choices),
    "event.form": dict(EventForm.choices),
    "event.status": dict(EventStatus.choices),
    "event.route": dict(Route.choices),
    "file_kind": dict(FileKind.choices),
    "answer": dict(Answer.choices),
    "exchange_reading": dict(Reading.choices),
    "trains": dict(EventKind.choices),
    "declaration.state": dict(DeclarationState.choices),
}
COMMON: dict[str, Any] = {
    "note": _("说明"),
    "file_name": _("附件"),
    "count": _("数目"),
    "filters": _("筛选条件"),
}
EVENTS = Vocabulary(VERBS, {**COMMON, **FIELDS}, VALUES)
