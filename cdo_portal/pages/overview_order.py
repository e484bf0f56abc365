"""In which order the units of each group stand, and what a group comes to."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission
from duties.choices import EXCEPTIONS, URGENCY
from duties.queries import Group, Matrix, Row
from pilots.access import permissions_of
from reports.queries.periods import Line


class Order(TextChoices):
    EXCEPTIONS = "exceptions", gettext_lazy("异常在前")
    DOCUMENT = "document", gettext_lazy("文件顺序")
    NAME = "name", gettext_lazy("单位名称")
    COMPLETION = "completion", gettext_lazy("完成率")


def default_for(user: Any) -> str:
    """Clerks look for what is wrong, leaders for their units."""
    is_clerk = Permission.MANAGE_ASSIGNMENTS in permissions_of(user)
    return Order.EXCEPTIONS if is_clerk else Order.DOCUMENT


def in_order(found: Matrix, how: str) -> Matrix:
    """The same matrix, the rows of each group in that order; ties stay in the document's."""
    key = KEYS.get(how)
    if key is None:
        return found
    return replace(
        found, groups=[replace(row, rows=sorted(row.rows, key=key)) for row in found.groups]
    )


def note(group: Group, reports: dict[int, Line]) -> str:
    """The sub-totals of a group: 「职责12/40 · 规定任务35/60 · 本期已报6/8 · 异常3家」."""
    duties, demands = _duties(group.rows), _demands(group.rows)
    lines = [reports[row.enrolment.pk] for row in group.rows if row.enrolment.pk in reports]
    odd = sum(row.worst in EXCEPTIONS for row in group.rows)
    parts = (
        (_("职责%(done)s/%(total)s"), duties),
        (_("规定任务%(done)s/%(total)s"), demands),
        (_("本期已报%(done)s/%(total)s"), (sum(line.is_in for line in lines), len(lines))),
    )
    said = [text % {"done": done, "total": total} for text, (done, total) in parts if total]
    if odd:
        said.append(_("异常%(count)s家") % {"count": odd})
    return " · ".join(said)


def _duties(rows: list[Row]) -> tuple[int, int]:
    cells = [cell for row in rows for cell in row.areas]
    return sum(cell.done for cell in cells), sum(cell.total for cell in cells)


def _demands(rows: list[Row]) -> tuple[int, int]:
    cells = [cell for row in rows for cell in row.cells if cell]
    return sum(cell.done for cell in cells), sum(cell.quantity for cell in cells)


def _completion(row: Row) -> float:
    """Negative, so that the most complete comes first."""
    (done, total), (made, asked) = _duties([row]), _demands([row])
    return -(done + made) / (total + asked) if total + asked else 1


def _name(row: Row) -> tuple[str, str]:
    unit = row.enrolment.unit  # read with its name of the day (Unit.with_name)
    return getattr(unit, "named_pinyin", "") or "", unit.code


KEYS: dict[str, Callable[[Row], Any]] = {
    Order.EXCEPTIONS: lambda row: URGENCY[row.worst],
    Order.NAME: _name,
    Order.COMPLETION: _completion,
}
