"""Who may write a report now, who reads its working copy, and who reviews it: asked in one place."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.roles import ROLE_PERMISSIONS, Permission
from core.errors import PermissionRefused
from pilots import access
from pilots.access import memberships_of

from ..choices import Kind
from ..models import IncomingLetter, Report


def writes_for(report: Report, user: Any) -> bool:
    """Whether the user is one of those whose report it is: the unit's own people, or the bureau's
    for the overall report. They read the working copy."""
    needed = Permission.ISSUE_DOCUMENTS if report.kind == Kind.OVERALL else Permission.WRITE_REPORTS
    body = report.assignment.enrolment.unit_id
    return any(
        row.unit_id == body and needed in ROLE_PERMISSIONS[row.role] for row in memberships_of(user)
    )


def open_letter(report: Report) -> IncomingLetter | None:
    """The letter that the bureau is entering into the report (代录), if any."""
    return report.letters.filter(closed_at=None).select_related("scan", "begun_by").first()


def may_write(report: Report, user: Any) -> bool:
    """Whether the user is one who writes the working copy of this report: its own body's people, or,
    as long as it is entered from a letter, the bureau's officers and nobody else."""
    if open_letter(report) is not None:
        return may_review(report, user)
    return writes_for(report, user)


def require_writer(report: Report, user: Any) -> None:
    """Raise PermissionRefused, with who can, unless `may_write`."""
    if not may_write(report, user):
        if open_letter(report) is not None:
            raise PermissionRefused(_("市政数局正在按来文代录这份报告，录完报送后可以查看。"))
        words = {"unit": report.unit.display_name}
        raise PermissionRefused(_("由%(unit)s的经办人填写，当前账号不能填写。") % words)


def reads_draft(report: Report, user: Any) -> bool:
    """Whether the user reads the working copy; everybody else reads editions."""
    return writes_for(report, user) or may_write(report, user)


def may_review(report: Report, user: Any) -> bool:
    """Whether the user answers this report for the bureau."""
    return report.kind != Kind.OVERALL and access.may(
        user, Permission.REVIEW_REPORTS, programme=report.programme
    )


def require_reviewer(report: Report, user: Any) -> None:
    """Raise PermissionRefused unless `may_review`."""
    if not may_review(report, user):
        raise PermissionRefused(_("由市政数局经办人审核，当前账号不能审核。"))
