"""Words of signing: what is put up, the steps of a chain, the states of one round."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Purpose(TextChoices):
    """What is put up for signing. The apps above own the thing itself."""

    REPORT = "report", _("报告")
    EXTENSION = "extension", _("延期申请")
    GRANT = "grant", _("延期审定")
    ORDER = "order", _("通知")
    SLIP = "slip", _("提醒单")
    OVERALL = "overall", _("总体报告")
    EVALUATION = "evaluation", _("评价结果")


# What a bureau issues, signed by its own chain; everything else goes by the unit's.
BUREAU_PURPOSES = frozenset(
    {Purpose.GRANT, Purpose.ORDER, Purpose.SLIP, Purpose.OVERALL, Purpose.EVALUATION}
)


class StepKind(TextChoices):
    """经办人拟稿 stands before every chain and is whoever puts it up (house.md §6.7)."""

    SECTION = "section", _("处室负责人审核")
    COUNTERSIGN = "countersign", _("会签")
    CDO = "cdo", _("首席数据官审签")
    BUREAU_SECTION = "bureau_section", _("科室负责人复核")
    BUREAU_HEAD = "bureau_head", _("分管局领导审定")


# Looked over by somebody else than who drafted it, also where the drafter is named for the step: on
# the way to the post in charge every text has passed a second pair of eyes (house.md §6.7).
FOUR_EYES = frozenset({StepKind.SECTION, StepKind.BUREAU_SECTION})
UNIT_STEPS = (StepKind.SECTION, StepKind.COUNTERSIGN, StepKind.CDO)
BUREAU_STEPS = (StepKind.BUREAU_SECTION, StepKind.COUNTERSIGN, StepKind.BUREAU_HEAD)
MOST_STEPS = 3


class State(TextChoices):
    OPEN = "open", _("审签中")
    SIGNED = "signed", _("已审签")
    SENT_BACK = "sent_back", pgettext_lazy("signing", "已退回")
    RECALLED = "recalled", _("已撤回")


class Move(TextChoices):
    SIGN = "sign", _("签完最后一步")
    SEND_BACK = "send_back", _("退回修改")
    RECALL = "recall", _("撤回")


MOVES = {
    Move.SIGN: (frozenset({State.OPEN}), State.SIGNED),
    Move.SEND_BACK: (frozenset({State.OPEN}), State.SENT_BACK),
    Move.RECALL: (frozenset({State.OPEN}), State.RECALLED),
}


class Decision(TextChoices):
    """What became of one step; empty while it waits or was never reached."""

    AGREED = "agreed", _("同意")
    SENT_BACK = "sent_back", _("退回修改")


class Route(TextChoices):
    ONLINE = "online", _("网上审签")
    PAPER = "paper", _("纸质审签")
