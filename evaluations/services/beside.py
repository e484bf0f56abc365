"""Files beside the cells of a sheet."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, clock
from core.errors import Refused
from reports.models import Evidence

from ..choices import Hand, State
from ..models import Indicator, Scorecard, ScoreEvidence
from ..queries.allowed import require_hand
from .scores import require_leaf, require_open
from .writing import lock_card


@transaction.atomic
def attach_evidence(
    card: Scorecard, indicator: Indicator, evidence: Evidence, *, by: Any
) -> ScoreEvidence:
    """Put a file of the unit's own library beside a cell. Raises MoveNotAllowed, PermissionRefused,
    Refused for a file of another unit."""
    row = lock_card(card)
    _require_own_step(row, by)
    leaf = require_leaf(row, indicator)
    if (evidence.unit_id, evidence.programme_id) != (row.unit.pk, row.programme.pk):
        raise Refused(_("这个文件不在本单位的材料库里。"))
    known = ScoreEvidence.objects.filter(scorecard=row, indicator=leaf, evidence=evidence)
    link = known.filter(removed_at=None).first()
    if link is None:
        link = ScoreEvidence.objects.create(
            scorecard=row, indicator=leaf, evidence=evidence, added_at=clock.now()
        )
        _note("attach", row, leaf, evidence.name, by=by)
    return link


@transaction.atomic
def detach_evidence(link: ScoreEvidence, *, by: Any) -> ScoreEvidence:
    """Take a file away from a cell; it stays in the library. Raises MoveNotAllowed,
    PermissionRefused."""
    row = lock_card(link.scorecard)
    _require_own_step(row, by)
    link = ScoreEvidence.objects.select_for_update().get(pk=link.pk)
    if link.removed_at is None:
        link.removed_at = clock.now()
        link.save(update_fields=["removed_at"])
        _note("detach", row, link.indicator, link.evidence.name, by=by)
    return link


def _require_own_step(card: Scorecard, by: Any) -> None:
    hand = Hand.SELF if card.round.state == State.SELF_SCORING else Hand.UNIT
    require_open(card, hand)
    require_hand(card, hand, by)


def _note(verb: str, card: Scorecard, leaf: Indicator, name: str, *, by: Any) -> None:
    audit.record(
        f"scorecard.{verb}",
        by=by,
        subject=card,
        unit=card.unit,
        programme=card.programme,
        after={"indicator": leaf.name, "file_name": name},
    )
