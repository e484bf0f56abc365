"""Periods, reports with their sections and editions, evidence, reviews."""

from .evidence import Evidence, SectionEvidence
from .letters import IncomingLetter
from .overall import Dispatch, Passage
from .periods import Period, PeriodFigure
from .reports import Report, ReportQuerySet
from .reviews import Review, ReviewRemark
from .sections import FigureValue, Section, SectionRevision
from .submissions import Submission, SubmissionEvidence
from .support import SupportReply, SupportRequest

__all__ = [
    "Dispatch",
    "Evidence",
    "FigureValue",
    "IncomingLetter",
    "Passage",
    "Period",
    "PeriodFigure",
    "Report",
    "ReportQuerySet",
    "Review",
    "ReviewRemark",
    "Section",
    "SectionEvidence",
    "SectionRevision",
    "Submission",
    "SubmissionEvidence",
    "SupportReply",
    "SupportRequest",
]
