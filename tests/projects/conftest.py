"""The small city with the powers of Shenzhen's plan, a project of the department, its CDO."""

from datetime import date

import pytest

from projects import services
from projects.models import Project
from tests.factories.projects import PowerFactory

NOVEMBER = date(2021, 11, 12)
DECEMBER = date(2021, 12, 20)
KINDS = {"veto": "一票否决权", "correct": "制止", "coordinate": "协调", "guide": "评价"}


@pytest.fixture
def powers(city):
    return {
        kind: PowerFactory(programme=city.programme, kind=kind, name=name)
        for kind, name in KINDS.items()
    }


@pytest.fixture
def gated(city):
    """A city as Guangzhou's: two things to be done before each gate, and no veto."""
    return PowerFactory(programme=city.programme, kind="gate", name="审批要件")


@pytest.fixture
def department(city):
    return city.enrolment(city.department)


@pytest.fixture
def project(powers, department, data_officer) -> Project:
    return services.register_project(department, name="数据共享平台", by=data_officer)


@pytest.fixture
def opine(unit_cdo):
    """`opine(project, "veto", gate="approval", on=…)`: the CDO gives an opinion."""

    def given(project, decision="approve", *, gate="approval", on=NOVEMBER, **facts):
        if decision == "veto":
            facts = {"reason": "与已建平台重复", "basis": "方案四（二）4", **facts}
        return services.give_opinion(
            project,
            gate=gate,
            decision=decision,
            given_on=on,
            **{"route": "online", "by": unit_cdo, **facts},
        )

    return given


@pytest.fixture
def finding(powers, department, data_officer):
    return services.report_finding(
        department,
        nature="breach",
        title="未经审批对外提供数据",
        what="接口未办审批。",
        basis="数据安全法",
        found_on=date(2022, 3, 1),
        by=data_officer,
    )
