"""People, posts, appointments, filings and teams for tests."""

import datetime

import factory

from core import clock
from officers.models import (
    Appointment,
    Filing,
    Handover,
    Person,
    Post,
    PostRule,
    PublicDirectory,
    Team,
    TeamMember,
)

from .pilots import ProgrammeFactory, UnitFactory


class PostFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Post
        django_get_or_create = ("code",)

    code = "cdo"
    name = "首席数据官"
    name_en = "Chief Data Officer"


class PostRuleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PostRule

    programme = factory.SubFactory(ProgrammeFactory)
    code = factory.Sequence(lambda n: f"rule-{n}")
    post = factory.SubFactory(PostFactory)
    title = "首席数据官"
    parts = ["pilot"]
    count = 1
    position = factory.Sequence(lambda n: n)


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Person

    name = factory.Sequence(lambda n: f"演示人员{n + 1:02d}")
    unit = factory.SubFactory(UnitFactory)
    job_title = "副局长"
    level = "deputy"
    is_in_charge = True
    created_at = factory.LazyFunction(clock.now)
    updated_at = factory.SelfAttribute("created_at")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        row = model_class(*args, **kwargs)
        row.spell()
        row.save()
        return row


class AppointmentFactory(factory.django.DjangoModelFactory):
    """A substantive holder since September 2021, entered past the services: no task, no right."""

    class Meta:
        model = Appointment

    number = factory.Sequence(lambda n: f"RM-2021-{n + 1:04d}")
    unit = factory.SubFactory(UnitFactory)
    person = factory.SubFactory(PersonFactory, unit=factory.SelfAttribute("..unit"))
    post = factory.SubFactory(PostFactory)
    status = "appointed"
    job_title = factory.SelfAttribute("person.job_title")
    level = factory.SelfAttribute("person.level")
    is_in_charge = True
    starts_on = datetime.date(2021, 9, 16)
    signed_on = factory.SelfAttribute("starts_on")
    created_at = factory.LazyFunction(clock.now)
    updated_at = factory.SelfAttribute("created_at")
    appointed_at = factory.Maybe(
        factory.LazyAttribute(lambda row: row.status in {"appointed", "ended"}),
        factory.SelfAttribute("created_at"),
        None,
    )
    ended_at = factory.Maybe(
        factory.LazyAttribute(lambda row: row.status == "ended"),
        factory.SelfAttribute("created_at"),
        None,
    )

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        row = super()._create(model_class, *args, **kwargs)
        row.refresh_from_db(fields=["since"])
        return row


class FilingFactory(factory.django.DjangoModelFactory):
    """An appointment's filing waiting at a desk, entered past the services."""

    class Meta:
        model = Filing

    number = factory.Sequence(lambda n: f"BA-2021-{n + 1:04d}")
    kind = "appointment"
    programme = factory.SubFactory(ProgrammeFactory)
    appointment = factory.SubFactory(AppointmentFactory)
    unit = factory.SelfAttribute("appointment.unit")
    desk = factory.SubFactory(UnitFactory)
    title = "首席数据官任命备案"
    reported_on = datetime.date(2021, 9, 28)
    submitted_at = factory.LazyFunction(clock.now)
    created_at = factory.LazyFunction(clock.now)
    updated_at = factory.SelfAttribute("created_at")

    class Params:
        accepted = factory.Trait(
            status="accepted",
            accepted_on=datetime.date(2021, 10, 8),
            receipt_number=factory.SelfAttribute("number"),
            decided_at=factory.LazyFunction(clock.now),
        )
        returned = factory.Trait(
            status="returned",
            return_reason="缺任命文件扫描件。",
            returns=1,
            decided_at=factory.LazyFunction(clock.now),
        )


class TeamFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Team

    number = factory.Sequence(lambda n: f"TD-2021-{n + 1:04d}")
    unit = factory.SubFactory(UnitFactory)
    kind = "cdo_office"
    name = "首席数据官办公室"
    modes = ["part_time"]
    starts_on = datetime.date(2021, 11, 8)
    created_at = factory.LazyFunction(clock.now)
    updated_at = factory.SelfAttribute("created_at")


class TeamMemberFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TeamMember

    team = factory.SubFactory(TeamFactory)
    person = factory.SubFactory(PersonFactory, unit=factory.SelfAttribute("..team.unit"))
    starts_on = factory.SelfAttribute("team.starts_on")
    created_at = factory.LazyFunction(clock.now)
    updated_at = factory.SelfAttribute("created_at")


class HandoverFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Handover

    number = factory.Sequence(lambda n: f"JJ-2021-{n + 1:04d}")
    unit = factory.SelfAttribute("leaver.unit")
    leaver = factory.SubFactory(PersonFactory)
    on = datetime.date(2022, 3, 31)
    created_at = factory.LazyFunction(clock.now)


class PublicDirectoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PublicDirectory

    programme = factory.SubFactory(ProgrammeFactory)
    is_open = True
    basis = "领导小组会议同意公开"
    changed_at = factory.LazyFunction(clock.now)
