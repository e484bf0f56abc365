"""Words of IT projects: powers, gates, opinions, records, findings."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PowerKind(TextChoices):
    """What a document lets a CDO do (domain.md A.7). Values are those of the packs."""

    VETO = "veto", _("一票否决权")
    GATE = "gate", _("审批要件")
    CORRECT = "correct", _("发现、制止及纠正")
    COORDINATE = "coordinate", _("协调解决重大问题")
    GUIDE = "guide", _("指导项目评价")
    DECIDE = "decide", _("重大事项决策")


# Those that speak of IT projects: without one of them a programme has no register of projects.
OF_PROJECTS = frozenset({PowerKind.VETO, PowerKind.GATE, PowerKind.COORDINATE, PowerKind.GUIDE})


class Gate(TextChoices):
    """「对信息化项目的立项、验收工作」: two moments and no third."""

    APPROVAL = "approval", _("立项")
    ACCEPTANCE = "acceptance", _("验收")


class Decision(TextChoices):
    APPROVE = "approve", pgettext_lazy("opinion", "同意")
    VETO = "veto", pgettext_lazy("opinion", "否决")


class Condition(TextChoices):
    """What a programme wants done before a gate."""

    CATALOGUE = "catalogue", _("公共数据资源目录编制")
    AGGREGATION = "aggregation", _("数据汇聚")


class ProjectKind(TextChoices):
    BUILD = "build", _("新建")
    UPGRADE = "upgrade", _("升级改造")
    OPERATION = "operation", _("运行维护")
    SERVICE = "service", _("购买服务")
    OTHER = "other", pgettext_lazy("project", "其他")


class RecordKind(TextChoices):
    """What a CDO does for a project beside the gates."""

    REVIEW = "review", _("项目评价意见")
    COORDINATION = "coordination", _("重大问题协调")


# The power on which each kind of record rests.
POWER_OF_RECORD = {
    RecordKind.REVIEW: PowerKind.GUIDE,
    RecordKind.COORDINATION: PowerKind.COORDINATE,
}


class Route(TextChoices):
    """How an opinion came: given here by the CDO, or on paper and entered by somebody (代录)."""

    ONLINE = "online", _("本人在线出具")
    PAPER = "paper", _("书面意见登记")


class Alert(TextChoices):
    """What a reader of the register is warned of. Asked, never stored; nothing is blocked."""

    APPROVAL_VETOED = "approval_vetoed", _("立项被否决")
    ACCEPTANCE_VETOED = "acceptance_vetoed", _("验收被否决")
    NOT_APPROVED = "not_approved", _("验收前没有立项同意意见")
    NOT_PREPARED = "not_prepared", _("审批要件未登记齐")


class Nature(TextChoices):
    """「违反有关法律法规、方针政策和可能造成重大损失的行为」"""

    BREACH = "breach", _("违反法律法规、方针政策")
    LOSS = "loss", _("可能造成重大损失")


class FindingStatus(TextChoices):
    FOUND = "found", pgettext_lazy("finding", "已发现")
    STOPPED = "stopped", _("已制止")
    CORRECTING = "correcting", _("整改中")
    CORRECTED = "corrected", _("已纠正")
    CLOSED = "closed", _("已了结")


class FindingMove(TextChoices):
    STOP = "stop", pgettext_lazy("act", "制止")
    ORDER = "order", _("要求整改")
    REDATE = "redate", _("调整整改期限")
    CORRECT = "correct", _("登记纠正")
    CLOSE = "close", _("了结")
    REOPEN = "reopen", _("重新整改")


OPEN_FINDINGS = frozenset({FindingStatus.FOUND, FindingStatus.STOPPED, FindingStatus.CORRECTING})

MOVES = {
    FindingMove.STOP: (frozenset({FindingStatus.FOUND}), FindingStatus.STOPPED),
    FindingMove.ORDER: (
        frozenset({FindingStatus.FOUND, FindingStatus.STOPPED}),
        FindingStatus.CORRECTING,
    ),
    # What is put right on the spot needs no time limit first.
    FindingMove.CORRECT: (OPEN_FINDINGS, FindingStatus.CORRECTED),
    FindingMove.REDATE: (frozenset({FindingStatus.CORRECTING}), FindingStatus.CORRECTING),
    FindingMove.CLOSE: (OPEN_FINDINGS, FindingStatus.CLOSED),
    FindingMove.REOPEN: (
        frozenset({FindingStatus.CORRECTED, FindingStatus.CLOSED}),
        FindingStatus.CORRECTING,
    ),
}


class Step(TextChoices):
    """What stands in the course of a finding: its moves, and notes between them."""

    REPORT = "report", _("发现")
    STOP = "stop", pgettext_lazy("act", "制止")
    ORDER = "order", _("要求整改")
    REDATE = "redate", _("调整整改期限")
    CORRECT = "correct", _("登记纠正")
    CLOSE = "close", _("了结")
    REOPEN = "reopen", _("重新整改")
    FOLLOW_UP = "follow_up", _("跟踪记录")
