"""Whose CDOs a round evaluates."""

from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core import audit, clock
from core.errors import MoveNotAllowed, Refused
from pilots.choices import Part, UnitKind
from pilots.models import Enrolment

from ..choices import State
from ..models import Round, Scorecard
from .writing import CARD_FACTS, lock_card, lock_round, save_card

NAME_CDOS = """
UPDATE evaluations_scorecard AS card SET cdo_name = found.name
FROM (
    SELECT DISTINCT ON (appointment.unit_id) appointment.unit_id, person.name
    FROM officers_appointment AS appointment
    JOIN officers_post AS post ON post.id = appointment.post_id AND post.code = 'cdo'
    JOIN officers_person AS person ON person.id = appointment.person_id
    WHERE appointment.status IN ('appointed', 'ended') AND appointment.since <= %(on)s
      AND (appointment.ends_on IS NULL OR appointment.ends_on >= %(on)s)
    ORDER BY appointment.unit_id, (appointment.kind = 'substantive') DESC, appointment.seat
) AS found
JOIN pilots_enrolment AS enrolment ON enrolment.unit_id = found.unit_id
WHERE card.round_id = %(round)s AND card.enrolment_id = enrolment.id
"""


def enter_subjects(row: Round) -> None:
    """A sheet for each pilot of the last day but the city government; nameless places have no CDO."""
    standing = Enrolment.rows.standing(row.ends_on).pilots().filter(programme=row.programme)
    subjects = standing.exclude(unit__kind=UnitKind.CITY_GOVERNMENT).filter(unit__is_slot=False)
    cards = [
        Scorecard(round=row, enrolment_id=pk, updated_at=row.updated_at)
        for pk in subjects.in_document_order().values_list("pk", flat=True)
    ]
    Scorecard.rows.bulk_create(cards, batch_size=2000)
    _name_cdos(row)


def _name_cdos(row: Round) -> None:
    with connection.cursor() as cursor:
        cursor.execute(NAME_CDOS, {"round": row.pk, "on": row.ends_on})


@transaction.atomic
def add_subject(row: Round, enrolment: Enrolment, *, by: Any) -> Scorecard:
    """Another body, or one that was taken out before. Raises MoveNotAllowed once the round began,
    Refused for a body of elsewhere."""
    found = lock_round(row, None)
    if found.state != State.PREPARING:
        raise MoveNotAllowed(_("评价已经开始，不能再加评价对象。"))
    if enrolment.programme_id != found.programme_id or enrolment.part != Part.PILOT:
        raise Refused(_("%(unit)s不是本方案的试点单位。") % {"unit": enrolment.unit})
    cards = Scorecard.rows.select_for_update(of=("self",)).select_related("enrolment__unit")
    card = cards.filter(round=found, enrolment=enrolment).first()
    before = audit.facts(card, CARD_FACTS) if card else None
    card = card or Scorecard(round=found, enrolment=enrolment, version=0)
    card.dropped_on, card.drop_reason = None, ""
    card = save_card(card, "add", by=by, before=before)
    _name_cdos(found)
    return card


@transaction.atomic
def drop_subject(card: Scorecard, reason: str, *, by: Any, version: int | None = None) -> Scorecard:
    """Take a body out of a round that is not told yet. Raises Refused without a reason,
    MoveNotAllowed, StaleVersion."""
    if not reason.strip():
        raise Refused(_("写明移出的原因。"))
    row = lock_card(card, version)
    if row.round.is_told or row.round.state == State.WITHDRAWN:
        raise MoveNotAllowed(_("得分已经告知，不能再移出评价对象。"))
    before = audit.facts(row, CARD_FACTS)
    row.dropped_on, row.drop_reason = clock.today(), reason.strip()
    return save_card(row, "drop", by=by, before=before)
