"""Kinds and states of reports, the moves between them, the fields of a section, reasons to return."""

from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duties.choices import Nature


class Kind(TextChoices):
    PROGRESS = "progress", _("进展报告")
    SUMMARY = "summary", _("工作总结")
    OVERALL = "overall", _("总体报告")


# Which demand is answered by which kind of report.
KIND_OF_NATURE = {
    Nature.PROGRESS: Kind.PROGRESS,
    Nature.REPORT: Kind.SUMMARY,
    Nature.OVERALL_REPORT: Kind.OVERALL,
}


class Status(TextChoices):
    DRAFT = "draft", _("拟稿中")
    TO_SIGN = "to_sign", _("待审签")
    SUBMITTED = "submitted", _("待审核")
    RETURNED = "returned", _("已退回")
    ACCEPTED = "accepted", _("已通过")


class Move(TextChoices):
    PUT_UP = "put_up", _("提交审签")
    TAKE_BACK = "take_back", _("退回拟稿")
    HAND_IN = "hand_in", _("报送")
    ENTER = "enter", _("代录来文")
    RECALL = "recall", _("撤回")
    RETURN = "return", _("退回修改")
    ACCEPT = "accept", _("通过")
    UNDO_RETURN = "undo_return", _("撤销退回")
    UNDO_ACCEPT = "undo_accept", _("撤销通过")


WRITABLE = frozenset({Status.DRAFT, Status.RETURNED})

MOVES = {
    Move.PUT_UP: (WRITABLE, Status.TO_SIGN),
    Move.TAKE_BACK: (frozenset({Status.TO_SIGN}), Status.DRAFT),
    Move.HAND_IN: (frozenset({Status.TO_SIGN}), Status.SUBMITTED),
    Move.ENTER: (WRITABLE, Status.SUBMITTED),
    Move.RECALL: (frozenset({Status.SUBMITTED}), Status.DRAFT),
    Move.RETURN: (frozenset({Status.SUBMITTED}), Status.RETURNED),
    Move.ACCEPT: (frozenset({Status.SUBMITTED}), Status.ACCEPTED),
    Move.UNDO_RETURN: (frozenset({Status.RETURNED}), Status.SUBMITTED),
    Move.UNDO_ACCEPT: (frozenset({Status.ACCEPTED}), Status.SUBMITTED),
}


class Route(TextChoices):
    """How an edition reached the bureau: through the portal, or as a letter that was entered."""

    ONLINE = "online", _("网上报送")
    PAPER = "paper", _("来文代录")


class LetterOutcome(TextChoices):
    """What became of a letter that the bureau began to enter."""

    ENTERED = "entered", _("已代录")
    DROPPED = "dropped", _("已取消")


class Completion(TextChoices):
    """完成情况, chosen by the writer."""

    DONE = "done", _("已完成")
    UNDER_WAY = "under_way", _("推进中")
    NOT_STARTED = "not_started", _("未启动")
    UNCHANGED = "unchanged", _("本期无变化")


class Field(TextChoices):
    """What a section holds, as it is returned field by field."""

    BODY = "body", _("本期进展")
    FIGURES = "figures", _("关键数字")
    PROBLEMS = "problems", _("主要问题")
    NEXT_STEPS = "next_steps", _("下步打算")
    COMPLETION = "completion", _("完成情况")
    EVIDENCE = "evidence", _("佐证材料")


TEXTS = (Field.BODY, Field.PROBLEMS, Field.NEXT_STEPS)
# Characters without white space; a summary's chapter is one text of its own.
LIMITS = {Field.BODY: 500, Field.PROBLEMS: 500, Field.NEXT_STEPS: 300}
CHAPTER_LIMIT = 5000
MOST_FIGURES = 5


class Chapter(TextChoices):
    """「及时梳理试点工作进度、存在问题及意见建议」 (深府办函〔2021〕71号 四(三)2): a summary's sections."""

    PROGRESS = "progress", _("工作进度")
    PROBLEMS = "problems", _("存在问题")
    SUGGESTIONS = "suggestions", _("意见建议")


class Part(TextChoices):
    """The parts of an overall report, in their order; the duties stand between as one part each."""

    INTRO = "intro", _("基本情况")
    UNITS = "units", _("各单位工作进度")
    PROBLEMS = "problems", _("存在问题")
    SUGGESTIONS = "suggestions", _("意见建议")


OVERALL_LIMIT = 20000
DRAFTED = "drafted"  # origin of a text that the portal put together and nobody has changed since


class Saving(TextChoices):
    """Why a revision of a section was kept."""

    SAVED = "saved", _("保存")
    CARRIED = "carried", _("沿用上期")
    CONFLICT = "conflict", _("两处同时修改")
    RESTORED = "restored", _("恢复旧稿")


# For so long, in one window, saving on and on rewrites one revision of a section.
ONE_SITTING = timedelta(minutes=10)
UNDO_WITHIN = timedelta(minutes=10)  # in which a decision may be taken back


class Decision(TextChoices):
    ACCEPTED = "accepted", _("通过")
    RETURNED = "returned", pgettext_lazy("review", "退回修改")


class ReturnReason(TextChoices):
    """The catalogue; each is the beginning of a remark that the reviewer completes."""

    MISSING = "missing", _("内容不全")
    VAGUE = "vague", _("没有写具体做了什么")
    NO_FIGURES = "no_figures", _("缺少数据支撑")
    FIGURES_DOUBTFUL = "figures_doubtful", _("数字与上期或材料不一致")
    SAME_AS_BEFORE = "same_as_before", _("与上期相同，没有说明原因")
    NO_EVIDENCE = "no_evidence", _("缺少佐证材料")
    WRONG_PLACE = "wrong_place", _("内容不属于这项职责")
    NOT_SIGNED = "not_signed", _("审签手续不全")
    OTHER = "other", _("其他")


class SupportNature(TextChoices):
    PROBLEM = "problem", _("问题")
    SUGGESTION = "suggestion", _("建议")
    SUPPORT = "support", _("申请支持")


class SupportKind(TextChoices):
    """「在公共支撑、平台应用、数据共享交换、数据治理、购买服务等方面给予试点区和部门支持保障,各级财政给予
    经费保障」 (深府办函〔2021〕71号 五(一))."""

    FOUNDATION = "foundation", _("公共支撑")
    PLATFORM = "platform", _("平台应用")
    EXCHANGE = "exchange", _("数据共享交换")
    GOVERNANCE = "governance", _("数据治理")
    PURCHASE = "purchase", _("购买服务")
    FUNDS = "funds", _("经费")


class SupportStatus(TextChoices):
    RAISED = "raised", _("待受理")
    PROMISED = "promised", _("已受理，待答复")
    ANSWERED = "answered", _("已答复")
    REOPENED = "reopened", _("再次提出")
    CLOSED = "closed", _("已结束")
    WITHDRAWN = "withdrawn", _("已撤回")


class SupportMove(TextChoices):
    MEND = "mend", _("修改")
    PROMISE = "promise", _("定答复期限")
    ANSWER = "answer", _("答复")
    REOPEN = "reopen", _("再次提出")
    CLOSE = "close", _("确认结束")
    WITHDRAW = "withdraw", _("撤回")


SUPPORT_OPEN = frozenset({SupportStatus.RAISED, SupportStatus.PROMISED, SupportStatus.REOPENED})

SUPPORT_MOVES = {
    SupportMove.MEND: (frozenset({SupportStatus.RAISED}), SupportStatus.RAISED),
    SupportMove.PROMISE: (SUPPORT_OPEN, SupportStatus.PROMISED),
    SupportMove.ANSWER: (SUPPORT_OPEN, SupportStatus.ANSWERED),
    SupportMove.REOPEN: (frozenset({SupportStatus.ANSWERED}), SupportStatus.REOPENED),
    SupportMove.CLOSE: (frozenset({SupportStatus.ANSWERED}), SupportStatus.CLOSED),
    SupportMove.WITHDRAW: (SUPPORT_OPEN, SupportStatus.WITHDRAWN),
}
