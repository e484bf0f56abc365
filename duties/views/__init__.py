"""Pages of tasks, demands, duties and deadlines."""

from .areas import AreaPage, ProgressView, VoidProgressView
from .assignments import AssignmentPage
from .deadlines import DeadlineCalendar, DeadlineList
from .lists import AssignmentList
from .moves import AcceptView, CompleteView, ExemptView, RestoreView, VoidView, WithdrawView
from .obligations import ObligationPage, ReadingView

__all__ = [
    "AcceptView",
    "AreaPage",
    "AssignmentList",
    "AssignmentPage",
    "CompleteView",
    "DeadlineCalendar",
    "DeadlineList",
    "ExemptView",
    "ObligationPage",
    "ProgressView",
    "ReadingView",
    "RestoreView",
    "VoidProgressView",
    "VoidView",
    "WithdrawView",
]
