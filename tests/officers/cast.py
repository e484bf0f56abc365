"""The small city of tests/conftest.py with rules for its CDOs, as Shenzhen's plan has them: the
leading group appoints in governments and districts; a department appoints its own and files it."""

from dataclasses import dataclass

from duties.services import sync_assignments
from officers import services
from officers.models import Appointment, Person, Post, PostRule
from pilots.models import Unit
from tests.conftest import City
from tests.factories.duties import ObligationFactory
from tests.factories.officers import PersonFactory, PostFactory, PostRuleFactory
from tests.factories.pilots import EnrolmentFactory, UnitFactory


@dataclass
class Register:
    """A city whose posts are ruled. `appoint` goes through the services."""

    city: City
    cdo: Post
    leading_group: Unit
    office: Unit
    government_rule: PostRule
    department_rule: PostRule

    def person(self, unit: Unit, **facts) -> Person:
        return PersonFactory(unit=unit, **facts)

    def appoint(self, unit: Unit, starts_on, *, person=None, by=None, **facts) -> Appointment:
        """A new holder of the unit's CDO post; `facts` go into the term or are `report` arguments."""
        names = {"paper", "departure", "reason", "source"}
        given = {name: facts.pop(name) for name in names & facts.keys()}
        return services.report_appointment(
            person or self.person(unit),
            unit,
            facts.pop("post", self.cdo),
            term=services.Term(starts_on=starts_on, **facts),
            by=by,
            **given,
        )


def ruled(city: City) -> Register:
    """Give the city a leading group with its office, posts, rules, and the demands that go with
    them (OB-6, OB-9, OB-10 of domain.md A.9)."""
    group, office = (
        UnitFactory(name="领导小组", kind="leading_group"),
        UnitFactory(name="领导小组办公室", kind="leading_group"),
    )
    EnrolmentFactory(programme=city.programme, unit=group, part="leading_group")
    EnrolmentFactory(programme=city.programme, unit=office, part="leading_group_office")
    cdo = PostFactory()
    same = {"programme": city.programme, "post": cdo, "minimum_level": "deputy"}
    government_rule = PostRuleFactory(
        **same,
        title="首席数据官（市、区政府）",
        kinds=["city_government", "district_government"],
        holder="原则上由本级政府分管数字政府建设工作的行政副职及以上领导兼任",
        asks_in_charge=True,
        appointed_by=group,
        removed_by=group,
    )
    department_rule = PostRuleFactory(
        **same,
        title="首席数据官（部门）",
        kinds=["municipal_department"],
        holder="原则上由本部门分管数字政府建设工作的行政副职及以上领导兼任",
        asks_in_charge=True,
        is_self_appointed=True,
        is_self_removed=True,
        filed_at=office,
    )
    for nature, title, kinds in (
        ("filing", "任命备案", ["municipal_department"]),
        ("post", "设立首席数据官", []),
        ("office", "成立工作机构", []),
    ):
        city.obligations[nature] = ObligationFactory(
            programme=city.programme,
            clause=city.obligations["plan"].clause,
            nature=nature,
            title=title,
            short_title=title,
            kinds=kinds,
            due_on=None,
            wording="",
        )
    sync_assignments(city.programme, by=None)
    return Register(city, cdo, group, office, government_rule, department_rule)
