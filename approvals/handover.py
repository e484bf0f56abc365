"""Signing of somebody who leaves: what only he or she could sign goes to the taker, what he or she put
up stays with the unit. Lent signatures end with the memberships, below."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.handover import Fate, Leaving, OpenItem, Part, register

from . import doors, services
from .choices import StepKind
from .models import Approval, ApprovalStep


def open_items(leaving: Leaving) -> list[OpenItem]:
    user, unit = leaving.user, leaving.unit
    if user is None:
        return []
    named = [_named_item(step, leaving) for step in services.reserved_steps(user, unit)]
    seen = Approval.objects.visible_to(leaving.by).open()
    mine = seen.filter(opened_by=user, unit=unit).order_by("number")
    return [*named, *(_put_up_item(row) for row in mine)]


def _named_item(step: ApprovalStep, leaving: Leaving) -> OpenItem:
    row = step.approval
    taker = services.following(step.kind, leaving.taker, leaving.unit, row.opened_by)
    facts = {
        "title": row.title,
        "number": row.number,
        "step": step.get_kind_display(),
        "taker": taker,
    }
    title, path = _("待签：%(title)s") % facts, doors.url_of(row)
    if taker is not None:
        detail = _("%(number)s，“%(step)s”改由%(taker)s签。") % facts
        return OpenItem(title, detail, path, Fate.MOVES)
    if step.kind == StepKind.COUNTERSIGN:
        detail = _("%(number)s，没有接任者可会签：撤回后重新提交，或登记纸质审签。") % facts
        return OpenItem(title, detail, path, Fate.STAYS)
    detail = _("%(number)s，“%(step)s”不再指定人，由担任的人签。") % facts
    return OpenItem(title, detail, path, Fate.MOVES)


def _put_up_item(row: Approval) -> OpenItem:
    step = row.current
    facts = {"number": row.number, "step": step.get_kind_display() if step else ""}
    detail = _("%(number)s，轮到“%(step)s”；退回时通知本单位其他经办人。") % facts
    title = _("已提交审签：%(title)s") % {"title": row.title}
    return OpenItem(title, detail, doors.url_of(row), Fate.STAYS)


def move(leaving: Leaving) -> int:
    if leaving.user is None:
        return 0
    return services.replace_signer(leaving.user, leaving.unit, taker=leaving.taker, by=leaving.by)


PART = register(Part("approvals", gettext_lazy("审签"), open_items, move))
