"""Who may write into which hand of a sheet, decide an objection, or is barred from a unit."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.roles import Permission, Role
from core.errors import PermissionRefused
from officers.models import Filing
from pilots import access
from pilots.access import memberships_of
from pilots.models import Membership
from reports.models import IncomingLetter, Submission

from ..choices import Hand
from ..models import ReviewSeat, Score, Scorecard
from ..models.scores import OWN_HANDS


def of_unit(card: Scorecard, user: Any) -> bool:
    """Whether the user may fill the unit's own parts of the sheet."""
    return access.may(user, Permission.FILL_SCORECARDS, unit=card.unit)


def is_cdo(card: Scorecard, user: Any) -> bool:
    """Whether the user is the one who is evaluated, not somebody who signs for the CDO."""
    return any(
        row.unit_id == card.enrolment.unit_id
        and row.role == Role.UNIT_CDO
        and row.delegated_by_id is None
        for row in memberships_of(user)
    )


def is_barred(card: Scorecard, user: Any) -> str:
    """Why the user may not score this unit, '' when nothing stands against it: one's own unit, and
    whoever filed for it (house.md §6.7)."""
    unit, since = card.enrolment.unit_id, card.round.starts_on
    lasted = (Q(ends_on=None) | Q(ends_on__gte=since)) & (
        Q(revoked_at=None) | Q(revoked_at__date__gte=since)
    )
    if Membership.rows.filter(lasted, user=user, unit=unit).exists():
        return _("%(user)s是%(unit)s的人员，不能给本单位评分。") % _names(card, user)
    if _filed_for(card, user):
        return _("%(user)s替%(unit)s报送过材料，不能给这个单位评分。") % _names(card, user)
    return ""


def _names(card: Scorecard, user: Any) -> dict[str, Any]:
    return {"user": user, "unit": card.unit.display_name}


def _filed_for(card: Scorecard, user: Any) -> bool:
    place = card.enrolment_id
    own = Q(self_done_by=user) | Q(unit_done_by=user)
    return (
        Submission.rows.filter(made_by=user, report__assignment__enrolment=place).exists()
        or IncomingLetter.objects.filter(
            begun_by=user, report__assignment__enrolment=place
        ).exists()
        or Filing.rows.filter(
            submitted_by=user, unit=card.enrolment.unit_id, programme=card.round.programme_id
        ).exists()
        or Score.rows.filter(scorecard=card, hand__in=OWN_HANDS, saved_by=user).exists()
        or Scorecard.rows.filter(own, pk=card.pk).exists()
    )


def seat_of(card: Scorecard, user: Any) -> ReviewSeat | None:
    """The seat that the user holds at the sheet now."""
    return card.seats.filter(user=user, ended_at=None).first()


def require_hand(card: Scorecard, hand: str, user: Any) -> None:
    """Raise PermissionRefused unless the user may write into that hand of the sheet."""
    if hand in OWN_HANDS:
        _require_unit(card, hand, user)
    elif hand == Hand.SETTLED:
        _require_settler(card, user)
    else:
        seat = seat_of(card, user)
        may = access.may(user, Permission.SCORE_ROUNDS, programme=card.programme)
        if seat is None or seat.hand != hand or not may:
            raise PermissionRefused(_("这张评分表没有指定由当前账号评分。"))
        _require_free(card, user)


def _require_unit(card: Scorecard, hand: str, user: Any) -> None:
    if not of_unit(card, user):
        raise PermissionRefused(
            _("由%(unit)s的人员填写，当前账号不能填写。") % {"unit": card.unit.display_name}
        )
    if hand == Hand.UNIT and is_cdo(card, user):
        raise PermissionRefused(_("首席数据官不评价自己，由本单位经办人填写本单位评价。"))


def _require_settler(card: Scorecard, user: Any) -> None:
    if not access.may(user, Permission.DECIDE_OBJECTIONS, programme=card.programme):
        raise PermissionRefused(_("评分差异由市政数局裁定，当前账号不能裁定。"))
    if has_reviewed(card, user):
        raise PermissionRefused(_("评过这张表的人不能裁定差异，由另一人裁定。"))
    _require_free(card, user)


def has_reviewed(card: Scorecard, user: Any) -> bool:
    """Whether the user holds or held a seat at the sheet."""
    return card.seats.filter(user=user).exists()


def has_scored(card: Scorecard, user: Any) -> bool:
    """Whether the user reviewed the sheet or settled anything of it."""
    settled = Score.rows.filter(scorecard=card, saved_by=user, hand=Hand.SETTLED)
    return has_reviewed(card, user) or settled.exists()


def require_decider(card: Scorecard, user: Any) -> None:
    """Raise PermissionRefused unless the user may answer objections to the sheet: the bureau's,
    somebody who did not score it and is not of the unit."""
    if not access.may(user, Permission.DECIDE_OBJECTIONS, programme=card.programme):
        raise PermissionRefused(_("复核申请由市政数局处理，当前账号不能处理。"))
    if has_scored(card, user):
        raise PermissionRefused(_("评过这张表的人不能处理对它的复核申请，由另一人处理。"))
    _require_free(card, user)


def _require_free(card: Scorecard, user: Any) -> None:
    if why := is_barred(card, user):
        raise PermissionRefused(why)
