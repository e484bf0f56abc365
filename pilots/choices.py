"""Kinds of bodies and of their parts in a programme."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Phase(TextChoices):
    """Whether a programme is followed. Packs load as draft: nothing is announced by itself."""

    DRAFT = "draft", _("未开始跟踪")
    RUNNING = "running", _("跟踪中")
    CLOSED = "closed", _("已结束")


class PhaseMove(TextChoices):
    START = "start", _("开始跟踪")
    CLOSE = "close", _("结束跟踪")


PHASE_MOVES = {
    PhaseMove.START: (frozenset({Phase.DRAFT}), Phase.RUNNING),
    PhaseMove.CLOSE: (frozenset({Phase.RUNNING}), Phase.CLOSED),
}


class UnitKind(TextChoices):
    """What a body is; its part in a programme is another question."""

    PROVINCIAL_DEPARTMENT = "provincial_department", _("省直部门")
    CITY_GOVERNMENT = "city_government", _("市政府")
    MUNICIPAL_DEPARTMENT = "municipal_department", _("市级部门")
    DISTRICT_GOVERNMENT = "district_government", _("区（县、市）政府")
    SUBDISTRICT = "subdistrict", _("街道")
    PUBLIC_ENTERPRISE = "public_enterprise", _("公共企事业单位")
    STATE_ENTERPRISE = "state_enterprise", _("国有企业")
    ENTERPRISE = "enterprise", _("企业")
    COURT = "court", _("法院")
    PROCURATORATE = "procuratorate", _("检察院")
    DEMOCRATIC_PARTY = "democratic_party", _("民主党派")
    FEDERATION_OF_COMMERCE = "federation_of_commerce", _("工商联")
    PEOPLES_ORGANISATION = "peoples_organisation", _("人民团体")
    PARTY_ORGAN = "party_organ", _("党政机关")
    LEADING_GROUP = "leading_group", _("领导小组")
    OTHER = "other", _("其他")


class Part(TextChoices):
    """The part a body takes in a programme."""

    PILOT = "pilot", _("试点单位")
    BUREAU = "bureau", _("牵头单位")
    LEADING_GROUP = "leading_group", _("领导小组")
    LEADING_GROUP_OFFICE = "leading_group_office", _("领导小组办公室")
    SUPERIOR = "superior", _("上级部门")
    THIRD_PARTY = "third_party", _("第三方")


class Certainty(TextChoices):
    """How sure the source is that this body takes part."""

    STATED = "stated", _("文件列明")
    INFERRED = "inferred", _("据公开材料推定")
    SLOT = "slot", _("待补名")


class SuccessionKind(TextChoices):
    MERGER = "merger", _("合并")
    SPLIT = "split", _("分设")
    REPLACEMENT = "replacement", _("职能划转")
    IDENTIFIED = "identified", _("补名")
