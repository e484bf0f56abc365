"""Making a result: its frozen package, a line for each body; proposals that rest on it."""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, clock
from core.errors import Refused

from .. import package
from ..models import BonusProposal, Edition, Result, Round, Scorecard
from ..queries.packing import pack

TWO_PLACES = Decimal("0.01")


def make_edition(round_: Round, *, by: Any) -> Edition:
    """The next edition of a round, inside the move that makes it final: package and results."""
    packed, cards, reasons = pack(round_)
    row = Edition(
        round=round_,
        number=round_.editions,
        package=packed,
        sha256=package.digest(packed),
        reason=round_.reason,
        made_on=clock.today(),
        made_at=clock.now(),
        made_by=by,
    )
    row.full_clean(exclude=["package"])
    row.save()
    results = (
        _result(row, cards[unit], found, reasons[unit]) for unit, found in packed["results"].items()
    )
    Result.rows.bulk_create(results, batch_size=1000)
    return row


def _result(
    edition: Edition, card: Scorecard, found: dict[str, Any], reasons: dict[str, str]
) -> Result:
    weights = {leaf["key"]: leaf["weight"] for leaf in edition.package["scheme"]["leaves"]}
    return Result(
        edition=edition,
        scorecard=card,
        total=Decimal(found["total"]),
        bonus=Decimal(found["bonus"]).quantize(TWO_PLACES),
        deduction=Decimal(found["deduction"]).quantize(TWO_PLACES),
        roots=found["roots"],
        leaves={
            key: {**leaf, "weight": weights[key], "reason": reasons.get(key, "")}
            for key, leaf in found["leaves"].items()
        },
        grade=found["grade"],
        place=found["place"],
    )


def publish_edition(round_: Round) -> None:
    """Mark the newest edition as published, inside the move."""
    row = Edition.rows.select_for_update(of=("self",)).get(round=round_, number=round_.editions)
    row.published_on = clock.today()
    row.save(update_fields=["published_on"])


@transaction.atomic
def propose_bonus(
    result: Result, *, assessment: str, proposal: str, reason: str, by: Any
) -> BonusProposal:
    """Propose the unit of a published result for a bonus in another assessment (domain.md A.8). Raises
    Refused for a result that is not published, ValidationError by field."""
    edition = Edition.rows.select_related("round").get(pk=result.edition_id)
    if edition.published_on is None:
        raise Refused(_("结果公布以后才能提出加分建议。"))
    row = BonusProposal(
        result=result,
        assessment=assessment.strip(),
        proposal=proposal.strip(),
        reason=reason.strip(),
        proposed_on=clock.today(),
        proposed_at=clock.now(),
        proposed_by=by,
    )
    row.full_clean()
    row.save()
    _record("propose", row, by=by)
    return row


@transaction.atomic
def withdraw_bonus(proposal: BonusProposal, *, by: Any) -> BonusProposal:
    """Take a proposal back; twice does nothing more."""
    row = BonusProposal.rows.select_for_update(of=("self",)).get(pk=proposal.pk)
    if row.withdrawn_on is None:
        row.withdrawn_on = clock.today()
        row.save(update_fields=["withdrawn_on"])
        _record("withdraw", row, by=by)
    return row


def _record(verb: str, row: BonusProposal, *, by: Any) -> None:
    card = row.result.scorecard
    audit.record(
        f"bonus.{verb}",
        by=by,
        subject=row,
        unit=card.unit,
        programme=card.programme,
        after={
            "assessment": row.assessment,
            "proposal": row.proposal,
            "reason": row.reason,
            "withdrawn_on": row.withdrawn_on,
        },
    )
