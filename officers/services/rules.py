"""The bureau's own expectation of days, beside what the document says or leaves open."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit

from ..models import PostRule

OWN = ("own_vacancy_days", "own_filing_days", "own_basis")
LONGEST = 3650  # days; ten years are no expectation any more


@transaction.atomic
def set_own_days(
    rule: PostRule,
    *,
    vacancy_days: int | None,
    filing_days: int | None,
    basis: str,
    by: Any,
    version: int | None = None,
) -> PostRule:
    """Say within how many calendar days the bureau expects a vacancy to be filled and an
    appointment to be filed; None removes either. With both removed the basis goes too.

    Raises StaleVersion, ValidationError by field (`vacancy_days`, `filing_days`, `basis`): the
    document already says how many, the rule asks for no filing, a number out of reason, no basis.
    """
    row = PostRule.rows.select_for_update(of=("self",)).select_related("programme").get(pk=rule.pk)
    row.require_version(version)
    _check(row, vacancy_days, filing_days)
    has_any = vacancy_days is not None or filing_days is not None
    if has_any and not basis.strip():
        raise ValidationError({"basis": _("写明自定时限的依据，例如会议纪要、通知文号。")})
    before = audit.facts(row, OWN)
    row.own_vacancy_days, row.own_filing_days = vacancy_days, filing_days
    row.own_basis = basis.strip() if has_any else ""
    row.version += 1
    row.full_clean(exclude=["loaded"])
    row.save()
    after = audit.facts(row, OWN)
    audit.record(
        "post_rule.set_own_days",
        by=by,
        subject=row,
        programme=row.programme,
        before=before,
        after=after,
    )
    return row


def _check(row: PostRule, vacancy_days: int | None, filing_days: int | None) -> None:
    said = {"vacancy_days": row.vacancy_days, "filing_days": row.filing_days}
    for field, days in (("vacancy_days", vacancy_days), ("filing_days", filing_days)):
        if days is None:
            continue
        if said[field] is not None:
            message = _("文件已规定%(days)s天，以文件为准，不用自定。")
            raise ValidationError({field: message % {"days": said[field]}})
        if not 1 <= days <= LONGEST:
            message = _("天数写1至%(longest)s，现在是%(days)s。")
            raise ValidationError({field: message % {"longest": LONGEST, "days": days}})
    if filing_days is not None and not row.needs_filing:
        raise ValidationError({"filing_days": _("这个岗位不用备案，不用定备案天数。")})
