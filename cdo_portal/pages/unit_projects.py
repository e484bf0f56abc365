"""The block 「信息化项目意见」 of a unit's page: opinions at 立项 and 验收 on the day, warnings, what was
found."""

from collections.abc import Iterable, Set
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.roles import Permission
from core import clock
from pilots.models import Enrolment, Unit
from projects.models import Finding, Project
from projects.queries.allowed import REPORTING
from projects.queries.powers import powers_by_programme
from projects.queries.standing import standings
from projects.views.telling import line_of

from .links import link

MOST = 10  # rows; the list has the others


def block(
    unit: Unit, parts: Iterable[Enrolment], *, user: Any, on: date, held: Set[Permission]
) -> dict[str, Any] | None:
    """Context of pages/unit/projects.html; `held` is what the reader may do there. None where no
    programme of the unit says anything of IT projects and nothing was entered. Five queries."""
    powers = powers_by_programme(row.programme_id for row in parts)
    has_projects = any(row.has_projects for row in powers.values())
    has_findings = any(row.has_findings for row in powers.values())
    rows = Project.objects.visible_to(user).filter(enrolment__unit=unit).live()
    found = list(rows.for_lists().order_by("-number")[: MOST + 1])
    findings = Finding.objects.visible_to(user).filter(enrolment__unit=unit, found_on__lte=on)
    told = list(findings.open().order_by("due_on", "number"))
    if not (has_projects or found or told):
        return None
    shown = found[:MOST]
    # A project of a part that has ended since may stand in a programme of which nothing was read.
    is_known = {row.enrolment.programme_id for row in shown} <= {row.programme_id for row in parts}
    now = standings(shown, on, powers if is_known else None)
    may = on == clock.today() and not unit.is_slot and not REPORTING.isdisjoint(held)
    return {
        "lines": [line_of(now[row.pk]) for row in shown],
        "has_more": len(found) > MOST,
        "list_url": link("projects:project-list", programme="", unit=unit.code),
        "findings": [{"row": row, "is_late": row.is_overdue(on)} for row in told],
        "findings_url": link("projects:finding-list", programme="", unit=unit.code),
        "acts": _acts(unit, has_projects=has_projects, has_findings=has_findings) if may else [],
    }


def _acts(unit: Unit, *, has_projects: bool, has_findings: bool) -> list[dict[str, str]]:
    found = []
    if has_projects:
        url = link("projects:project-new", unit=unit.code)
        found.append({"url": url, "label": _("登记项目")})
    if has_findings:
        url = link("projects:finding-new", unit=unit.code)
        found.append({"url": url, "label": _("登记发现的问题")})
    return found
