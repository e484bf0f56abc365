"""Events, lists and declarations for tests."""

import datetime

import factory

from core import clock
from trainings.models import (
    Attendance,
    CountingRule,
    Credit,
    Declaration,
    Event,
    EventFile,
    Organiser,
    Participant,
    Resolution,
)

from .core import StoredFileFactory
from .duties import FulfilmentFactory
from .pilots import EnrolmentFactory, ProgrammeFactory


class EventFactory(factory.django.DjangoModelFactory):
    """A training that is planned, entered past the services."""

    class Meta:
        model = Event

    number = factory.Sequence(lambda n: f"PX-2021-{n + 1:04d}")
    programme = factory.SubFactory(ProgrammeFactory)
    kind = "training"
    title = factory.Sequence(lambda n: f"数据目录业务培训{n + 1}期")
    starts_on = datetime.date(2022, 3, 2)
    ends_on = factory.SelfAttribute("starts_on")
    created_at = factory.LazyFunction(clock.now)
    updated_at = factory.SelfAttribute("created_at")

    class Params:
        held = factory.Trait(status="held", held_at=factory.LazyFunction(clock.now))


class OrganiserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organiser

    event = factory.SubFactory(EventFactory)
    enrolment = factory.SubFactory(
        EnrolmentFactory, programme=factory.SelfAttribute("..event.programme")
    )


class ParticipantFactory(OrganiserFactory):
    class Meta:
        model = Participant


class EventFileFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EventFile

    event = factory.SubFactory(EventFactory)
    kind = "sign_in"
    stored = factory.SubFactory(StoredFileFactory)
    name = "签到表.pdf"
    added_at = factory.LazyFunction(clock.now)


class DeclarationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Declaration

    event = factory.SubFactory(EventFactory)
    enrolment = factory.SubFactory(
        EnrolmentFactory, programme=factory.SelfAttribute("..event.programme")
    )
    headcount = 12
    declared_at = factory.LazyFunction(clock.now)
    declared_on = datetime.date(2022, 3, 3)


class AttendanceFactory(factory.django.DjangoModelFactory):
    """Somebody from outside the portal."""

    class Meta:
        model = Attendance

    event = factory.SubFactory(EventFactory)
    name = factory.Sequence(lambda n: f"演示人员{n + 1:03d}")
    unit_name = "合作单位"
    route = "pasted"
    added_at = factory.LazyFunction(clock.now)


class ResolutionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Resolution

    event = factory.SubFactory(EventFactory, kind="meeting")
    position = factory.Sequence(lambda n: n + 1)
    text = "各单位报送数据共享需求。"
    created_at = factory.LazyFunction(clock.now)


class CountingRuleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CountingRule

    programme = factory.SubFactory(ProgrammeFactory)
    updated_at = factory.LazyFunction(clock.now)


class CreditFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Credit

    event = factory.SubFactory(EventFactory)
    mark = factory.SubFactory(FulfilmentFactory)
    assignment = factory.SelfAttribute("mark.assignment")
