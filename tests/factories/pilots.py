"""Programmes, bodies, parts and memberships for tests."""

import datetime

import factory
import pgtrigger

from core import clock
from pilots.choices import Part, UnitKind
from pilots.models import (
    Clause,
    Cohort,
    Enrolment,
    Membership,
    PolicyDocument,
    Programme,
    SavedView,
    Succession,
    Unit,
    UnitName,
)

from .accounts import UserFactory


class ProgrammeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Programme

    code = factory.Sequence(lambda n: f"city{n:04}-2021")  # a later one stands behind
    name = factory.Sequence(lambda n: f"第{n}市首席数据官制度试点")
    short_name = factory.Sequence(lambda n: f"第{n}市2021年试点")
    region_code = "440300"
    region_name = "测试市"

    class Params:
        running = factory.Trait(phase="running", started_on=datetime.date(2021, 8, 3))


class PolicyDocumentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PolicyDocument

    code = factory.Sequence(lambda n: f"document-{n}")
    programme = factory.SubFactory(ProgrammeFactory)
    title = factory.Sequence(lambda n: f"第{n}号实施方案")
    number = factory.Sequence(lambda n: f"测府办函〔2021〕{n + 1}号")


class ClauseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Clause

    code = factory.Sequence(lambda n: f"clause-{n}")
    document = factory.SubFactory(PolicyDocumentFactory)
    label = "四（三）2"
    text = "于2022年4月底前总结工作情况并报送"


class UnitFactory(factory.django.DjangoModelFactory):
    """A body with one name; `name` sets both the full and the short name."""

    class Meta:
        model = Unit
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"440300-u{n}")
    kind = UnitKind.MUNICIPAL_DEPARTMENT
    region_code = "440300"

    @factory.post_generation
    def name(self, create, extracted, **kwargs):
        short = extracted or f"测试单位{self.pk}"
        UnitNameFactory(
            unit=self, full_name=kwargs.pop("full", f"测试市{short}"), short_name=short, **kwargs
        )


class UnitNameFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = UnitName

    unit = factory.SubFactory(UnitFactory)
    full_name = "测试市教育局"
    short_name = "市教育局"

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        row = model_class(*args, **kwargs)
        row.spell()
        row.save()
        return row


class SuccessionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Succession

    from_unit = factory.SubFactory(UnitFactory)
    to_unit = factory.SubFactory(UnitFactory)
    kind = "merger"


class CohortFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Cohort

    programme = factory.SubFactory(ProgrammeFactory)
    code = factory.Sequence(lambda n: f"cohort-{n}")
    name = "首批"


class EnrolmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Enrolment

    programme = factory.SubFactory(ProgrammeFactory)
    unit = factory.SubFactory(UnitFactory)
    part = Part.PILOT
    kind = factory.LazyAttribute(lambda row: row.unit.kind)
    position = factory.Sequence(lambda n: n)


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    unit = factory.SubFactory(UnitFactory)
    role = "data_officer"


class SavedViewFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SavedView

    owner = factory.SubFactory(UserFactory)
    path = "/tasks/"
    name = factory.Sequence(lambda n: f"常用{n}")
    query = "light=overdue"
    created_at = factory.LazyFunction(clock.now)
    updated_at = factory.LazyFunction(clock.now)


def before_the_start() -> None:
    """The programmes as they were before 开始跟踪. No move leads back there and the cities of the tests
    are made running, so the guard of the moves looks away for this one statement."""
    with pgtrigger.ignore("pilots.Programme:programme_moves_by_its_table"):
        Programme.rows.update(phase="draft", started_on=None)
