"""Keeping every save of a cell."""

from typing import Any

from core import clock

from ..choices import Saving
from ..models import Score, ScoreRevision


def keep(score: Score, *, by: Any) -> ScoreRevision:
    """Save the cell as it is now, with a revision of it."""
    score.version = score.version + 1 if score.pk else 1
    score.saved_at, score.saved_by = clock.now(), by
    score.full_clean(validate_unique=False)
    score.save()
    return remember(score, score, Saving.SAVED, by=by)


def remember(score: Score, content: Score, kind: Saving, *, by: Any) -> ScoreRevision:
    """A revision of `score` that holds `content`."""
    return ScoreRevision.objects.create(
        score=score,
        version=score.version,
        kind=kind,
        points=content.points,
        answer=content.answer,
        reason=content.reason,
        saved_at=clock.now(),
        saved_by=by,
    )
