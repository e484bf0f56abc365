"""交接: somebody leaves; everything that was open goes where it belongs, in one transaction."""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import audit, clock
from core.errors import PermissionRefused, Refused
from core.handover import Leaving, move_all, open_items
from core.numbers import next_numbers
from pilots import services as pilots

from ..models import Appointment, Handover, Person
from ..queries.handovers import may_hand_over, posts_of, takers
from .appointments import Departure
from .writing import lock_person

ROUTE = "handover"


@dataclass(frozen=True)
class LeavingPerson(Leaving):
    """A Leaving of somebody in the register, with or without an account. `successor` takes over;
    `ends` are the posts that end with it, by `departure`; None while nobody has decided."""

    person: Person | None = None
    successor: Person | None = None
    ends: tuple[Appointment, ...] | None = None
    departure: Departure | None = None


@transaction.atomic
def hand_over(leaving: LeavingPerson, *, once: str, version: int | None = None) -> Handover:
    """Hand over and end everything that the parts declare, posts first and the account last, and
    keep the list as it stood. All of it or nothing; the rights are gone in the same second.

    `once` is the form's key: sent twice, it counts once. Raises ValidationError for a last day that
    is still to come (`on`) or a taker who is none (`taker`), Refused for the own hand-over and as
    the parts do, PermissionRefused for somebody whom `by` may not dismiss, StaleVersion.
    """
    said = _("这次交接已经办理过，没有重复办理。")
    pilots.claim(once, by=leaving.by, route=ROUTE, said=said)
    person = lock_person(leaving.person, version)  # type: ignore[arg-type]
    _check(leaving, person)
    items = items_of(leaving)
    posts = leaving.ends or tuple(posts_of(person, leaving.unit))
    moved = move_all(leaving)
    row = Handover(
        number=next_numbers(Handover.rows, "JJ")[0],
        unit=leaving.unit,
        leaver=person,
        taker=leaving.successor,
        appointment=posts[0] if posts else None,
        on=leaving.on,
        note=leaving.note.strip(),
        items=items,
        created_at=clock.now(),
        created_by=leaving.by,
    )
    row.full_clean()
    row.save()
    after = {
        "person": str(person),
        "taker": str(row.taker or ""),
        "on": row.on,
        "note": row.note,
        "moved": sum(moved.values()),
        "items": len(items),
    }
    audit.record("handover.make", by=leaving.by, subject=row, unit=row.unit, after=after)
    return row


def items_of(leaving: Leaving) -> list[dict[str, str]]:
    """What is open now, as a Handover keeps it: [{part, title, detail, fate}], in Chinese whoever
    reads."""
    with override(settings.LANGUAGE_CODE):
        return [
            {
                "part": str(part.label),
                "title": str(item.title),
                "detail": str(item.detail),
                "fate": str(item.fate.value),
            }
            for part, items in open_items(leaving)
            for item in items
        ]


def _check(leaving: LeavingPerson, person: Person) -> None:
    if leaving.user is not None and leaving.user == leaving.by:
        raise Refused(_("不能办理本人的交接，由本单位其他人或牵头单位的经办人办理。"))
    if leaving.by is not None and not may_hand_over(leaving.by, person, leaving.unit):
        raise PermissionRefused
    if leaving.on > clock.today():
        text = _("最后一天%(day)s还没有到，到当天再办理，权限会当场终止。")
        raise ValidationError({"on": text % {"day": leaving.on}})
    if leaving.successor is None:
        return
    fit = takers(person, leaving.unit, user=leaving.by)
    if not fit.filter(pk=leaving.successor.pk).exists():
        facts = {"person": leaving.successor, "unit": leaving.unit}
        text = _("%(person)s不是%(unit)s的人员，或账号已停用，不能接任。")
        raise ValidationError({"taker": text % facts})
