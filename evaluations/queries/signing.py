"""What is put up at the bureau's chain of a round: 定稿 and 公布."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from approvals.models import Approval

from ..choices import ObjectionState
from ..models import Objection, Round
from .sheets import cards_of


def open_signing(row: Round) -> Approval | None:
    """The round of signing that waits, None when none does."""
    return Approval.rows.open().filter(subject=row.number).first()


def facts_of(number: str) -> Iterator[tuple[Any, Any]]:
    """What the 审签单 of a round says besides."""
    row = Round.rows.for_lists().get(number=number)
    counts = Objection.rows.filter(scorecard__round=row).exclude(state=ObjectionState.WITHDRAWN)
    asked = counts.order_by().values("state").annotate(count=Count("pk")).order_by("state")
    period = {"first": row.starts_on, "last": row.ends_on}
    yield _("评价期间"), _("%(first)s至%(last)s") % period
    yield _("指标体系"), row.scheme_version
    yield _("评价对象"), _("%(count)s个单位") % {"count": cards_of(row).count()}
    said = [
        _("%(state)s%(count)s件")
        % {"state": ObjectionState(each["state"]).label, "count": each["count"]}
        for each in asked
    ]
    yield _("复核申请"), _("，").join(said) or _("没有")
