"""The register of IT projects: entered, mended, withdrawn."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, clock
from core.errors import Refused
from core.numbers import next_numbers
from pilots import services as pilots
from pilots.choices import Part
from pilots.models import Enrolment

from ..models import Finding, Project
from ..queries.powers import powers_of
from .writing import PROJECT_FACTS, lock_enrolment, lock_project, save_project

MENDABLE = frozenset(PROJECT_FACTS) - {"withdraw_reason"}
TEXTS = ("name", "city_code", "summary", "responsible", "note")


@transaction.atomic
def register_project(enrolment: Enrolment, *, by: Any, once: str = "", **values: Any) -> Project:
    """Enter a project of a unit; `values` are names of `MENDABLE`, `name` at least. `once` is a
    form's own key: sent twice, it counts once.

    Raises ValidationError by field, naming the project of the same name or code; Refused for a unit
    that is no pilot, a programme whose document says nothing of IT projects, or a form sent before.
    """
    if once:
        said = _("这个项目已经登记过，没有重复登记。")
        pilots.claim(once, by=by, route="projects.register", said=said)
    place = lock_enrolment(enrolment)
    require_powers(place)
    row = Project(enrolment=place)
    _set(row, values)
    _check(row)
    row.number = next_numbers(Project.rows, "XM")[0]
    return save_project(row, "register", by=by, before=None)


@transaction.atomic
def mend_project(
    project: Project, *, by: Any, version: int | None = None, **values: Any
) -> Project:
    """Correct or complete what is known; `values` are names of `MENDABLE`.

    Raises ValidationError by field, Refused for a withdrawn one, StaleVersion, ValueError for
    another name.
    """
    lock_enrolment(project.enrolment)
    row = lock_project(project, version)
    before = audit.facts(row, PROJECT_FACTS)
    _set(row, values)
    _check(row)
    return save_project(row, "mend", by=by, before=before)


@transaction.atomic
def withdraw_project(
    project: Project, *, by: Any, reason: str, version: int | None = None
) -> Project:
    """撤销登记: it was entered by mistake. The row and what was said of it stay readable.

    Raises Refused without a reason, for one that is withdrawn, and while a finding about it is
    open; StaleVersion.
    """
    if not reason.strip():
        raise Refused(_("写明撤销登记的原因。"))
    row = lock_project(project, version)
    if finding := Finding.rows.filter(project=row).open().order_by("number").first():
        text = _("发现的问题%(number)s还没有处理完，处理完再撤销登记。")
        raise Refused(text % {"number": finding.number})
    before = audit.facts(row, PROJECT_FACTS)
    row.withdrawn_on, row.withdraw_reason = clock.today(), reason.strip()
    return save_project(row, "withdraw", by=by, before=before)


def note_export(*, by: Any, count: int, filters: Mapping[str, str]) -> None:
    """Record that a list of projects left the portal as a file."""
    after = {"count": count, "filters": dict(filters)}
    audit.record("projects.export", by=by, subject="projects", after=after)


def require_powers(place: Enrolment) -> None:
    """Raise Refused for a body whose CDO has no say about IT projects by the programme."""
    if place.part != Part.PILOT or place.withdrawn_on is not None:
        raise Refused(
            _("%(unit)s不是这个方案的试点单位，不登记信息化项目。") % {"unit": place.unit}
        )
    if not powers_of(place.programme).has_projects:
        text = _("“%(programme)s”的文件没有写信息化项目方面的职权，不登记信息化项目。")
        raise Refused(text % {"programme": place.programme})


def _set(row: Project, values: Mapping[str, Any]) -> None:
    if unknown := values.keys() - MENDABLE:
        raise ValueError(f"These are not mended here: {sorted(unknown)}")
    for name, value in values.items():
        setattr(row, name, value.strip() if name in TEXTS else value)


def _check(row: Project) -> None:
    """Raise ValidationError for dates that contradict, and for a project that is there already."""
    if row.started_on and row.closed_on and row.closed_on < row.started_on:
        text = _("结束日期不能早于启动日期%(day)s。")
        raise ValidationError({"closed_on": text % {"day": row.started_on}})
    others = Project.rows.live().filter(enrolment=row.enrolment).exclude(pk=row.pk)
    for name, text in (
        ("name", _("%(unit)s已登记“%(name)s”（%(number)s），同一个项目不登记两次。")),
        ("city_code", _("代码%(code)s已用于“%(name)s”（%(number)s），请核对。")),
    ):
        value = getattr(row, name)
        other = others.filter(**{name: value}).first() if value else None
        if other is not None:
            facts = {"unit": row.unit, "name": other.name, "number": other.number}
            raise ValidationError({name: text % (facts | {"code": other.city_code})})
