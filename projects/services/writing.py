"""How projects, what is said of them, and findings are changed: locked, checked, saved, audited."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core import audit, clock, document_numbers
from core.errors import Refused
from core.models import StoredFile
from pilots.models import Enrolment

from ..models import Finding, FindingStep, Project

PROJECT_FACTS = (
    "name",
    "city_code",
    "kind",
    "summary",
    "budget",
    "responsible",
    "started_on",
    "closed_on",
    "note",
    "withdraw_reason",
)
OPINION_FACTS = (
    "gate",
    "decision",
    "reason",
    "basis",
    "document_number",
    "given_on",
    "cdo_name",
    "route",
    "file_name",
)
CHECK_FACTS = (
    "gate",
    "condition",
    "is_met",
    "evidence",
    "document_number",
    "checked_on",
    "file_name",
)
RECORD_FACTS = ("kind", "text", "result", "document_number", "happened_on", "file_name")
FINDING_FACTS = (
    "status",
    "nature",
    "title",
    "what",
    "basis",
    "found_on",
    "stopped_on",
    "measures",
    "due_on",
    "corrected_on",
    "closed_on",
    "close_reason",
)


@dataclass(frozen=True)
class Paper:
    """The document behind an entry: its 发文字号 as typed, and its scan."""

    number: str = ""
    file: StoredFile | None = None
    file_name: str = ""

    def facts(self) -> dict[str, Any]:
        """What an entry keeps of it; raises ValidationError on `document_number`."""
        return {
            "document_number": tidy_number(self.number),
            "file": self.file,
            "file_name": self.file_name,
        }


NO_PAPER = Paper()


def lock_enrolment(enrolment: Enrolment) -> Enrolment:
    """Two clerks who enter the same project follow each other."""
    rows = Enrolment.rows.select_for_update(of=("self",)).select_related("unit", "programme")
    row = rows.get(pk=enrolment.pk)
    if row.unit.is_slot:
        raise Refused(_("“%(unit)s”还没有名称，先补名再登记。") % {"unit": row.unit})
    return row


def lock_project(project: Project, version: int | None) -> Project:
    """The row under lock with unit and programme. Raises StaleVersion, Refused for a withdrawn one."""
    rows = Project.rows.select_for_update(of=("self",))
    row = rows.select_related("enrolment__unit", "enrolment__programme").get(pk=project.pk)
    row.require_version(version)
    if row.withdrawn_on is not None:
        facts = {"number": row.number, "day": row.withdrawn_on}
        raise Refused(_("%(number)s已在%(day)s撤销登记，不能再改。") % facts)
    return row


def lock_finding(finding: Finding, version: int | None) -> Finding:
    rows = Finding.rows.select_for_update(of=("self",))
    row = rows.select_related("enrolment__unit", "enrolment__programme").get(pk=finding.pk)
    row.require_version(version)
    return row


def save_project(
    row: Project, verb: str, *, by: Any, before: dict[str, Any] | None, after: Any = None
) -> Project:
    """Check, save and audit; `after` is what the entry says beside the project's own facts."""
    stamp(row)
    row.full_clean()
    row.save()
    audit.record(
        f"project.{verb}",
        by=by,
        subject=row,
        unit=row.unit,
        programme=row.programme,
        before=before,
        after=audit.facts(row, PROJECT_FACTS) if after is None else after,
    )
    return row


def save_entry(entry: Any, *, by: Any) -> Any:
    """Check and save a row that is never changed again."""
    entry.entered_at, entry.entered_by = clock.now(), by
    entry.full_clean()
    entry.save()
    return entry


def save_finding(
    row: Finding, verb: str, *, by: Any, before: dict[str, Any] | None, step: FindingStep | None
) -> Finding:
    """Check, save with its step, and audit."""
    stamp(row)
    row.full_clean()
    row.save()
    after = audit.facts(row, FINDING_FACTS)
    if step is not None:
        step.finding = row
        save_entry(step, by=by)
        said = "" if step.text in after.values() else step.text
        after |= {"text": said, "file_name": step.file_name}
    audit.record(
        f"finding.{verb}",
        by=by,
        subject=row,
        unit=row.unit,
        programme=row.programme,
        before=before,
        after=after,
    )
    return row


def stamp(row: Project | Finding) -> None:
    row.updated_at = clock.now()
    if row.pk is None:
        row.created_at = row.updated_at
    else:
        row.version += 1


def tidy_number(text: str) -> str:
    """A 发文字号 as it is kept; raises ValidationError, with what was typed."""
    number = document_numbers.normalise(text)
    if number and not document_numbers.NUMBER.match(number):
        words = {"typed": text.strip(), "how": document_numbers.HOW}
        raise ValidationError({"document_number": _("“%(typed)s”：%(how)s") % words})
    return number


def require_past(day: date | None, field: str, label: str, *, since: date | None = None) -> date:
    """A day on which something happened: given, not to come, not before `since`. Raises
    ValidationError on `field`."""
    if day is None:
        raise ValidationError({field: _("填写“%(label)s”") % {"label": label}})
    if day > clock.today():
        facts = {"label": label, "day": day}
        raise ValidationError({field: _("“%(label)s”%(day)s还没有到") % facts})
    if since is not None and day < since:
        facts = {"label": label, "since": since}
        raise ValidationError({field: _("“%(label)s”不能早于%(since)s") % facts})
    return day


def require_text(text: str, field: str, message: str) -> str:
    """`text` without spaces around it; raises ValidationError with `message` where it is empty."""
    if not text.strip():
        raise ValidationError({field: message})
    return text.strip()
