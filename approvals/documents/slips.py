"""审签单: the facts of one round, and the portal's own form of the paper. It fits on one A4 page, for it
is signed by hand and scanned."""

import math
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import clock, documents
from core.documents import text
from core.documents.services import active_template, render
from pilots.models import Unit
from pilots.queries import bureaus_of

from ..doors import facts_of
from ..models import Approval, ApprovalStep
from .kinds import SLIP

WIDTHS = (7, 10, 6, 5)  # shares of the columns of the steps
ROOM = "\n\n"  # lines left in a box that waits for a hand
# So that all of it stands on one page with three boxes to sign in (points and characters):
TITLE, LABEL, VALUE, REMARK = 160, 6, 46, 36
PER_LINE, LINE, PADDING, FACTS_ROOM = 23, 24, 7, 320


def facts(row: Approval) -> dict[str, Any]:
    """What the slip says; the keys are those of the kind."""
    return {
        "number": row.number,
        "title": _short(row.title, TITLE),
        "unit": row.unit.full_name,
        "purpose": row.get_purpose_display(),
        "subject": row.subject,
        "round": _("第%(times)s次") % {"times": row.round},
        "drafter": str(row.opened_by or ""),
        "opened_on": row.opened_on,
        "due_on": row.due_on,
        "facts": [
            {"label": _short(label, LABEL), "value": _short(value, VALUE)}
            for label, value in facts_of(row)
            if value
        ],
        "steps": [_step(step) for step in row.steps.all()],
    }


def _step(step: ApprovalStep) -> dict[str, Any]:
    said = step.remark or (step.get_decision_display() if step.decision else "")
    name = step.signed_name
    if step.on_behalf_of:
        name = _("%(name)s（受%(lender)s授权）") % {"name": name, "lender": step.on_behalf_of}
    label = step.get_kind_display()
    if step.signer is not None and not step.decision:
        label = _("%(step)s（%(who)s）") % {"step": label, "who": step.signer}
    return {"label": label, "remark": _short(said, REMARK), "name": name, "on": step.signed_on}


def _short(value: str, most: int) -> str:
    return value if len(value) <= most else value[: most - 1] + "…"


def write(row: Approval) -> bytes:
    """The .docx: in the unit's own template, else in that of a bureau that leads it, else ours. A
    document is Chinese, whoever reads English."""
    with override(settings.LANGUAGE_CODE):
        context = facts(row)
        return render(SLIP.name, holder(row.unit), context, lambda: _portals_own(context))


def holder(unit: Unit) -> str:
    """The code of the body by whose template the unit's slips are written."""
    codes = [unit.code, *bureaus_of(unit, clock.today())]
    return next((code for code in codes if active_template(SLIP.name, code)), unit.code)


def file_name(row: Approval, extension: str) -> str:
    with override(settings.LANGUAGE_CODE):
        return _("审签单%(number)s") % {"number": row.number} + f".{extension}"


def shown(row: Approval) -> dict[str, Any]:
    """The same words for the page: {"title", "rows" [{"label", "value"}], "heads", "steps"}."""
    with override(settings.LANGUAGE_CODE):
        context = facts(row)
        rows = [{"label": label, "value": text.shown(value)} for label, value in _head(context)]
        steps = [{**step, "on": text.shown(step["on"])} for step in context["steps"]]
        return {"title": str(SLIP.label), "rows": rows, "heads": _heads(), "steps": steps}


def _head(context: dict[str, Any]) -> list[tuple[str, Any]]:
    """Label and value of each fact; what belongs together stands in one line, to save room."""
    put_up = [context["drafter"], text.shown(context["opened_on"]), context["round"]]
    found = [
        (_("标题"), context["title"]),
        (_("单位"), context["unit"]),
        (_("编号"), f"{context['subject']}　{context['number']}"),
        (_("拟稿"), "　".join(part for part in put_up if part)),
    ]
    if context["due_on"]:
        found.append((_("截止日期"), context["due_on"]))
    room = FACTS_ROOM - sum(_height(value) for _label, value in found)
    for fact in context["facts"]:
        room -= _height(fact["value"])
        if room < 0:
            break
        found.append((fact["label"], fact["value"]))
    return found


def _height(value: Any) -> int:
    """Points that a fact takes on the page."""
    lines = -(-math.ceil(text.width(text.shown(value))) // PER_LINE)
    return max(lines, 1) * LINE + PADDING


def _portals_own(context: dict[str, Any]) -> bytes:
    document = documents.new(title=str(SLIP.label))
    document.facts(_head(context))
    document.table(_heads(), [_cells(step) for step in context["steps"]], WIDTHS)
    return document.bytes()


def _heads() -> list[str]:
    return [_("步骤"), _("意见"), _("签名"), _("日期")]


def _cells(step: dict[str, Any]) -> list[Any]:
    return [step["label"], step["remark"] or ROOM, step["name"], step["on"]]
