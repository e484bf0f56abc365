"""Roles as code: one sentence each, one table of what each may do. The help page prints this file.

A role is held at a unit through a `pilots.Membership`; a site role is held at nothing and is kept
apart: whoever holds one may hold no second, and a system administrator sees no business rows
(GB/T 22239-2019 8.1.4.2 d, 三员分立).
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

PUBLIC = "public"  # what a view asks for that anybody may open, also without login
LOGGED_IN = "logged_in"  # anybody who is logged in


class Role(TextChoices):
    """What a person is at a unit."""

    BUREAU_OFFICER = "bureau_officer", _("市政数局经办人")
    BUREAU_HEAD = "bureau_head", _("市政数局领导")
    UNIT_CDO = "unit_cdo", _("首席数据官")
    DATA_OFFICER = "data_officer", _("经办人")
    EVALUATOR = "evaluator", _("评价人员")
    PROVINCIAL_READER = "provincial_reader", _("省级查阅")
    API_CLIENT = "api_client", _("接口账号")


class SiteRoleKind(TextChoices):
    """The three administrators, who exclude each other."""

    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    AUDITOR = "auditor", _("审计员")


class Permission(TextChoices):
    """What a view may ask for."""

    READ_PROGRAMME = "read_programme", _("查看方案、文件、职责和规定任务")
    READ_UNITS = "read_units", _("查看看得到的单位和任务")
    READ_OVERVIEW = "read_overview", _("查看履职总览")
    ACCEPT_ASSIGNMENT = "accept_assignment", _("签收本单位任务")
    MANAGE_ASSIGNMENTS = "manage_assignments", _("登记完成、撤销、标为不适用、确认截止口径")
    MANAGE_PROGRAMME = "manage_programme", _("开始跟踪或结束方案")
    MANAGE_UNITS = "manage_units", _("单位更名、合并、补名")
    MANAGE_MEMBERS = "manage_members", _("开通、停用、重置单位账号")
    READ_OFFICERS = "read_officers", _("查看看得到的单位的人员、任命和备案")
    REPORT_OFFICERS = "report_officers", _("登记和报备本单位的人员、任命、团队")
    MANAGE_OFFICERS = "manage_officers", _("登记和更正方案内各单位的任命、交接和名录设置")
    DECIDE_FILINGS = "decide_filings", _("办理报到本机关的备案")
    WRITE_REPORTS = "write_reports", _("填写、提交本单位的报告、延期申请和支持事项")
    SIGN_DOCUMENTS = "sign_documents", _("审签轮到自己的报告和公文")
    READ_REPORTS = "read_reports", _("查看看得到的单位已报送的报告和申请")
    REVIEW_REPORTS = "review_reports", _("审核各单位报送的报告，答复延期申请和支持事项")
    ISSUE_DOCUMENTS = "issue_documents", _("开启报告期，拟发通知、提醒单、总体报告")
    REMARK_TASKS = "remark_tasks", _("对任务作批示，转录批示")
    READ_PROJECTS = "read_projects", _("查看看得到的单位的信息化项目、意见和发现的问题")
    REPORT_PROJECTS = "report_projects", _("登记本单位的信息化项目、书面意见和发现的问题")
    GIVE_OPINIONS = "give_opinions", _("以首席数据官身份对本单位信息化项目出具意见")
    MANAGE_PROJECTS = "manage_projects", _("代录各单位的信息化项目、书面意见和发现的问题")
    READ_EVENTS = "read_events", _("查看看得到的单位的培训和会议")
    REPORT_EVENTS = "report_events", _("登记本单位举办的培训和会议、参加人员，申报参加情况")
    MANAGE_EVENTS = "manage_events", _("登记和更正方案内的培训和会议，确认单位申报")
    READ_ROUNDS = "read_rounds", _("查看指标体系、评价进度和本单位的评价结果")
    FILL_SCORECARDS = "fill_scorecards", _("填写本单位的自评和评价，提出复核申请")
    SCORE_ROUNDS = "score_rounds", _("对指定给自己的评分表评分")
    READ_SHEETS = "read_sheets", _("查看方案内各单位的评分表、复核申请和评价结果")
    READ_RESULTS = "read_results", _("查看方案内各单位已公布的评价结果")
    MANAGE_ROUNDS = "manage_rounds", _("建立指标体系，开启、推进、定稿和公布评价")
    DECIDE_OBJECTIONS = "decide_objections", _("处理各单位的复核申请，裁定评分差异")
    REVEAL_CONTACTS = "reveal_contacts", _("查看对口单位人员的手机号和邮箱，每次记入日志")
    READ_NOTICES = "read_notices", _("查看提醒")
    READ_DELIVERIES = "read_deliveries", _("查看发送记录")
    HOLD_REMINDERS = "hold_reminders", _("查看发送渠道，暂停和恢复发送")
    READ_AUDIT = "read_audit", _("查看操作日志")
    MANAGE_ENDPOINTS = "manage_endpoints", _("维护本单位接收提醒的群机器人和回调地址")
    ANSWER_FEEDBACK = "answer_feedback", _("答复意见反馈")
    READ_SETTINGS = "read_settings", _("查看工作日历和自己能改的设置")
    MANAGE_SYSTEM = "manage_system", _("维护工作日历和系统设置")
    MANAGE_ACCOUNTS = "manage_accounts", _("管理账号、站点角色和令牌")
    PROPOSE_OUTBOUND = "propose_outbound", _("查看和提出对外连接地址")
    APPROVE_OUTBOUND = "approve_outbound", _("批准、停用对外连接地址")


_READER = {
    Permission.READ_PROGRAMME,
    Permission.READ_UNITS,
    Permission.READ_OFFICERS,
    Permission.READ_REPORTS,
    Permission.READ_PROJECTS,
    Permission.READ_EVENTS,
    Permission.READ_ROUNDS,
    Permission.READ_NOTICES,
}
_UNIT = _READER | {
    Permission.ACCEPT_ASSIGNMENT,
    Permission.REPORT_OFFICERS,
    Permission.WRITE_REPORTS,
    Permission.SIGN_DOCUMENTS,
    Permission.REMARK_TASKS,
    Permission.REPORT_PROJECTS,
    Permission.REPORT_EVENTS,
    Permission.FILL_SCORECARDS,
    Permission.REVEAL_CONTACTS,
    Permission.MANAGE_ENDPOINTS,
}
_BUREAU = _READER | {
    Permission.READ_OVERVIEW,
    Permission.READ_DELIVERIES,
    Permission.READ_AUDIT,
    Permission.READ_SHEETS,
    Permission.READ_RESULTS,
    Permission.DECIDE_OBJECTIONS,
}

ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.BUREAU_OFFICER: frozenset(
        _BUREAU
        | {
            Permission.MANAGE_ASSIGNMENTS,
            Permission.MANAGE_PROGRAMME,
            Permission.MANAGE_UNITS,
            Permission.MANAGE_MEMBERS,
            Permission.MANAGE_OFFICERS,
            Permission.DECIDE_FILINGS,
            Permission.REVIEW_REPORTS,
            Permission.ISSUE_DOCUMENTS,
            Permission.SIGN_DOCUMENTS,
            Permission.REMARK_TASKS,
            Permission.MANAGE_PROJECTS,
            Permission.MANAGE_EVENTS,
            Permission.MANAGE_ROUNDS,
            Permission.SCORE_ROUNDS,
            Permission.REVEAL_CONTACTS,
            Permission.MANAGE_ENDPOINTS,
            Permission.HOLD_REMINDERS,
            Permission.ANSWER_FEEDBACK,
            Permission.READ_SETTINGS,
        }
    ),
    Role.BUREAU_HEAD: frozenset(_BUREAU | {Permission.SIGN_DOCUMENTS, Permission.REMARK_TASKS}),
    Role.UNIT_CDO: frozenset(_UNIT | {Permission.GIVE_OPINIONS}),
    Role.DATA_OFFICER: frozenset(_UNIT),
    Role.EVALUATOR: frozenset(_READER | {Permission.READ_OVERVIEW, Permission.SCORE_ROUNDS}),
    Role.PROVINCIAL_READER: frozenset(_READER | {Permission.READ_OVERVIEW}),
    Role.API_CLIENT: frozenset(_READER | {Permission.READ_OVERVIEW, Permission.READ_RESULTS}),
}
# What somebody to whom a role is lent (授权代签) may not do: it stays with who holds the post.
NEVER_LENT = frozenset({Permission.GIVE_OPINIONS})
SITE_ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    SiteRoleKind.SYSTEM_ADMIN: frozenset(
        {
            Permission.READ_SETTINGS,
            Permission.MANAGE_SYSTEM,
            Permission.HOLD_REMINDERS,
            Permission.ANSWER_FEEDBACK,
            Permission.PROPOSE_OUTBOUND,
        }
    ),
    SiteRoleKind.SECURITY_ADMIN: frozenset(
        {Permission.MANAGE_ACCOUNTS, Permission.PROPOSE_OUTBOUND, Permission.APPROVE_OUTBOUND}
    ),
    SiteRoleKind.AUDITOR: frozenset(
        _READER
        | {
            Permission.READ_OVERVIEW,
            Permission.READ_DELIVERIES,
            Permission.READ_AUDIT,
            Permission.READ_SHEETS,
            Permission.READ_RESULTS,
        }
    ),
}

SENTENCES: dict[str, object] = {
    Role.BUREAU_OFFICER: _(
        "办理本方案的日常工作：登记、提醒、审核、办理备案、拟发通知、管理单位账号，看到方案内全部单位。"
    ),
    Role.BUREAU_HEAD: _("查看本方案内全部单位的履职情况，审定通知、提醒单和总体报告，作批示。"),
    Role.UNIT_CDO: _(
        "本单位首席数据官：审签本单位的报告和申请，对信息化项目出具意见，看本单位的任务和提醒，登记本单位人员。"
    ),
    Role.DATA_OFFICER: _(
        "本单位经办人（联络员）：填写本单位的报告和申请，签收任务，登记和报备本单位人员，收到全部时限提醒。"
    ),
    Role.EVALUATOR: _(
        "评价人员：查看所评方案的单位和任务，对指定给自己的评分表评分，其他内容不能修改。"
    ),
    Role.PROVINCIAL_READER: _("上级查阅人员：查看所指导方案的单位和任务，不能修改。"),
    Role.API_CLIENT: _("其他系统使用的账号：通过接口读取所在单位看得到的数据。"),
    SiteRoleKind.SYSTEM_ADMIN: _("维护工作日历和系统设置，提出对外连接地址，看不到任何业务数据。"),
    SiteRoleKind.SECURITY_ADMIN: _(
        "管理账号、站点角色和令牌，批准对外连接地址，看不到任何业务数据。"
    ),
    SiteRoleKind.AUDITOR: _("查看全部数据和操作日志，不能修改任何内容。"),
}

# Which parts in a programme give a role the view of the whole programme (house.md §4.6).
# A unit's own people see their unit; its children only when a role says so, and none does.
PROGRAMME_WIDE_PARTS: dict[str, tuple[str, ...]] = {
    Role.BUREAU_OFFICER: ("bureau", "leading_group_office"),
    Role.BUREAU_HEAD: ("bureau", "leading_group_office"),
    Role.API_CLIENT: ("bureau",),
    Role.PROVINCIAL_READER: ("superior",),
    Role.EVALUATOR: ("bureau", "third_party"),
}
UNIT_ROLES = (Role.UNIT_CDO, Role.DATA_OFFICER)
