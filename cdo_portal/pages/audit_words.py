"""The audit record in words: one table of verbs, one of fields, and where each object's page is."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from accounts.roles import Role, SiteRoleKind
from approvals import words as approvals
from core import clock
from core.history import Change, Vocabulary
from core.models import AuditEntry
from duties import extension_words, order_words, slip_words
from duties.choices import Status
from evaluations import words as evaluations
from officers import words as officers
from pilots.choices import Certainty, Phase, SuccessionKind
from pilots.models import Unit
from projects import words as projects
from reminders import words as reminders
from reports import words as reports
from trainings import words as trainings

from .links import link

VERBS: dict[str, Any] = {
    "account.open": gettext_lazy("开通账号"),
    "account.edit": gettext_lazy("修改账号资料"),
    "account.close": gettext_lazy("停用账号"),
    "account.reopen": gettext_lazy("重新启用账号"),
    "account.reset_password": gettext_lazy("重置密码"),
    "account.change_password": gettext_lazy("修改密码"),
    "account.login": gettext_lazy("登录"),
    "account.logout": gettext_lazy("退出"),
    "account.lockout": gettext_lazy("登录锁定"),
    "site_role.grant": gettext_lazy("授予站点角色"),
    "site_role.revoke": gettext_lazy("撤销站点角色"),
    "token.create": gettext_lazy("生成接口令牌"),
    "token.revoke": gettext_lazy("撤销接口令牌"),
    "field_keys.rotate": gettext_lazy("轮换加密密钥"),
    "endpoint.add": gettext_lazy("登记接收地址"),
    "endpoint.change": gettext_lazy("修改接收地址"),
    "endpoint.open": gettext_lazy("启用接收地址"),
    "endpoint.close": gettext_lazy("停用接收地址"),
    "endpoint.test": gettext_lazy("发送测试消息"),
    "endpoint.reveal": gettext_lazy("查看签名密钥"),
    "feed.renew": gettext_lazy("生成日历订阅地址"),
    "feed.revoke": gettext_lazy("撤销日历订阅地址"),
    "outbound.propose": gettext_lazy("提出对外连接地址"),
    "outbound.approve": gettext_lazy("批准对外连接地址"),
    "outbound.withdraw": gettext_lazy("停用对外连接地址"),
    "membership.add": gettext_lazy("授予单位身份"),
    "membership.end": gettext_lazy("设定身份终止日期"),
    "membership.revoke": gettext_lazy("撤销单位身份"),
    "enrolment.liaison": gettext_lazy("变更对口联系人"),
    "programme.start": gettext_lazy("开始跟踪方案"),
    "programme.close": gettext_lazy("结束跟踪方案"),
    "pack.load": gettext_lazy("载入方案包"),
    "unit.create": gettext_lazy("登记单位"),
    "unit.rename": gettext_lazy("单位更名"),
    "unit.name_slot": gettext_lazy("补名"),
    "unit.identify_slot": gettext_lazy("补名到已有单位"),
    "unit.succeed": gettext_lazy("登记承接单位"),
    "obligation.decide_reading": gettext_lazy("确认截止口径"),
    "assignment.sync": gettext_lazy("按规定任务交办"),
    "assignment.open": gettext_lazy("交办"),
    "assignment.accept": gettext_lazy("签收任务"),
    "assignment.submit": gettext_lazy("提交审核"),
    "assignment.return": gettext_lazy("退回修改"),
    "assignment.recall": gettext_lazy("撤回，待重新提交"),
    "assignment.fulfil": gettext_lazy("登记完成"),
    "assignment.void": gettext_lazy("作废完成记录"),
    "assignment.complete": gettext_lazy("任务完成"),
    "assignment.reopen": gettext_lazy("恢复为未完成"),
    "assignment.redate": gettext_lazy("改完成日期"),
    "assignment.withdraw": gettext_lazy("撤销任务"),
    "assignment.exempt": gettext_lazy("标为不适用"),
    "assignment.restore": gettext_lazy("恢复任务"),
    "assignment.refresh_workdays": gettext_lazy("重算工作日"),
    "workday.set": gettext_lazy("修改工作日历"),
    "workday.add_year": gettext_lazy("登记一年的工作日历"),
    "progress.record": gettext_lazy("登记事项进展"),
    "progress.void": gettext_lazy("作废事项进展"),
    "saved_view.share": gettext_lazy("共享常用筛选"),
    "saved_view.rename": gettext_lazy("改共享筛选的名称"),
    "saved_view.unshare": gettext_lazy("取消共享常用筛选"),
    "saved_view.remove": gettext_lazy("移除共享的常用筛选"),
    "feedback.give": gettext_lazy("提出意见"),
    "feedback.answer": gettext_lazy("答复意见"),
    **extension_words.VERBS,
    **order_words.VERBS,
    **slip_words.VERBS,
    **approvals.VERBS,
    **officers.VERBS,
    **projects.VERBS,
    **reminders.VERBS,
    **reports.VERBS,
    **trainings.VERBS,
    **evaluations.VERBS,
}

FIELDS: dict[str, Any] = {
    **approvals.FIELDS,
    **extension_words.FIELDS,
    **order_words.FIELDS,
    **slip_words.FIELDS,
    **officers.FIELDS,
    **projects.FIELDS,
    **reminders.FIELDS,
    **reports.FIELDS,
    **trainings.FIELDS,
    **evaluations.FIELDS,
    "address": gettext_lazy("接收地址"),
    "assignments": gettext_lazy("涉及任务"),
    "basis": gettext_lazy("依据"),
    "ceased_on": gettext_lazy("撤销日期"),
    "closed_on": gettext_lazy("结束日期"),
    "count": gettext_lazy("数目"),
    "created": gettext_lazy("新建"),
    "deadline_version": gettext_lazy("时限版本"),
    "display_name": gettext_lazy("姓名"),
    "done_on": gettext_lazy("完成日期"),
    "due_on": gettext_lazy("截止日期"),
    "email": gettext_lazy("电子邮箱"),
    "ends_on": gettext_lazy("终止日期"),
    "enrolments": gettext_lazy("参与记录"),
    "expires_on": gettext_lazy("有效期至"),
    "full_name": gettext_lazy("全称"),
    "happened_on": gettext_lazy("发生日期"),
    "is_active": gettext_lazy("启用"),
    "item": gettext_lazy("事项"),
    "kind": gettext_lazy("方式"),
    "latest_on": gettext_lazy("最晚日期"),
    "liaison": gettext_lazy("对口联系人"),
    "name_en": gettext_lazy("英文名"),
    "note": gettext_lazy("说明"),
    "path": gettext_lazy("列表"),
    "phase": gettext_lazy("阶段"),
    "programme": gettext_lazy("方案"),
    "quantity": gettext_lazy("应完成数"),
    "query": gettext_lazy("筛选"),
    "reason": gettext_lazy("原因"),
    "role": gettext_lazy("身份"),
    "scope": gettext_lazy("范围"),
    "short_name": gettext_lazy("规范简称"),
    "source_key": gettext_lazy("来源标识"),
    "started_on": gettext_lazy("开始跟踪日期"),
    "starts_on": gettext_lazy("起始日期"),
    "status": gettext_lazy("办理状态"),
    "status_note": gettext_lazy("状态说明"),
    "successor": gettext_lazy("承接单位"),
    "summary": gettext_lazy("进展"),
    "unit": gettext_lazy("单位"),
    "updated": gettext_lazy("更新"),
    "user": gettext_lazy("账号"),
}

# Stored values of fields with choices, as people read them.
VALUES: dict[str, dict[str, Any]] = {
    **extension_words.VALUES,
    **order_words.VALUES,
    **slip_words.VALUES,
    **approvals.VALUES,
    **officers.VALUES,
    **projects.VALUES,
    **reminders.VALUES,
    **reports.VALUES,
    **trainings.VALUES,
    **evaluations.VALUES,
    "status": dict(Status.choices),
    "phase": dict(Phase.choices),
    "role": dict(Role.choices),
    "kind": {**dict(SuccessionKind.choices), **dict(SiteRoleKind.choices)},
    "certainty": dict(Certainty.choices),
}

# Pages of objects, by the model in the label `model:key`.
PAGES = {
    "approval": "approvals:slip",
    "unit": "unit",
    "assignment": "duties:assignment",
    "extension": "duties:extension",
    "order": "duties:order",
    "slip": "duties:slip",
    "obligation": "duties:obligation",
    "programme": "pilots:programme",
    "policydocument": "pilots:document",
    "dutyarea": "duties:area",
    "person": "officers:person",
    "appointment": "officers:appointment",
    "filing": "officers:filing",
    "team": "officers:team",
    "project": "projects:project",
    "finding": "projects:finding",
    "event": "trainings:event",
    "round": "evaluations:round",
    "scheme": "evaluations:scheme",
    "objection": "evaluations:objection",
    "period": "reports:period",
    "report": "reports:report",
    "supportrequest": "reports:support",
    "handover": "handover-slip",
}
WORDS = Vocabulary(VERBS, FIELDS, VALUES)


def verb_word(verb: str) -> str:
    """The verb in words; one that no table knows stays as it was recorded."""
    return WORDS.verb(verb)


def changes_of(entry: AuditEntry) -> list[Change]:
    return WORDS.changes(entry)


def subject_url(subject: str) -> str:
    """The page of an object from its label, '' where it has none."""
    model, _colon, key = subject.partition(":")
    return link(PAGES[model], key) if model in PAGES and key else ""


@dataclass(frozen=True)
class Line:
    """One entry as a row of the log shows it."""

    entry: AuditEntry
    verb: str
    unit: str
    unit_url: str
    url: str
    history_url: str
    changes: list[Change]


class Told:
    """Entries in words; the names of their units come in one query."""

    def __init__(self, entries: Iterable[AuditEntry], user: Any) -> None:
        self.entries = list(entries)
        codes = {entry.unit_code for entry in self.entries if entry.unit_code}
        units = Unit.objects.visible_to(user).filter(code__in=codes).defer("loaded")
        self.units = {unit.code: unit.display_name for unit in units.with_name(clock.today())}

    def lines(self) -> list[Line]:
        return [
            Line(
                entry,
                verb_word(entry.verb),
                self.units.get(entry.unit_code, entry.unit_code),
                link("unit", entry.unit_code) if entry.unit_code in self.units else "",
                subject_url(entry.subject),
                link("audit-history", entry.subject),
                changes_of(entry),
            )
            for entry in self.entries
        ]

    def steps(self) -> list[dict[str, Any]]:
        """Entries for components/trail.html, without the address they came from."""
        return WORDS.steps(self.entries)
