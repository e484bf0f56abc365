"""Periods, reports, editions and reviews for tests, entered past the services."""

import datetime

import factory

from core import clock
from reports.models import (
    Dispatch,
    Evidence,
    FigureValue,
    IncomingLetter,
    Passage,
    Period,
    PeriodFigure,
    Report,
    Review,
    ReviewRemark,
    Section,
    SectionEvidence,
    SectionRevision,
    Submission,
    SubmissionEvidence,
    SupportReply,
    SupportRequest,
)

from .core import StoredFileFactory
from .duties import AssignmentFactory, DutyAreaFactory, ObligationFactory
from .pilots import EnrolmentFactory, ProgrammeFactory, UnitFactory


class PeriodFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Period

    programme = factory.SubFactory(ProgrammeFactory)
    obligation = factory.SubFactory(
        ObligationFactory, programme=factory.SelfAttribute("..programme"), nature="progress"
    )
    code = factory.Sequence(lambda n: f"2022Q{n + 1}")
    title = "2022年第一季度"
    starts_on = datetime.date(2022, 1, 1)
    ends_on = datetime.date(2022, 3, 31)
    opens_on = datetime.date(2022, 4, 1)
    due_on = datetime.date(2022, 4, 22)
    basis_title = "关于报送2022年第一季度首席数据官履职进展的通知"
    opened_at = factory.LazyFunction(clock.now)


class PeriodFigureFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PeriodFigure

    period = factory.SubFactory(PeriodFactory)
    area = factory.SubFactory(DutyAreaFactory)
    name = factory.Sequence(lambda n: f"编目数量{n + 1}")
    unit_label = "项"


class ReportFactory(factory.django.DjangoModelFactory):
    """A summary in draft, without sections."""

    class Meta:
        model = Report

    number = factory.Sequence(lambda n: f"BG-2022-{n + 1:04d}")
    kind = "summary"
    assignment = factory.SubFactory(AssignmentFactory)
    title = "试点工作总结"
    created_at = factory.LazyFunction(clock.now)
    updated_at = factory.SelfAttribute("created_at")


class SectionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Section

    report = factory.SubFactory(ReportFactory)
    key = "progress"
    heading = "工作进度"
    updated_at = factory.LazyFunction(clock.now)


class FigureValueFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = FigureValue

    section = factory.SubFactory(SectionFactory)
    figure = factory.SubFactory(PeriodFigureFactory)


class SectionRevisionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SectionRevision

    section = factory.SubFactory(SectionFactory)
    version = 1
    kind = "saved"
    content = factory.LazyFunction(dict)
    saved_at = factory.LazyFunction(clock.now)


class EvidenceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Evidence

    unit = factory.SubFactory(UnitFactory)
    programme = factory.SubFactory(ProgrammeFactory)
    stored = factory.SubFactory(StoredFileFactory)
    name = "佐证材料.pdf"
    uploaded_on = datetime.date(2022, 4, 11)
    uploaded_at = factory.LazyFunction(clock.now)


class SectionEvidenceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SectionEvidence

    section = factory.SubFactory(SectionFactory)
    evidence = factory.SubFactory(EvidenceFactory)
    added_at = factory.LazyFunction(clock.now)


class SubmissionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Submission

    report = factory.SubFactory(ReportFactory)
    edition = 1
    content = factory.LazyFunction(lambda: {"sections": []})
    sha256 = "0" * 64
    counts_on = datetime.date(2022, 4, 12)
    made_at = factory.LazyFunction(clock.now)


class SubmissionEvidenceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SubmissionEvidence

    submission = factory.SubFactory(SubmissionFactory)
    evidence = factory.SubFactory(EvidenceFactory)
    section_key = "progress"


class IncomingLetterFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = IncomingLetter

    report = factory.SubFactory(ReportFactory)
    came_from = "测试市公安局"
    came_on = datetime.date(2022, 4, 12)
    scan = factory.SubFactory(EvidenceFactory)
    begun_at = factory.LazyFunction(clock.now)


class ReviewFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Review

    submission = factory.SubFactory(SubmissionFactory)
    decision = "accepted"
    decided_on = datetime.date(2022, 4, 13)
    decided_at = factory.LazyFunction(clock.now)


class ReviewRemarkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReviewRemark

    review = factory.SubFactory(ReviewFactory, decision="returned")
    text = "补充数据。"


class PassageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Passage

    report = factory.SubFactory(ReportFactory, kind="overall")
    submission = factory.SubFactory(SubmissionFactory)
    section_key = "progress"
    field = "body"
    chosen_at = factory.LazyFunction(clock.now)


class DispatchFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Dispatch

    report = factory.SubFactory(ReportFactory, kind="overall")
    submission = factory.SubFactory(SubmissionFactory)
    receiver = factory.SubFactory(UnitFactory)
    signed_by_name = "演示人员90"
    document_number = factory.Sequence(lambda n: f"测政数函〔2022〕{n + 1}号")
    sent_on = datetime.date(2022, 4, 15)
    recorded_at = factory.LazyFunction(clock.now)


class SupportRequestFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SupportRequest

    number = factory.Sequence(lambda n: f"ZC-2022-{n + 1:04d}")
    enrolment = factory.SubFactory(EnrolmentFactory)
    nature = "problem"
    title = "历史数据标准不一"
    text = "各处室的编码规则不同，目录无法合并。"
    raised_on = datetime.date(2022, 4, 11)
    raised_at = factory.LazyFunction(clock.now)
    updated_at = factory.SelfAttribute("raised_at")


class SupportReplyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SupportReply

    request = factory.SubFactory(SupportRequestFactory)
    move = "answer"
    text = "五月组织一次编码规则培训。"
    said_on = datetime.date(2022, 4, 14)
    said_at = factory.LazyFunction(clock.now)
