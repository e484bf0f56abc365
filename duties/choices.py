"""States of assignments and orders and the moves between them, natures of obligations, lights."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Nature(TextChoices):
    """What a demand asks for; the apps above fulfil assignments by it."""

    PROGRESS = "progress", _("进展报告")
    REPORT = "report", _("工作总结")
    OVERALL_REPORT = "overall_report", _("总体报告")
    TRAINING = "training", _("培训")
    EXCHANGE = "exchange", _("交流会")
    PLAN = "plan", _("实施方案")
    FILING = "filing", _("任命备案")
    POST = "post", _("设立首席数据官")
    OFFICE = "office", _("工作机构")
    MEASURES = "measures", _("配套措施")
    OTHER = "other", _("其他")


# Owed once a period, and a period exists only when the bureau opens one (house.md §6.8).
PERIODIC = frozenset({Nature.PROGRESS})


class Origin(TextChoices):
    CLAUSE = "clause", _("文件条款")
    BUREAU = "bureau", _("市政数局职责")
    ORDER = "order", _("专项通知")


class Status(TextChoices):
    """What people did with an assignment. Overdue and due soon are asked, never stored."""

    ASSIGNED = "assigned", _("已交办")
    ACCEPTED = "accepted", _("已签收")
    SUBMITTED = "submitted", _("待审核")
    RETURNED = "returned", _("已退回")
    DONE = "done", _("已完成")
    WITHDRAWN = "withdrawn", _("已撤销")
    NOT_APPLICABLE = "not_applicable", _("不适用")


class Move(TextChoices):
    ACCEPT = "accept", _("签收")
    SUBMIT = "submit", _("提交审核")
    RETURN = "return", _("退回修改")
    RECALL = "recall", _("撤回")
    COMPLETE = "complete", _("完成")
    REOPEN = "reopen", _("恢复为未完成")
    WITHDRAW = "withdraw", _("撤销")
    EXEMPT = "exempt", _("标为不适用")
    RESTORE = "restore", _("恢复")


OPEN = frozenset({Status.ASSIGNED, Status.ACCEPTED, Status.SUBMITTED, Status.RETURNED})
# What lies with the body that owes it: what was handed in waits for the bureau, whose clock runs then.
OWED = OPEN - {Status.SUBMITTED}
CLOSED = frozenset({Status.DONE, Status.WITHDRAWN, Status.NOT_APPLICABLE})
# What reports, quotas and rates count: everything that was not taken off the table.
COUNTED = OPEN | {Status.DONE}

MOVES = {
    Move.ACCEPT: (frozenset({Status.ASSIGNED}), Status.ACCEPTED),
    Move.SUBMIT: (
        frozenset({Status.ASSIGNED, Status.ACCEPTED, Status.RETURNED}),
        Status.SUBMITTED,
    ),
    Move.RETURN: (frozenset({Status.SUBMITTED}), Status.RETURNED),
    Move.RECALL: (frozenset({Status.SUBMITTED, Status.RETURNED}), Status.ACCEPTED),
    Move.COMPLETE: (OPEN, Status.DONE),
    Move.REOPEN: (frozenset({Status.DONE}), Status.ACCEPTED),
    Move.WITHDRAW: (OPEN, Status.WITHDRAWN),
    Move.EXEMPT: (OPEN, Status.NOT_APPLICABLE),
    Move.RESTORE: (frozenset({Status.WITHDRAWN, Status.NOT_APPLICABLE}), Status.ASSIGNED),
}


class Light(TextChoices):
    """Computed for a day, never typed. The order is that of urgency, worst first."""

    OVERDUE = "overdue", _("逾期")
    UNCONFIRMED = "unconfirmed", _("口径待确认")
    DUE_SOON = "due_soon", _("临期")
    NORMAL = "normal", _("正常")
    UNDATED = "undated", _("文件未定时限")
    DONE = "done", _("已完成")
    NOT_APPLICABLE = "not_applicable", _("不适用")


URGENCY = {light: place for place, light in enumerate(Light)}
EXCEPTIONS = (Light.OVERDUE, Light.UNCONFIRMED, Light.DUE_SOON)


class Level(TextChoices):
    """How urgent an order (专项通知) is. From IMPORTANT on the CDO is told of it too."""

    NORMAL = "normal", _("一般")
    IMPORTANT = "important", _("重要")
    URGENT = "urgent", _("紧急")


class OrderState(TextChoices):
    DRAFT = "draft", _("草稿")
    TO_SIGN = "to_sign", _("待审签")
    ISSUED = "issued", _("已发出")
    WITHDRAWN = "withdrawn", pgettext_lazy("order", "已撤销")


class OrderMove(TextChoices):
    SUBMIT = "submit", _("提交审签")
    SEND_BACK = "send_back", pgettext_lazy("order", "退回修改")
    RECALL = "recall", pgettext_lazy("order", "撤回修改")
    ISSUE = "issue", _("发出")
    WITHDRAW = "withdraw", pgettext_lazy("order", "撤销")


ORDER_MOVES = {
    OrderMove.SUBMIT: (frozenset({OrderState.DRAFT}), OrderState.TO_SIGN),
    OrderMove.SEND_BACK: (frozenset({OrderState.TO_SIGN}), OrderState.DRAFT),
    OrderMove.RECALL: (frozenset({OrderState.TO_SIGN}), OrderState.DRAFT),
    OrderMove.ISSUE: (frozenset({OrderState.TO_SIGN}), OrderState.ISSUED),
    OrderMove.WITHDRAW: (
        frozenset({OrderState.DRAFT, OrderState.TO_SIGN, OrderState.ISSUED}),
        OrderState.WITHDRAWN,
    ),
}


class RemarkRoute(TextChoices):
    """How a leader's words (批示) came into the portal."""

    ONLINE = "online", _("网上批示")
    TRANSCRIBED = "transcribed", _("批示转录")


# --- 延期申请 ------------------------------------------------------------------------------------


class ExtensionState(TextChoices):
    """Where a request for a later day stands: first the unit signs it, then the bureau decides."""

    TO_SIGN = "to_sign", _("待本单位审签")
    RETURNED = "returned", pgettext_lazy("extension", "待修改")
    ASKED = "asked", _("待市政数局审批")
    TO_APPROVE = "to_approve", pgettext_lazy("extension", "待审定")
    GRANTED = "granted", pgettext_lazy("extension", "已同意")
    PARTLY = "partly", _("部分同意")
    REFUSED = "refused", _("不同意")
    WITHDRAWN = "withdrawn", pgettext_lazy("extension", "已撤回")


class ExtensionMove(TextChoices):
    CONFIRM = "confirm", _("本单位审签同意")
    SEND_BACK = "send_back", _("退回修改")
    RECALL = "recall", _("撤回修改")
    RESUBMIT = "resubmit", _("修改后再提交")
    PUT_UP = "put_up", _("提交审定")
    TAKE_BACK = "take_back", _("审定退回")
    RETRACT = "retract", _("撤回审定")
    GRANT = "grant", _("同意延期")
    GRANT_PARTLY = "grant_partly", _("部分同意延期")
    REFUSE = "refuse", _("不同意延期")
    WITHDRAW = "withdraw", _("撤回申请")
    UNDO = "undo", _("撤销审批结果")


class Verdict(TextChoices):
    """What the bureau answers."""

    GRANT = "grant", _("同意")
    PARTLY = "partly", _("部分同意")
    REFUSE = "refuse", _("不同意")


OPEN_EXTENSIONS = frozenset(
    {
        ExtensionState.TO_SIGN,
        ExtensionState.RETURNED,
        ExtensionState.ASKED,
        ExtensionState.TO_APPROVE,
    }
)
DECIDED_EXTENSIONS = frozenset(
    {ExtensionState.GRANTED, ExtensionState.PARTLY, ExtensionState.REFUSED}
)
_DECIDABLE = frozenset({ExtensionState.ASKED, ExtensionState.TO_APPROVE})
EXTENSION_MOVES = {
    ExtensionMove.CONFIRM: (frozenset({ExtensionState.TO_SIGN}), ExtensionState.ASKED),
    ExtensionMove.SEND_BACK: (frozenset({ExtensionState.TO_SIGN}), ExtensionState.RETURNED),
    ExtensionMove.RECALL: (frozenset({ExtensionState.TO_SIGN}), ExtensionState.RETURNED),
    ExtensionMove.RESUBMIT: (frozenset({ExtensionState.RETURNED}), ExtensionState.TO_SIGN),
    ExtensionMove.PUT_UP: (frozenset({ExtensionState.ASKED}), ExtensionState.TO_APPROVE),
    ExtensionMove.TAKE_BACK: (frozenset({ExtensionState.TO_APPROVE}), ExtensionState.ASKED),
    ExtensionMove.RETRACT: (frozenset({ExtensionState.TO_APPROVE}), ExtensionState.ASKED),
    ExtensionMove.GRANT: (_DECIDABLE, ExtensionState.GRANTED),
    ExtensionMove.GRANT_PARTLY: (_DECIDABLE, ExtensionState.PARTLY),
    ExtensionMove.REFUSE: (_DECIDABLE, ExtensionState.REFUSED),
    ExtensionMove.WITHDRAW: (OPEN_EXTENSIONS, ExtensionState.WITHDRAWN),
    ExtensionMove.UNDO: (DECIDED_EXTENSIONS, ExtensionState.ASKED),
}
VERDICT_MOVES = {
    Verdict.GRANT: ExtensionMove.GRANT,
    Verdict.PARTLY: ExtensionMove.GRANT_PARTLY,
    Verdict.REFUSE: ExtensionMove.REFUSE,
}


# --- 提醒单 --------------------------------------------------------------------------------------


class SlipLevel(TextChoices):
    """How strongly. What a programme calls them is its own (`SlipLabel`), the order is not."""

    HINT = "hint", pgettext_lazy("slip", "提示")
    CHASE = "chase", pgettext_lazy("slip", "催办")
    SUPERVISE = "supervise", pgettext_lazy("slip", "督导")


SLIP_RANK = {level: place for place, level in enumerate(SlipLevel)}


class SlipState(TextChoices):
    TO_APPROVE = "to_approve", pgettext_lazy("slip", "待审定")
    RETURNED = "returned", pgettext_lazy("slip", "待修改")
    SENT = "sent", pgettext_lazy("slip", "未回复")
    REPLIED = "replied", pgettext_lazy("slip", "已回复")
    CANCELLED = "cancelled", pgettext_lazy("slip", "没有发出")


class SlipMove(TextChoices):
    SEND = "send", pgettext_lazy("slip", "发出")
    SEND_BACK = "send_back", pgettext_lazy("slip", "退回修改")
    RECALL = "recall", pgettext_lazy("slip", "撤回修改")
    RESUBMIT = "resubmit", pgettext_lazy("slip", "修改后再提交审定")
    CANCEL = "cancel", pgettext_lazy("slip", "不再发出")
    REPLY = "reply", pgettext_lazy("slip", "回复")


SENT_SLIPS = frozenset({SlipState.SENT, SlipState.REPLIED})
UNSENT_SLIPS = frozenset({SlipState.TO_APPROVE, SlipState.RETURNED})
SLIP_MOVES = {
    SlipMove.SEND: (frozenset({SlipState.TO_APPROVE}), SlipState.SENT),
    SlipMove.SEND_BACK: (frozenset({SlipState.TO_APPROVE}), SlipState.RETURNED),
    SlipMove.RECALL: (frozenset({SlipState.TO_APPROVE}), SlipState.RETURNED),
    SlipMove.RESUBMIT: (frozenset({SlipState.RETURNED}), SlipState.TO_APPROVE),
    SlipMove.CANCEL: (UNSENT_SLIPS, SlipState.CANCELLED),
    SlipMove.REPLY: (SENT_SLIPS, SlipState.REPLIED),
}
