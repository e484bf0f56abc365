"""Earlier texts of a section: brought back, or left where they are once somebody has chosen."""

from decimal import Decimal
from typing import Any

from django.db import transaction

from core import clock
from core.errors import MoveNotAllowed

from ..choices import Saving
from ..models import Section, SectionRevision
from ..queries.content import content_of
from .drafting import Saved, save_section
from .writing import lock


def restore_revision(
    revision: SectionRevision, *, by: Any, version: int | None, tab: str = ""
) -> Saved:
    """Bring a former text back, as a new saving: what stands now stays among the revisions.

    Raises MoveNotAllowed, PeriodClosed.
    """
    content = dict(revision.content)
    figures = content.pop("figures", {})
    content["figures"] = {
        key: None if value is None else Decimal(value) for key, value in figures.items()
    }
    return save_section(
        revision.section, content, by=by, version=version, tab=tab, kind=Saving.RESTORED
    )


@transaction.atomic
def settle(section: Section, *, by: Any, tab: str = "") -> None:
    """Somebody has looked at two texts and keeps the one that stands: it becomes the newest revision,
    so that nobody is asked again. Raises MoveNotAllowed, PeriodClosed."""
    report = lock(section.report, None)
    if not report.is_writable:
        raise MoveNotAllowed
    row = Section.rows.select_for_update(of=("self",)).get(pk=section.pk)
    newest = row.revisions.order_by("-id").first()
    if newest is None or newest.kind != Saving.CONFLICT:
        return
    SectionRevision.objects.create(
        section=row,
        version=row.version,
        kind=Saving.SAVED,
        content=content_of(row),
        tab=tab[:40],
        saved_at=clock.now(),
        saved_by=by,
    )
