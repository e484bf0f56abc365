"""Endpoints of periods, reports, editions, reviews and requests for support."""

from .frozen import ReviewViewSet, SubmissionViewSet
from .periods import PeriodViewSet
from .reports import ReportViewSet
from .support import SupportViewSet

__all__ = ["PeriodViewSet", "ReportViewSet", "ReviewViewSet", "SubmissionViewSet", "SupportViewSet"]
