"""How schemes, rounds and sheets are changed: locked, checked, saved, audited."""

from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from core import audit, clock
from core.errors import MoveNotAllowed, Refused

from ..models import Indicator, Round, Scheme, SchemeVersion, Scorecard
from ..queries.signing import open_signing

VERSION_FACTS = (
    "number", "full", "bonus_limit", "deduction_limit", "step", "tolerance",
    "objection_workdays", "grades", "note", "frozen_at",
)  # fmt: skip
INDICATOR_FACTS = (
    "name", "weight", "kind", "source", "rule", "criteria", "fact", "text", "needs_evidence",
    "evidence_note", "basis", "position", "withdrawn_on",
)  # fmt: skip
ROUND_FACTS = (
    "state", "title", "note", "starts_on", "ends_on", "facts_on", "self_by", "unit_by",
    "review_by", "objections_until", "finalised_on", "published_on", "withdrawn_on", "reason",
    "editions",
)  # fmt: skip
CARD_FACTS = ("cdo_name", "self_done_on", "unit_done_on", "dropped_on", "drop_reason")


def lock_draft(version: SchemeVersion, expected: int | None) -> SchemeVersion:
    """The version under lock; raises StaleVersion, Refused once a round stands on it."""
    rows = SchemeVersion.rows.select_for_update(of=("self",))
    row = rows.select_related("scheme__programme").get(pk=version.pk)
    row.require_version(expected)
    if row.is_frozen:
        raise Refused(_("“%(version)s”已用于评价，不能再改。建一个新版次来改。") % {"version": row})
    return row


def lock_round(row: Round, version: int | None) -> Round:
    """The round under lock, alone: whoever saves a score waits. Raises StaleVersion."""
    rows = Round.rows.select_for_update(of=("self",)).for_lists()
    found = rows.get(pk=row.pk)
    found.require_version(version)
    return found


def require_unsigned(row: Round) -> None:
    """Raise MoveNotAllowed while 定稿 or 公布 waits for a signature: what has been read by the first who
    signs is what the last one signs."""
    if waiting := open_signing(row):
        facts = {"title": waiting.title}
        raise MoveNotAllowed(_("“%(title)s”正在审签，撤回或退回后再改。") % facts)


def hold_round(round_id: int) -> str:
    """The state of a round, held as it is till the transaction ends, together with others who save:
    a move waits for them, they wait for no one but a move."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT state FROM evaluations_round WHERE id = %s FOR SHARE", [round_id])
        return str(cursor.fetchone()[0])


def lock_card(card: Scorecard, version: int | None = None) -> Scorecard:
    """The sheet under lock, in a round that is held as it is. Raises StaleVersion, MoveNotAllowed for
    one that was taken out."""
    hold_round(card.round_id)
    rows = Scorecard.rows.select_for_update(of=("self",)).for_lists()
    found = rows.get(pk=card.pk)
    found.require_version(version)
    if found.dropped_on is not None:
        raise MoveNotAllowed(
            _("%(unit)s已移出这次评价：%(reason)s")
            % {"unit": found.unit, "reason": found.drop_reason}
        )
    return found


def save_version(row: SchemeVersion, verb: str, *, by: Any, before: Any) -> SchemeVersion:
    row.updated_at = clock.now()
    row.version += 1
    row.full_clean()
    row.save()
    _record(verb, row, row.scheme, VERSION_FACTS, by=by, before=before)
    return row


def save_indicator(row: Indicator, verb: str, *, by: Any, before: Any) -> Indicator:
    """Save one place of a draft's tree, and let the draft's own version rise with it."""
    row.full_clean()
    row.save()
    _record(verb, row, row.scheme_version.scheme, INDICATOR_FACTS, by=by, before=before)
    draft = row.scheme_version
    draft.version += 1
    draft.updated_at = clock.now()
    draft.save(update_fields=["version", "updated_at"])
    return row


def save_round(row: Round, verb: str, *, by: Any, before: Any) -> Round:
    row.updated_at = clock.now()
    row.version += 1
    row.full_clean()
    row.save()
    audit.record(
        f"round.{verb}",
        by=by,
        subject=row,
        programme=row.programme,
        before=before,
        after=audit.facts(row, ROUND_FACTS),
    )
    return row


def save_card(row: Scorecard, verb: str, *, by: Any, before: Any) -> Scorecard:
    row.updated_at = clock.now()
    row.version += 1
    row.full_clean()
    row.save()
    audit.record(
        f"scorecard.{verb}",
        by=by,
        subject=row,
        unit=row.unit,
        programme=row.programme,
        before=before,
        after=audit.facts(row, CARD_FACTS),
    )
    return row


def _record(
    verb: str, row: Any, scheme: Scheme, names: tuple[str, ...], *, by: Any, before: Any
) -> None:
    audit.record(
        verb,
        by=by,
        subject=row,
        programme=scheme.programme,
        before=before,
        after=audit.facts(row, names),
    )
