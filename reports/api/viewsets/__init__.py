"""Endpoints of periods, reports, editions and reviews."""

from .frozen import ReviewViewSet, SubmissionViewSet
from .periods import PeriodViewSet
from .reports import ReportViewSet

__all__ = ["PeriodViewSet", "ReportViewSet", "ReviewViewSet", "SubmissionViewSet"]
