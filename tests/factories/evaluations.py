"""Schemes, rounds, sheets and results for tests, entered past the services."""

import datetime
from decimal import Decimal

import factory

from core import clock
from evaluations.models import (
    BonusProposal,
    Correction,
    Edition,
    FactValue,
    Indicator,
    Objection,
    ObjectionEvidence,
    Result,
    ReviewSeat,
    Round,
    Scheme,
    SchemeVersion,
    Score,
    Scorecard,
    ScoreEvidence,
    ScoreRevision,
)

from .accounts import UserFactory
from .pilots import EnrolmentFactory, ProgrammeFactory
from .reports import EvidenceFactory


class SchemeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Scheme

    code = factory.Sequence(lambda n: f"scheme-{n + 1}")
    programme = factory.SubFactory(ProgrammeFactory)
    title = "首席数据官履职评价指标"
    created_at = factory.LazyFunction(clock.now)


class SchemeVersionFactory(factory.django.DjangoModelFactory):
    """A draft without indicators."""

    class Meta:
        model = SchemeVersion

    scheme = factory.SubFactory(SchemeFactory)
    created_at = factory.LazyFunction(clock.now)
    updated_at = factory.SelfAttribute("created_at")


class IndicatorFactory(factory.django.DjangoModelFactory):
    """A leaf of the first level, scored by the bureau between 0 and 10."""

    class Meta:
        model = Indicator

    scheme_version = factory.SubFactory(SchemeVersionFactory)
    key = factory.Sequence(lambda n: f"k{n + 1}")
    name = factory.Sequence(lambda n: f"指标{n + 1}")
    position = factory.Sequence(lambda n: n + 1)
    weight = Decimal(10)
    source = "bureau"
    rule = "range"


class RoundFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Round

    number = factory.Sequence(lambda n: f"PJ-2021-{n + 1:04d}")
    programme = factory.SubFactory(ProgrammeFactory)
    scheme_version = factory.SubFactory(
        SchemeVersionFactory, scheme__programme=factory.SelfAttribute("...programme")
    )
    title = "首席数据官履职评价"
    starts_on = datetime.date(2021, 8, 3)
    ends_on = datetime.date(2022, 4, 30)
    self_by = datetime.date(2022, 5, 13)
    unit_by = datetime.date(2022, 5, 20)
    review_by = datetime.date(2022, 5, 31)
    moved_on = datetime.date(2022, 4, 15)
    created_at = factory.LazyFunction(clock.now)
    updated_at = factory.SelfAttribute("created_at")


class ScorecardFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Scorecard

    round = factory.SubFactory(RoundFactory)
    enrolment = factory.SubFactory(
        EnrolmentFactory, programme=factory.SelfAttribute("..round.programme")
    )
    updated_at = factory.LazyFunction(clock.now)


class ReviewSeatFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReviewSeat

    scorecard = factory.SubFactory(ScorecardFactory)
    hand = "first"
    user = factory.SubFactory(UserFactory)
    given_on = datetime.date(2022, 4, 15)


class FactValueFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = FactValue

    scorecard = factory.SubFactory(ScorecardFactory)
    fact = "trainings"
    value = Decimal(1)
    part = Decimal(1)
    whole = Decimal(2)
    read_on = datetime.date(2022, 4, 15)


class ScoreFactory(factory.django.DjangoModelFactory):
    """A reviewer's score, in a round that is being reviewed."""

    class Meta:
        model = Score

    scorecard = factory.SubFactory(ScorecardFactory, round__state="review")
    indicator = factory.SubFactory(
        IndicatorFactory,
        scheme_version=factory.SelfAttribute("..scorecard.round.scheme_version"),
    )
    hand = "first"
    points = Decimal(8)
    saved_at = factory.LazyFunction(clock.now)


class ScoreRevisionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ScoreRevision

    score = factory.SubFactory(ScoreFactory)
    version = 1
    kind = "saved"
    points = Decimal(8)
    saved_at = factory.LazyFunction(clock.now)


class ScoreEvidenceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ScoreEvidence

    scorecard = factory.SubFactory(ScorecardFactory)
    indicator = factory.SubFactory(
        IndicatorFactory,
        scheme_version=factory.SelfAttribute("..scorecard.round.scheme_version"),
    )
    evidence = factory.SubFactory(EvidenceFactory)
    added_at = factory.LazyFunction(clock.now)


class CorrectionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Correction

    scorecard = factory.SubFactory(ScorecardFactory, round__state="objections")
    indicator = factory.SubFactory(
        IndicatorFactory,
        scheme_version=factory.SelfAttribute("..scorecard.round.scheme_version"),
    )
    points = Decimal(9)
    before = Decimal(8)
    reason = "补充了佐证材料。"
    made_on = datetime.date(2022, 4, 15)
    made_at = factory.LazyFunction(clock.now)


class ObjectionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Objection

    number = factory.Sequence(lambda n: f"FH-2021-{n + 1:04d}")
    scorecard = factory.SubFactory(ScorecardFactory, round__state="objections")
    indicator = factory.SubFactory(
        IndicatorFactory,
        scheme_version=factory.SelfAttribute("..scorecard.round.scheme_version"),
    )
    reason = "标准规范已印发，佐证材料见附件。"
    raised_on = datetime.date(2022, 4, 15)
    raised_at = factory.LazyFunction(clock.now)
    updated_at = factory.SelfAttribute("raised_at")


class ObjectionEvidenceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ObjectionEvidence

    objection = factory.SubFactory(ObjectionFactory)
    evidence = factory.SubFactory(EvidenceFactory)


class EditionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Edition

    round = factory.SubFactory(RoundFactory)
    number = 1
    package = factory.LazyFunction(dict)
    sha256 = "0" * 64
    made_on = datetime.date(2022, 4, 15)
    made_at = factory.LazyFunction(clock.now)


class ResultFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Result

    edition = factory.SubFactory(EditionFactory)
    scorecard = factory.SubFactory(ScorecardFactory, round=factory.SelfAttribute("..edition.round"))
    total = Decimal(80)
    bonus = Decimal(0)
    deduction = Decimal(0)
    roots = factory.LazyFunction(dict)
    leaves = factory.LazyFunction(dict)
    place = 1


class BonusProposalFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = BonusProposal

    result = factory.SubFactory(ResultFactory)
    assessment = "数字政府建设绩效评估"
    proposal = "建议加1分"
    reason = "试点成效突出。"
    proposed_on = datetime.date(2022, 4, 15)
    proposed_at = factory.LazyFunction(clock.now)
