"""Powers, projects, opinions and findings for tests."""

import datetime
from decimal import Decimal

import factory

from core import clock
from projects.models import (
    Finding,
    FindingStep,
    GateCheck,
    Opinion,
    Power,
    Project,
    ProjectRecord,
)

from .pilots import ClauseFactory, EnrolmentFactory, ProgrammeFactory


class PowerFactory(factory.django.DjangoModelFactory):
    """The veto at both gates, unless another kind is asked for."""

    class Meta:
        model = Power

    code = factory.Sequence(lambda n: f"power-{n}")
    programme = factory.SubFactory(ProgrammeFactory)
    kind = "veto"
    name = "一票否决权"
    text = "对信息化项目的立项、验收拥有“一票否决权”，只限这两个环节。"
    moments = factory.LazyAttribute(
        lambda row: ["approval", "acceptance"] if row.kind in {"veto", "gate"} else []
    )
    conditions = factory.LazyAttribute(
        lambda row: ["catalogue", "aggregation"] if row.kind == "gate" else []
    )
    clause = factory.SubFactory(ClauseFactory)
    position = factory.Sequence(lambda n: n)


class ProjectFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Project

    number = factory.Sequence(lambda n: f"XM-2021-{n + 1:04d}")
    enrolment = factory.SubFactory(EnrolmentFactory)
    name = factory.Sequence(lambda n: f"数据共享平台{n + 1}期")
    kind = "build"
    budget = Decimal("120.50")
    created_at = factory.LazyFunction(clock.now)
    updated_at = factory.SelfAttribute("created_at")


class OpinionFactory(factory.django.DjangoModelFactory):
    """同意 at 立项, given online, entered past the services."""

    class Meta:
        model = Opinion

    project = factory.SubFactory(ProjectFactory)
    power = factory.SubFactory(
        PowerFactory, programme=factory.SelfAttribute("..project.enrolment.programme")
    )
    gate = "approval"
    decision = "approve"
    given_on = datetime.date(2021, 11, 12)
    cdo_name = "演示人员01"
    route = "online"
    entered_at = factory.LazyFunction(clock.now)

    class Params:
        veto = factory.Trait(
            decision="veto",
            reason="与已建平台功能重复。",
            basis="《深圳市首席数据官制度试点实施方案》四(二)4",
        )


class GateCheckFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = GateCheck

    project = factory.SubFactory(ProjectFactory)
    gate = "approval"
    condition = "catalogue"
    is_met = True
    evidence = "目录已在市平台登记。"
    checked_on = datetime.date(2021, 11, 1)
    entered_at = factory.LazyFunction(clock.now)


class ProjectRecordFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ProjectRecord

    project = factory.SubFactory(ProjectFactory)
    kind = "review"
    text = "建议与市共享平台对接。"
    happened_on = datetime.date(2021, 12, 1)
    entered_at = factory.LazyFunction(clock.now)


class FindingFactory(factory.django.DjangoModelFactory):
    """Found and nothing done yet; `correcting=True` has a time limit."""

    class Meta:
        model = Finding

    number = factory.Sequence(lambda n: f"FX-2022-{n + 1:04d}")
    enrolment = factory.SubFactory(EnrolmentFactory)
    nature = "breach"
    title = "未经审批对外提供数据"
    what = "某系统未履行审批手续向外部单位提供数据。"
    basis = "《中华人民共和国数据安全法》第三十八条"
    found_on = datetime.date(2022, 3, 1)
    created_at = factory.LazyFunction(clock.now)
    updated_at = factory.SelfAttribute("created_at")

    class Params:
        correcting = factory.Trait(
            status="correcting",
            measures="停止接口，补办手续。",
            due_on=datetime.date(2022, 4, 29),
            due_version=1,
        )


class FindingStepFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = FindingStep

    finding = factory.SubFactory(FindingFactory)
    step = "report"
    happened_on = factory.SelfAttribute("finding.found_on")
    text = "日志核查时发现。"
    entered_at = factory.LazyFunction(clock.now)
