"""Words of the register: levels and ranks of people, states of appointments and filings, teams."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PostLevel(TextChoices):
    """行政职务: what the rank rule of a plan asks about (domain.md D.8)."""

    HEAD = "head", _("正职")
    DEPUTY = "deputy", _("副职")
    OTHER = "other", _("其他")


# 「行政副职及以上」: the lower a place in this row, the higher the level.
LEVELS = (PostLevel.HEAD, PostLevel.DEPUTY, PostLevel.OTHER)


class Rank(TextChoices):
    """领导职务层次 (公务员法 art. 18) and 职级 (art. 19), from the level of provinces down."""

    PROVINCE_HEAD = "province_head", _("省部级正职")
    PROVINCE_DEPUTY = "province_deputy", _("省部级副职")
    BUREAU_HEAD = "bureau_head", _("厅局级正职")
    BUREAU_DEPUTY = "bureau_deputy", _("厅局级副职")
    COUNTY_HEAD = "county_head", _("县处级正职")
    COUNTY_DEPUTY = "county_deputy", _("县处级副职")
    TOWNSHIP_HEAD = "township_head", _("乡科级正职")
    TOWNSHIP_DEPUTY = "township_deputy", _("乡科级副职")
    INSPECTOR_1 = "inspector_1", _("一级巡视员")
    INSPECTOR_2 = "inspector_2", _("二级巡视员")
    RESEARCHER_1 = "researcher_1", _("一级调研员")
    RESEARCHER_2 = "researcher_2", _("二级调研员")
    RESEARCHER_3 = "researcher_3", _("三级调研员")
    RESEARCHER_4 = "researcher_4", _("四级调研员")
    SECTION_1 = "section_1", _("一级主任科员")
    SECTION_2 = "section_2", _("二级主任科员")
    SECTION_3 = "section_3", _("三级主任科员")
    SECTION_4 = "section_4", _("四级主任科员")
    CLERK_1 = "clerk_1", _("一级科员")
    CLERK_2 = "clerk_2", _("二级科员")
    CONTRACT = "contract", _("聘任制公务员")
    NONE = "none", _("非公务员")


class Kind(TextChoices):
    """How a post is held. Only 正式 is substantive; the two others fill it without ending a
    vacancy."""

    SUBSTANTIVE = "substantive", _("正式")
    PRESIDING = "presiding", _("主持工作")
    ACTING = "acting", _("代理")


STAND_INS = frozenset({Kind.PRESIDING, Kind.ACTING})


class Status(TextChoices):
    """What was done with an appointment. 待备案/已备案 are asked of its filing."""

    PROPOSED = "proposed", _("拟任")
    APPOINTED = "appointed", _("已任命")
    ENDED = "ended", _("已卸任")
    VOIDED = "voided", _("已作废")


class Move(TextChoices):
    APPOINT = "appoint", _("确认任命")
    END = "end", _("登记免职或卸任")
    REINSTATE = "reinstate", _("撤销免职登记")
    VOID = "void", _("作废")


STANDING = frozenset({Status.APPOINTED, Status.ENDED})

MOVES = {
    Move.APPOINT: (frozenset({Status.PROPOSED}), Status.APPOINTED),
    Move.END: (frozenset({Status.APPOINTED}), Status.ENDED),
    Move.REINSTATE: (frozenset({Status.ENDED}), Status.APPOINTED),
    Move.VOID: (frozenset({Status.PROPOSED, Status.APPOINTED, Status.ENDED}), Status.VOIDED),
}


class Ending(TextChoices):
    """Why somebody left: 任免 is an event with its own document."""

    REMOVED = "removed", _("免职")
    LEFT = "left", _("卸任")
    MOVED = "moved", _("调离")
    RETIRED = "retired", _("退休")
    REORGANISED = "reorganised", _("机构改革")
    REPLACED = "replaced", _("由他人接任")


class FilingKind(TextChoices):
    """备案: appointments and removals at the leading group's office, plans at the bureau."""

    APPOINTMENT = "appointment", _("任命备案")
    REMOVAL = "removal", _("免职备案")
    PLAN = "plan", _("实施方案备案")


class FilingStatus(TextChoices):
    SUBMITTED = "submitted", _("待备案")
    RETURNED = "returned", pgettext_lazy("status", "退回补正")
    ACCEPTED = "accepted", _("已备案")
    WITHDRAWN = "withdrawn", _("已撤回")


class FilingMove(TextChoices):
    RETURN = "return", _("退回补正")
    RESUBMIT = "resubmit", _("补正后再报")
    ACCEPT = "accept", _("准予备案")
    REOPEN = "reopen", _("撤销备案")
    WITHDRAW = "withdraw", _("撤回")
    CANCEL = "cancel", _("随任命作废")


# Those that stand for their subject: one live filing an appointment and kind.
LIVE_FILINGS = frozenset({FilingStatus.SUBMITTED, FilingStatus.RETURNED, FilingStatus.ACCEPTED})

FILING_MOVES = {
    FilingMove.RETURN: (frozenset({FilingStatus.SUBMITTED}), FilingStatus.RETURNED),
    FilingMove.RESUBMIT: (frozenset({FilingStatus.RETURNED}), FilingStatus.SUBMITTED),
    FilingMove.ACCEPT: (
        frozenset({FilingStatus.SUBMITTED, FilingStatus.RETURNED}),
        FilingStatus.ACCEPTED,
    ),
    FilingMove.REOPEN: (frozenset({FilingStatus.ACCEPTED}), FilingStatus.RETURNED),
    FilingMove.WITHDRAW: (
        frozenset({FilingStatus.SUBMITTED, FilingStatus.RETURNED}),
        FilingStatus.WITHDRAWN,
    ),
    FilingMove.CANCEL: (LIVE_FILINGS, FilingStatus.WITHDRAWN),
}


class FilingState(TextChoices):
    """What became of the filing of an appointment. Asked, never stored."""

    NOT_ASKED = "not_asked", _("不用备案")
    NOT_REPORTED = "not_reported", _("未报备")
    AT_DESK = "at_desk", _("待备案")
    RETURNED = "returned", pgettext_lazy("status", "退回补正")
    ACCEPTED = "accepted", _("已备案")


class Route(TextChoices):
    """How a filing came: through the portal, or on paper and entered by the desk (代录)."""

    ONLINE = "online", _("网上报送")
    PAPER = "paper", _("来文登记")


class TeamKind(TextChoices):
    """What supports a CDO, as the sources call it (domain.md A.4)."""

    CDO_OFFICE = "cdo_office", _("首席数据官办公室")
    TASK_FORCE = "task_force", _("首席数据官工作专班")
    SUPPORT = "support", _("支撑团队")
    PROFESSIONAL = "professional", _("专业化工作团队")
    EXPERT_POOL = "expert_pool", _("行业数据专家人才库")
    SECURITY_EXPERTS = "security_experts", _("大数据安全专家队伍")


# 「成立首席数据官办公室或首席数据官工作专班」 (深府办函〔2021〕71号): either fulfils the demand.
OFFICES = frozenset({TeamKind.CDO_OFFICE, TeamKind.TASK_FORCE})
POOLS = frozenset({TeamKind.EXPERT_POOL, TeamKind.SECURITY_EXPERTS})


class TeamMode(TextChoices):
    """「采取兼职和购买服务等模式」"""

    PART_TIME = "part_time", _("兼职")
    PURCHASED = "purchased", _("购买服务")
    FULL_TIME = "full_time", _("专职")


class EntryMode(TextChoices):
    """「通过聘任制公务员和购买专业服务等方式引进专业人才」"""

    INTERNAL = "internal", _("本单位人员")
    CONTRACT = "contract", _("聘任制公务员")
    PURCHASED = "purchased", _("购买专业服务")
    INVITED = "invited", _("外聘专家")


class SeatState(TextChoices):
    """Who is in one place of a post on a day. Asked, never stored."""

    HELD = "held", _("在任")
    STOOD_IN = "stood_in", _("主持工作或代理")
    VACANT = "vacant", _("空缺")
    NOT_SET_UP = "not_set_up", _("鼓励设立，未设")
