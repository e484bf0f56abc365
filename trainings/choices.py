"""Words of trainings and meetings: kinds, states and the moves between them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duties.choices import Nature


class EventKind(TextChoices):
    """house.md §6.10."""

    TRAINING = "training", _("业务培训")
    EXCHANGE = "exchange", _("业务交流会")
    SKILLS = "skills", _("全员技能培训")
    OFFICER = "officer", _("首席数据官培训")
    MEETING = "meeting", _("工作例会")


# What each kind is for, beside the choice.
PURPOSES = {
    EventKind.TRAINING: _("面对部门业务人员，计入“培训”任务"),
    EventKind.EXCHANGE: _("首席数据官业务交流，计入“交流会”任务"),
    EventKind.SKILLS: _("全员数据技能与安全培训，看已训人数和应训人数"),
    EventKind.OFFICER: _("培训首席数据官本人，看覆盖到哪些单位"),
    EventKind.MEETING: _("工作例会，有通知、回执、签到和纪要，议定事项可转为任务"),
}
MEETINGS = frozenset({EventKind.EXCHANGE, EventKind.MEETING})


class EventForm(TextChoices):
    OFFLINE = "offline", _("线下")
    ONLINE = "online", _("线上")
    MIXED = "mixed", _("线上线下结合")


class EventStatus(TextChoices):
    PLANNED = "planned", pgettext_lazy("event", "计划中")
    HELD = "held", pgettext_lazy("event", "已举办")
    CANCELLED = "cancelled", pgettext_lazy("event", "已取消")


class EventMove(TextChoices):
    HOLD = "hold", _("登记举办")
    REOPEN = "reopen", _("改回计划中")
    CANCEL = "cancel", pgettext_lazy("event", "取消")
    RESTORE = "restore", pgettext_lazy("event", "恢复")


EVENT_MOVES = {
    EventMove.HOLD: (frozenset({EventStatus.PLANNED}), EventStatus.HELD),
    EventMove.REOPEN: (frozenset({EventStatus.HELD}), EventStatus.PLANNED),
    EventMove.CANCEL: (frozenset({EventStatus.PLANNED}), EventStatus.CANCELLED),
    EventMove.RESTORE: (frozenset({EventStatus.CANCELLED}), EventStatus.PLANNED),
}


class FileKind(TextChoices):
    SIGN_IN = "sign_in", _("签到表")
    MATERIAL = "material", _("培训或会议材料")
    MINUTES = "minutes", _("会议纪要")
    NOTICE = "notice", _("通知")
    OTHER = "other", pgettext_lazy("event file", "其他")


# With one of these an event that was held counts. No photographs are asked for.
EVIDENCE = frozenset({FileKind.SIGN_IN, FileKind.MATERIAL, FileKind.MINUTES})


class Answer(TextChoices):
    """参会回执."""

    COMING = "coming", _("参加")
    AWAY = "away", _("不参加")


class Route(TextChoices):
    """How a name came into a list of who attended."""

    TICKED = "ticked", _("勾选")
    PASTED = "pasted", _("粘贴名单")
    SHEET = "sheet", _("导入名单")
    DECLARED = "declared", _("单位申报")


class DeclarationState(TextChoices):
    """单位申报: what a unit says of its own attendance, until the bureau confirms it."""

    WAITING = "waiting", _("待确认")
    CONFIRMED = "confirmed", pgettext_lazy("declaration", "已确认")
    RETURNED = "returned", pgettext_lazy("declaration", "已退回")
    WITHDRAWN = "withdrawn", pgettext_lazy("declaration", "已撤回")


class DeclarationMove(TextChoices):
    CONFIRM = "confirm", pgettext_lazy("declaration", "确认")
    RETURN = "return", pgettext_lazy("declaration", "退回修改")
    RESUBMIT = "resubmit", _("修改后再申报")
    WITHDRAW = "withdraw", _("撤回申报")
    UNDO = "undo", _("撤销确认")


DECLARATION_MOVES = {
    DeclarationMove.CONFIRM: (frozenset({DeclarationState.WAITING}), DeclarationState.CONFIRMED),
    DeclarationMove.RETURN: (frozenset({DeclarationState.WAITING}), DeclarationState.RETURNED),
    DeclarationMove.RESUBMIT: (frozenset({DeclarationState.RETURNED}), DeclarationState.WAITING),
    DeclarationMove.WITHDRAW: (
        frozenset({DeclarationState.WAITING, DeclarationState.RETURNED}),
        DeclarationState.WITHDRAWN,
    ),
    DeclarationMove.UNDO: (frozenset({DeclarationState.CONFIRMED}), DeclarationState.WAITING),
}


class Reading(TextChoices):
    """How a programme reads 「组织2次交流会」 of several organisers (domain.md E2)."""

    EACH = "each", _("各组织2次")
    TOGETHER = "together", _("合计2次")


# Which demand an event answers, unless the programme's rule says that its trainings are of the CDOs.
NATURES = {EventKind.TRAINING: Nature.TRAINING, EventKind.EXCHANGE: Nature.EXCHANGE}
TRAINS = (EventKind.TRAINING, EventKind.OFFICER)
