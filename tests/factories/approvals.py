"""Chains and rounds of signing for tests."""

import datetime

import factory

from approvals.models import Approval, ApprovalStep, ChainStep
from core import clock

from .pilots import ProgrammeFactory, UnitFactory


class ChainStepFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ChainStep

    unit = factory.SubFactory(UnitFactory)
    position = factory.Sequence(lambda n: n + 1)
    kind = "cdo"


class ApprovalFactory(factory.django.DjangoModelFactory):
    """A round that waits for the unit's CDO, entered past the services: add its steps."""

    class Meta:
        model = Approval

    number = factory.Sequence(lambda n: f"SQ-2022-{n + 1:04d}")
    purpose = "report"
    subject = factory.Sequence(lambda n: f"BG-2022-{n + 1:04d}")
    title = "2022年第一季度进展报告"
    unit = factory.SubFactory(UnitFactory)
    programme = factory.SubFactory(ProgrammeFactory)
    opened_on = datetime.date(2022, 4, 14)
    opened_at = factory.LazyFunction(clock.now)


class ApprovalStepFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ApprovalStep

    approval = factory.SubFactory(ApprovalFactory)
    position = factory.Sequence(lambda n: n + 1)
    kind = "cdo"
