"""Words of evaluations: indicators and their rules, steps of a round, whose score it is, objections."""

from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from . import scoring

LEVELS = 3  # 一级、二级、三级指标
HUNDRED = Decimal(100)


class IndicatorKind(TextChoices):
    """What an indicator does to the total. Bonus and deduction stand beside the full mark."""

    NORMAL = scoring.NORMAL, _("基本指标")
    BONUS = scoring.BONUS, _("加分项")
    DEDUCTION = scoring.DEDUCTION, _("减分项")


class Source(TextChoices):
    """Whose word makes the score of a leaf."""

    AUTO = scoring.AUTO, _("自动")
    SELF = scoring.SELF, _("首席数据官自评")
    UNIT = scoring.UNIT, _("本单位评价")
    BUREAU = scoring.BUREAU, _("市政数局复核")
    THIRD_PARTY = scoring.THIRD_PARTY, _("第三方")


class Rule(TextChoices):
    """How an answer becomes points."""

    STATES = scoring.STATES, _("分档给分")
    ELEMENTS = scoring.ELEMENTS, _("要素齐全得分，缺一不得分")
    RANGE = scoring.RANGE, _("评分人在区间内打分")
    BANDS = scoring.BANDS, _("按数值分段")
    SHARE = scoring.SHARE, _("按比例得分")


class Fact(TextChoices):
    """What the portal knows from its own records. Nothing counts log-ins, minutes or activity
    (国办函〔2026〕12号)."""

    ON_TIME = "on_time", _("任务按时完成率（按现行时限）")
    ON_TIME_ORIGINAL = "on_time_original", _("任务按时完成率（按原定时限）")
    FIRST_ROUND = "first_round", _("报告一次通过率")
    TRAININGS = "trainings", _("已举办培训次数")
    MEETINGS = "meetings", _("已举办交流会次数")
    FILING_DAYS = "filing_days", _("任命备案用时（天）")
    VACANCY_DAYS = "vacancy_days", _("首席数据官空缺天数")
    PLAN_FILED = "plan_filed", _("实施方案已备案")
    PROJECTS_GATED = "projects_gated", _("信息化项目立项意见出具率")
    EVIDENCE = "evidence", _("报告附有佐证材料的比例")


# Facts between 0 and 1: those that can be scored by share.
RATES = frozenset(
    {
        Fact.ON_TIME,
        Fact.ON_TIME_ORIGINAL,
        Fact.FIRST_ROUND,
        Fact.PLAN_FILED,
        Fact.PROJECTS_GATED,
        Fact.EVIDENCE,
    }
)
# Of something that was asked for in a certain number: done of asked is a share too.
COUNTS = frozenset({Fact.TRAININGS, Fact.MEETINGS})
DAYS = frozenset({Fact.FILING_DAYS, Fact.VACANCY_DAYS})


class State(TextChoices):
    """Where a round stands."""

    PREPARING = "preparing", _("准备")
    SELF_SCORING = "self_scoring", _("自评")
    UNIT_SCORING = "unit_scoring", _("本单位评价")
    REVIEW = "review", _("市政数局复核")
    OBJECTIONS = "objections", pgettext_lazy("round", "复核申请")
    FINAL = "final", _("定稿")
    PUBLISHED = "published", _("公布")
    WITHDRAWN = "withdrawn", pgettext_lazy("round", "已撤销")


class Move(TextChoices):
    OPEN_SELF = "open_self", _("开始自评")
    OPEN_UNIT = "open_unit", _("开始本单位评价")
    OPEN_REVIEW = "open_review", _("开始复核")
    OPEN_OBJECTIONS = "open_objections", _("告知得分，受理复核申请")
    FINALISE = "finalise", _("定稿")
    PUBLISH = "publish", pgettext_lazy("act", "公布")
    REOPEN = "reopen", _("更正")
    WITHDRAW = "withdraw", pgettext_lazy("round", "撤销")


MOVES = {
    Move.OPEN_SELF: (frozenset({State.PREPARING}), State.SELF_SCORING),
    Move.OPEN_UNIT: (frozenset({State.SELF_SCORING}), State.UNIT_SCORING),
    Move.OPEN_REVIEW: (frozenset({State.UNIT_SCORING}), State.REVIEW),
    Move.OPEN_OBJECTIONS: (frozenset({State.REVIEW}), State.OBJECTIONS),
    Move.FINALISE: (frozenset({State.OBJECTIONS}), State.FINAL),
    Move.PUBLISH: (frozenset({State.FINAL}), State.PUBLISHED),
    # What was wrong is put right by a new edition; the old one stays.
    Move.REOPEN: (frozenset({State.FINAL, State.PUBLISHED}), State.OBJECTIONS),
    Move.WITHDRAW: (
        frozenset({State.PREPARING, State.SELF_SCORING, State.UNIT_SCORING, State.REVIEW}),
        State.WITHDRAWN,
    ),
}
# What the bureau's chain signs (house.md §6.7), by where the round stands till then.
SIGNED_FROM = {State.OBJECTIONS: Move.FINALISE, State.FINAL: Move.PUBLISH}
PUT_UP = frozenset(SIGNED_FROM.values())
# A round that is going on: who is asked may still have something to do.
RUNNING = frozenset(
    {State.SELF_SCORING, State.UNIT_SCORING, State.REVIEW, State.OBJECTIONS, State.FINAL}
)
# A unit reads its own detail from here on.
TOLD = frozenset({State.OBJECTIONS, State.FINAL, State.PUBLISHED})


class Hand(TextChoices):
    """Whose entry a score is. Each cell of a sheet has one row a hand."""

    SELF = scoring.SELF, _("首席数据官自评")
    UNIT = scoring.UNIT, _("本单位评价")
    THIRD_PARTY = scoring.THIRD_PARTY, _("第三方评价")
    FIRST = scoring.FIRST, _("复核评分一")
    SECOND = scoring.SECOND, _("复核评分二")
    SETTLED = scoring.SETTLED, _("差异裁定")


# The step of the round in which each hand writes.
WRITTEN_IN = {
    Hand.SELF: State.SELF_SCORING,
    Hand.UNIT: State.UNIT_SCORING,
    Hand.THIRD_PARTY: State.REVIEW,
    Hand.FIRST: State.REVIEW,
    Hand.SECOND: State.REVIEW,
    Hand.SETTLED: State.REVIEW,
}
REVIEWERS = (Hand.FIRST, Hand.SECOND)


class Saving(TextChoices):
    """How a revision of a score came about. `conflict` was saved beside a newer one and is kept, not
    shown as the score."""

    SAVED = "saved", _("保存")
    CONFLICT = "conflict", _("两处同时修改")


class ObjectionState(TextChoices):
    ASKED = "asked", pgettext_lazy("objection", "待处理")
    UPHELD = "upheld", _("予以采纳")
    PARTLY = "partly", _("部分采纳")
    REFUSED = "refused", _("不予采纳")
    WITHDRAWN = "withdrawn", pgettext_lazy("objection", "已撤回")


class ObjectionMove(TextChoices):
    UPHOLD = "uphold", _("采纳")
    UPHOLD_PARTLY = "uphold_partly", _("部分采纳")
    REFUSE = "refuse", _("不采纳")
    WITHDRAW = "withdraw", pgettext_lazy("objection", "撤回")


_ASKED = frozenset({ObjectionState.ASKED})
OBJECTION_MOVES = {
    ObjectionMove.UPHOLD: (_ASKED, ObjectionState.UPHELD),
    ObjectionMove.UPHOLD_PARTLY: (_ASKED, ObjectionState.PARTLY),
    ObjectionMove.REFUSE: (_ASKED, ObjectionState.REFUSED),
    ObjectionMove.WITHDRAW: (_ASKED, ObjectionState.WITHDRAWN),
}
DECIDED = frozenset({ObjectionState.UPHELD, ObjectionState.PARTLY, ObjectionState.REFUSED})
