"""Pages of tasks, demands, duties and deadlines."""

from .areas import AreaPage, ProgressView, VoidProgressView
from .assignments import AssignmentPage
from .deadlines import DeadlineCalendar, DeadlineList
from .helpers import HelperAdd, HelperRemove
from .lists import AssignmentList
from .moves import AcceptView, CompleteView, ExemptView, RestoreView, VoidView, WithdrawView
from .obligations import ObligationPage, ReadingView
from .order_list import OrderExport, OrderList
from .order_moves import OrderSign, OrderWithdraw
from .order_submit import OrderSubmit
from .order_writing import OrderEdit, OrderHelpers, OrderNew
from .orders import OrderDocument, OrderPage, OrderTemplate
from .remarks import RemarkNew, RemarkScan, RemarkStrike, RemarkTranscribe

__all__ = [
    "AcceptView",
    "AreaPage",
    "AssignmentList",
    "AssignmentPage",
    "CompleteView",
    "DeadlineCalendar",
    "DeadlineList",
    "ExemptView",
    "HelperAdd",
    "HelperRemove",
    "ObligationPage",
    "OrderDocument",
    "OrderEdit",
    "OrderExport",
    "OrderHelpers",
    "OrderList",
    "OrderNew",
    "OrderPage",
    "OrderSign",
    "OrderSubmit",
    "OrderTemplate",
    "OrderWithdraw",
    "ProgressView",
    "ReadingView",
    "RemarkNew",
    "RemarkScan",
    "RemarkStrike",
    "RemarkTranscribe",
    "RestoreView",
    "VoidProgressView",
    "VoidView",
    "WithdrawView",
]
